/* fake_services.c: see fake_services.h. The services, their clock and the faults. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_services.h"
#include <string.h>

enum { SERVICES_MAX = 48, EVENTS_MAX = 16, CALL_COST = 1 };

struct event {
    DWORD at;
    void (*act)(void *context);
    void *context;
};

static struct fake_service services[SERVICES_MAX];
static size_t service_count;
static struct event events[EVENTS_MAX];
static size_t event_count;
static DWORD clock_now, clock_begin, clock_limit;

static unsigned calls, fail_at;
static DWORD fail_error;
static struct {
    const char *call;
    unsigned skip, times;
    DWORD error;
} named;
static const char *failed, *called;
static bool is_old;
static void (*watch)(unsigned calls);

void fake_services_reset(DWORD now)
{
    memset(services, 0, sizeof(services));
    memset(&named, 0, sizeof(named));
    service_count = event_count = 0;
    clock_now = clock_begin = now;
    clock_limit = 3600 * 1000;
    calls = fail_at = 0;
    failed = called = NULL;
    watch = NULL;
    is_old = false;
    fake_services_forget_handles();
    fake_services_install_calls();
}

struct fake_service *fake_services_add(const wchar_t *name)
{
    assert_true(service_count < SERVICES_MAX);
    struct fake_service *service = &services[service_count++];
    service->exists = true;
    lstrcpynW(service->name, name, FAKE_TEXT_MAX);
    service->state = SERVICE_RUNNING;
    service->controls_accepted = SERVICE_ACCEPT_STOP;
    service->type = SERVICE_WIN32_OWN_PROCESS;
    service->start_type = SERVICE_AUTO_START;
    service->process = fake_services_new_process();
    return service;
}

struct fake_service *fake_services_at(size_t index)
{
    return index < service_count ? &services[index] : NULL;
}

struct fake_service *fake_services_find(const wchar_t *name)
{
    for (size_t i = 0; i < service_count; i++)
        if (services[i].exists && lstrcmpiW(services[i].name, name) == 0)
            return &services[i];
    return NULL;
}

void fake_services_depend(struct fake_service *dependent, const wchar_t *on)
{
    size_t i = 0;

    while (i < FAKE_DEPENDENCIES_MAX && dependent->depends_on[i])
        i++;
    assert_true(i < FAKE_DEPENDENCIES_MAX);
    dependent->depends_on[i] = on;
}

void fake_services_before_vista(bool old)
{
    is_old = old;
}

bool fake_services_are_old(void)
{
    return is_old;
}

/* ---- time ----------------------------------------------------------------------------------- */

DWORD fake_services_now(void)
{
    return clock_now;
}

static void pass(DWORD ms)
{
    clock_now += ms;
    if (clock_now - clock_begin > clock_limit)
        fail_msg("hangs: %lu ms have passed", (unsigned long)(clock_now - clock_begin));
    for (size_t i = 0; i < event_count; i++)
        if (events[i].at == clock_now)
            events[i].act(events[i].context);
    for (size_t i = 0; i < service_count; i++)
        fake_services_settle(&services[i]);
}

static bool is_changing(void)
{
    for (size_t i = 0; i < service_count; i++)
        if (services[i].state == SERVICE_STOP_PENDING || services[i].state == SERVICE_START_PENDING)
            return true;
    return false;
}

/* Of ms to come, those up to the next one in which something may happen. */
static DWORD until_next(DWORD ms)
{
    if (is_changing())
        return 1;
    for (size_t i = 0; i < event_count; i++)
        if ((LONG)(events[i].at - clock_now) > 0 && events[i].at - clock_now < ms)
            ms = events[i].at - clock_now;
    return ms;
}

void fake_services_advance(DWORD ms)
{
    while (ms > 0) {
        DWORD step = until_next(ms);
        pass(step);
        ms -= step;
    }
}

void fake_services_after(DWORD ms, void (*act)(void *context), void *context)
{
    assert_true(event_count < EVENTS_MAX);
    events[event_count++] = (struct event){clock_now + ms, act, context};
}

void fake_services_limit(DWORD ms)
{
    clock_limit = ms;
}

/* ---- faults --------------------------------------------------------------------------------- */

void fake_services_fail(unsigned n, DWORD error)
{
    fail_at = calls + n;
    fail_error = error;
}

void fake_services_fail_named(const char *call, unsigned skip, unsigned times, DWORD error)
{
    named.call = call;
    named.skip = skip;
    named.times = times;
    named.error = error;
}

const char *fake_services_failed(void)
{
    return failed;
}

unsigned fake_services_calls(void)
{
    return calls;
}

const char *fake_services_called(void)
{
    return called;
}

void fake_services_watch(void (*before)(unsigned calls))
{
    watch = before;
}

bool fake_services_must_fail(const char *call)
{
    fake_services_advance(CALL_COST);
    calls++;
    called = call;
    if (watch)
        watch(calls);
    if (calls == fail_at) {
        failed = call;
        SetLastError(fail_error);
        return true;
    }
    if (!named.call || strcmp(named.call, call) != 0 || named.times == 0)
        return false;
    if (named.skip > 0) {
        named.skip--;
        return false;
    }
    named.times--;
    failed = call;
    SetLastError(named.error);
    return true;
}

/* ---- states --------------------------------------------------------------------------------- */

static void enter(struct fake_service *service, DWORD state)
{
    service->state = state;
    service->checkpoint = 0;
    service->wait_hint = 0;
    service->ordered = false;
    if (state == SERVICE_STOPPED)
        service->stopped_at = clock_now;
    if (state == SERVICE_RUNNING)
        service->started_at = clock_now;
}

void fake_services_begin_stop(struct fake_service *service)
{
    service->stops++;
    service->changing_since = clock_now;
    if (service->stop_ignored)
        return;
    service->exit_code = NO_ERROR;
    enter(service, SERVICE_STOP_PENDING);
    fake_services_settle(service);
}

void fake_services_begin_start(struct fake_service *service)
{
    service->starts++;
    service->changing_since = clock_now;
    service->dying = service->start_deaths > 0;
    if (service->dying)
        service->start_deaths--;
    service->exit_code = NO_ERROR;
    service->process = fake_services_new_process();
    enter(service, SERVICE_START_PENDING);
    /* StartService comes back with START_PENDING: what follows takes at least a moment */
}

/* A pending state goes on, or ends, as the time since its begin says. */
void fake_services_settle(struct fake_service *service)
{
    DWORD elapsed = clock_now - service->changing_since;

    if (service->state == SERVICE_STOP_PENDING) {
        service->wait_hint = 5000;
        if (!service->stop_hangs)
            service->checkpoint = 1 + elapsed / 1000;
        if (!service->stop_hangs && elapsed >= service->stop_time)
            enter(service, SERVICE_STOPPED);
    } else if (service->state == SERVICE_START_PENDING) {
        service->wait_hint = 2000;
        if (service->start_hangs)
            return;
        service->checkpoint = elapsed / 1000;
        if (elapsed <= service->start_time)
            return;
        if (service->dying)
            service->exit_code = service->death_code;
        service->runs += !service->dying;
        enter(service, service->dying ? SERVICE_STOPPED : SERVICE_RUNNING);
    }
}

void fake_services_boot(void)
{
    event_count = 0;
    fake_services_forget_handles();
    for (size_t i = 0; i < service_count; i++) {
        services[i].process = fake_services_new_process();
        enter(&services[i],
              services[i].start_type == SERVICE_AUTO_START ? SERVICE_RUNNING : SERVICE_STOPPED);
    }
}
