#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lockdown_world.h"
#include <cmocka.h>

struct world world;

enum { SID_SIZE = 28, NORMAL = UF_SCRIPT | UF_NORMAL_ACCOUNT };
static const wchar_t home[] = L"\\\\dc1.contoso.example", used[] = L"\\\\dc2.contoso.example";

void world_point(void)
{
    if (++world.points == world.kill_at)
        longjmp(world.killed, 1);
}

/* ---- accounts ------------------------------------------------------------------------------- */

void world_sid(unsigned account, uint8_t sid[IDENTITY_SID_MAX])
{
    const uint32_t parts[] = {21, 1, 2, 3, WORLD_RID + account};
    memset(sid, 0, IDENTITY_SID_MAX);
    sid[0] = 1;
    sid[1] = 5;
    sid[7] = 5;
    memcpy(sid + 8, parts, sizeof parts);
}

static struct world_account *find_account(const uint8_t *sid, size_t size)
{
    uint32_t rid;
    assert_int_equal(size, SID_SIZE);
    memcpy(&rid, sid + 24, sizeof rid);
    assert_in_range(rid, WORLD_RID, WORLD_RID + WORLD_ACCOUNTS - 1);
    return &world.accounts[rid - WORLD_RID];
}

static void write_flags(struct world_account *account, DWORD flags)
{
    world_point();
    account->flags = flags;
    if (!account->lagging)
        account->used_flags = flags;
    account->writes++;
    world_point();
}

/* Tells what is found, as account.h says; false: not to be written. */
static bool intend(const struct account_intent *intent, const struct world_account *account)
{
    struct account_before before = {.flags = account->flags, .marked = account->marked};
    wcscpy(before.server, home);
    wcscpy(before.name, L"carol");
    return !intent || !intent->intend || intent->intend(intent->context, &before);
}

static void fail_account(struct account_outcome *outcome, const char *call, DWORD error)
{
    outcome->result = ACCOUNT_FAILED;
    outcome->call = call;
    outcome->error = error;
}

static void change(struct world_account *account, enum lock_action action,
                   const struct account_intent *intent, struct account_outcome *outcome)
{
    if (!intend(intent, account)) {
        fail_account(outcome, "recording the intent", ERROR_CANCELLED);
    } else if (world.write_error) {
        fail_account(outcome, "NetUserSetInfo", world.write_error);
        outcome->maybe_written = world.write_uncertain;
    } else if (action == LOCK_DISABLE) {
        write_flags(account, account->flags | UF_ACCOUNTDISABLE);
    } else if (action == LOCK_PASSWORD) {
        world_point();
        account->passwords++;
        account->writes++;
        world_point();
    } else {
        world_point();
        account->marked = true;
        account->writes++;
        world_point();
    }
    outcome->marked = action == LOCK_FLAG && outcome->result == ACCOUNT_LOCKED;
    outcome->flags_after = account->flags;
}

static void fake_lock(const uint8_t *sid, size_t size, enum lock_action action,
                      const struct account_intent *intent, struct account_outcome *outcome)
{
    struct world_account *account = find_account(sid, size);
    const struct account_before *earlier = intent ? intent->earlier : NULL;
    bool disabled = account->flags & UF_ACCOUNTDISABLE;
    account->tries++;
    world_point();
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED, .flags_before = account->flags};
    wcscpy(outcome->server, home);
    wcscpy(outcome->name, L"carol");
    world.tick += account->hangs;
    if (world.directory_error || account->hangs) {
        fail_account(outcome, "NetUserGetInfo",
                     account->hangs ? RPC_S_SERVER_UNAVAILABLE : world.directory_error);
        return;
    }
    bool there = action == LOCK_FLAG ? account->marked : disabled;
    bool ours =
        earlier && (action == LOCK_FLAG ? !earlier->marked : !(earlier->flags & UF_ACCOUNTDISABLE));
    outcome->flags_after = account->flags;
    if (there && ours) {
        outcome->flags_before = earlier->flags;
        outcome->marked = action == LOCK_FLAG;
    } else if (there) {
        outcome->result = ACCOUNT_ALREADY;
    } else if (account->last_admin && action != LOCK_FLAG) {
        outcome->result = ACCOUNT_LAST_ADMIN;
    } else {
        change(account, action, intent, outcome);
    }
}

