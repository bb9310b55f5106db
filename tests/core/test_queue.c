/* test_queue.c: the verb queue on folders, logs and journals on this system's disk; and its page.
 */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/verb_queue.h"
#include "evt_builder.h"
#include "incident_fixture.h"
#include "json_check.h"
#include "output.h"
#include "queue_maker.h"

#ifdef _WIN32
#include <direct.h>
#include "windows/system_library.h"
#define mkdir(path, mode) _mkdir(path)
#define rmdir             _rmdir
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

enum { FILES_MAX = 400, PAGE_MAX = 65536 };

static struct output output;
static struct maker maker;
static char folder[OUTPUT_PATH_MAX], log_path[OUTPUT_PATH_MAX], journal_path[OUTPUT_PATH_MAX];
static unsigned files;

static const char *file_path(unsigned number)
{
    static char path[OUTPUT_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/NTFS_%08x.EML", folder, number);
    return path;
}

static int start(void **state)
{
    (void)state;
    output_path(folder, "queue");
    output_path(log_path, "queue.evt");
    output_path(journal_path, "queue.journal");
    files = 0;
    maker_init(&maker, 7, 1, false);
    return mkdir(folder, 0700);
}

static int end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < files; i++)
        remove(file_path(i));
    remove(log_path);
    remove(journal_path);
    return rmdir(folder);
}

static void add(const void *bytes, size_t size)
{
    assert_true(files < FILES_MAX);
    output_file(file_path(files++), bytes, size);
}

static void make(unsigned count, int64_t (*one)(struct maker *maker))
{
    for (unsigned i = 0; i < count; i++) {
        one(&maker);
        add(maker.message, maker.size);
    }
}

/* Up to six arguments. */
#define RUN(...) output_of(&output, verb_queue, (const char *const[]){"queue", __VA_ARGS__, NULL})

static void assert_shown(const char *expected)
{
    if (!strstr(output.out, expected))
        fail_msg("\"%s\" is missing in:\n%s", expected, output.out);
}

static void assert_status(int status)
{
    if (output.status != status)
        fail_msg("status %d\n%s%s", output.status, output.out, output.err);
}

/* ---- verdicts -------------------------------------------------------------------------------- */

static void an_empty_queue_is_normal(void **state)
{
    (void)state;
    RUN(folder);
    assert_status(QUEUE_NORMAL);
    assert_int_equal(strncmp(output.out, "Normal: ", 8), 0);
    assert_shown(": 0 messages, 0 bytes\n");
    assert_string_equal(output.err, "");
}

static void honest_mail_is_normal(void **state)
{
    (void)state;
    make(120, maker_honest);
    RUN("--own-domain", maker.domains[0], folder);
    assert_status(QUEUE_NORMAL);
    assert_shown("\nSenders (");
    assert_shown("\nSubjects (");
    assert_true(!strstr(output.out, "To do"));
}

static void a_non_delivery_attack_is_told_with_its_cure(void **state)
{
    (void)state;
    make(150, maker_attack_report);
    make(20, maker_honest);
    RUN(folder);
    assert_status(QUEUE_ATTACK);
    assert_int_equal(strncmp(output.out, "Non-delivery attack: ", 21), 0);
    assert_shown("  relaylock harden set TarpitTime\n");
    assert_shown("Recipient Filtering");
    assert_true(!strstr(output.out, "net user"));
}

static void a_relay_is_told_without_a_name(void **state)
{
    (void)state;
    maker.senders = MAKER_RANDOM;
    make(200, maker_relay);
    RUN("--own-domain", maker.domains[0], folder);
    assert_status(QUEUE_ATTACK);
    assert_int_equal(strncmp(output.out, "Authenticated relay: ", 21), 0);
    assert_shown("  relaylock queue --log FILE.evt\n");
    assert_true(!strstr(output.out, "TarpitTime"));
}

static struct text wide(const char *utf8)
{
    static char16_t units[MAKER_NAME_MAX];
    size_t count;
    assert_true(text_from_utf8(units, MAKER_NAME_MAX, utf8, &count));
    return (struct text){units, count};
}

