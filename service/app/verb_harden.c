#include <stdio.h>
#include <string.h>
#include "hardening.h"
#include "usage.h"
#include "verbs_windows.h"

#define NAME "relaylock harden"

static int show(bool json)
{
    struct hardening_view views[HARDENING_ITEMS];
    int status = EXIT_DONE;
    for (int i = 0; i < HARDENING_ITEMS; i++) {
        hardening_look((enum hardening_item)i, &views[i]);
        if (i < HARDENING_SETTABLE &&
            (views[i].standing == HARDENING_OPEN || views[i].standing == HARDENING_UNTOLD))
            status = EXIT_FAILED;
    }
    if (json)
        hardening_list_json(views, stdout);
    else
        hardening_list_text(views, stdout);
    return status;
}

static int failed(const char *item, const struct hardening_failure *failure)
{
    fprintf(stderr, NAME ": %s: %s on %s failed with error %lu", item, failure->call,
            failure->object, failure->error);
    if (failure->error == ERROR_ACCESS_DENIED)
        fprintf(stderr, " (access denied): use an administrator's prompt");
    else if (failure->error == ERROR_FILE_NOT_FOUND)
        fprintf(stderr, ": it is not installed");
    fprintf(stderr, "\n");
    return EXIT_FAILED;
}

static void tell_restart(enum hardening_item item)
{
    if (item == HARDENING_TARPIT)
        printf("SMTP reads it when it starts: net stop SMTPSVC, then net start SMTPSVC\n");
}

static int set(enum hardening_item item)
{
    const char *name = hardening_name(item);
    struct hardening_failure failure;
    switch (hardening_set(item, &failure)) {
    case HARDENING_DONE:
        printf("%s is set as recommended. To undo it: relaylock harden undo %s\n", name, name);
        tell_restart(item);
        return EXIT_DONE;
    case HARDENING_NOTHING:
        printf("%s is as recommended: there is nothing to set.\n", name);
        return EXIT_DONE;
    case HARDENING_CHANGED:
    case HARDENING_FAILED:
        break;
    }
    return failed(name, &failure);
}

static int undo(enum hardening_item item)
{
    const char *name = hardening_name(item);
    struct hardening_failure failure;
    switch (hardening_undo(item, &failure)) {
    case HARDENING_DONE:
        printf("%s is as it was before RelayLock set it.\n", name);
        tell_restart(item);
        return EXIT_DONE;
    case HARDENING_NOTHING:
        printf("%s: there is nothing of RelayLock's to undo.\n", name);
        return EXIT_DONE;
    case HARDENING_CHANGED:
        fprintf(stderr, NAME ": %s was changed by somebody since RelayLock set it, and stays so\n",
                name);
        return EXIT_FAILED;
    case HARDENING_FAILED:
        break;
    }
    return failed(name, &failure);
}

int verb_harden(int count, char **arguments)
{
    bool json = count == 2 && strcmp(arguments[1], "--json") == 0;
    bool sets = count == 3 && strcmp(arguments[1], "set") == 0;
    bool undoes = count == 3 && strcmp(arguments[1], "undo") == 0;
    enum hardening_item item = sets || undoes ? hardening_named(arguments[2]) : HARDENING_ITEMS;
    if (count == 1 || json)
        return show(json);
    if (item == HARDENING_ITEMS)
        return usage_wrong(arguments[0], "[--json], or set or undo, and the name of an item");
    if (item >= HARDENING_SETTABLE) {
        fprintf(stderr, NAME ": %s is only shown, with how to set it by hand: relaylock harden\n",
                hardening_name(item));
        return EXIT_FAILED;
    }
    return sets ? set(item) : undo(item);
}