/* One at a time, which ends, and asks, once its controller has taken as long as it does. */
struct account_aside {
    bool at_work;
    uint8_t sid[IDENTITY_SID_MAX];
    size_t size;
    enum lock_action action;
    bool any_earlier;
    struct account_before earlier;
    DWORD ends_at; /* tick */
};
static struct account_aside aside_task;

static DWORD fake_aside_begin(const uint8_t *sid, size_t size, enum lock_action action,
                              const struct account_before *earlier, HANDLE ready,
                              struct account_aside **aside)
{
    assert_ptr_equal(ready, &world.meanwhile);
    assert_false(aside_task.at_work);
    if (world.aside_refused)
        return ERROR_NOT_ENOUGH_MEMORY;
    aside_task = (struct account_aside){.at_work = true,
                                        .size = size,
                                        .action = action,
                                        .any_earlier = earlier != NULL,
                                        .ends_at = world.tick + find_account(sid, size)->hangs};
    memcpy(aside_task.sid, sid, size);
    if (earlier)
        aside_task.earlier = *earlier;
    *aside = &aside_task;
    return ERROR_SUCCESS;
}

static bool fake_aside_serve(struct account_aside *aside,
                             bool (*intend_it)(void *context, const struct account_before *before),
                             void *context, struct account_outcome *outcome)
{
    const struct account_intent intent = {.intend = intend_it,
                                          .context = context,
                                          .earlier = aside->any_earlier ? &aside->earlier : NULL};
    DWORD now = world.tick;
    assert_true(aside->at_work);
    if ((LONG)(now - aside->ends_at) < 0)
        return false;
    aside->at_work = false;
    fake_lock(aside->sid, aside->size, aside->action, &intent, outcome);
    world.tick = now;
    return true;
}

static void fake_lock_on(const uint8_t *sid, size_t size, const wchar_t *server,
                         struct account_outcome *outcome)
{
    struct world_account *account = find_account(sid, size);
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED};
    assert_int_equal(wcscmp(server, used), 0);
    if (world.directory_error || world.read_only_used) {
        fail_account(outcome, "NetUserSetInfo", ERROR_ACCESS_DENIED);
        return;
    }
    world_point();
    if (account->used_flags & UF_ACCOUNTDISABLE)
        outcome->result = ACCOUNT_ALREADY;
    account->used_flags |= UF_ACCOUNTDISABLE;
    world_point();
}

static DWORD show(DWORD flags, const wchar_t *server, struct account_view *view, const char **call)
{
    world.looks++;
    if (world.directory_error) {
        *call = "NetUserGetInfo";
        return world.directory_error;
    }
    *view = (struct account_view){.flags = flags, .disabled = flags & UF_ACCOUNTDISABLE};
    wcscpy(view->server, server);
    return ERROR_SUCCESS;
}

static DWORD fake_look(const uint8_t *sid, size_t size, enum account_place place,
                       struct account_view *view, const char **call)
{
    assert_int_equal(place, ACCOUNT_USED);
    return show(find_account(sid, size)->used_flags, used, view, call);
}

static DWORD fake_look_on(const uint8_t *sid, size_t size, const wchar_t *server,
                          struct account_view *view, const char **call)
{
    assert_int_equal(wcscmp(server, home), 0);
    if (world.home_away) {
        *call = "NetUserGetInfo";
        return RPC_S_SERVER_UNAVAILABLE;
    }
    return show(find_account(sid, size)->flags, server, view, call);
}