/* 60 sign-ins of bob's from all clients of the relay, and one of somebody else's. */
static void write_log(void)
{
    struct evt_builder log;
    evt_open(&log, 1 << 20, EVT_HEADER_SIZE, 1);
    evt_sign_in(&log, (uint32_t)maker.now - 86400, TEXT_OF(u"PC1"), TEXT_OF(u"CONTOSO\\carol"));
    for (uint32_t i = 0; i < 60; i++)
        evt_sign_in(&log, (uint32_t)maker.now - 86400 + i,
                    wide(maker.clients[i % maker.client_count]), TEXT_OF(u"CONTOSO\\bob"));
    evt_close(&log, false);
    output_file(log_path, log.file, log.size);
    evt_free(&log);
}

static void the_log_names_the_account(void **state)
{
    (void)state;
    maker.senders = MAKER_OWN_ACCOUNT; /* which no head gives away */
    make(100, maker_relay);
    make(30, maker_honest);
    RUN(folder);
    assert_true(!strstr(output.out, "CONTOSO"));
    write_log();
    RUN("--log", log_path, folder);
    assert_status(QUEUE_ATTACK);
    assert_int_equal(strncmp(output.out, "Authenticated relay: ", 21), 0);
    assert_shown("     100  from clients of CONTOSO\\bob, which signed in too often from ");
    assert_shown("  net user bob /active:no /domain\n  On the server whose queue this is:\n"
                 "  net stop SMTPSVC\n  net start SMTPSVC\n");
    assert_true(!strstr(output.out, "carol"));
    char command[sizeof log_path + 80];
    snprintf(command, sizeof command,
             "  relaylock queue quarantine --account CONTOSO\\bob --log \"%s\"\n", log_path);
    assert_shown(command);
}

static void the_journal_names_the_account(void **state)
{
    struct incident_book book = book_start();
    static uint8_t bytes[65536];
    uint64_t next;
    (void)state;
    struct incident incident = incident_of(1);
    incident.state = INCIDENT_CONTAINED;
    incident.verdict.first_time = maker.now - 86400;
    incident.verdict.last_time = maker.now - 86000;
    incident.verdict.top_count = 1;
    maker.client_count = 1;
    text_copy(incident.verdict.top[0].name, CLIENT_SHOWN_MAX, wide(maker.clients[0]));
    assert_true(incident_book_put(&book, &incident));
    size_t size = incident_book_write(&book, bytes, sizeof bytes, 1, &next);
    assert_true(size <= sizeof bytes);
    output_file(journal_path, bytes, size);
    book_end(&book);

    make(100, maker_relay);
    RUN("--journal", journal_path, folder);
    assert_status(QUEUE_ATTACK);
    assert_shown("  from clients of CONTOSO\\user1, ");
    assert_shown("user1: RelayLock holds this account locked; see: relaylock incidents\n");
    assert_true(!strstr(output.out, "net user"));
}

/* ---- what cannot be read --------------------------------------------------------------------- */

static void a_folder_that_is_missing_is_said_so(void **state)
{
    char missing[OUTPUT_PATH_MAX + 8];
    (void)state;
    snprintf(missing, sizeof missing, "%s/none", folder);
    make(10, maker_honest);
    RUN(folder, missing);
    assert_status(QUEUE_UNSURE);
    assert_non_null(strstr(output.err, "none: "));
    assert_shown(": 10 messages, "); /* the good part goes on */
    assert_shown("Can't tell: most of it cannot be read.\n");
    RUN("--json", folder, missing);
    assert_shown("\"verdict\":\"cannot_tell\",\"doubt\":\"unreadable\"");
    RUN(folder, folder); /* each message once */
    assert_status(QUEUE_NORMAL);
    assert_true(!strstr(output.out, "20 messages"));
    RUN("--log", missing, folder);
    assert_status(QUEUE_UNSURE);
    assert_non_null(strstr(output.err, "none: "));
    RUN("--journal", missing, folder);
    assert_status(QUEUE_UNSURE);
    assert_non_null(strstr(output.err, "none: "));
}

static void what_are_no_messages_leaves_it_open(void **state)
{
    (void)state;
    make(60, maker_garbage);
    RUN(folder);
    assert_status(QUEUE_UNSURE);
    assert_shown("Can't tell: most of the files are no mail messages.\n");
}

