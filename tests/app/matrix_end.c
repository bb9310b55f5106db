/* matrix_end.c: see matrix_end.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "matrix_end.h"
#include "windows/report.h"

/* ---- looking -------------------------------------------------------------------------------- */

static bool is_marked(const struct fake_user *user)
{
    return wcsncmp(user->comment, ACCOUNT_MARK, wcslen(ACCOUNT_MARK)) == 0;
}

static void look_at_account(unsigned number, struct matrix_account *account)
{
    struct fake_user *user = matrix.users[number];
    const struct fake_controller *used = &matrix.contoso->controllers[matrix.contoso->used];
    const struct incident_book *book = lockdown_book(matrix.lockdown);
    uint8_t sid[FAKE_SID_SIZE];
    fake_sid(matrix.contoso, user->rid, sid);
    account->flags = user->flags;
    account->used_flags = fake_user_on(user, used->name)->flags;
    account->marked = is_marked(user);
    account->new_password = wcscmp(user->password, L"Summer2003") != 0;
    account->state = INCIDENT_STATES;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        if (!incident_is_of(incident, sid, sizeof sid))
            continue;
        account->incidents++;
        account->state = incident->state;
        account->ending = incident->ending;
        account->escalation = incident->escalation;
        account->leaks = incident->figures.leaks;
        account->services_done = incident->services_done;
        account->made = incident->change.made;
    }
}

void matrix_end_look(struct matrix_end *end)
{
    memset(end, 0, sizeof *end);
    for (unsigned i = 0; i < MATRIX_ACCOUNTS; i++)
        look_at_account(i, &end->accounts[i]);
    for (size_t i = 0; fake_services_at(i); i++) {
        end->services[i].state = fake_services_at(i)->state;
        end->services[i].runs = fake_services_at(i)->runs;
    }
    memcpy(end->told, matrix.told, sizeof end->told);
    end->told[MSG_SMTP_RESTARTED & 0xFFFF] += end->told[MSG_SMTP_RESUMED & 0xFFFF];
    end->told[MSG_SMTP_RESUMED & 0xFFFF] = 0;
    end->digest = matrix.digest;
}

/* ---- comparing ------------------------------------------------------------------------------ */

static bool differ(char text[MATRIX_DIFFERENCE_MAX], const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool differ(char text[MATRIX_DIFFERENCE_MAX], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, MATRIX_DIFFERENCE_MAX, format, arguments);
    va_end(arguments);
    return false;
}

static bool is_same_account(unsigned number, const struct matrix_account *is,
                            const struct matrix_account *whole, char text[MATRIX_DIFFERENCE_MAX])
{
    unsigned account = number + 1;
    if (is->flags != whole->flags || is->used_flags != whole->used_flags)
        return differ(text, "account %u: flags %#lx and %#lx, not %#lx and %#lx", account,
                      is->flags, is->used_flags, whole->flags, whole->used_flags);
    if (is->marked != whole->marked || is->new_password != whole->new_password)
        return differ(text, "account %u: marked %d, password new %d", account, is->marked,
                      is->new_password);
    if (is->incidents != whole->incidents)
        return differ(text, "account %u: %u incidents, not %u", account, is->incidents,
                      whole->incidents);
    if (is->state != whole->state || is->ending != whole->ending)
        return differ(text, "account %u: %s (%s), not %s (%s)", account,
                      incident_state_name(is->state), incident_ending_name(is->ending),
                      incident_state_name(whole->state), incident_ending_name(whole->ending));
    if (is->escalation != whole->escalation || is->leaks != whole->leaks ||
        is->services_done != whole->services_done || is->made != whole->made)
        return differ(text, "account %u: %s, %u leaks, %u services, made %d, not %s, %u, %u, %d",
                      account, incident_escalation_name(is->escalation), is->leaks,
                      is->services_done, is->made, incident_escalation_name(whole->escalation),
                      whole->leaks, whole->services_done, whole->made);
    return true;
}

static bool is_same_service(size_t index, const struct matrix_service *is,
                            const struct matrix_service *whole, char text[MATRIX_DIFFERENCE_MAX])
{
    const wchar_t *name = fake_services_at(index)->name;
    if (is->state != whole->state)
        return differ(text, "%ls: state %lu, not %lu", name, is->state, whole->state);
    if (is->runs > whole->runs + matrix.brought_back[index] ||
        is->runs + matrix.booted[index] < whole->runs)
        return differ(text, "%ls: started %u times (brought back %u, with the computer %u), not %u",
                      name, is->runs, matrix.brought_back[index], matrix.booted[index],
                      whole->runs);
    return true;
}

/* Whether an event may be told though the whole run did not. */
static bool may_be_told(DWORD id)
{
    return matrix.boots > 0 && id == (MSG_STORE_TORN & 0xFFFF);
}

static bool may_be_missing(DWORD id)
{
    return id == (MSG_SMTP_STOP_SLOW & 0xFFFF) ||
           (matrix.boots > 0 && id == (MSG_SMTP_START_FAILED & 0xFFFF));
}

bool matrix_end_is(const struct matrix_end *end, const struct matrix_end *whole,
                   char text[MATRIX_DIFFERENCE_MAX])
{
    for (unsigned i = 0; i < MATRIX_ACCOUNTS; i++)
        if (!is_same_account(i, &end->accounts[i], &whole->accounts[i], text))
            return false;
    for (size_t i = 0; fake_services_at(i); i++)
        if (!is_same_service(i, &end->services[i], &whole->services[i], text))
            return false;
    for (DWORD id = 0; id < MATRIX_EVENTS; id++) {
        bool is_told = end->told[id] > 0, was_told = whole->told[id] > 0;
        if ((is_told && !was_told && !may_be_told(id)) ||
            (!is_told && was_told && !may_be_missing(id)))
            return differ(text, "event %lu: told %u times, not %u", id, end->told[id],
                          whole->told[id]);
    }
    return true;
}
