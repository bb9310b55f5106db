#include "uninstallation.h"

#include <stdio.h>

#include "hardening.h"
#include "logging_reports.h"
#include "state_removal.h"
#include "../windows/journal_file.h"
#include "../windows/report.h"

enum { ENTRY_MAX = 512 /* units of one account in the list, terminator included */ };

/* The accounts that stay locked, as far as they fit into one insertion string. */
struct account_list {
    struct uninstallation *uninstallation;
    char16_t text[REPORT_STRING_MAX];
    size_t used;
    uint32_t left_out;
};

/* ---- the list ------------------------------------------------------------------------------- */

static size_t append_ascii(char16_t *to, size_t used, size_t capacity, const char *ascii)
{
    while (*ascii && used < capacity - 1)
        to[used++] = (unsigned char)*ascii++;
    to[used] = 0;
    return used;
}

static size_t append_shown(char16_t *to, size_t used, size_t capacity, const char16_t *text)
{
    return capacity - used < 2 ? used
                               : used + text_copy_shown(to + used, capacity - used, text_of(text));
}

/* CONTOSO\bob (disabled, "bob" on \\DC1) */
static size_t make_entry(char16_t entry[ENTRY_MAX], const struct incident *incident)
{
    static const char *const done[] = {
        [LOCK_FLAG] = "marked", [LOCK_DISABLE] = "disabled", [LOCK_PASSWORD] = "random password"};
    const struct incident_change *change = &incident->change;
    const struct verdict *verdict = &incident->verdict;
    size_t used =
        append_shown(entry, 0, ENTRY_MAX, verdict->name[0] ? verdict->name : verdict->account);
    used = append_ascii(entry, used, ENTRY_MAX, " (");
    used = append_ascii(entry, used, ENTRY_MAX, done[incident->action]);
    if (change->user[0]) {
        used = append_ascii(entry, used, ENTRY_MAX, ", \"");
        used = append_shown(entry, used, ENTRY_MAX, change->user);
        used = append_ascii(entry, used, ENTRY_MAX, "\" on ");
        if (change->server[0])
            used = append_shown(entry, used, ENTRY_MAX, change->server);
        else
            used = append_ascii(entry, used, ENTRY_MAX, "this computer");
    }
    return append_ascii(entry, used, ENTRY_MAX, ")");
}

static void list_account(void *context, const struct incident *incident)
{
    struct account_list *list = context;
    struct uninstallation *uninstallation = list->uninstallation;
    char16_t entry[ENTRY_MAX];
    const size_t room = REPORT_STRING_MAX - 32; /* for how many are left out */
    size_t count = make_entry(entry, incident);
    if (list->left_out == 0 && list->used + 2 + count < room) {
        if (list->used)
            list->used = append_ascii(list->text, list->used, REPORT_STRING_MAX, ", ");
        list->used += text_copy(list->text + list->used, REPORT_STRING_MAX - list->used,
                                (struct text){entry, count});
    } else {
        list->left_out++;
    }
    if (uninstallation->stays_locked)
        uninstallation->stays_locked(uninstallation->context, entry);
}

/* ---- the last event ------------------------------------------------------------------------- */

/* What is set to close the door, as sentences with a space before each. */
struct hardened {
    struct uninstallation *uninstallation;
    struct report_string said;
};

static void say(struct report_string *string, const char *ascii)
{
    string->count = append_ascii(string->text, string->count, REPORT_STRING_MAX, ascii);
}

static void say_shown(struct report_string *string, const char16_t *text)
{
    string->count = append_shown(string->text, string->count, REPORT_STRING_MAX, text);
}

static void say_hardened(void *context, enum hardening_item item, const char16_t *record)
{
    struct hardened *hardened = context;
    struct uninstallation *uninstallation = hardened->uninstallation;
    say(&hardened->said, " ");
    say(&hardened->said, hardening_name(item));
    say(&hardened->said, " stays as it is: ");
    say_shown(&hardened->said, record);
    say(&hardened->said, ".");
    if (uninstallation->stays_hardened)
        uninstallation->stays_hardened(uninstallation->context, hardening_name(item), record);
}

static void say_directory(struct report_string *string, const struct state_removal *removal,
                          DWORD error, bool kept)
{
    if (!kept) {
        say(string, "Its settings and its journal were removed, too.");
    } else if (state_directory_is_refusal(error)) {
        say_shown(string, removal->directory);
        say(string, " stays as it is, and nothing in it was believed: find out who may write "
                    "there. ");
        say(string, error == ERROR_INVALID_SECURITY_DESCR
                        ? "Take that right back by icacls /remove:g; in its journal stands who is "
                          "locked."
                        : "When you are sure, delete it.");
    } else {
        say(string, "The journal was kept in ");
        say_shown(string, removal->directory);
        say(string, ". RelayLock installed again goes on with it.");
    }
}

