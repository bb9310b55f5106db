/* acceptance.c: tries RelayLock on a Windows host, from Server 2003 to 2025, as an administrator
 * would handle it. Public Win32 calls only.
 *
 * It makes its own users, reports its own sign-ins, and points RelayLock at stand-ins of its own,
 * so that an Exchange server that lives on the host notices nothing.
 */
#include "acceptance_checks.h"
#include "acceptance_options.h"
#include "acceptance_output.h"
#include "acceptance_run.h"
#include "acceptance_scene.h"

enum { ONCE = false, EACH = true };

/* In the order in which they are run. Those that are run once stand at the ends. */
const struct check check_table[] = {
    {L"stand-ins", L"the stand-in services behave as told", check_stand_ins, ONCE, 40},
    {L"install", L"install registers service and event source", check_install, ONCE, 30},

    {L"burst", L"a burst disables the account and restarts SMTP", check_burst, EACH, 30},
    {L"honest", L"only the abused account is touched", check_honest, EACH, 30},
    {L"spellings", L"all spellings count as one account", check_spellings, EACH, 30},
    {L"exempt", L"exempt accounts are left alone", check_exempt, EACH, 30},
    {L"per-account", L"an account's own limits replace the general ones", check_per_account, EACH,
     30},
    {L"clients", L"many clients of one account cross a limit", check_clients, EACH, 30},
    {L"foreign", L"other events and providers do not count", check_foreign, EACH, 30},
    {L"malformed", L"malformed events are counted and not acted on", check_malformed, EACH, 30},
    {L"protected", L"the built-in Administrator is only flagged", check_protected, EACH, 30},
    {L"unresolved", L"a name that is nobody's is only flagged", check_unresolved, EACH, 30},
    {L"machine", L"a computer's account is only flagged", check_machine, EACH, 30},
    {L"budget", L"beyond MaxLocksPerHour accounts are only flagged", check_budget, EACH, 30},

    {L"password", L"action password sets a random password", check_password, EACH, 30},
    {L"flag", L"action flag marks the account's comment", check_flag, EACH, 30},
    {L"already-disabled", L"a disabled account is not locked again", check_already_disabled, EACH,
     30},
    {L"last-admin", L"the last administrator is marked, not locked", check_last_admin, EACH, 30},
    {L"denied", L"a lock that is denied is tried again", check_denied, EACH, 180},

    {L"running", L"RUNNING within 2 s, stopped within 3 s", check_running, EACH, 30},
    {L"given-up", L"its process has given up its privileges and more", check_given_up, EACH, 30},
    {L"interrogate", L"interrogate tells the state", check_interrogate, EACH, 30},
    {L"status", L"control 128 tells the status", check_status, EACH, 30},
    {L"paused", L"paused it locks nobody, continued it does", check_paused, EACH, 30},
    {L"paramchange-good", L"new settings are put in force", check_paramchange_good, EACH, 30},
    {L"paramchange-bad", L"bad settings are refused by name", check_paramchange_bad, EACH, 30},
    {L"stop", L"stop ends it in the middle of reading", check_stop, EACH, 30},
    {L"resume", L"sign-ins of its absence are counted", check_resume, EACH, 30},

    {L"smtp-slow", L"SMTP that stops slowly is waited for", check_smtp_slow, EACH, 40},
    {L"smtp-hanging", L"SMTP that hangs is started once it lets go, and holds up no lock",
     check_smtp_hanging, EACH, 60},
    {L"smtp-failing", L"SMTP that fails to start twice runs in the end", check_smtp_failing, EACH,
     60},
    {L"smtp-stopped", L"SMTP that was stopped stays stopped", check_smtp_stopped, EACH, 30},
    {L"smtp-operator", L"an operator's stop of SMTP is left alone", check_smtp_operator, EACH, 60},
    {L"smtp-alone", L"a dependent that was stopped stays stopped", check_smtp_alone, EACH, 30},
    {L"smtp-no-restart", L"with RestartSmtp 0 SMTP is left alone", check_smtp_no_restart, EACH, 30},
    {L"smtp-cooldown", L"locks within RestartCooldown share a restart", check_smtp_cooldown, EACH,
     60},
    {L"smtp-stop-between", L"stop does not leave SMTP stopped", check_smtp_stop_between, EACH, 40},

    {L"to-the-end", L"contained, released by time, and a lock that does not hold", check_to_the_end,
     EACH, 180},
    {L"release", L"a release puts back what was changed", check_release, EACH, 60},
    {L"release-unanswered", L"a release ends with the service that was to do it",
     check_release_unanswered, EACH, 120},
    {L"enabled-again", L"an account enabled by hand is not locked again", check_enabled_again, EACH,
     60},
    {L"killed-waiting", L"killed before the restart, it restarts SMTP later", check_killed_waiting,
     EACH, 60},
    {L"killed-restarting", L"killed in the restart, it finishes it", check_killed_restarting, EACH,
     60},
    {L"no-journal", L"without a journal nobody is locked, until there is one", check_no_journal,
     EACH, 60},

    {L"log-cleared", L"a log cleared in mid-burst loses no count", check_log_cleared, EACH, 30},
    {L"log-service", L"the log service may stop and start", check_log_service, EACH, 120},
    {L"dc-gone", L"a domain controller gone for 30 s delays the lock", check_dc_gone, EACH, 240},
    {L"dc-hang", L"a hanging domain controller holds up neither reading nor stop", check_dc_hang,
     EACH, 120},
    {L"lookup-hang", L"a hanging look-up holds up neither known names nor stop", check_lookup_hang,
     EACH, 120},
    {L"load", L"100,000 sign-ins are read, counted and decided", check_load, EACH, 300},

    {L"uninstall", L"uninstall leaves nothing", check_uninstall, ONCE, 30},
};
const size_t check_count = ARRAYSIZE(check_table);

const struct check *check_find(const wchar_t *name)
{
    for (size_t i = 0; i < check_count; i++)
        if (_wcsicmp(check_table[i].name, name) == 0)
            return &check_table[i];
    return NULL;
}

static void list_checks(void)
{
    for (size_t i = 0; i < check_count; i++)
        output_line(L"%-18ls %ls", check_table[i].name, check_table[i].title);
}

int wmain(int count, wchar_t **arguments)
{
    if (!options_parse(count, arguments))
        return 2;
    if (options.check)
        check_run(options.check, options.modern ? CHECK_MODERN : CHECK_CLASSIC,
                  options.check->each_reader ? scene_prepare : NULL);
    if (options.help) {
        options_print_help();
        return 0;
    }
    if (options.list) {
        list_checks();
        return 0;
    }
    return run_all();
}
