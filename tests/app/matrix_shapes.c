/* matrix_shapes.c: the stories that the fault matrix tells; see matrix_world.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "core/text.h"
#include "matrix_world.h"
#include "windows/report.h"

enum { S = 1000, MIN = 60 * S }; /* ms */

static struct fake_service *smtp(void)
{
    return fake_services_find(L"SMTPSVC");
}

static struct fake_service *add_dependent(const wchar_t *name, const wchar_t *on)
{
    struct fake_service *service = fake_services_add(name);
    fake_services_depend(service, on);
    return service;
}

static void restart_services(struct text first, struct text second)
{
    struct setting_list *services = &matrix.settings.restart_services;
    text_copy(services->names[0], SETTING_TEXT_MAX, first);
    text_copy(services->names[1], SETTING_TEXT_MAX, second);
    services->count = 2;
}

/* Some time to stop and to start for all, so that a process may die in the middle of either. */
static void take_time(void)
{
    for (size_t i = 0; fake_services_at(i); i++)
        fake_services_at(i)->stop_time = fake_services_at(i)->start_time = 400;
}

static void with_dependents(void)
{
    add_dependent(L"POP3SVC", L"SMTPSVC");
    fake_services_depend(add_dependent(L"Scanner", L"SMTPSVC"), L"POP3SVC");
    take_time();
}

static void slow(void)
{
    matrix.settings.stop_timeout = 10;
    smtp()->stop_time = 14 * S;
    smtp()->start_time = 3 * S;
}

static void late(void)
{
    smtp()->stop_notice = 3 * S;
    smtp()->handler_time = 2 * S;
}

static void dead_at_first(void)
{
    smtp()->start_deaths = 2;
    smtp()->death_code = ERROR_SERVICE_SPECIFIC_ERROR;
}

static void not_running(void)
{
    smtp()->state = fake_services_find(L"RESVC")->state = SERVICE_STOPPED;
    smtp()->start_type = fake_services_find(L"RESVC")->start_type = SERVICE_DEMAND_START;
}

static void no_restart(void)
{
    matrix.settings.restart_smtp = false;
}

static void by_password(void)
{
    matrix.settings.action = LOCK_PASSWORD;
}

static void no_cooldown(void)
{
    matrix.settings.restart_cooldown = 0;
}

/* As on a real host: SMTPSVC is itself a dependent of IISADMIN; the other one cannot be found. */
static void with_services(void)
{
    no_cooldown();
    fake_services_add(L"IISADMIN");
    fake_services_depend(smtp(), L"IISADMIN");
    restart_services(TEXT_OF(u"IISADMIN"), TEXT_OF(u"Missing"));
    take_time();
}

/* And it needs more tries than other dependents get. */
static void with_slow_smtp(void)
{
    with_services();
    no_restart();
    smtp()->start_failures = 9;
    smtp()->start_error = ERROR_SERVICE_DATABASE_LOCKED;
}

static void with_two_services(void)
{
    no_cooldown();
    fake_services_add(L"IISADMIN");
    fake_services_add(L"Scanner");
    restart_services(TEXT_OF(u"Scanner"), TEXT_OF(u"IISADMIN"));
}

static void for_twenty_minutes(void)
{
    matrix.settings.lock_minutes = 20;
}

static void never_by_itself(void)
{
    matrix.settings.lock_minutes = 20;
    matrix.settings.max_auto_releases = 0;
}

static void lagging(void)
{
    no_cooldown();
    matrix.contoso->used = 1;
    fake_lag(matrix.contoso, 1);
}

static void last_administrator(void)
{
    fake_join_user(&matrix.contoso->administrators, matrix.users[0]);
    matrix.chief->flags |= UF_ACCOUNTDISABLE;
}

/* A journal that has nearly grown to where it is compacted: that comes in the middle. */
static void long_journal(void)
{
    enum { LEFT = 1500 /* bytes: a few frames */, NEWER = 99 /* a kind that nobody knows yet */ };
    static const uint8_t payload[JOURNAL_PAYLOAD_MAX];
    static uint8_t bytes[INCIDENT_STORE_COMPACT];
    static size_t used;
    for (uint64_t sequence = 1; used < INCIDENT_STORE_COMPACT - LEFT; sequence++) {
        size_t room = INCIDENT_STORE_COMPACT - LEFT - used;
        size_t size = room < JOURNAL_PAYLOAD_MAX ? room : JOURNAL_PAYLOAD_MAX;
        used += journal_write(bytes + used, sizeof bytes - used, NEWER, sequence, payload,
                              (uint32_t)size);
    }
    matrix.takes_long = true;
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_files_put(FAKE_FILES_FOLDER L"\\journal", bytes, used);
}

#define ONE                                                                                        \
    {                                                                                              \
        MATRIX_CROSS, 1, S                                                                         \
    }
#define LEAKS(first)                                                                               \
    {MATRIX_LEAK, 1, first}, {MATRIX_LEAK, 1, MIN}, {MATRIX_LEAK, 1, MIN}, {MATRIX_LEAK, 1, MIN},  \
    {                                                                                              \
        MATRIX_LEAK, 1, MIN                                                                        \
    }