/* Its insertion strings are sentences: without RelayLock, Event Viewer has nothing else to show. */
static void tell(const struct state_removal *removal, DWORD error, struct account_list *list,
                 const struct hardened *hardened, bool kept)
{
    struct report report;
    struct report_string rest = {.count = 0};
    wchar_t journal[JOURNAL_FILE_PATH_MAX];
    const wchar_t *const paths[] = {removal->directory, journal, NULL};
    char more[32], text[STATE_DIRECTORY_CHECK_MAX];
    bool nobody = removal->locked == 0 && !error;
    journal_file_path(journal, removal->directory);
    report_begin(&report, nobody ? MSG_UNINSTALLED : MSG_UNINSTALLED_LOCKED);
    if (nobody)
        report_add_format(&report, "RelayLock was removed. No account is locked by it.");
    else if (!error)
        report_add_format(&report,
                          "RelayLock was removed, and released nobody. Accounts that stay locked: "
                          "%lu.",
                          (unsigned long)removal->locked);
    else
        report_add_format(&report,
                          "RelayLock was removed. Which accounts stay locked cannot be told for "
                          "certain: %s failed with error %lu.",
                          state_directory_name_check(removal->call, error, paths, text),
                          (unsigned long)error);
    if (list->left_out) {
        snprintf(more, sizeof more, " and %lu more", (unsigned long)list->left_out);
        list->used = append_ascii(list->text, list->used, REPORT_STRING_MAX, more);
    }
    if (list->used == 0)
        list->used = append_ascii(list->text, 0, REPORT_STRING_MAX, "None could be read.");
    if (!nobody) {
        report_add(&report, (struct text){list->text, list->used});
        report_add_format(&report, "To give one back, change its password, then: net user NAME "
                                   "/active:yes (of a domain: with /domain).");
    }
    say_directory(&rest, removal, error, kept);
    say_shown(&rest, hardened->said.text);
    report_add(&report, (struct text){rest.text, rest.count});
    report_send(&report);
    report_close();
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Before the service is removed: what the levels were is remembered below its key. */
static DWORD put_logging_back(struct logging_failure *failure)
{
    DWORD error = logging_restore(&logging_reports, failure);
    if (error)
        logging_tell_not_put_back(failure, error);
    return error;
}

DWORD uninstallation_run(struct uninstallation *uninstallation,
                         struct installation_failure *failure)
{
    struct account_list list = {.uninstallation = uninstallation};
    struct hardened hardened = {.uninstallation = uninstallation};
    struct state_removal removal = {.stays_locked = list_account, .context = &list};
    struct installation_failure another;
    bool found = false;
    uninstallation->directory[0] = 0;
    uninstallation->locked = 0;
    uninstallation->kept = true;
    struct logging_failure logging;
    DWORD error = installation_stop_service(failure);
    if (error)
        return error; /* it works on, and needs all of it */
    hardening_each_set(say_hardened,
                       &hardened); /* stands in the key that the service takes along */
    DWORD logging_error = put_logging_back(&logging);
    error = installation_remove_service(&found, failure);
    if (error)
        return error; /* it is there, and needs the rest */
    error = state_removal_look(&removal);
    bool kept = removal.found && (uninstallation->keep_state || error || removal.locked > 0);
    if (found || removal.found) /* the words come from the event source, so before that goes */
        tell(&removal, error, &list, &hardened, kept);
    if (error)
        installation_fail(failure, removal.call,
                          removal.directory[0] ? removal.directory : L"the folder of the journal",
                          error);
    DWORD key_error = installation_remove_keys(error ? &another : failure);
    error = error ? error : key_error;
    if (!kept) {
        DWORD state_error = state_removal_delete(&removal);
        if (state_error && !error)
            error = installation_fail(failure, removal.call, removal.directory, state_error);
        kept = state_error != ERROR_SUCCESS;
    }
    state_removal_end(&removal);
    if (logging_error)
        error = installation_fail(failure, logging.call, logging.object, logging_error);
    text_copy(uninstallation->directory, ARRAYSIZE(uninstallation->directory),
              text_of(removal.directory));
    uninstallation->locked = removal.locked;
    uninstallation->kept = kept;
    return error;
}
