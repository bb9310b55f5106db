#include "queue_places.h"

#include <stdlib.h>
#include <string.h>
#include "../windows/queue_directories.h"

const bool queue_places_has_own = true;

static void add_folder(struct queue_report *report, const wchar_t *path)
{
    char narrow[QUEUE_FOLDER_PATH_MAX];
    text_to_utf8(narrow, sizeof narrow, text_of(path));
    queue_report_add_folder(report, narrow);
}

static void add_name(struct own_domains *own, const wchar_t *wide)
{
    char narrow[3 * QUEUE_DIRECTORY_NAME_MAX];
    struct message_string name;
    text_to_utf8(narrow, sizeof narrow, text_of(wide));
    message_string_set(&name, narrow, strlen(narrow), true);
    own_domains_find_host(own, &name);
}

void queue_places_find(struct queue_report *report, const struct settings *settings)
{
    const struct setting_list *named = &settings->queue_directory;
    bool given = report->folder_count > 0;
    struct queue_directories *found = malloc(sizeof *found);
    if (!found)
        return;
    queue_directories_find(found);
    for (uint32_t i = 0; !given && i < named->count; i++)
        add_folder(report, named->names[i]);
    for (unsigned i = 0; !given && named->count == 0 && i < found->count; i++)
        add_folder(report, found->paths[i]);
    for (unsigned i = 0; i < found->name_count; i++)
        add_name(&report->own, found->names[i]);
    free(found);
}

void queue_places_log(const struct settings *settings, char log[QUEUE_PLACES_LOG_MAX])
{
    static const char prefix[] = "channel:";
    memcpy(log, prefix, sizeof prefix);
    text_to_utf8(log + sizeof prefix - 1, QUEUE_PLACES_LOG_MAX - sizeof prefix + 1,
                 text_of(settings->channel));
}
