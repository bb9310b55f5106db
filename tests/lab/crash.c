/* crash.c: relaylock.exe really killed, in one call of a lock-down after another, and started
 * again.
 *
 *   crash [KILLS]      of each story; 75 unless given, which is over 200 in all
 *
 * Each story first as a whole: an account crosses its limit, is locked, SMTP is restarted, the
 * account is contained. It counts the calls that relaylock.exe makes in that time
 * (advapi32_import.c). Then for so many of these calls, evenly spread: the host as it was, the same
 * crossing, and the process is ended right before that call; the next one must come to the same
 * end. What may differ: alerts may be told more often; 519 is told for 510; a dependent that had
 * been stopped while SMTP was not is started once more; passwords are set once more; 513 (slow to
 * stop), which is the machine's doing.
 *
 * The minute until an account is contained is not waited for: the clock is put ahead.
 */
#include <stdio.h>
#include <stdlib.h>

#include "acceptance_check.h"
#include "acceptance_product.h"
#include "acceptance_services.h"
#include "crash_host.h"
#include "lab_faults.h"

enum {
    KILLS = 75,       /* of each story */
    NEVER = 1000000,  /* calls */
    PATIENCE = 60000, /* ms for one run */
    STOP_PATIENCE = 10000,
    LOOK = 30,     /* ms between two looks */
    AHEAD = 61000, /* ms that the clock is put ahead: more than ContainAfter */
    AHEAD_PAUSE = 2000,
    STARTED = 100 /* RelayLock's event */
};

static const struct crash_story stories[] = {
    {"disabled", L"disable", false, 1, 0},
    {"of the domain", L"disable", true, 1, 0},
    {"password", L"password", false, 2, 2},
};

static HANDLE process; /* relaylock.exe's */

static bool is_dead(void)
{
    return WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
}

/* The manager of services may take a moment to see that the process before is gone. */
static void start_service(void)
{
    for (DWORD begun = GetTickCount(); GetTickCount() - begun < PATIENCE; Sleep(LOOK)) {
        SERVICE_STATUS_PROCESS status = {0};
        service_start(PRODUCT_SERVICE);
        if (service_status(PRODUCT_SERVICE, &status) != ERROR_SUCCESS || status.dwProcessId == 0)
            continue;
        process = OpenProcess(SYNCHRONIZE, FALSE, status.dwProcessId);
        if (process != NULL && !is_dead())
            return;
        if (process != NULL)
            CloseHandle(process);
    }
    check_fail(L"RelayLock cannot be started");
}

static void stop_service(void)
{
    if (process == NULL)
        return;
    if (!is_dead()) {
        /* Killed while it stops, it is gone, whatever the manager of services makes of that. */
        DWORD error = service_put_down(PRODUCT_SERVICE, STOP_PATIENCE);
        if (!is_dead())
            check_call(error, L"stopping RelayLock");
    }
    CloseHandle(process);
    process = NULL;
}

static void expect_started(struct crash_end *end)
{
    for (DWORD begun = GetTickCount();; Sleep(LOOK)) {
        crash_host_look(end);
        if (end->told[STARTED] > 0)
            return;
        check_that(GetTickCount() - begun < PATIENCE,
                   L"RelayLock does not say that it has started");
    }
}

/* One run of a story, killed before that call. Whether it was; *end is how it ended, or stands
 * after PATIENCE; *left how many calls there were to go. */
static bool run(const struct crash_story *story, LONG kill_at, struct crash_end *end, LONG *left)
{
    DWORD ahead_at = 0;
    unsigned starts = 1;
    stop_service();
    crash_host_reset(story);
    start_service();
    expect_started(end);
    InterlockedExchange(&lab_store->faults[LAB_FAULT_KILL_AT], kill_at);
    crash_host_cross();
    for (DWORD begun = GetTickCount(); GetTickCount() - begun < PATIENCE; Sleep(LOOK)) {
        if (is_dead()) {
            starts++;
            CloseHandle(process);
            start_service();
        }
        crash_host_look(end);
        if (end->state == INCIDENT_CONTAINED)
            break;
        /* Not while a process is starting: its wait for the journal must not end by that. */
        if (end->state == INCIDENT_RESTARTED && end->told[STARTED] >= starts &&
            GetTickCount() - ahead_at > AHEAD_PAUSE) {
            InterlockedExchangeAdd(&lab_store->faults[LAB_FAULT_TICK_AHEAD_MS], AHEAD);
            ahead_at = GetTickCount();
        }
    }
    /* One that was over before the call is not to be killed while it is stopped. */
    *left = InterlockedExchange(&lab_store->faults[LAB_FAULT_KILL_AT], 0);
    return starts > 1;
}

struct figures {
    LONG passed, failed, missed;
};

/* The whole run: the calls that it makes. */
static LONG run_whole(const struct crash_story *story, struct crash_end *whole)
{
    LONG left;
    check_that(!run(story, NEVER, whole, &left), L"the whole run was killed");
    LONG calls = NEVER - left;
    check_that(whole->state == INCIDENT_CONTAINED && whole->smtp_starts == 1 &&
                   whole->writes == story->writes,
               L"the whole run is not whole: state %hs, SMTP started %u times, %u writes",
               incident_state_name(whole->state), (unsigned)whole->smtp_starts, whole->writes);
    return calls;
}

/* So many kills, spread evenly over the calls of the whole run. */
static void kill_everywhere(const struct crash_story *story, LONG kills, struct figures *figures)
{
    struct crash_end whole, end;
    char difference[CRASH_DIFFERENCE_MAX];
    LONG calls = run_whole(story, &whole), left;
    if (kills > calls)
        kills = calls;
    printf("%s: %ld calls from the crossing to contained; %ld kills.\n", story->name, calls, kills);
    for (LONG i = 0; i < kills; i++) {
        LONG at = 1 + i * calls / kills;
        if (!run(story, at, &end, &left)) {
            figures->missed++;
            continue;
        }
        bool same = crash_host_same(&end, &whole, difference);
        printf("%s %s, killed before call %ld, %s%s%s\n", same ? "ok" : "not ok", story->name, at,
               lab_store->killed_before, same ? "" : ": ", same ? "" : difference);
        figures->passed += same;
        figures->failed += !same;
    }
}

int wmain(int count, wchar_t **arguments)
{
    struct figures figures = {0};
    LONG kills = count > 1 ? wcstol(arguments[1], NULL, 10) : KILLS;
    setvbuf(stdout, NULL, _IONBF, 0);
    check_that(kills > 0, L"usage: crash [KILLS]");
    crash_host_prepare();
    for (size_t i = 0; i < ARRAYSIZE(stories); i++)
        kill_everywhere(&stories[i], kills, &figures);
    stop_service();
    printf("%ld runs were over before the call.\n", figures.missed);
    printf("%ld passed, %ld failed\n", figures.passed, figures.failed);
    /* How often a process looks whether it may go on differs a little from run to run. */
    return figures.failed == 0 && figures.passed > 9 * figures.missed ? 0 : 1;
}