static void fake_release(const uint8_t *sid, size_t size, const struct account_undo *undo,
                         const struct account_intent *intent,
                         struct account_release_outcome *outcome)
{
    struct world_account *account = find_account(sid, size);
    (void)intent;
    assert_int_equal(wcscmp(undo->server, home), 0);
    *outcome =
        (struct account_release_outcome){.result = RELEASE_NOTHING, .flags_found = account->flags};
    wcscpy(outcome->server, home);
    wcscpy(outcome->name, L"carol");
    if (world.directory_error) {
        outcome->result = RELEASE_FAILED;
        outcome->call = "NetUserGetInfo";
        outcome->error = world.directory_error;
        return;
    }
    DWORD left = undo->flags_after ? undo->flags_after : undo->flags_before | UF_ACCOUNTDISABLE;
    bool disabled = undo->action == LOCK_DISABLE && (account->flags & UF_ACCOUNTDISABLE);
    if (disabled && !undo->force && account->flags != left) {
        outcome->result = RELEASE_CHANGED;
        return;
    }
    if (disabled) {
        write_flags(account, account->flags & ~(DWORD)UF_ACCOUNTDISABLE);
        outcome->enabled_now = true;
    }
    if (undo->marked && account->marked) {
        world_point();
        account->marked = false;
        world_point();
        outcome->mark_removed = true;
    }
    if (outcome->enabled_now || outcome->mark_removed)
        outcome->result = RELEASE_DONE;
}

/* ---- services ------------------------------------------------------------------------------- */

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
        assert_true(aside_task.at_work);
        world.tick = aside_task.ends_at;
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

/* ---- the queue ------------------------------------------------------------------------------- */

static void find_queue(struct queue_directories *found)
{
    found->count = 1;
    wcscpy(found->paths[0], L"C:\\Mailroot\\Queue");
}

static void fake_finish(const struct quarantine_queues *queues, struct quarantine_result *result)
{
    assert_int_equal(queues->count, 1);
    *result = (struct quarantine_result){0};
    world.finishes++;
}

static void note_smtp(void)
{
    world.taken_while_smtp_ran = world.taken_while_smtp_ran || !world.smtp_down;
}

static void fake_take(const struct quarantine_queues *queues, const struct quarantine_order *order,
                      struct quarantine_result *result)
{
    unsigned moved = world.queued < world.take_most ? world.queued : world.take_most;
    assert_int_equal(queues->count, 1);
    world_point();
    note_smtp();
    world.order = *order;
    world.locked_when_taken = world_is_disabled(1);
    if (order->selection.kind == SELECT_CLIENTS)
        snprintf(world.clients, sizeof world.clients, "%ls %u",
                 order->selection.clients->clients[0].name, order->selection.clients->client_count);
    *result = (struct quarantine_result){.id = WORLD_BATCH,
                                         .more_ids = world.take_more_ids,
                                         .count.moved = moved,
                                         .time_over = moved < world.queued};
    world.kept += moved;
    world.queued -= moved;
    world_point();
}

static void fake_give_back(const struct quarantine_queues *queues, const char *id,
                           const struct queue_selection *selection,
                           struct quarantine_result *result)
{
    assert_int_equal(queues->count, 1);
    assert_int_equal(selection->kind, SELECT_ALL);
    assert_string_equal(id, world.asked_id ? world.asked_id : "");
    world_point();
    note_smtp();
    *result = (struct quarantine_result){.count.moved = world.kept};
    world.queued += world.kept;
    world.kept = 0;
    world_point();
}

static void fake_count(const struct quarantine_queues *queues,
                       const struct queue_selection *selection, struct quarantine_result *result)
{
    (void)queues;
    (void)selection;
    *result = (struct quarantine_result){.count.moved = world.queued};
}

static bool fake_has(const struct quarantine_queues *queues, const char *id)
{
    assert_int_equal(queues->count, 1);
    return world.kept > 0 && strcmp(id, WORLD_BATCH) == 0;
}

static void fake_clients(const struct response_policy *policy, const struct verdict *verdict,
                         struct burst_list *list, uint32_t burst, DWORD patience)
{
    (void)policy;
    (void)verdict;
    world.patience = patience;
    world.tick += world.log_takes < patience ? world.log_takes : patience;
    burst_list_add_client(list, burst, TEXT_OF(u"User"));
}

static void hear_quarantined(void *context, const struct release_answer *answer)
{
    (void)context;
    world.quarantine_answers++;
    world.quarantine_answer = *answer;
}

