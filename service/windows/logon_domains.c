#include "logon_domains.h"

#include "../core/text.h"
#include "metabase_file.h"
#include "queue_directories.h"

static bool is_this_computer(struct text domain)
{
    static const COMPUTER_NAME_FORMAT formats[] = {ComputerNameNetBIOS,
                                                   ComputerNameDnsFullyQualified};
    for (size_t i = 0; i < ARRAYSIZE(formats); i++) {
        wchar_t name[LOGON_DOMAIN_MAX];
        DWORD units = LOGON_DOMAIN_MAX;
        if (queue_directories_calls.GetComputerNameExW(formats[i], name, &units) &&
            text_equal_fold((struct text){name, units}, domain))
            return true;
    }
    return false;
}

static void take(void *context, enum metabase_setting setting, const char *value)
{
    struct logon_domains *found = context;
    wchar_t wide[METABASE_VALUE_MAX];
    size_t count;
    if (setting != METABASE_LOGON_DOMAIN ||
        !text_from_utf8(wide, METABASE_VALUE_MAX, value, &count))
        return;
    const struct text domain = text_trim((struct text){wide, count});
    if (domain.count == 0 || text_equal(domain, TEXT_OF(u"\\")) || is_this_computer(domain)) {
        found->own_order = true;
        return;
    }
    if (domain.count >= LOGON_DOMAIN_MAX || text_find(domain, u'\\') != SIZE_MAX ||
        found->count == LOGON_DOMAINS_MAX)
        return;
    for (unsigned i = 0; i < found->count; i++) {
        if (text_equal_fold(text_of(found->names[i]), domain))
            return;
    }
    text_copy(found->names[found->count++], LOGON_DOMAIN_MAX, domain);
}

DWORD logon_domains_read(struct logon_domains *found)
{
    struct logon_domains read = {.count = 0};
    DWORD error = metabase_file_read(take, &read);
    if (error != ERROR_SUCCESS && error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND)
        return error;
    *found = read;
    return ERROR_SUCCESS;
}