enum { QUIET = 15 * MIN };

const struct matrix_shape matrix_shapes[] = {
    {"one account", MSG_CONTAINED, NULL, 1, {ONE}, QUIET},
    {"three at once",
     MSG_CONTAINED,
     NULL,
     3,
     {ONE, {MATRIX_CROSS, 2, 0}, {MATRIX_CROSS, 3, 0}},
     QUIET},
    {"cooldown", MSG_SMTP_RESTART_LATER, NULL, 2, {ONE, {MATRIX_CROSS, 2, 10 * S}}, 2 * QUIET},
    {"release", MSG_RELEASED, NULL, 2, {ONE, {MATRIX_RELEASE, 1, 5 * S}}, QUIET},
    {"release of all",
     MSG_RELEASED,
     NULL,
     3,
     {ONE, {MATRIX_FLAG, 2, 0}, {MATRIX_RELEASE, 0, QUIET}},
     QUIET},
    {"release of what was changed",
     MSG_NOT_RELEASED,
     NULL,
     3,
     {ONE, {MATRIX_TOUCH, 1, 5 * S}, {MATRIX_RELEASE, 1, S}},
     QUIET},
    {"auto-release", MSG_RELEASED, for_twenty_minutes, 1, {ONE}, 2 * QUIET},
    {"no auto-release left", MSG_STAYS_LOCKED, never_by_itself, 1, {ONE}, 2 * QUIET},
    {"compaction", MSG_CONTAINED, long_journal, 1, {ONE}, QUIET},
    {"leaks", MSG_LEAK_REMAINS, no_cooldown, 6, {ONE, LEAKS(MIN)}, QUIET},
    {"leaks, IISADMIN", MSG_LEAK_REMAINS, with_services, 6, {ONE, LEAKS(MIN)}, QUIET},
    {"SMTP that starts at the tenth try as a dependent",
     MSG_SMTP_START_FAILED,
     with_slow_smtp,
     6,
     {ONE, LEAKS(MIN)},
     QUIET},
    {"RestartServices", MSG_LEAK_REMAINS, with_two_services, 6, {ONE, LEAKS(MIN)}, QUIET},
    {"a leak after it was contained",
     MSG_LEAK,
     no_cooldown,
     2,
     {ONE, {MATRIX_LEAK, 1, QUIET}},
     QUIET},
    {"enabled by an administrator",
     MSG_ENABLED_AGAIN,
     NULL,
     3,
     {ONE, {MATRIX_ENABLE, 1, MIN}, {MATRIX_LEAK, 1, S}},
     QUIET},
    {"slow SMTP", MSG_SMTP_STOP_SLOW, slow, 1, {ONE}, QUIET},
    {"late SMTP", MSG_SMTP_RESTARTED, late, 1, {ONE}, QUIET},
    {"SMTP that starts at the third try", MSG_SMTP_START_FAILED, dead_at_first, 1, {ONE}, QUIET},
    {"SMTP that is not running", MSG_SMTP_NOT_RUNNING, not_running, 1, {ONE}, QUIET},
    {"dependents", MSG_SMTP_RESTARTED, with_dependents, 1, {ONE}, QUIET},
    {"no restart", MSG_CONTAINED, no_restart, 1, {ONE}, QUIET},
    {"password", MSG_PASSWORD_SET, by_password, 1, {ONE}, QUIET},
    {"lagging controller",
     MSG_LOCK_LAGGED,
     lagging,
     4,
     {ONE, {MATRIX_LEAK, 1, MIN}, {MATRIX_LEAK, 1, MIN}, {MATRIX_REPLICATE, 0, S}},
     QUIET},
    {"controller away and back",
     MSG_LOCK_FAILED,
     NULL,
     3,
     {{MATRIX_DOWN, 0, S}, {MATRIX_CROSS, 1, S}, {MATRIX_UP, 0, 100 * S}},
     QUIET},
    {"full disk",
     MSG_STORE_CLOSED,
     NULL,
     4,
     {{MATRIX_FULL, 0, S}, {MATRIX_CROSS, 1, S}, {MATRIX_ROOM, 0, 100 * S}, {MATRIX_CROSS, 1, MIN}},
     QUIET},
    {"disk that is full when it was locked",
     MSG_STORE_CLOSED,
     NULL,
     3,
     {ONE, {MATRIX_FULL, 0, MIN}, {MATRIX_ROOM, 0, 100 * S}},
     QUIET},
    {"read-only disk",
     MSG_STORE_CLOSED,
     NULL,
     4,
     {{MATRIX_PROTECT, 0, S},
      {MATRIX_CROSS, 1, S},
      {MATRIX_WRITABLE, 0, 100 * S},
      {MATRIX_CROSS, 1, MIN}},
     QUIET},
    {"last administrator", MSG_LAST_ADMIN, last_administrator, 1, {ONE}, QUIET},
};
const size_t matrix_shape_count = sizeof matrix_shapes / sizeof *matrix_shapes;
