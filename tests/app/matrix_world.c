/* matrix_world.c: see matrix_world.h. The host, the life of a process and its death. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "matrix_world.h"
#include "windows/report.h"
#include <cmocka.h>

struct matrix matrix;

enum { WALL = 1262304000, BOOTING = 30000 /* ms */ };

/* ---- points --------------------------------------------------------------------------------- */

static bool alive; /* the engine runs: its calls count */

static void point(const char *call)
{
    if (!alive)
        return;
    matrix.points++;
    if (matrix.noting) {
        assert_in_range(matrix.points, 1, MATRIX_POINTS - 1);
        matrix.moments[matrix.points] =
            (struct matrix_moment){call, fake_files_pending_bytes(), fake_files_pending_names()};
    }
    if (matrix.points == matrix.kill_at) {
        matrix.killed_in = call;
        longjmp(matrix.killed, 1);
    }
}

static void before_file_call(void *context, const char *call, enum fake_moment moment)
{
    (void)context;
    if (moment == FAKE_BEFORE)
        point(call);
}

static void before_directory_call(enum fake_call call, LONG count)
{
    static const char *const names[FAKE_CALLS] = {[FAKE_LOOKUP_SID] = "LookupAccountSid",
                                                  [FAKE_GET_DC] = "DsGetDcName",
                                                  [FAKE_USER_GET] = "NetUserGetInfo",
                                                  [FAKE_USER_SET] = "NetUserSetInfo",
                                                  [FAKE_ALIAS_MEMBERS] = "NetLocalGroupGetMembers",
                                                  [FAKE_GROUP_USERS] = "NetGroupGetUsers",
                                                  [FAKE_BUFFER_FREE] = "NetApiBufferFree",
                                                  [FAKE_CRYPT_ACQUIRE] = "CryptAcquireContext",
                                                  [FAKE_CRYPT_RANDOM] = "CryptGenRandom",
                                                  [FAKE_CRYPT_RELEASE] = "CryptReleaseContext",
                                                  [FAKE_COMPUTER_NAME] = "GetComputerName",
                                                  [FAKE_ROLE] =
                                                      "DsRoleGetPrimaryDomainInformation"};
    (void)count;
    assert_non_null(names[call]);
    point(names[call]);
}

static void before_service_call(unsigned calls)
{
    (void)calls;
    point(fake_services_called());
}

/* ---- the event log --------------------------------------------------------------------------- */

static HANDLE WINAPI register_source(LPCWSTR server, LPCWSTR name)
{
    (void)server, (void)name;
    point("RegisterEventSource");
    return (HANDLE)&matrix;
}

static BOOL WINAPI deregister_source(HANDLE source)
{
    (void)source;
    return TRUE;
}

