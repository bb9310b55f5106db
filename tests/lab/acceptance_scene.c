#include "acceptance_scene.h"
#include "acceptance_check.h"
#include "acceptance_command.h"
#include "acceptance_leftovers.h"
#include "acceptance_product.h"
#include "acceptance_services.h"

#include <wchar.h>

enum {
    COMMAND_PATIENCE = 60000, /* ms */
    SETTLING = 2000           /* ms in which a restart would begin that is due */
};

/* The system directory's library alone: that is the one RelayLock looks for. */
static bool has_modern_log(void)
{
    wchar_t path[MAX_PATH];
    UINT count = GetSystemDirectoryW(path, ARRAYSIZE(path));
    static const wchar_t name[] = L"\\wevtapi.dll";
    if (count == 0 || count + ARRAYSIZE(name) > ARRAYSIZE(path))
        return false;
    wcscat(path, name);
    HMODULE library = LoadLibraryW(path);
    if (!library)
        return false;
    FreeLibrary(library);
    return true;
}

void scene_prepare(void)
{
    if (wcscmp(check_reader_word(), L"modern") == 0 && !has_modern_log())
        check_skip(L"this Windows has no wevtapi.dll");
    log_begin();
    check_call(stand_ins_make_ready(), L"starting the stand-in services");
    product_settings();
}

DWORD scene_lock(const struct account *account)
{
    log_sign_ins(account->full, PRODUCT_LIMIT);
    DWORD took = account_expect_disabled(account, SCENE_PATIENCE);
    log_expect(ALERT_DISABLED, account->name, SCENE_PATIENCE);
    return took;
}

void scene_read_so_far(void)
{
    struct account witness;
    account_create(&witness, L"witness");
    scene_lock(&witness);
}

void scene_expect_untouched(const struct account *account)
{
    account_expect_enabled(account);
    for (int id = ALERT_CROSSED; id < ALERT_SMTP_RESTARTED; id++)
        check_that(log_alerts((enum alert_id)id, account->name) == 0, L"event %d names %ls", id,
                   account->full);
}

void scene_expect_limit(const struct alert *alert, const wchar_t *limit)
{
    check_that(wcscmp(alert->strings[1], limit) == 0, L"event %d names the limit \"%ls\"",
               alert->id, alert->strings[1]);
}

const struct alert *scene_expect_flag(enum alert_id id, const wchar_t *name)
{
    const struct alert *flag = log_expect(id, name, SCENE_PATIENCE);
    check_that(flag->type != EVENTLOG_INFORMATION_TYPE, L"event %d is mere information", id);
    scene_expect_limit(flag, L"5/10m");
    check_that(log_alerts(ALERT_CROSSED, name) == 0, L"%ls was to be locked", name);
    return flag;
}

struct expected {
    size_t starts;
};

static bool has_restarted(const void *subject)
{
    const struct expected *expected = subject;
    return stand_in_steps(SERVICE_SMTP, STAND_IN_STARTED) >= expected->starts &&
           service_state(SERVICE_SMTP, NULL) == SERVICE_RUNNING &&
           service_state(SERVICE_DEPENDENT, NULL) == SERVICE_RUNNING;
}

void scene_expect_restarts(size_t count)
{
    struct expected expected = {count};
    check_wait(has_restarted, &expected, SCENE_PATIENCE);
    service_expect(SERVICE_SMTP, SERVICE_RUNNING, 0);
    service_expect(SERVICE_DEPENDENT, SERVICE_RUNNING, 0);
    size_t starts = stand_in_steps(SERVICE_SMTP, STAND_IN_STARTED);
    check_that(starts == count, L"%ls was started %lu times, not %lu", SERVICE_SMTP, (DWORD)starts,
               (DWORD)count);
    size_t stops = stand_in_steps(SERVICE_SMTP, STAND_IN_STOP_ASKED);
    check_that(stops == count, L"%ls was stopped %lu times, not %lu", SERVICE_SMTP, (DWORD)stops,
               (DWORD)count);
}

void scene_expect_no_restart(void)
{
    Sleep(SETTLING);
    product_stop(); /* waits for a restart that has begun, and drops one that has not */
    scene_expect_restarts(0);
}

DWORD scene_smtp_down(void)
{
    uint64_t down = stand_in_last(SERVICE_SMTP, STAND_IN_STOP_ASKED);
    uint64_t up = stand_in_last(SERVICE_SMTP, STAND_IN_STARTED);
    check_that(down != 0 && up >= down, L"%ls was not restarted", SERVICE_SMTP);
    return (DWORD)((up - down) / 10000);
}

static void run_option(const wchar_t *command)
{
    DWORD error = command_shell(command, COMMAND_PATIENCE);
    check_that(error == ERROR_SUCCESS, L"\"%ls\" failed with error %lu", command, error);
}

void scene_begin_trouble(const wchar_t *command, const wchar_t *back)
{
    leftover_note(LEFTOVER_COMMAND, back);
    run_option(command);
}

void scene_end_trouble(const wchar_t *back)
{
    run_option(back);
    leftover_strike(LEFTOVER_COMMAND, back);
}
