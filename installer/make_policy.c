/* make_policy FOLDER: writes the templates of Group Policy into FOLDER and FOLDER/en-US, which
 * exist: relaylock.admx, en-US/relaylock.adml and relaylock.adm. Exit status 0 if all are whole.
 */
#include <stdio.h>
#include <stdlib.h>

#include "policy_files.h"

static const struct {
    const char *name;
    void (*write)(FILE *file);
} templates[] = {
    {"relaylock.admx", policy_write_admx},
    {"en-US/relaylock.adml", policy_write_adml},
    {"relaylock.adm", policy_write_adm},
};

static int write_file(const char *folder, size_t index)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, templates[index].name);
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        return EXIT_FAILURE;
    }
    templates[index].write(file);
    int bad = ferror(file);
    if (fclose(file) || bad) {
        perror(path);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "make_policy FOLDER\n");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
        if (write_file(arguments[1], i))
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