bool world_quarantine(enum quarantine_task task)
{
    struct quarantine_job *job = quarantine_job_create();
    assert_non_null(job);
    job->request.number = 7;
    job->request.task = task;
    job->request.why = MANIFEST_BY_ALL;
    job->request.limit = 1000;
    if (task == QUARANTINE_GIVE_BACK && world.asked_id)
        strcpy(job->request.id, world.asked_id);
    bool taken = lockdown_quarantine(world.lockdown, job);
    if (!taken)
        free(job);
    return taken;
}

/* ---- clocks --------------------------------------------------------------------------------- */

static DWORD WINAPI fake_tick(void)
{
    return world.tick;
}

static void WINAPI fake_time(LPFILETIME time)
{
    uint64_t ticks = ((uint64_t)world.wall + UINT64_C(11644473600)) * 10000000;
    time->dwLowDateTime = (DWORD)ticks;
    time->dwHighDateTime = (DWORD)(ticks >> 32);
}

static uint32_t fake_boot(void)
{
    return world.boot;
}

/* ---- the listener --------------------------------------------------------------------------- */

static void hear_incident(void *context, const struct incident *incident, int64_t now)
{
    (void)context, (void)now;
    world.last = *incident;
    world.told++;
}

static void hear_unheld(void *context, const uint8_t *sid, uint32_t size)
{
    (void)context, (void)sid, (void)size;
    world.unheld++;
}

static void hear_store(void *context, bool open, const struct position_record *position)
{
    (void)context, (void)position;
    world.told_open = open;
    world.opens += open;
    world.closes += !open;
}

static void hear_reading(void *context)
{
    (void)context;
    if (!world.blind)
        lockdown_all_read(world.lockdown, world.tick);
}

static void hear_restarting(void *context, bool restarting)
{
    (void)context;
    world.restarting = restarting;
}

static void hear_orders(void *context)
{
    (void)context;
    if (world.meanwhile)
        world.meanwhile();
}

static void hear_answer(void *context, const struct release_answer *answer)
{
    (void)context;
    world.answer = *answer;
    world.answers++;
}

/* ---- the world ------------------------------------------------------------------------------ */

static void install_calls(void)
{
    lockdown_calls = (struct lockdown_calls){.account_lock = fake_lock,
                                             .account_aside_begin = fake_aside_begin,
                                             .account_aside_serve = fake_aside_serve,
                                             .account_lock_on = fake_lock_on,
                                             .account_release = fake_release,
                                             .account_look = fake_look,
                                             .account_look_on = fake_look_on,
                                             .smtp_restart = fake_restart,
                                             .smtp_resume = fake_resume,
                                             .quarantine_finish = fake_finish,
                                             .quarantine_take = fake_take,
                                             .quarantine_give_back = fake_give_back,
                                             .quarantine_count = fake_count,
                                             .quarantine_has = fake_has,
                                             .account_clients_read = fake_clients,
                                             .boot_number = fake_boot,
                                             .GetTickCount = fake_tick,
                                             .WaitForSingleObject = fake_wait,
                                             .GetSystemTimeAsFileTime = fake_time};
    quarantine_calls.queue_directories_find = find_queue;
    memory_store_reset();
    memory_store.point = world_point;
    memory_store.tick = fake_tick;
}

void world_reset(void)
{
    world_kill();
    memset(&world, 0, sizeof world);
    world.tick = 5000000;
    world.wall = WORLD_WALL + 60;
    world.boot = 7;
    world.record = 100000;
    world.queued = 10;
    world.take_most = 1000;
    for (unsigned i = 0; i < WORLD_ACCOUNTS; i++)
        world.accounts[i].flags = world.accounts[i].used_flags = NORMAL;
    settings_defaults(&world.settings);
    recorder_start();
    install_calls();
}

int world_set_up(void **state)
{
    (void)state;
    world_reset();
    return 0;
}

int world_tear_down(void **state)
{
    (void)state;
    world_kill();
    return 0;
}

void world_start(void)
{
    world_start_behind();
    world_caught_up();
}

void world_caught_up(void)
{
    const struct position_record position = {.record = ++world.record, .time = world.wall};
    lockdown_position(world.lockdown, &position);
}

