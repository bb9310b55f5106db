/* page_fixture.h: a replay without files, told sign-in by sign-in, and its page.
 *
 * What happens to a sign-in is what replay.c does with it. Out of memory ends the test program.
 */
#ifndef RELAYLOCK_TESTS_PAGE_FIXTURE_H
#define RELAYLOCK_TESTS_PAGE_FIXTURE_H

#include "app/replay_activity.h"
#include "app/replay_diff.h"
#include "app/replay_explain.h"
#include "app/replay_report.h"
#include "app/replay_sweep.h"

struct page_fixture {
    struct settings settings; /* the defaults with 64 accounts; to be changed before page_open */
    /* What is asked for besides; to be set before page_open. */
    bool swept;
    const char16_t *explained;
    struct settings *changed; /* for a diff; null without one */
    struct replay_file file;
    struct replay_report report;
    struct replay_activity *activity;
    struct replay_sweep sweep;
    struct replay_explain explain;
    struct replay_diff diff;
    struct replay_listeners listeners;
    struct guard *guard;
    struct name_book *book;
    struct client_book *clients;
    struct replay_block guard_block, book_block, client_block;
    uint64_t record;
};

/* All calls of a page go to one fixture: prepare, change its settings, open, ..., close. */
void page_prepare(struct page_fixture *page);
void page_open(struct page_fixture *page);
void page_close(struct page_fixture *page);

void page_set(struct page_fixture *page, const char16_t *name, const char16_t *value);
void page_sign_in(struct page_fixture *page, int64_t time, struct text account, struct text client);
void page_gap(struct page_fixture *page, const struct replay_gap *gap);

/* The page, terminated and well-formed, to be freed by the caller; *size may be null. */
char *page_write(struct page_fixture *page, size_t *size);

#endif
