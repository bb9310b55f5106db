#include "own_domains.h"

#include <string.h>
#include "message_received.h"

static bool add(struct own_domains *own, const char *bytes, size_t count)
{
    struct message_string domain;
    message_string_set(&domain, bytes, count, true);
    for (uint32_t i = 0; i < own->count; i++) {
        if (message_string_equal(&own->names[i], &domain))
            return true;
    }
    if (own->count == OWN_DOMAINS_MAX || domain.cut)
        return false;
    own->names[own->count++] = domain;
    return true;
}

static bool is_domain(const char *bytes, size_t count)
{
    const char *dot = memchr(bytes, '.', count);
    return dot && dot > bytes && dot + 1 < bytes + count && !memchr(bytes, '@', count) &&
           !memchr(bytes, '[', count);
}

bool own_domains_name(struct own_domains *own, const char *domain)
{
    if (!is_domain(domain, strlen(domain)) || !add(own, domain, strlen(domain)))
        return false;
    own->named = own->count;
    return true;
}

void own_domains_find_host(struct own_domains *own, const struct message_string *host)
{
    if (!is_domain(host->at, host->count))
        return;
    add(own, host->at, host->count);
    const char *dot = memchr(host->at, '.', host->count);
    size_t left = host->count - (size_t)(dot + 1 - host->at);
    if (is_domain(dot + 1, left))
        add(own, dot + 1, left);
}

void own_domains_find(struct own_domains *own, const struct message_head *head)
{
    struct message_string domain;
    if (head->received) {
        own_domains_find_host(own, &head->host);
    } else if (head->delivery_report) {
        message_string_domain(&head->from.address, &domain);
        if (is_domain(domain.at, domain.count))
            add(own, domain.at, domain.count);
    }
}

static bool is_below(const struct message_string *domain, const struct message_string *name)
{
    return domain->count > name->count && domain->at[domain->count - name->count - 1] == '.' &&
           memcmp(domain->at + domain->count - name->count, name->at, name->count) == 0;
}

bool own_domains_have(const struct own_domains *own, const struct message_string *domain)
{
    for (uint32_t i = 0; i < own->count; i++) {
        if (message_string_equal(&own->names[i], domain) ||
            (i < own->named && is_below(domain, &own->names[i])))
            return true;
    }
    return false;
}

bool own_domains_made_report(const struct own_domains *own, const struct message_head *head)
{
    struct message_string domain;
    if (!head->delivery_report)
        return false;
    message_string_domain(&head->from.address, &domain);
    return !head->received ||
           (message_received_is_inside(&head->address) && own_domains_have(own, &domain));
}
