/* crash_host.c: see crash_host.h. */
#include "crash_host.h"

#include <lm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acceptance_check.h"
#include "acceptance_product.h"
#include "acceptance_registry.h"
#include "acceptance_services.h"
#include "acceptance_state.h"
#include "core/incident_book.h"
#include "lab_faults.h"
#include "lab_log.h"
#include "lab_users.h"
#include "windows/journal_file.h"

static const wchar_t user_name[] = L"crashed";
static const struct crash_story *current;

enum { LIMIT = 3 /* sign-ins */ };

static void enter(void)
{
    check_call(lab_lock_log(), L"locking the lab's log");
}

static unsigned user_slot(void)
{
    return lab_principal_by_name(current->domain ? LAB_DOMAIN : LAB_COMPUTER, user_name, LAB_USERS);
}

/* ---- making it ready ------------------------------------------------------------------------ */

static void set_text(const wchar_t *name, const wchar_t *text)
{
    check_call(registry_set_text(PRODUCT_PARAMETERS, name, text), L"RegSetValueEx");
}

static void set_number(const wchar_t *name, DWORD number)
{
    check_call(registry_set_number(PRODUCT_PARAMETERS, name, number), L"RegSetValueEx");
}

static void add_user(enum lab_domain domain)
{
    struct lab_principal user = {.domain = domain, .flags = UF_SCRIPT | UF_NORMAL_ACCOUNT};
    wcscpy(user.name, user_name);
    enter();
    bool added = lab_user_add(&user) < LAB_PRINCIPALS;
    lab_unlock();
    check_that(added, L"the account cannot be made");
}

void crash_host_prepare(void)
{
    check_call(lab_open(), L"opening the lab's store");
    lab_store->faults[LAB_FAULT_IMPORTS] = 1;
    add_user(LAB_COMPUTER);
    add_user(LAB_DOMAIN);
    check_call(stand_ins_install(), L"CreateService of the stand-ins");
    set_text(L"SmtpService", SERVICE_SMTP);
    set_text(L"Limits", L"3/10m"); /* LIMIT */
    set_number(L"ContainAfter", 60);
    set_number(L"RestartCooldown", 0);
}

void crash_host_reset(const struct crash_story *story)
{
    current = story;
    lab_store->faults[LAB_FAULT_KILL_AT] = 0;
    set_text(L"Action", story->action);
    check_call(state_remove(), L"removing the journal");
    check_call(stand_ins_make_ready(), L"starting the stand-ins");
    lab_store->faults[LAB_FAULT_TICK_AHEAD_MS] = 0;
    unsigned log = lab_log_slot(L"Application");
    enter();
    struct lab_principal user = *lab_principal(user_slot());
    user.flags &= ~(uint32_t)UF_ACCOUNTDISABLE;
    user.writes = 0;
    lab_principal_set(user_slot(), &user);
    lab_log_clear(log);
    lab_unlock();
}

void crash_host_cross(void)
{
    wchar_t account[64];
    const wchar_t *strings[] = {L"crash.example", L"LOGIN", account};
    const struct lab_report report = {.source = L"MSExchangeTransport",
                                      .type = EVENTLOG_INFORMATION_TYPE,
                                      .category = 3,
                                      .event = 0x40000000 | 1708,
                                      .string_count = ARRAYSIZE(strings),
                                      .strings = strings};
    unsigned log = lab_log_slot(L"Application");
    _snwprintf(account, ARRAYSIZE(account), L"%ls\\%ls",
               current->domain ? LAB_DOMAIN_NAME : lab_store->computer, user_name);
    enter();
    for (int i = 0; i < LIMIT; i++)
        check_call(lab_log_append(log, &report), L"reporting a sign-in");
    lab_unlock();
}

/* ---- looking -------------------------------------------------------------------------------- */

static void look_at_log(struct crash_end *end)
{
    unsigned log = lab_log_slot(L"Application");
    enter();
    for (const struct lab_record *record = lab_log_find(log, lab_log_state(log)->oldest);
         record != NULL; record = lab_log_next(log, record)) {
        const EVENTLOGRECORD *event = lab_record_classic(record);
        DWORD id = event->EventID & 0xffff;
        if (wcscmp((const wchar_t *)(event + 1), L"RelayLock") == 0 && id < CRASH_EVENTS)
            end->told[id]++;
    }
    end->flags = lab_principal(user_slot())->flags;
    end->writes = lab_principal(user_slot())->writes;
    lab_unlock();
}

