#include "acceptance_options.h"
#include "acceptance_output.h"

#include <wchar.h>

struct options options = {.modern = true, .classic = true};

static bool take_reader(const wchar_t *word)
{
    options.modern = wcscmp(word, L"classic") != 0;
    options.classic = wcscmp(word, L"modern") != 0;
    return wcscmp(word, L"both") == 0 || options.modern != options.classic;
}

static bool take_only(const wchar_t *word)
{
    options.only = check_find(word);
    return options.only != NULL;
}

static bool take_check(const wchar_t *word)
{
    options.check = check_find(word);
    return options.check != NULL;
}

/* One of: a switch, a word that must be understood, a text. */
static const struct option {
    const wchar_t *name;
    bool *on;
    bool (*take)(const wchar_t *word);
    const wchar_t **text;
} table[] = {
    {L"--help", &options.help, NULL, NULL},
    {L"--list", &options.list, NULL, NULL},
    {L"--clear-log", &options.clear_log, NULL, NULL},
    {L"--reader", NULL, take_reader, NULL},
    {L"--only", NULL, take_only, NULL},
    {L"--run-check", NULL, take_check, NULL}, /* how the run starts its checks */
    {L"--domain-account", NULL, NULL, &options.domain_account},
    {L"--last-admin", NULL, NULL, &options.last_admin},
    {L"--dc-down", NULL, NULL, &options.dc_down},
    {L"--dc-up", NULL, NULL, &options.dc_up},
    {L"--dc-hang", NULL, NULL, &options.dc_hang},
    {L"--dc-release", NULL, NULL, &options.dc_release},
    {L"--lookup-hang", NULL, NULL, &options.lookup_hang},
    {L"--lookup-release", NULL, NULL, &options.lookup_release},
    {L"--deny", NULL, NULL, &options.deny},
    {L"--allow", NULL, NULL, &options.allow},
    {L"--log-down", NULL, NULL, &options.log_down},
    {L"--log-up", NULL, NULL, &options.log_up},
};

static const struct option *find(const wchar_t *name)
{
    for (size_t i = 0; i < ARRAYSIZE(table); i++)
        if (wcscmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static bool parse_load(const wchar_t *name)
{
    if (wcscmp(name, L"--load") == 0)
        options.load = LOAD_ALWAYS;
    else if (wcscmp(name, L"--no-load") == 0)
        options.load = LOAD_NEVER;
    else
        return false;
    return true;
}

bool options_parse(int count, wchar_t **arguments)
{
    for (int i = 1; i < count; i++) {
        const wchar_t *name = arguments[i];
        if (parse_load(name))
            continue;
        const struct option *option = find(name);
        if (!option) {
            output_line(L"%ls is not an option; --help names them", name);
            return false;
        }
        if (option->on) {
            *option->on = true;
            continue;
        }
        if (++i == count) {
            output_line(L"%ls: something must follow", name);
            return false;
        }
        if (option->text) {
            *option->text = arguments[i];
        } else if (!option->take(arguments[i])) {
            output_line(L"%ls: \"%ls\" is not known", name, arguments[i]);
            return false;
        }
    }
    return true;
}

void options_print_help(void)
{
    static const wchar_t *const lines[] = {
        L"run [OPTION]...   tries RelayLock on this host, as an administrator",
        L"",
        L"  --list                    names the checks",
        L"  --only NAME               runs this check (and those that install and uninstall)",
        L"  --reader modern|classic|both",
        L"  --clear-log               the Application log may be cleared",
        L"  --load                    report 100,000 events even if the log is too small for them",
        L"  --no-load                 do not report them at all",
        L"  --domain-account NAME     DOMAIN\\user, expendable: it is disabled and enabled again",
        L"  --last-admin NAME         DOMAIN\\user, the only enabled administrator of its domain, "
        L"as you",
        L"                            arranged it: it is to be spared, but would be disabled and "
        L"enabled",
        L"                            again if RelayLock were wrong",
        L"  --dc-down COMMAND         takes the domain controller away ...",
        L"  --dc-up COMMAND           ... and brings it back",
        L"  --dc-hang COMMAND         makes the domain controller accept calls and not answer them "
        L"...",
        L"  --dc-release COMMAND      ... and answer again",
        L"  --lookup-hang COMMAND     makes look-ups of unknown names hang ...",
        L"  --lookup-release COMMAND  ... and come back again",
        L"  --deny COMMAND            makes changes of accounts fail with \"access denied\" ...",
        L"  --allow COMMAND           ... and work again",
        L"  --log-down COMMAND        ends the service EventLog while RelayLock, which depends on",
        L"  --log-up COMMAND          it, runs on, as a crash does; ... and starts it again",
        L"",
        L"Exit code: 0 all passed, 1 not all, 2 nothing was tried. The lines are also written to",
        L"result.txt beside this program.",
    };
    for (size_t i = 0; i < ARRAYSIZE(lines); i++)
        output_line(L"%ls", lines[i]);
}
