#include "usage.h"

#include <stdio.h>
#include "shown.h"

int usage_help(const struct verb *verbs)
{
    printf("RelayLock %s: locks mail accounts that spammers have taken over.\n\n",
           RELAYLOCK_VERSION);
    for (const struct verb *verb = verbs; verb->name; verb++) {
        char call[64];
        snprintf(call, sizeof call, "%s %s", verb->name, verb->arguments);
        printf("  relaylock %-52s %s\n", call, verb->summary);
    }
#ifdef _WIN32
    printf("\nAs a service it is controlled with sc: sc start RelayLock, sc stop RelayLock,\n"
           "sc pause RelayLock (observe only), sc continue RelayLock,\n"
           "sc control RelayLock paramchange (read the settings again),\n"
           "sc control RelayLock 128 (status into the event log),\n"
           "sc control RelayLock 129 (release the account that was locked last).\n");
#endif
    return EXIT_DONE;
}

int usage_version(int count, char **arguments)
{
    if (count != 1)
        return usage_wrong(arguments[0], "no arguments");
    printf("RelayLock %s\n", RELAYLOCK_VERSION);
    return EXIT_DONE;
}

int usage_unknown(const char *name)
{
    fputs("relaylock: there is no verb \"", stderr);
    shown_put_utf8(name, stderr);
    fputs("\". See: relaylock help\n", stderr);
    return EXIT_USAGE;
}

int usage_wrong(const char *verb, const char *expected)
{
    fprintf(stderr, "relaylock %s: wrong arguments; expected: %s. See: relaylock help\n", verb,
            expected);
    return EXIT_USAGE;
}