static void hostile_names_are_shown_harmless(void **state)
{
    static const char message[] =
        "Received: from \x1b[31m%1 ([1.2.3.4]) by m.contoso.com; x\r\n"
        "From: \x07<a\x1b@b\xe2\x80\xae.com>\r\nTo: c@d.com\r\nSubject: \x1b]0;evil\x07 %s\r\n\r\n";
    static char line[10 << 20];
    (void)state;
    add(message, sizeof message - 1);
    memset(line, 'A', sizeof line);
    memcpy(line, "Subject: ", 9);
    add(line, sizeof line);
    add("", 0);
    RUN(folder);
    assert_status(QUEUE_NORMAL);
    assert_shown("{U+001B}]0;evil{U+0007} {U+0025}s");
    for (const char *at = output.out; *at; at++)
        assert_true((unsigned char)*at >= ' ' || *at == '\n');
    RUN("--json", folder);
    assert_true(json_check(output.out));
}

static void wrong_arguments_read_nothing(void **state)
{
    (void)state;
    make(1, maker_honest);
    RUN("--nonsense", folder);
    assert_status(QUEUE_USAGE);
    RUN("--own-domain", folder);
    assert_status(QUEUE_USAGE);
    RUN("--own-domain", "nodot", folder);
    assert_status(QUEUE_USAGE);
    RUN("--log", "-", folder);
    assert_status(QUEUE_USAGE);
    RUN(folder, "--log");
    assert_status(QUEUE_USAGE);
    RUN("");
    assert_status(QUEUE_USAGE);
    assert_string_equal(output.out, "");
#ifndef _WIN32
    RUN("--json"); /* no folder can be found here */
    assert_status(QUEUE_USAGE);
#endif
}

/* ---- the page -------------------------------------------------------------------------------- */

static void the_page_explains_every_field(void **state)
{
    static char page[PAGE_MAX];
    (void)state;
    FILE *file = fopen("docs/queue.md", "rb");
    assert_non_null(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    maker.senders = MAKER_OWN_ACCOUNT;
    make(40, maker_relay);
    write_log();
    RUN("--json", "--log", log_path, folder);
    assert_true(json_check(output.out));
    for (const char *at = output.out; (at = strstr(at, "\":")) != NULL; at++) {
        const char *name = at;
        char field[64];
        while (name[-1] != '"')
            name--;
        snprintf(field, sizeof field, "`%.*s`", (int)(at - name), name);
        if (!strstr(page, field))
            fail_msg("docs/queue.md does not explain %s", field);
    }
    /* And no other. */
    for (const char *at = strstr(page, "## For programs"); (at = strchr(at, '`')) != NULL; at++) {
        size_t count = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
        char field[64];
        if (count == 0 || at[1 + count] != '`')
            continue;
        snprintf(field, sizeof field, "\"%.*s\":", (int)count, at + 1);
        if (!strstr(output.out, field))
            fail_msg("docs/queue.md explains %s, which is not there", field);
        at += count + 1;
    }
}

#ifdef _WIN32
/* As on Windows Server 2003, which has no wevtapi: the log of the host that runs this is not asked.
 */
static HMODULE WINAPI load_none(LPCWSTR name, HANDLE file, DWORD flags)
{
    (void)name, (void)file, (void)flags;
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}
#endif

int main(void)
{
#ifdef _WIN32
    system_library_calls.LoadLibraryExW = load_none;
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_queue_is_normal, start, end),
        cmocka_unit_test_setup_teardown(honest_mail_is_normal, start, end),
        cmocka_unit_test_setup_teardown(a_non_delivery_attack_is_told_with_its_cure, start, end),
        cmocka_unit_test_setup_teardown(a_relay_is_told_without_a_name, start, end),
        cmocka_unit_test_setup_teardown(the_log_names_the_account, start, end),
        cmocka_unit_test_setup_teardown(the_journal_names_the_account, start, end),
        cmocka_unit_test_setup_teardown(a_folder_that_is_missing_is_said_so, start, end),
        cmocka_unit_test_setup_teardown(what_are_no_messages_leaves_it_open, start, end),
        cmocka_unit_test_setup_teardown(hostile_names_are_shown_harmless, start, end),
        cmocka_unit_test_setup_teardown(wrong_arguments_read_nothing, start, end),
        cmocka_unit_test_setup_teardown(the_page_explains_every_field, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