void world_start_behind(void)
{
    static const struct lockdown_listener listener = {.incident = hear_incident,
                                                      .unheld = hear_unheld,
                                                      .store = hear_store,
                                                      .reading = hear_reading,
                                                      .restarting = hear_restarting,
                                                      .orders = hear_orders,
                                                      .wake = &world.meanwhile,
                                                      .answered = hear_answer,
                                                      .quarantined = hear_quarantined};
    world_kill();
    assert_int_equal(lockdown_create(&world.settings, &world.stopping, &listener, &world.lockdown),
                     ERROR_SUCCESS);
}

void world_kill(void)
{
    if (world.lockdown)
        lockdown_free(world.lockdown);
    world.lockdown = NULL;
    aside_task.at_work = false;
}

void world_end(void)
{
    lockdown_end(world.lockdown);
    world_kill();
}

DWORD world_run(void)
{
    DWORD wait;
    for (unsigned steps = 0; lockdown_step(world.lockdown, &wait); steps++)
        assert_in_range(steps, 0, 10000);
    return wait;
}

void world_pass(DWORD ms)
{
    world_caught_up();
    for (;;) {
        DWORD wait = world_run();
        DWORD step = wait < ms ? wait : ms;
        world.tick += step;
        world.wall += step / 1000;
        ms -= step;
        if (ms == 0)
            break;
        assert_true(step > 0);
    }
    world_run();
}

struct order world_order(unsigned account, enum flag_reason flag)
{
    struct order order = {
        .verdict = {.flag = flag,
                    .limit = {LIMIT_SIGN_INS, 50, 600},
                    .count = 50,
                    .sign_ins = 50,
                    .clients = 1,
                    .top_count = 1,
                    .first_record = 100 * account + 1,
                    .last_record = 100 * account + 50,
                    .first_time = WORLD_WALL - 60,
                    .last_time = WORLD_WALL + account,
                    .kind = IDENTITY_USER,
                    .sid_size = SID_SIZE},
        .action = world.settings.action,
        .read_at = world.tick,
    };
    world_sid(account, order.verdict.sid);
    wcscpy(order.verdict.account, L"contoso\\user00");
    order.verdict.account[12] = (char16_t)(u'0' + account / 10);
    order.verdict.account[13] = (char16_t)(u'0' + account % 10);
    wcscpy(order.verdict.name, L"CONTOSO\\user00");
    memcpy(order.verdict.name + 12, order.verdict.account + 12, 4);
    wcscpy(order.verdict.top[0].name, L"mail.example");
    order.verdict.top[0].sign_ins = 50;
    return order;
}

void world_cross(unsigned account)
{
    if (!world.accounts[account].abused)
        world.accounts[account].abused = world.accounts[account].session = true;
    struct order order = world_order(account, FLAG_NOT);
    lockdown_order(world.lockdown, &order);
}

void world_leak(unsigned account, unsigned count)
{
    struct held_sign_ins sign_ins = {.sid_size = SID_SIZE,
                                     .leaks = count,
                                     .time = world.wall,
                                     .record = world.record += count,
                                     .read_at = world.tick};
    world_sid(account, sign_ins.sid);
    wcscpy(sign_ins.client, L"spam.example");
    lockdown_sign_ins(world.lockdown, &sign_ins);
}

void world_release(enum release_target target, const char16_t *account, bool force)
{
    struct release_request request = {.number = 42, .target = target, .force = force};
    wcscpy(request.account, account);
    assert_true(lockdown_release(world.lockdown, &request));
}

void world_release_now(enum release_target target, const char16_t *account, bool force)
{
    world_release(target, account, force);
    world_run();
    assert_false(lockdown_is_releasing(world.lockdown));
}

void world_lock(unsigned count)
{
    world_start();
    world_run();
    for (unsigned i = 1; i <= count; i++)
        world_cross(i);
    world_run();
}

const struct incident *world_incident(unsigned account)
{
    uint8_t sid[IDENTITY_SID_MAX];
    world_sid(account, sid);
    const struct incident_book *book = lockdown_book(world.lockdown);
    for (uint32_t i = book->count; i > 0; i--)
        if (incident_is_of(&book->incidents[i - 1], sid, SID_SIZE))
            return &book->incidents[i - 1];
    return NULL;
}

bool world_is_disabled(unsigned account)
{
    return world.accounts[account].flags & UF_ACCOUNTDISABLE;
}
