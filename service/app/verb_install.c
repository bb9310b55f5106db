#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "usage.h"
#include "verb_arguments.h"
#include "verbs_windows.h"
#include "../core/checked.h"
#include "../core/text.h"
#include "../windows/installation.h"

/* What stands behind --set, split, but for what is no UTF-8; one block, freed by the caller. Null:
 * no memory. */
struct wanted {
    size_t count;
    struct installation_setting settings[];
};

static struct wanted *make_wanted(int count, char **arguments)
{
    struct wanted *wanted;
    size_t settings = (size_t)count / 2, units = 0, size = settings;
    bool counted = checked_multiply(&size, sizeof *wanted->settings);
    for (int i = 2; i < count; i += 2)
        units += strlen(arguments[i]) + 1; /* UTF-16 never has more units than UTF-8 has bytes */
    counted = counted && checked_multiply(&units, sizeof(wchar_t)) && checked_add(&size, units) &&
              checked_add(&size, sizeof *wanted);
    wanted = counted ? malloc(size) : NULL;
    if (!wanted)
        return NULL;
    wanted->count = 0;
    wchar_t *at = (wchar_t *)(wanted->settings + settings);
    for (int i = 2; i < count; i += 2) {
        struct installation_setting *setting = &wanted->settings[wanted->count];
        size_t room = strlen(arguments[i]) + 1;
        if (verb_arguments_setting(arguments[i], at, room, &setting->name, &setting->value))
            wanted->count++;
        at += room;
    }
    return wanted;
}

int verb_install(int count, char **arguments)
{
    wchar_t path[MAX_PATH];
    char16_t text[INSTALLATION_TEXT_MAX];
    char shown[3 * INSTALLATION_TEXT_MAX];
    struct installation_failure failure;
    const char *expected = "--set NAME=VALUE, as often as you like, or nothing";
    if (!verb_arguments_are_settings(count, arguments))
        return usage_wrong(arguments[0], expected);
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    if (length == 0 || length >= MAX_PATH) {
        fprintf(stderr, "relaylock install: the path of the program is too long for a service\n");
        return EXIT_FAILED;
    }
    struct wanted *wanted = make_wanted(count, arguments);
    if (!wanted) {
        fprintf(stderr, "relaylock install: no memory\n");
        return EXIT_FAILED;
    }
    if (wanted->count < (size_t)count / 2) {
        free(wanted);
        return usage_wrong(arguments[0], expected);
    }
    DWORD error = installation_install(path, wanted->settings, wanted->count, &failure);
    free(wanted);
    if (error) {
        installation_describe(&failure, error, text);
        text_to_utf8(shown, sizeof shown, text_of(text));
        fprintf(stderr, "relaylock install: %s. Nothing was changed\n", shown);
        return EXIT_FAILED;
    }
    printf("RelayLock is installed. To start it: sc start RelayLock\n");
    return EXIT_DONE;
}
