#include <stdio.h>
#include <stdlib.h>
#include "present_settings.h"
#include "shown.h"
#include "usage.h"
#include "verbs_windows.h"

static void print_settings(const struct settings *settings, const struct setting_origins *origins)
{
    char value[SETTING_VALUE_TEXT_SIZE];
    char name[SHOWN_MAX];
    char limit[LIMIT_TEXT_SIZE];
    for (size_t i = 0; i < setting_count; i++) {
        settings_show(settings, i, value);
        printf("%-16s %-32s %s\n", setting_table[i].name, value[0] ? value : "(none)",
               setting_origin_word(origins->settings[i]));
    }
    for (size_t i = 0; i < settings->override_count; i++) {
        const struct guard_override *override = &settings->overrides[i];
        printf("Limits of %s:", shown(override->account, name));
        for (uint32_t j = 0; j < override->limits.count; j++) {
            limit_to_text(&override->limits.limits[j], limit);
            printf("%s %s", j ? "," : "", limit);
        }
        printf(" (%s)\n", setting_origin_word(origins->accounts[i]));
    }
}

int verb_settings(int count, char **arguments)
{
    if (count != 1)
        return usage_wrong(arguments[0], "no arguments");
    int status = EXIT_FAILED;
    size_t problems;
    struct settings *settings = malloc(sizeof *settings);
    struct setting_origins origins;
    if (!settings) {
        fprintf(stderr, "relaylock settings: no memory\n");
        return EXIT_FAILED;
    }
    if (present_settings_read("relaylock settings", settings, &origins, &problems)) {
        print_settings(settings, &origins);
        status = problems ? EXIT_FAILED : EXIT_DONE;
    }
    free(settings);
    return status;
}
