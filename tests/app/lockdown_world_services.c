#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "lockdown_world_services.h"
#include "lockdown_world.h"
#include "lockdown_world_accounts.h"
#include <cmocka.h>

static bool *is_down(const wchar_t *service)
{
    return wcscmp(service, L"SMTPSVC") == 0 ? &world.smtp_down : &world.other_down;
}

static void count_restart(const wchar_t *service)
{
    if (wcscmp(service, L"SMTPSVC") == 0)
        world.restarts++;
    else
        world.other_restarts++;
    lstrcpynW(world.last_restarted, service, 64);
}

/* As service_change_pause does it, until so much is left. Whether it came to that before the
 * program is to end. */
static bool wait_for_service(const struct smtp_options *options, DWORD *left, DWORD until)
{
    while (*left > until && !world.stopping) {
        DWORD begun = world.tick, step = *left - until < 1000 ? *left - until : 1000;
        while (options->turn && !world.stopping && options->turn(options->context))
            assert_in_range(world.tick - begun, 0, 1000000);
        world.tick += step;
        world.wall += step / 1000;
        *left -= *left < world.tick - begun ? *left : world.tick - begun;
    }
    return *left <= until;
}

static void set(bool *state, bool value)
{
    world_point();
    *state = value;
    world_point();
}

static void note_options(const struct smtp_options *options)
{
    lstrcpynW(world.vital, options->vital ? options->vital : L"", 64);
}

/* Starts the dependent if it is of the list, and notes if that cannot be; the result then. */
static void start_dependent(const struct smtp_stop_list *list, enum smtp_result left,
                            struct smtp_outcome *outcome)
{
    if (list->dependent_count == 0)
        return;
    if (world.dependent_down && world.dependent_stuck) {
        outcome->result = left;
        outcome->call = "StartService";
        outcome->error = ERROR_SERVICE_LOGON_FAILED;
        wcscpy(outcome->name, L"RESVC");
    } else {
        set(&world.dependent_down, false);
    }
}

/* With the service its sessions end; who can sign in again does so as soon as it runs. */
static void set_down(const wchar_t *service, bool down)
{
    bool smtp = is_down(service) == &world.smtp_down;
    *is_down(service) = down;
    for (unsigned i = 0; smtp && i < WORLD_ACCOUNTS; i++)
        world.accounts[i].session = !down && world.accounts[i].abused && !world_is_disabled(i);
}

static void start_service(const wchar_t *service)
{
    world_point();
    set_down(service, false);
    count_restart(service);
    world_point();
}

static DWORD WINAPI fake_wait(HANDLE handle, DWORD ms)
{
    if (handle == &world.meanwhile) {
        assert_int_equal(ms, INFINITE);
        world_aside_wait();
        return WAIT_OBJECT_0;
    }
    assert_ptr_equal(handle, &world.stopping);
    assert_int_equal(ms, 0);
    return world.stopping ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
}

/* From the order to stop on, or in the midst of what an earlier process had ordered. */
static bool stop_service(const struct smtp_options *options, const wchar_t *service,
                         struct smtp_outcome *outcome)
{
    if (world.stop_left == 0 && is_down(service) == &world.smtp_down)
        world.stop_left = world.stop_takes;
    world_point();
    if (world.stop_left > options->stop_timeout) {
        DWORD late = world.stop_left - options->stop_timeout;
        wait_for_service(options, &world.stop_left, late);
        options->step(options->context, SMTP_STEP_STOP_TIMEOUT, outcome);
    }
    if (!wait_for_service(options, &world.stop_left, 0)) {
        *outcome = (struct smtp_outcome){.result = SMTP_STOP_TIMEOUT,
                                         .call = "ControlService",
                                         .error = ERROR_SERVICE_REQUEST_TIMEOUT};
        lstrcpynW(outcome->name, service, 257);
        return false;
    }
    set_down(service, true);
    if (world.started_by_others)
        set_down(service, false);
    world_point();
    return true;
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    /* One that is stopped is of the list only if an earlier one had told of it. */
    struct smtp_stop_list list = {.dependents = {L"RESVC"},
                                  .dependent_count = !world.dependent_down || options->earlier};
    lstrcpynW(list.service, options->service, 257);
    note_options(options);
    *outcome = world.outcome;
    world_point();
    if (world.result_forced && outcome->result == SMTP_STOP_TIMEOUT)
        options->intend(options->context, &list);
    if (world.result_forced)
        return;
    if (fake_wait(options->abandon, 0) == WAIT_OBJECT_0) {
        *outcome = (struct smtp_outcome){.result = SMTP_FAILED, .error = ERROR_CANCELLED};
        return;
    }
    *outcome = (struct smtp_outcome){.result = SMTP_NOT_RUNNING};
    if (*is_down(options->service))
        return;
    *outcome = (struct smtp_outcome){
        .result = SMTP_FAILED, .error = ERROR_CANCELLED, .call = "recording the intent"};
    if (!options->intend(options->context, &list))
        return;
    set(&world.dependent_down, true);
    if (!stop_service(options, options->service, outcome))
        return;
    outcome->seen_stopped = !world.started_by_others;
    options->step(options->context, SMTP_STEP_STOPPED, outcome);
    DWORD start_left = world.start_takes;
    wait_for_service(options, &start_left, 0);
    world.tick += 1500;
    start_service(options->service);
    *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED, .down = 1500};
    start_dependent(&list, SMTP_DEPENDENT_LEFT, outcome);
}

static void fake_resume(const struct smtp_options *options, const struct smtp_stop_list *list,
                        bool seen_stopped, struct smtp_outcome *outcome)
{
    bool stopping = world.stop_left > 0 && is_down(list->service) == &world.smtp_down;
    bool down = *is_down(list->service) || seen_stopped || stopping;
    world_point();
    world.resumes++;
    note_options(options);
    *outcome = (struct smtp_outcome){.result = SMTP_UNTOUCHED};
    assert_true(list->dependent_count == 0 || wcscmp(list->dependents[0], L"RESVC") == 0);
    if (stopping && !stop_service(options, list->service, outcome))
        return;
    if (down && !seen_stopped)
        options->step(options->context, SMTP_STEP_STOPPED, outcome);
    if (*is_down(list->service))
        start_service(list->service);
    if (down)
        *outcome = (struct smtp_outcome){.result = SMTP_RESTARTED, .down = 700};
    start_dependent(list, down ? SMTP_DEPENDENT_LEFT : SMTP_UNTOUCHED, outcome);
}

void world_services_reset(void)
{
    lockdown_calls.smtp_restart = fake_restart;
    lockdown_calls.smtp_resume = fake_resume;
    lockdown_calls.WaitForSingleObject = fake_wait;
}
