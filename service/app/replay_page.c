#include "replay_page.h"

#include <stdio.h>

#include "replay_html.h"
#include "shown.h"

static bool fail(const struct replay_page *page, const char *error)
{
    fputs("replay: --html ", stderr);
    shown_put_utf8(page->path, stderr);
    fprintf(stderr, ": %s\n", error);
    return false;
}

bool replay_page_open(struct replay_page *page, const char *path, const struct settings *settings)
{
    char error[NEW_FILE_ERROR_SIZE] = "no memory for so many accounts; set MaxAccounts lower";

    *page = (struct replay_page){.path = path,
                                 .activity = replay_activity_open(settings->max_accounts)};
    if (page->activity != NULL && new_file_begin(&page->file, path, replay_html_start, error)) {
        return true;
    }
    fail(page, error);
    replay_page_close(page);
    return false;
}

struct replay_listener replay_page_listener(struct replay_page *page)
{
    return replay_activity_listener(page->activity);
}

bool replay_page_write(struct replay_page *page, const struct replay_report *report)
{
    char error[NEW_FILE_ERROR_SIZE];

    replay_html_write(report, page->file.out);
    return new_file_finish(&page->file, error) || fail(page, error);
}

void replay_page_close(struct replay_page *page)
{
    new_file_abandon(&page->file);
    replay_activity_close(page->activity);
    *page = (struct replay_page){.path = NULL};
}
