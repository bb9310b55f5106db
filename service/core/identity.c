#include "identity.h"

void account_name_split(struct text name, struct text *domain, struct text *user)
{
    struct text whole = name;
    size_t backslash = text_find(whole, u'\\'), at = text_find_last(whole, u'@');

    if (backslash != SIZE_MAX) {
        *domain = text_slice(whole, 0, backslash);
        *user = text_slice(whole, backslash + 1, SIZE_MAX);
    } else if (at != SIZE_MAX) {
        *domain = text_slice(whole, at + 1, SIZE_MAX);
        *user = text_slice(whole, 0, at);
    } else {
        *domain = text_slice(whole, 0, 0);
        *user = whole;
    }
}

bool account_name_is_machine(struct text name)
{
    struct text domain, user;
    account_name_split(name, &domain, &user);
    return user.count > 0 && user.at[user.count - 1] == u'$';
}

bool account_name_matches(struct text pattern, struct text name)
{
    bool has_domain = text_find(pattern, u'\\') != SIZE_MAX || text_find(pattern, u'@') != SIZE_MAX;
    if (has_domain)
        return text_matches(pattern, name);
    struct text domain, user;
    account_name_split(name, &domain, &user);
    return text_matches(pattern, user);
}
