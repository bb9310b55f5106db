/* demo.c: a stolen account among honest users, and what RelayLock does about it, as one watches.
 *
 * Public Win32 calls only. Expects RelayLock to run with its default settings, and a service
 * SMTPSVC. Exit status 0 only if everything it shows really happened.
 */
#include <windows.h>
#include <lm.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "demo_alerts.h"

enum {
    BURST = 60,       /* sign-ins of the stolen account */
    LIMIT = 50,       /* the one of them that crosses the default limit 50/10m */
    PATIENCE = 20000, /* ms for RelayLock to be done */
    LOOK = 5          /* ms between two looks at account and service */
};

static const wchar_t *const honest[] = {L"alice", L"bob", L"dave", L"erin"};
static const wchar_t stolen[] = L"carol";
static wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1];
static LARGE_INTEGER frequency, beginning;

static double seconds(void)
{
    LARGE_INTEGER now;
    QueryPerformanceCounter(&now);
    return (double)(now.QuadPart - beginning.QuadPart) / (double)frequency.QuadPart;
}

static int failed(const char *call, DWORD error)
{
    printf("The demo cannot go on: %s failed with error %lu\n", call, error);
    return 1;
}

static bool is_disabled(const wchar_t *name)
{
    USER_INFO_1 *user;
    if (NetUserGetInfo(NULL, name, 1, (LPBYTE *)&user))
        return false;
    bool disabled = user->usri1_flags & UF_ACCOUNTDISABLE;
    NetApiBufferFree(user);
    return disabled;
}

static DWORD make_user(const wchar_t *name)
{
    wchar_t user[UNLEN + 1], password[] = L"Sommer-2003!x";
    lstrcpynW(user, name, UNLEN + 1);
    USER_INFO_1 info = {.usri1_name = user,
                        .usri1_password = password,
                        .usri1_priv = USER_PRIV_USER,
                        .usri1_flags = UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD};
    NetUserDel(NULL, name);
    return NetUserAdd(NULL, 1, (LPBYTE)&info, NULL);
}

static bool sign_in(HANDLE log, const wchar_t *user, const wchar_t *client)
{
    wchar_t account[128];
    swprintf(account, sizeof account / sizeof *account, L"%ls\\%ls", computer, user);
    const wchar_t *strings[] = {client, L"LOGIN", account};
    return ReportEventW(log, EVENTLOG_INFORMATION_TYPE, 3, 0x40000000 | 1708, NULL, 3, 0, strings,
                        NULL);
}

/* Sixty sign-ins of the stolen account from five places, honest ones between them. *crossed gets
 * the moment when the one that crosses the limit was written. */
static bool play(double *crossed)
{
    static const wchar_t *const places[] = {L"185-7-214-9.example", L"User", L"ylmf-pc",
                                            L"WIN-4GH1TR", L"mail.example"};
    HANDLE log = RegisterEventSourceW(NULL, L"MSExchangeTransport");
    if (!log)
        return false;
    bool good = true;
    for (int i = 0; i < BURST && good; i++) {
        if (i % 3 == 0)
            good = sign_in(log, honest[i / 3 % 4], L"outlook-pc");
        good = good && sign_in(log, stolen, places[i % 5]);
        if (i + 1 == LIMIT)
            *crossed = seconds();
        Sleep(5);
    }
    DeregisterEventSource(log);
    return good;
}

static DWORD service_state(SC_HANDLE service)
{
    SERVICE_STATUS status = {0};
    QueryServiceStatus(service, &status);
    return status.dwCurrentState;
}

struct timeline {
    double crossed, disabled, stopping, stopped, running; /* 0: did not happen */
};

static DWORD WINAPI watch(LPVOID argument)
{
    struct timeline *line = argument;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE smtp = manager ? OpenServiceW(manager, L"SMTPSVC", SERVICE_QUERY_STATUS) : NULL;
    if (!smtp)
        return GetLastError();
    for (DWORD start = GetTickCount(); !line->running && GetTickCount() - start < PATIENCE;) {
        if (!line->disabled && is_disabled(stolen))
            line->disabled = seconds();
        DWORD state = service_state(smtp);
        if (!line->stopping && state != SERVICE_RUNNING)
            line->stopping = seconds();
        if (!line->stopped && (state == SERVICE_STOPPED || state == SERVICE_START_PENDING))
            line->stopped = seconds();
        if (line->stopping && state == SERVICE_RUNNING)
            line->running = seconds();
        Sleep(LOOK);
    }
    CloseServiceHandle(smtp);
    CloseServiceHandle(manager);
    return 0;
}

static void print_accounts(const char *when)
{
    printf("%s:\n", when);
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++)
        printf("  %-8ls %s\n", honest[i], is_disabled(honest[i]) ? "disabled" : "active");
    printf("  %-8ls %s\n\n", stolen, is_disabled(stolen) ? "DISABLED" : "active");
}

static void print_timeline(const struct timeline *line)
{
    printf("What happened (seconds since the burst began):\n");
    printf("  %6.2f  sign-in number %d of %ls is written: it crosses the limit 50/10m\n",
           line->crossed, LIMIT, stolen);
    if (line->disabled)
        printf("  %6.2f  the account is disabled, %.2f s after the crossing\n", line->disabled,
               line->disabled - line->crossed);
    if (line->stopping)
        printf("  %6.2f  SMTP begins to stop\n", line->stopping);
    if (line->stopped)
        printf("  %6.2f  SMTP has stopped: open sessions have ended\n", line->stopped);
    if (line->running)
        printf("  %6.2f  SMTP runs again: it was away for %.2f s\n", line->running,
               line->running - line->stopping);
    printf("\n");
}

static bool all_happened(const struct timeline *line)
{
    bool good = line->crossed && line->disabled && line->stopping && line->running;
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++)
        good = good && !is_disabled(honest[i]);
    return good && is_disabled(stolen);
}

int wmain(void)
{
    static const WORD wanted[] = {400, 500, 510};
    DWORD size = MAX_COMPUTERNAME_LENGTH + 1;
    struct timeline line = {0};
    GetComputerNameW(computer, &size);
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++) {
        DWORD error = make_user(honest[i]);
        if (error)
            return failed("NetUserAdd", error);
    }
    DWORD error = make_user(stolen);
    if (error)
        return failed("NetUserAdd", error);
    print_accounts("Accounts before");
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&beginning);
    HANDLE watcher = CreateThread(NULL, 0, watch, &line, 0, NULL);
    if (!watcher)
        return failed("CreateThread", GetLastError());
    if (!play(&line.crossed))
        return failed("ReportEvent", GetLastError());
    WaitForSingleObject(watcher, INFINITE);
    CloseHandle(watcher);
    print_timeline(&line);
    print_accounts("Accounts after");
    printf("What Event Viewer shows (Application, source RelayLock):\n\n");
    bool told = demo_alerts_print(wanted, sizeof wanted / sizeof *wanted, PATIENCE);
    bool good = told && all_happened(&line);
    printf("%s\n", good ? "All of it happened." : "SOMETHING DID NOT HAPPEN; see above.");
    return good ? 0 : 1;
}
