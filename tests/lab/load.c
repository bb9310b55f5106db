/* load.c: more than any Exchange host has to bear, on the running service.
 *
 * - load write EVENTS NAMES VICTIM
 *   The log is cleared, and has then EVENTS sign-ins of NAMES names, a few of VICTIM among them.
 * - load find READER EVENTS VICTIM
 *   RelayLock starts on that log.
 * - load siege READER SECONDS FIRST SECOND HANG RELEASE
 *   10,000 sign-ins a second while SMTP will not stop and domain controllers hang: from the
 *   command HANG to the command RELEASE.
 *
 * Expects RelayLock to be installed and stopped, and the accounts DOMAIN\user to be there. Public
 * Win32 calls only. Prints "ok" or "not ok" and the figures; exits with 0 if all is well.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <wchar.h>

#include "../bench/process_cost.h"
#include "acceptance_accounts.h"
#include "acceptance_check.h"
#include "acceptance_command.h"
#include "acceptance_log.h"
#include "acceptance_output.h"
#include "acceptance_product.h"
#include "acceptance_registry.h"
#include "acceptance_services.h"
#include "acceptance_state.h"
#include "load_log.h"

enum {
    MAX_ACCOUNTS = 65536,     /* the default */
    BYTES_FOR_ACCOUNT = 1011, /* as docs/architecture.md has it, like the next */
    BYTES_FOR_REST = 20 << 20,
    SIEGE_ACCOUNTS = 4096,    /* fewer, so that they are all taken in the first seconds */
    SIEGE_RATE = 10000,       /* sign-ins a second */
    SIEGE_SECONDS_MAX = 200,  /* each asks for an event, of which ALERTS_MAX are kept */
    SIEGE_WARM_MIN = 5,       /* s in which all is touched for the first time, at the least */
    STOP_TIMEOUT = 10,        /* s; the smallest that the setting takes */
    MEMORY_SLACK = 512 << 10, /* bytes within which memory is flat ... */
    LOCK_THREAD = 1 << 20,    /* ... but for the thread of the lock that hangs */
    HANDLE_SLACK = 4,
    LOOK = 500,   /* ms between two looks at the memory */
    SOON = 15000, /* ms, all these; generous: none is a promise */
    ANSWER_PATIENCE = 15000,
    FIND_PATIENCE = 3600000,
    LOCK_PATIENCE = 90000,
    COMMAND_PATIENCE = 60000
};

static bool failed;

