/* main.c: the verbs and where each goes. Without one, started by the service control manager, the
 * program is the service.
 */
#include <string.h>
#include "app/replay.h"
#include "app/usage.h"
#include "app/verb_incidents.h"
#include "app/verb_queue.h"
#ifdef _WIN32
#include <stdio.h>
#include <stdlib.h>
#include "app/service.h"
#include "app/verbs_windows.h"
#include "core/checked.h"
#include "core/text.h"
#include "windows/console.h"
#include "windows/process_hardening.h"
#endif

static int help(int count, char **arguments);

static const struct verb verbs[] = {
#ifdef _WIN32
    {"install", verb_install, "[--set NAME=VALUE]...",
     "makes it a service, or brings it up to date"},
    {"uninstall", verb_uninstall, "[--keep-state]", "takes all of it away; releases nobody"},
    {"run", verb_run, "", "does the service's work in this console until Ctrl-C"},
    {"doctor", verb_doctor, "[--json] [--account NAME]",
     "whether it will work here, and works now; changes nothing"},
    {"settings", verb_settings, "", "shows the settings in force"},
    {"logging", verb_logging, "[show|raise|restore]",
     "how much Exchange logs, and what RelayLock raised"},
    {"release", verb_release, "ACCOUNT|--all [--force]", "gives locked accounts back as they were"},
    {"harden", verb_harden, "[--json | set ITEM | undo ITEM]",
     "shows and closes what lets abuse in"},
    {"incidents", verb_incidents, "[--json] [--all] [FILE]", "who is locked, why, until when"},
#else
    {"incidents", verb_incidents, "[--json] [--all] FILE", "who is locked, why, until when"},
#endif
#ifdef _WIN32
    {"queue quarantine", verb_queue_quarantine, VERB_QUEUE_MEANT " [--dry-run]",
     "moves messages out of the SMTP queue"},
    {"queue restore", verb_queue_restore, "[BATCH] [--all | --client C | --sender S]",
     "puts them back"},
    {"queue list", verb_queue_list, "[--json]", "what lies in the quarantine"},
    {"queue purge", verb_queue_purge, "BATCH --yes", "deletes a batch of it for good"},
#endif
    {"queue", verb_queue, VERB_QUEUE_ARGUMENTS, "what fills the SMTP queue, and what to do"},
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

/* How many arguments name the verb: those of "queue list" are two. 0: it is another one. */
static int named_by(const struct verb *verb, const char *first, const char *second)
{
    size_t length = strlen(first);
    if (strcmp(verb->name, first) == 0)
        return 1;
    return second && strncmp(verb->name, first, length) == 0 && verb->name[length] == ' ' &&
                   strcmp(verb->name + length + 1, second) == 0
               ? 2
               : 0;
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
        int named = named_by(verb, name, count > 2 ? arguments[2] : NULL);
        if (named > 0)
            return verb->run(count - named, arguments + named);
    }
    return usage_unknown(name);
}

#ifdef _WIN32

/* The arguments in UTF-8, terminated by a null; one block, freed by the caller. Null: no memory. */
static char **to_utf8(int count, wchar_t **arguments)
{
    size_t bytes = (size_t)count + 1;
    bool counted = checked_multiply(&bytes, sizeof(char *));
    for (int i = 0; i < count; i++)
        counted = counted && checked_add(&bytes, text_to_utf8(NULL, 0, text_of(arguments[i])) + 1);
    char **converted = counted ? malloc(bytes) : NULL;
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
    process_hardening_load();
    process_hardening_apply();
    if (count < 2) {
        process_hardening_drop_privileges();
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
    console_take();
    int status = dispatch(count, converted);
    (void)fflush(stdout);
    (void)fflush(stderr);
    free(converted);
    return status;
}

#else

int main(int count, char **arguments)
{
    return count < 2 ? usage_help(verbs) : dispatch(count, arguments);
}

#endif
