/* replay_page.h: the part of a replay that leaves a page (--html): what it gathers, and its file.
 */
#ifndef RELAYLOCK_APP_REPLAY_PAGE_H
#define RELAYLOCK_APP_REPLAY_PAGE_H

#include "new_file.h"
#include "replay_activity.h"
#include "replay_report.h"

/* All zero: none. */
struct replay_page {
    const char *path; /* UTF-8; a view */
    struct replay_activity *activity;
    struct new_file file;
};

/* Begins the page, so that one that cannot be written is refused before anything is read. path must
 * outlive it. False, and standard error says why, when memory is out or there can be no such file;
 * then it is none. */
bool replay_page_open(struct replay_page *page, const char *path, const struct settings *settings);
struct replay_listener replay_page_listener(struct replay_page *page);

/* Writes the report, whose activity must be that of the page. False, and standard error says why,
 * when it could not be written whole; then there is no file. */
bool replay_page_write(struct replay_page *page, const struct replay_report *report);

/* Without a page that was written, nothing is left of its file. */
void replay_page_close(struct replay_page *page);

#endif