static void expect(bool holds, const wchar_t *format, ...)
{
    wchar_t text[CHECK_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    output_format(text, ARRAYSIZE(text), format, arguments);
    va_end(arguments);
    output_line(L"%ls %ls", holds ? L"ok" : L"not ok", text);
    failed = failed || !holds;
}

static struct process_cost cost_now(void)
{
    SERVICE_STATUS_PROCESS status = {0};
    struct process_cost cost;
    check_call(service_status(PRODUCT_SERVICE, &status), L"QueryServiceStatusEx of RelayLock");
    check_that(process_cost_read(status.dwProcessId, "relaylock.exe", &cost),
               L"what RelayLock's process uses cannot be read");
    check_that(cost.memory > 0 && cost.handles > 0,
               L"RelayLock's process is said to have %.0f bytes and %lu handles", cost.memory,
               cost.handles);
    return cost;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double megabytes(double bytes)
{
    return bytes / 1048576;
}

/* ---- the host ------------------------------------------------------------------------------- */

/* Nobody but those with limits of their own crosses one. */
static void configure(const wchar_t *reader)
{
    check_call(service_put_down(PRODUCT_SERVICE, SOON), L"stopping RelayLock");
    check_call(product_clear_settings(), L"removing RelayLock's settings");
    product_set_text(L"Provider", LOAD_PROVIDER);
    product_set_text(L"Reader", reader);
    product_set_text(L"SmtpService", SERVICE_SMTP);
    product_set_list(L"Limits", L"10000/1h", NULL);
    check_call(state_remove(), L"removing the journal");
}

static void make_victim(struct account *account, const wchar_t *full)
{
    account_find(account, full);
    check_call(account_enable(full), L"enabling the account");
    product_set_account_limits(account->name, L"5/1h"); /* PRODUCT_LIMIT */
}

static void start(void)
{
    size_t before = log_alerts(ALERT_STARTED, NULL);
    check_call(service_start(PRODUCT_SERVICE), L"StartService of RelayLock");
    log_expect_alerts(ALERT_STARTED, NULL, before + 1, SOON);
}

static void run_command(const wchar_t *line)
{
    DWORD error = command_shell(line, COMMAND_PATIENCE);
    check_that(error == ERROR_SUCCESS, L"\"%ls\" failed with error %lu", line, error);
}

/* How many sign-ins it says it has read. */
static DWORD ask_read(void)
{
    size_t before = log_alerts(ALERT_STATUS, NULL);
    product_control(PRODUCT_CONTROL_STATUS);
    log_expect_alerts(ALERT_STATUS, NULL, before + 1, ANSWER_PATIENCE);
    return wcstoul(log_latest(ALERT_STATUS)->strings[2], NULL, 10);
}

/* ---- all at once ---------------------------------------------------------------------------- */

static void write_log(DWORD events, DWORD names, const wchar_t *victim)
{
    log_clear();
    double took = load_log_write(events, names, victim, PRODUCT_LIMIT);
    check_note(L"%lu sign-ins of %lu names written in %.1f s", events, names, took);
}

static void find(const wchar_t *reader, DWORD events, const wchar_t *full)
{
    struct account victim;
    configure(reader);
    make_victim(&victim, full);
    product_set_number(L"RestartSmtp", 0);
    log_begin();
    double begun = load_seconds(), peak = 0;
    check_call(service_start(PRODUCT_SERVICE), L"StartService of RelayLock");
    while (log_alerts(ALERT_CROSSED, victim.name) == 0) {
        peak = larger(peak, cost_now().memory);
        check_that(load_seconds() - begun < FIND_PATIENCE / 1000, L"%ls was not found", full);
        Sleep(LOOK);
    }
    double found = load_seconds() - begun;
    account_expect_disabled(&victim, SOON);
    expect(true, L"%ls: found and locked among %lu: %.2f s, %.0f sign-ins/s", reader, events, found,
           events / found);
    DWORD read = ask_read();
    peak = larger(peak, cost_now().memory); /* it may have been found before the first look */
    expect(read == events, L"%ls: %lu of %lu sign-ins were read", reader, read, events);
    double bound = 2.0 * MAX_ACCOUNTS * BYTES_FOR_ACCOUNT + BYTES_FOR_REST;
    expect(peak < bound, L"%ls: %.1f MB private at the most, of %.1f allowed", reader,
           megabytes(peak), megabytes(bound));
    expect(true, L"%ls: stopped within %lu ms", reader, product_stop());
}

/* ---- a siege -------------------------------------------------------------------------------- */

struct sample {
    DWORD read, written;
    struct process_cost cost;
};

/* SMTP hangs in its stop, for the first account; then domain controllers do. The second account is
 * known by then. */
static void begin_siege(const wchar_t *first_full, const wchar_t *second_full, const wchar_t *hang)
{
    struct account first;
    make_victim(&first, first_full);
    DWORD error = stand_ins_install();
    if (error != ERROR_SERVICE_EXISTS)
        check_call(error, L"CreateService of the stand-ins");
    check_call(stand_ins_make_ready(), L"starting the stand-ins");
    stand_in_tell(SERVICE_SMTP, STAND_IN_HANG_IN_STOP, 1);
    log_clear();
    log_begin();
    start();
    load_log_write(1, 1, second_full, 1);
    load_log_write(PRODUCT_LIMIT, 1, first_full, PRODUCT_LIMIT);
    account_expect_disabled(&first, SOON);
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, SOON);
    run_command(hang);
}

/* Once a second as long as sign-ins are being written. The classic reader itself looks only once a
 * second, so what must not be is two in a row without a sign-in read. Returns how many there are.
 */
static DWORD watch(struct load_stream *stream, DWORD already,
                   struct sample samples[SIEGE_SECONDS_MAX])
{
    double begun = load_seconds(), longest = 0;
    DWORD count = 0, stood = 0;
    load_stream_begin(stream);
    while (count < SIEGE_SECONDS_MAX && WaitForSingleObject(stream->thread, 0) == WAIT_TIMEOUT) {
        double left = begun + count + 1 - load_seconds();
        if (left > 0)
            Sleep((DWORD)(left * 1000));
        double asked = load_seconds();
        struct sample *sample = &samples[count];
        sample->written = (DWORD)stream->written;
        sample->read = ask_read() - already;
        sample->cost = cost_now();
        stood += count > 1 && sample->read <= samples[count - 2].read;
        longest = load_seconds() - asked > longest ? load_seconds() - asked : longest;
        count++;
    }
    load_stream_end(stream);
    expect(stood == 0,
           L"reading never stopped: %lu samples, at %lu it stood; answered within %.2f s", count,
           stood, longest);
    check_note(L"%lu sign-ins written, %.0f a second", stream->written,
               stream->written / (load_seconds() - begun));
    return count;
}

static void expect_flat(const struct sample *samples, DWORD from, DWORD count)
{
    check_that(count > from, L"there are only %lu samples", count);
    double least = samples[from].cost.memory, most = least, behind = 0;
    DWORD fewest = samples[from].cost.handles, many = fewest;
    for (DWORD i = from; i < count; i++) {
        const struct process_cost *cost = &samples[i].cost;
        double lag =
            samples[i].written > samples[i].read ? (double)samples[i].written - samples[i].read : 0;
        behind = lag > behind ? lag : behind;
        least = cost->memory < least ? cost->memory : least;
        most = cost->memory > most ? cost->memory : most;
        fewest = cost->handles < fewest ? cost->handles : fewest;
        many = cost->handles > many ? cost->handles : many;
    }
    expect(most - least <= MEMORY_SLACK + LOCK_THREAD,
           L"from second %lu on, %.2f to %.2f MB private", from + 1, megabytes(least),
           megabytes(most));
    expect(many - fewest <= HANDLE_SLACK, L"and %lu to %lu handles", fewest, many);
    check_note(L"at the most %.0f sign-ins behind", behind);
}

static void expect_all_read(DWORD events)
{
    DWORD read = 0;
    for (double begun = load_seconds(); read < events && load_seconds() - begun < 60; Sleep(LOOK))
        read = ask_read();
    expect(read == events, L"%lu of %lu sign-ins were read", read, events);
}

static void siege(const wchar_t *reader, DWORD seconds, wchar_t **words)
{
    static struct sample samples[SIEGE_SECONDS_MAX];
    struct account second;
    configure(reader);
    product_set_number(L"MaxAccounts", SIEGE_ACCOUNTS);
    product_set_number(L"StopTimeout", STOP_TIMEOUT);
    make_victim(&second, words[1]);
    begin_siege(words[0], words[1], words[2]);

    const DWORD already = 1 + PRODUCT_LIMIT;
    struct load_stream stream = {
        .rate = SIEGE_RATE, .seconds = seconds, .victim = second.full, .count = PRODUCT_LIMIT};
    DWORD count = watch(&stream, already, samples);
    log_expect(ALERT_CROSSED, second.name, SOON);
    expect(log_alerts(ALERT_DISABLED, second.name) == 0, L"%ls was found; its lock hangs",
           second.full);
    expect_all_read(already + (DWORD)stream.written);
    expect_flat(samples, seconds / 6 > SIEGE_WARM_MIN ? seconds / 6 : SIEGE_WARM_MIN, count);
    log_expect(ALERT_SMTP_STOP_SLOW, NULL, STOP_TIMEOUT * 1000 + SOON);
    service_expect(SERVICE_SMTP, SERVICE_STOP_PENDING, 0);
    expect(true, L"stopped within %lu ms", product_stop());

    run_command(words[3]);
    stand_ins_release();
    service_expect(SERVICE_SMTP, SERVICE_STOPPED, SOON);
    start();
    DWORD took = account_expect_disabled(&second, LOCK_PATIENCE);
    service_expect(SERVICE_SMTP, SERVICE_RUNNING, LOCK_PATIENCE);
    expect(true, L"locked %lu ms after the domain controllers answer, and SMTP runs", took);
    product_stop();
}

static DWORD number(const wchar_t *word)
{
    DWORD value = wcstoul(word, NULL, 10);
    check_that(value > 0, L"\"%ls\" is no number above 0", word);
    return value;
}

int wmain(int count, wchar_t **words)
{
    if (count == 5 && wcscmp(words[1], L"write") == 0)
        write_log(number(words[2]), number(words[3]), words[4]);
    else if (count == 5 && wcscmp(words[1], L"find") == 0)
        find(words[2], number(words[3]), words[4]);
    else if (count == 8 && wcscmp(words[1], L"siege") == 0)
        siege(words[2], number(words[3]), words + 4);
    else
        check_fail(L"see tests/lab/load.c");
    return failed ? 1 : 0;
}
