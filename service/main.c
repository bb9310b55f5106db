/* main.c: the verbs and where each goes. Without one, started by the service control manager, the
 * program is the service.
 */
#include <stdio.h>
#include <string.h>
#include "app/replay.h"
#include "app/usage.h"
#include "app/verb_incidents.h"
#ifdef _WIN32
#include <stdlib.h>
#include "app/service.h"
#include "app/verbs_windows.h"
#include "core/text.h"
#endif

static int help(int count, char **arguments);

static const struct verb verbs[] = {
#ifdef _WIN32
    {"install", verb_install, "", "registers the service and its event source"},
    {"uninstall", verb_uninstall, "", "takes both away, and the settings"},
    {"run", verb_run, "", "does the service's work in this console until Ctrl-C"},
    {"settings", verb_settings, "", "shows the settings in force"},
    {"release", verb_release, "ACCOUNT|--all [--force]", "gives locked accounts back as they were"},
    {"incidents", verb_incidents, "[--json] [--all] [FILE]", "who is locked, why, until when"},
#else
    {"incidents", verb_incidents, "[--json] [--all] FILE", "who is locked, why, until when"},
#endif
    {"replay", replay_main, "[OPTION]... FILE|FOLDER|-...",
     "who would have been locked, from saved logs"},
    {"version", usage_version, "", "shows the version"},
    {"help", help, "", "shows this"},
    {NULL, NULL, NULL, NULL},
};

static int help(int count, char **arguments)
{
    (void)count;
    (void)arguments;
    return usage_help(verbs);
}

static int dispatch(int count, char **arguments)
{
    static const char *const spellings[][2] = {
        {"--help", "help"}, {"-h", "help"}, {"/?", "help"}, {"--version", "version"}};
    const char *name = arguments[1];
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        if (strcmp(name, spellings[i][0]) == 0)
            name = spellings[i][1];
    }
    for (const struct verb *verb = verbs; verb->name; verb++) {
        if (strcmp(name, verb->name) == 0)
            return verb->run(count - 1, arguments + 1);
    }
    fprintf(stderr, "relaylock: there is no verb \"%s\". See: relaylock help\n", name);
    return EXIT_USAGE;
}

#ifdef _WIN32

/* The arguments in UTF-8, terminated by a null; one block, freed by the caller. Null: no memory. */
static char **to_utf8(int count, wchar_t **arguments)
{
    size_t bytes = ((size_t)count + 1) * sizeof(char *);
    for (int i = 0; i < count; i++)
        bytes += text_to_utf8(NULL, 0, text_of(arguments[i])) + 1;
    char **converted = malloc(bytes);
    if (!converted)
        return NULL;
    char *at = (char *)(converted + count + 1);
    for (int i = 0; i < count; i++) {
        converted[i] = at;
        size_t left = bytes - (size_t)(at - (char *)converted);
        at += text_to_utf8(at, left, text_of(arguments[i])) + 1;
    }
    converted[count] = NULL;
    return converted;
}

int wmain(int count, wchar_t **arguments)
{
    if (count < 2) {
        DWORD error = service_serve();
        if (error == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT)
            return usage_help(verbs);
        return (int)error;
    }
    char **converted = to_utf8(count, arguments);
    if (!converted) {
        fprintf(stderr, "relaylock: no memory\n");
        return EXIT_FAILED;
    }
    UINT code_page = GetConsoleOutputCP();
    SetConsoleOutputCP(CP_UTF8);
    int status = dispatch(count, converted);
    fflush(stdout);
    SetConsoleOutputCP(code_page);
    free(converted);
    return status;
}

#else

int main(int count, char **arguments)
{
    return count < 2 ? usage_help(verbs) : dispatch(count, arguments);
}

#endif
