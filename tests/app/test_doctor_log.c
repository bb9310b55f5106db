/* The doctor looks at the log, through either reader, on the fake event log. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "../windows/fake_event_log.h"
#include "doctor_scene.h"

#define PARAMETERS "HKLM\\SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters"
#define READ_AGAIN " & sc control RelayLock paramchange"
#define CLASSIC    "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"
#define MB         (1024u * 1024)
#define NOW        1262401445 /* 2010-01-02T03:04:05Z */

static int set_up(void **state)
{
    doctor_scene_begin();
    doctor.settings.reader = *state ? READER_CLASSIC : READER_AUTO;
    fake_event_log_begin();
    fake_event_log.size = 1 * MB;
    fake_event_log.max_size = 16 * MB;
    fake_event_log.file = L"C:\\application.evt";
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_event_log_end();
    return 0;
}

static bool is_classic(void)
{
    return doctor.settings.reader == READER_CLASSIC;
}

static void look(void)
{
    doctor_scene_look(doctor_look_log);
}

static void other_event(int64_t time)
{
    const struct fake_event event = {.generated = (uint64_t)(time + 11644473600) * 10000000u,
                                     .source = L"Other",
                                     .computer = L"MAIL1",
                                     .event_id = 7};
    fake_event_log_add(&event);
}

static void a_log_as_it_should_be(void **state)
{
    (void)state;
    other_event(NOW - 7200);
    fake_event_log_sign_in(NOW - 200, L"pc", L"bob");
    other_event(NOW - 100);
    look();
    assert_line("reader", FINDING_OK,
                is_classic() ? "the log can be read, by the classic reader, as the setting Reader "
                               "says"
                             : "the log can be read, by the modern reader, chosen because this "
                               "Windows has it",
                "");
    assert_line("sign-ins", FINDING_OK,
                "the last event 1708 was at 2010-01-02T03:00:45Z, 3 min 20 "
                "s ago",
                "");
    assert_line("clock", FINDING_OK, "2010-01-02T03:04:05Z, and no event is ahead of it", "");
    assert_line("log", FINDING_OK,
                "the log \"Application\" (1024 of 16384 KB) has room; how far back it reaches, "
                "when full, cannot be told yet; the longest window is 1 h",
                "");
    assert_int_equal(findings.count, 4);
}

static void no_sign_in_or_an_old_one(void **state)
{
    (void)state;
    look();
    assert_line(
        "sign-ins", FINDING_WARNING, "there is no event 1708 in the log",
        "Send a mail through this server, signed in over SMTP, and run this again. If there "
        "is still none, see the line \"levels\".");
    assert_line("clock", FINDING_OK, "2010-01-02T03:04:05Z, and no event is ahead of it", "");
    fake_event_log_sign_in(NOW - 7 * 86400 - 1, L"pc", L"bob");
    other_event(NOW);
    look();
    assert_line("sign-ins", FINDING_WARNING,
                "the last event 1708 was at 2009-12-26T03:04:04Z, 7 d ago",
                "Does nobody send mail over SMTP here? Otherwise see the line \"levels\".");
}

static void a_clock_that_was_set_back(void **state)
{
    (void)state;
    fake_event_log_sign_in(NOW + 300, L"pc", L"bob");
    look();
    assert_line("clock", FINDING_OK, "2010-01-02T03:04:05Z, and no event is ahead of it", "");
    assert_line("sign-ins", FINDING_OK, "the last event 1708 was at 2010-01-02T03:09:05Z, 0 s ago",
                "");
    fake_event_log_sign_in(NOW + 3601, L"pc", L"bob");
    look();
    assert_line("clock", FINDING_PROBLEM,
                "2010-01-02T03:04:05Z, but the newest event is of 2010-01-02T04:04:06Z, 1 h "
                "ahead: the clock was set back, or is wrong",
                "Set the clock right (in a domain: w32tm /resync). RelayLock goes by the times of "
                "the events, and is right again once they have passed.");
}

static void a_log_that_reaches_back(void **state)
{
    (void)state;
    fake_event_log.size = fake_event_log.max_size;
    other_event(NOW - 7200);
    look();
    assert_line("log", FINDING_OK,
                "the log \"Application\" (16384 of 16384 KB) reaches back 2 h, the longest "
                "window is 1 h",
                "");
}

static void a_log_that_is_too_small(void **state)
{
    (void)state;
    fake_event_log.max_size = 512 * 1024;
    fake_event_log.size = 0;
    look();
    assert_line("log", FINDING_WARNING,
                "the log \"Application\" (0 of 512 KB) is small; how far back it reaches, when "
                "full, cannot be told yet; the longest window is 1 h",
                is_classic() ? "> reg add \"" CLASSIC "\" /v MaxSize /t REG_DWORD /d 16777216 /f"
                             : "> wevtutil sl \"Application\" /ms:16777216");
    fake_event_log.size = fake_event_log.max_size = 32 * MB;
    other_event(NOW - 1800);
    look();
    /* 32 MB in half an hour: an hour takes 64 MB, and the day its peaks. */
    assert_line("log", FINDING_WARNING,
                "the log \"Application\" (32768 of 32768 KB) reaches back 30 min, the longest "
                "window is 1 h",
                is_classic() ? "> reg add \"" CLASSIC "\" /v MaxSize /t REG_DWORD /d 134217728 /f"
                             : "> wevtutil sl \"Application\" /ms:134217728");
    fake_event_log_clear();
    other_event(NOW);
    look();
    assert_line("log", FINDING_WARNING,
                "the log \"Application\" (32768 of 32768 KB) reaches back 0 s, the longest window "
                "is 1 h",
                is_classic() ? "> reg add \"" CLASSIC "\" /v MaxSize /t REG_DWORD /d 314572800 /f"
                             : "> wevtutil sl \"Application\" /ms:314572800");
}

