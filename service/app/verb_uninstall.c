#include <stdio.h>
#include <string.h>
#include "shown.h"
#include "uninstallation.h"
#include "usage.h"
#include "verbs_windows.h"

static void print_locked(void *context, const char16_t *account)
{
    char utf8[SHOWN_MAX];
    (void)context;
    printf("%s stays locked\n", shown(text_of(account), utf8));
}

static void print_hardened(void *context, const char *item, const char16_t *record)
{
    char utf8[SHOWN_MAX];
    (void)context;
    printf("%s stays as it is: %s\n", item, shown(text_of(record), utf8));
}

static void print_failure(const struct installation_failure *failure, DWORD error)
{
    char16_t text[INSTALLATION_TEXT_MAX];
    char utf8[3 * INSTALLATION_TEXT_MAX];
    installation_describe(failure, error, text);
    text_to_utf8(utf8, sizeof utf8, text_of(text));
    fprintf(stderr, "relaylock uninstall: %s\n", utf8);
}

int verb_uninstall(int count, char **arguments)
{
    struct uninstallation uninstallation = {.stays_locked = print_locked,
                                            .stays_hardened = print_hardened};
    struct installation_failure failure;
    char directory[SHOWN_MAX];
    uninstallation.keep_state = count == 2 && strcmp(arguments[1], "--keep-state") == 0;
    if (count != 1 && !uninstallation.keep_state)
        return usage_wrong(arguments[0], "--keep-state, or nothing");
    DWORD error = uninstallation_run(&uninstallation, &failure);
    if (error)
        print_failure(&failure, error);
    if (uninstallation.locked > 0)
        printf("What was done to these accounts stands in the journal. Enable them with net "
               "user.\n");
    if (uninstallation.kept && uninstallation.directory[0])
        printf("Kept: %s\n", shown(text_of(uninstallation.directory), directory));
    if (error)
        return EXIT_FAILED;
    printf("RelayLock is removed.\n");
    return EXIT_DONE;
}