/* A journal that is not there yet, or being replaced, has no incident. */
static void look_at_journal(struct crash_end *end)
{
    static struct incident incidents[BOOK_INCIDENTS_MAX];
    struct incident_book book;
    struct book_recovery recovery;
    wchar_t path[MAX_PATH + 16];
    const char *call;
    uint8_t *bytes;
    size_t size;
    end->state = INCIDENT_STATES;
    check_call(state_path(path), L"finding the journal");
    wcscat(path, L"\\journal");
    if (journal_file_read(path, &bytes, &size, &call) != ERROR_SUCCESS)
        return;
    incident_book_init(&book, incidents);
    incident_book_recover(&book, bytes, size, &recovery);
    journal_file_free(bytes);
    end->incidents = book.count;
    if (book.count > 0)
        end->state = book.incidents[book.count - 1].state;
}

void crash_host_look(struct crash_end *end)
{
    memset(end, 0, sizeof *end);
    look_at_journal(end);
    look_at_log(end);
    end->smtp = service_state(SERVICE_SMTP, NULL);
    end->dependent = service_state(SERVICE_DEPENDENT, NULL);
    end->smtp_starts = stand_in_steps(SERVICE_SMTP, STAND_IN_STARTED);
    end->dependent_starts = stand_in_steps(SERVICE_DEPENDENT, STAND_IN_STARTED);
}

/* ---- comparing ------------------------------------------------------------------------------ */

static bool differ(char text[CRASH_DIFFERENCE_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool differ(char text[CRASH_DIFFERENCE_MAX], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, CRASH_DIFFERENCE_MAX, format, arguments);
    va_end(arguments);
    return false;
}

/* Alerts: of the journal, of accounts and of what was done about them. */
static bool is_compared(DWORD id)
{
    enum { SLOW = 513 };
    return ((id >= 120 && id <= 123) || (id >= 400 && id < 600)) && id != SLOW;
}

/* A restart that a process began and the next one finished is told as 519 instead of 510. */
static unsigned told(const struct crash_end *end, DWORD id)
{
    enum { RESTARTED = 510, RESUMED = 519 };
    if (id == RESUMED)
        return 0;
    return end->told[id] + (id == RESTARTED ? end->told[RESUMED] : 0);
}

bool crash_host_same(const struct crash_end *end, const struct crash_end *whole,
                     char text[CRASH_DIFFERENCE_MAX])
{
    if (end->flags != whole->flags || end->writes < whole->writes ||
        end->writes > whole->writes + current->again)
        return differ(text, "flags %#x after %u writes, not %#x after %u", end->flags, end->writes,
                      whole->flags, whole->writes);
    if (end->incidents != whole->incidents || end->state != whole->state)
        return differ(text, "%u incidents, %s, not %u, %s", end->incidents,
                      incident_state_name(end->state), whole->incidents,
                      incident_state_name(whole->state));
    if (end->smtp != whole->smtp || end->dependent != whole->dependent)
        return differ(text, "states of SMTP %lu and its dependent %lu, not %lu and %lu", end->smtp,
                      end->dependent, whole->smtp, whole->dependent);
    if (end->smtp_starts != whole->smtp_starts)
        return differ(text, "SMTP was started %u times, not %u", (unsigned)end->smtp_starts,
                      (unsigned)whole->smtp_starts);
    if (end->dependent_starts < whole->dependent_starts ||
        end->dependent_starts > whole->dependent_starts + 1)
        return differ(text, "the dependent was started %u times, not %u",
                      (unsigned)end->dependent_starts, (unsigned)whole->dependent_starts);
    for (DWORD id = 0; id < CRASH_EVENTS; id++)
        if (is_compared(id) && (told(end, id) == 0) != (told(whole, id) == 0))
            return differ(text, "event %lu was told %u times, not %u", id, told(end, id),
                          told(whole, id));
    return true;
}