static void digest(const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        matrix.digest = (matrix.digest ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
}

static BOOL WINAPI report(HANDLE source, WORD type, WORD category, DWORD id, PSID sid, WORD count,
                          DWORD size, LPCWSTR *strings, LPVOID bytes)
{
    (void)source, (void)type, (void)category, (void)sid, (void)size, (void)bytes;
    point("ReportEvent");
    assert_in_range(id & 0xFFFF, 1, MATRIX_EVENTS - 1);
    matrix.told[id & 0xFFFF]++;
    digest(&id, sizeof id);
    for (WORD i = 0; i < count; i++)
        digest(strings[i], wcslen(strings[i]) * sizeof *strings[i]);
    return TRUE;
}

/* ---- clocks --------------------------------------------------------------------------------- */

DWORD matrix_tick(void)
{
    return fake_services_now() - matrix.boot_at;
}

int64_t matrix_wall(void)
{
    return WALL + fake_services_now() / 1000;
}

static DWORD WINAPI tick(void)
{
    return matrix_tick();
}

static void WINAPI system_time(LPFILETIME time)
{
    uint64_t ticks = ((uint64_t)matrix_wall() + UINT64_C(11644473600)) * 10000000;
    *time = (FILETIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

static uint32_t boot_of_host(void)
{
    return 1 + matrix.boots;
}

/* ---- the host ------------------------------------------------------------------------------- */

static void answered(void *context, const struct release_answer *answer)
{
    (void)context;
    matrix.answered[answer->number - 1] = true;
}

static void set_up_directory(void)
{
    static const wchar_t *const names[MATRIX_ACCOUNTS] = {L"user01", L"user02", L"user03"};
    fake_directory_reset();
    matrix.contoso = fake_add_domain(L"CONTOSO", L"contoso.example");
    fake_add_controller(matrix.contoso, L"dc1.contoso.example");
    fake_add_controller(matrix.contoso, L"dc2.contoso.example");
    matrix.chief = fake_add_user(matrix.contoso, L"chief", 1090);
    struct fake_group *admins = fake_add_group(matrix.contoso, L"Domain Admins", 512);
    fake_join_user(admins, matrix.chief);
    fake_join_group(&matrix.contoso->administrators, admins);
    for (unsigned i = 0; i < MATRIX_ACCOUNTS; i++)
        matrix.users[i] = fake_add_user(matrix.contoso, names[i], 1100 + i);
}

/* Queues have a matrix of their own (test_quarantine_kill.c). */
static void no_queues(struct queue_directories *found)
{
    found->count = 0;
}

static void begin(const struct matrix_shape *shape, bool noting)
{
    if (matrix.lockdown)
        lockdown_free(matrix.lockdown);
    report_close();
    memset(&matrix, 0, offsetof(struct matrix, moments));
    memset(matrix.told, 0, sizeof matrix - offsetof(struct matrix, told));
    matrix.shape = shape;
    matrix.noting = noting;
    settings_defaults(&matrix.settings);
    set_up_directory();
    fake_services_reset(5000000);
    fake_services_limit(UINT32_MAX);
    fake_services_add(L"SMTPSVC");
    fake_services_depend(fake_services_add(L"RESVC"), L"SMTPSVC");
    fake_files_reset();
    quarantine_calls.queue_directories_find = no_queues;
    lockdown_calls.GetTickCount = incident_store_calls.GetTickCount = tick;
    lockdown_calls.GetSystemTimeAsFileTime = system_time;
    lockdown_calls.boot_number = boot_of_host;
    report_calls.RegisterEventSourceW = register_source;
    report_calls.DeregisterEventSource = deregister_source;
    report_calls.ReportEventW = report;
    if (shape->set_up)
        shape->set_up();
    fake_calls_hook(before_file_call, NULL);
    fake.before = before_directory_call;
    fake_services_watch(before_service_call);
}

/* ---- life and death ------------------------------------------------------------------------- */

/* All of the log is read all the time. */
static void reading(void *context)
{
    (void)context;
    lockdown_all_read(matrix.lockdown, matrix_tick());
}

static void live(void)
{
    static const struct lockdown_listener listener = {.answered = answered, .reading = reading};
    assert_int_equal(
        lockdown_create(&matrix.settings, fake_services_abandon(), &listener, &matrix.lockdown),
        ERROR_SUCCESS);
    alive = true;
    matrix_pass(0);
    matrix_read_again();
    matrix_pass(0);
    matrix.recovered = matrix.points;
    while (matrix.done < matrix.shape->step_count) {
        matrix_pass(matrix.shape->steps[matrix.done].after);
        matrix_happen();
    }
    matrix_pass(matrix.shape->rest);
    alive = false;
}

/* What the next process has to start though its restart has to be made all over: dependents, when
 * the service itself was not stopped yet. */
static void note_dependents(void)
{
    const struct restart_record *begun = &lockdown_book(matrix.lockdown)->restart;
    if (begun->phase != RESTART_STOPPING)
        return;
    const struct fake_service *service = fake_services_find(begun->service);
    for (size_t i = 0; fake_services_at(i); i++) {
        const struct fake_service *other = fake_services_at(i);
        for (uint32_t k = 0; k < begun->dependent_count; k++)
            if (service->state == SERVICE_RUNNING && other->state != SERVICE_RUNNING &&
                wcscmp(other->name, begun->dependents[k]) == 0)
                matrix.brought_back[i]++;
    }
}

static void boot(void)
{
    matrix.boots++;
    matrix.boot_at = fake_services_now();
    for (size_t i = 0; fake_services_at(i); i++)
        matrix.booted[i] += fake_services_at(i)->start_type == SERVICE_AUTO_START &&
                            fake_services_at(i)->state != SERVICE_RUNNING;
    fake_services_boot();
    fake_services_advance(BOOTING);
}

static void die(const struct matrix_death *death)
{
    alive = false;
    matrix.noting = false;
    note_dependents();
    lockdown_free(matrix.lockdown);
    matrix.lockdown = NULL;
    report_close();
    fake_services_forget_handles();
    fake.buffers = fake.providers = 0;
    if (death->power) {
        fake_files_power_cut(&death->cut);
        boot();
    } else {
        fake_files_kill();
    }
    fake_services_advance(death->pause);
}

size_t matrix_tell(const struct matrix_shape *shape, const struct matrix_death *deaths,
                   size_t count, bool noting)
{
    begin(shape, noting);
    for (volatile size_t i = 0;; i++) {
        matrix.points = 0;
        matrix.kill_at = i < count ? deaths[i].at : 0;
        if (setjmp(matrix.killed) == 0) {
            live();
            return i;
        }
        die(&deaths[i]);
    }
}
