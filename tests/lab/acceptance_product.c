#include "acceptance_product.h"
#include "acceptance_check.h"
#include "acceptance_command.h"
#include "acceptance_log.h"
#include "acceptance_registry.h"
#include "acceptance_services.h"

#include <wchar.h>

enum { VERB_PATIENCE = 70000, WATCHING_PATIENCE = 10000 /* ms */ };

void product_verb_exits(const wchar_t *verb, DWORD status, const wchar_t *words)
{
    static const wchar_t name[] = L"relaylock.exe";
    wchar_t program[MAX_PATH], line[MAX_PATH + 400];
    DWORD count = GetModuleFileNameW(NULL, program, ARRAYSIZE(program));
    wchar_t *slash = count > 0 && count < ARRAYSIZE(program) ? wcsrchr(program, L'\\') : NULL;
    check_that(slash && (size_t)(slash + 1 - program) + ARRAYSIZE(name) <= ARRAYSIZE(program),
               L"the path of this program is too long");
    wcscpy(slash + 1, name);
    _snwprintf(line, ARRAYSIZE(line), L"\"%ls\" %ls", program, verb);
    static struct command command;
    command = (struct command){.program = program, .line = line, .timeout = VERB_PATIENCE};
    check_call(command_run(&command), L"starting relaylock.exe");
    check_that(command.end == COMMAND_EXITED, L"relaylock %ls has not ended after %d ms", verb,
               VERB_PATIENCE);
    check_that(command.exit_code == status && wcsstr(command.output, words),
               L"relaylock %ls: exit code %lu: %ls", verb, command.exit_code, command.output);
}

void product_verb(const wchar_t *verb)
{
    product_verb_exits(verb, 0, L"");
}

void product_set_number(const wchar_t *name, DWORD number)
{
    check_call(registry_set_number(PRODUCT_PARAMETERS, name, number), L"RegSetValueEx");
}

void product_set_text(const wchar_t *name, const wchar_t *text)
{
    check_call(registry_set_text(PRODUCT_PARAMETERS, name, text), L"RegSetValueEx");
}

static void set_list(const wchar_t *key, const wchar_t *name, const wchar_t *first,
                     const wchar_t *second)
{
    wchar_t list[512] = {0};
    size_t used = wcslen(first) + 1;
    check_that(used + (second ? wcslen(second) : 0) + 2 <= ARRAYSIZE(list),
               L"a list of settings is too long");
    wcscpy(list, first);
    if (second) {
        wcscpy(list + used, second);
        used += wcslen(second) + 1;
    }
    check_call(registry_set(key, name, REG_MULTI_SZ, list, (DWORD)((used + 1) * sizeof *list)),
               L"RegSetValueEx");
}

void product_set_list(const wchar_t *name, const wchar_t *first, const wchar_t *second)
{
    set_list(PRODUCT_PARAMETERS, name, first, second);
}

void product_set_account_limits(const wchar_t *account, const wchar_t *limits)
{
    wchar_t key[REGISTRY_PATH_MAX];
    _snwprintf(key, ARRAYSIZE(key) - 1, L"%ls\\Accounts\\%ls", PRODUCT_PARAMETERS, account);
    key[ARRAYSIZE(key) - 1] = L'\0';
    set_list(key, L"Limits", limits, NULL);
}

void product_settings(void)
{
    check_call(product_clear_settings(), L"removing RelayLock's settings");
    product_set_text(L"Provider", log_provider());
    product_set_text(L"SmtpService", SERVICE_SMTP);
    product_set_text(L"Reader", check_reader_word());
    product_set_list(L"Limits", L"5/10m", NULL); /* PRODUCT_LIMIT */
}

DWORD product_start(void)
{
    size_t before = log_alerts(ALERT_STARTED, NULL);
    DWORD start = GetTickCount();
    check_call(service_start(PRODUCT_SERVICE), L"StartService of RelayLock");
    service_expect(PRODUCT_SERVICE, SERVICE_RUNNING, PRODUCT_START_LIMIT);
    DWORD took = GetTickCount() - start;
    log_expect_alerts(ALERT_STARTED, NULL, before + 1, WATCHING_PATIENCE);
    const struct alert *started = log_expect(ALERT_STARTED, NULL, 0);
    check_that(started->type == EVENTLOG_INFORMATION_TYPE, L"event 100 is no information");
    check_that(wcscmp(started->strings[3], log_provider()) == 0,
               L"RelayLock is watching for \"%ls\", not \"%ls\"", started->strings[3],
               log_provider());
    check_that(_wcsicmp(started->strings[4], check_reader_word()) == 0,
               L"RelayLock reads through the %ls API, not the %ls one", started->strings[4],
               check_reader_word());
    return took;
}

DWORD product_expect_stopped(DWORD ms)
{
    DWORD start = GetTickCount();
    service_expect(PRODUCT_SERVICE, SERVICE_STOPPED, ms);
    DWORD took = GetTickCount() - start;
    SERVICE_STATUS_PROCESS status = {0};
    check_call(service_status(PRODUCT_SERVICE, &status), L"QueryServiceStatusEx of RelayLock");
    check_that(status.dwWin32ExitCode == NO_ERROR, L"RelayLock stopped with exit code %lu",
               status.dwWin32ExitCode);
    return took;
}

DWORD product_stop(void)
{
    DWORD start = GetTickCount();
    product_control(SERVICE_CONTROL_STOP);
    product_expect_stopped(PRODUCT_STOP_LIMIT);
    return GetTickCount() - start;
}

static size_t starts_before_kill;

/* The SCM of Wine notices only when it has something to tell the process. */
void product_kill(void)
{
    starts_before_kill = log_alerts(ALERT_STARTED, NULL);
    check_call(service_kill(PRODUCT_SERVICE), L"ending RelayLock's process");
    service_control(PRODUCT_SERVICE, SERVICE_CONTROL_INTERROGATE, NULL);
}

void product_come_back(void)
{
    DWORD error = service_start(PRODUCT_SERVICE);
    if (error != ERROR_SERVICE_ALREADY_RUNNING)
        check_call(error, L"StartService of RelayLock");
    log_expect_alerts(ALERT_STARTED, NULL, starts_before_kill + 1, WATCHING_PATIENCE);
}

void product_control(DWORD code)
{
    DWORD error = service_control(PRODUCT_SERVICE, code, NULL);
    check_that(error == ERROR_SUCCESS, L"control %lu of RelayLock failed with error %lu", code,
               error);
}

DWORD product_clear_settings(void)
{
    return registry_remove_tree(PRODUCT_PARAMETERS);
}

DWORD product_remove(DWORD ms)
{
    DWORD error = product_clear_settings();
    DWORD removed = service_remove(PRODUCT_SERVICE, ms);
    DWORD source = registry_remove_tree(PRODUCT_SOURCE);
    if (removed != ERROR_SUCCESS)
        return removed;
    return error != ERROR_SUCCESS ? error : source;
}