static void a_log_that_keeps_its_events(void **state)
{
    (void)state;
    const char *cure = is_classic() ? "> reg add \"" CLASSIC "\" /v Retention /t REG_DWORD /d 0 /f"
                                    : "> wevtutil sl \"Application\" /rt:false";
    fake_event_log.retention = 0xffffffff;
    other_event(NOW - 7200);
    look();
    assert_line("log", FINDING_WARNING,
                "the log \"Application\" (1024 of 16384 KB) keeps its events: once full, it "
                "refuses new ones",
                cure);
    fake_event_log.size = fake_event_log.max_size;
    look();
    assert_line("log", FINDING_PROBLEM,
                "the log \"Application\" is full or nearly so (16384 of 16384 KB), and keeps what "
                "it has: new events are refused",
                cure);
}

/* ---- a log that cannot be read -------------------------------------------------------------- */

static void unreadable(enum fake_call call, DWORD error, const char *mend)
{
    fake_event_log_fail(call, 1, error);
    look();
    assert_non_null(fake_event_log_failed());
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.at[0].state, FINDING_PROBLEM);
    assert_string_equal(findings.at[0].mend, mend);
}

static void a_log_that_cannot_be_read(void **state)
{
    (void)state;
    doctor.settings.reader = is_classic() ? READER_CLASSIC : READER_MODERN;
    enum fake_call call = is_classic() ? FAKE_OPEN_EVENT_LOG : FAKE_EVT_SUBSCRIBE;
    unreadable(call, ERROR_ACCESS_DENIED,
               "Run this in an administrator's prompt; the service must run as an account that may "
               "read this log.");
    unreadable(call, RPC_S_SERVER_UNAVAILABLE, "net start EventLog");
    enum setting_origin *channel = &doctor.origins.settings[setting_find(TEXT_OF(u"Channel"))],
                        *reader = &doctor.origins.settings[setting_find(TEXT_OF(u"Reader"))];
    unreadable(call, ERROR_EVT_CHANNEL_NOT_FOUND, "Look up the error: net helpmsg 15007");
    *channel = *reader = SETTING_BY_REGISTRY;
    unreadable(call, ERROR_EVT_CHANNEL_NOT_FOUND,
               "reg delete " PARAMETERS " /v Channel /f" READ_AGAIN);
    unreadable(call, ERROR_PROC_NOT_FOUND, "reg delete " PARAMETERS " /v Reader /f" READ_AGAIN);
    *channel = SETTING_BY_POLICY;
    unreadable(call, ERROR_FILE_NOT_FOUND,
               "Change the setting Channel in the Group Policy that sets it.");
    unreadable(call, ERROR_NOT_ENOUGH_MEMORY, "Look up the error: net helpmsg 8");
    assert_line("reader", FINDING_PROBLEM,
                is_classic() ? "the log \"Application\" cannot be read: OpenEventLogW failed with "
                               "error 8"
                             : "the log \"Application\" cannot be read: EvtSubscribe failed with "
                               "error 8",
                "Look up the error: net helpmsg 8");
}

static void a_modern_reader_that_gives_way(void **state)
{
    (void)state;
    fake_event_log_fail(FAKE_EVT_SUBSCRIBE, 1, ERROR_NOT_SUPPORTED);
    look();
    assert_line("reader", FINDING_WARNING,
                "the log can be read, by the classic reader, chosen because in the modern one "
                "EvtSubscribe failed with error 50",
                "> reg add " PARAMETERS " /v Reader /t REG_SZ /d classic /f" READ_AGAIN);
}

/* Whatever call fails behind the opening, a line says so, and nothing stays open. */
static void any_call_may_fail(void **state)
{
    (void)state;
    other_event(NOW - 7200);
    fake_event_log_sign_in(NOW - 200, L"pc", L"bob");
    doctor.settings.reader = is_classic() ? READER_CLASSIC : READER_MODERN;
    for (unsigned n = 1;; n++) {
        fake_event_log_fail_any(n, ERROR_NOT_ENOUGH_MEMORY);
        look();
        const char *failed = fake_event_log_failed();
        if (!failed)
            break;
        bool harmless = strcmp(failed, "NotifyChangeEventLog") == 0 ||
                        strcmp(failed, "RegQueryValueExW") == 0 ||
                        strcmp(failed, "ExpandEnvironmentStringsW") == 0 ||
                        strcmp(failed, "GetFileAttributesExW") == 0;
        if (findings_worst(&findings) == FINDING_OK && !harmless)
            fail_msg("%s failed, and all is well", failed);
    }
}

int main(void)
{
    static int classic = 1;
#define BOTH(test)                                                                                 \
    {#test ", modern", test, set_up, tear_down, NULL},                                             \
    {                                                                                              \
#test ", classic", test, set_up, tear_down, &classic                                       \
    }
    const struct CMUnitTest tests[] = {
        BOTH(a_log_as_it_should_be),
        BOTH(no_sign_in_or_an_old_one),
        BOTH(a_clock_that_was_set_back),
        BOTH(a_log_that_reaches_back),
        BOTH(a_log_that_is_too_small),
        BOTH(a_log_that_keeps_its_events),
        BOTH(a_log_that_cannot_be_read),
        BOTH(any_call_may_fail),
        cmocka_unit_test_setup_teardown(a_modern_reader_that_gives_way, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
