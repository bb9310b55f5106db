#include "page_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/replay_html.h"
#include "markup.h"

static const struct hash_key key = {1, 2};

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "page_fixture: %s\n", what);
        abort();
    }
}

void page_prepare(struct page_fixture *page)
{
    *page = (struct page_fixture){.swept = false};
    settings_defaults(&page->settings);
    page_set(page, u"MaxAccounts", u"64");
}

void page_set(struct page_fixture *page, const char16_t *name, const char16_t *value)
{
    must(settings_set(&page->settings, setting_find(text_of(name)), text_of(value)), "a setting");
}

static void listen(struct page_fixture *page, struct replay_listener listener)
{
    page->listeners.at[page->listeners.count++] = listener;
}

void page_open(struct page_fixture *page)
{
    struct guard_settings guard;
    struct sweep_grid grid;
    uint32_t most = page->settings.max_accounts;

    settings_for_guard(&page->settings, &guard);
    sweep_grid_default(&grid);
    must(replay_block_allocate(&page->guard_block, guard_size(&guard)) &&
             replay_block_allocate(&page->book_block, name_book_size(most)) &&
             replay_block_allocate(&page->client_block, client_book_size(REPLAY_CLIENTS_MAX)),
         "memory");
    page->guard = guard_init(page->guard_block.at, guard_size(&guard), &guard, &key);
    page->book = name_book_init(page->book_block.at, name_book_size(most), most, &key);
    page->clients = client_book_init(page->client_block.at, client_book_size(REPLAY_CLIENTS_MAX),
                                     REPLAY_CLIENTS_MAX, &key);
    page->activity = replay_activity_open(most);
    must(page->guard != NULL && page->book != NULL && page->clients != NULL &&
             page->activity != NULL,
         "memory");
    listen(page, replay_activity_listener(page->activity));
    if (page->swept) {
        must(replay_sweep_open(&page->sweep, &page->settings, &grid), "memory");
        listen(page, replay_sweep_listener(&page->sweep));
    }
    if (page->explained != NULL) {
        must(replay_explain_open(&page->explain, &page->settings, text_of(page->explained)),
             "memory");
        listen(page, replay_explain_listener(&page->explain));
    }
    if (page->changed != NULL) {
        must(replay_diff_open(&page->diff, page->changed), "memory");
        listen(page, replay_diff_listener(&page->diff));
    }
    page->file = (struct replay_file){.path = "mail1.evt"};
    page->report = (struct replay_report){.files = &page->file,
                                          .file_count = 1,
                                          .settings = &page->settings,
                                          .accounts = page->book,
                                          .clients = page->clients,
                                          .activity = page->activity};
}

void page_close(struct page_fixture *page)
{
    replay_report_free(&page->report);
    replay_diff_close(&page->diff);
    replay_explain_close(&page->explain);
    replay_sweep_close(&page->sweep);
    replay_activity_close(page->activity);
    replay_block_free(&page->client_block);
    replay_block_free(&page->book_block);
    replay_block_free(&page->guard_block);
}

static void tell(struct page_fixture *page, const struct replay_sign_in *sign_in,
                 const struct verdict *verdict)
{
    for (size_t i = 0; i < page->listeners.count; i++) {
        const struct replay_listener *listener = &page->listeners.at[i];

        listener->sign_in(listener->context, sign_in);
        if (verdict != NULL && listener->verdict != NULL) {
            listener->verdict(listener->context, sign_in, verdict);
        }
    }
}

void page_sign_in(struct page_fixture *page, int64_t time, struct text account, struct text client)
{
    const struct relay_event event = {
        .record = ++page->record, .time = time, .client = client, .account = account};
    uint32_t number = name_book_number(page->book, account);
    const struct identity identity = {
        .kind = account_name_is_machine(account) ? IDENTITY_MACHINE : IDENTITY_ASSUMED,
        .name = number == NAME_BOOK_NONE ? account : name_book_name(page->book, number)};
    struct replay_sign_in sign_in = {.event = &event, .identity = &identity, .account = number};
    struct guard_place place = {.slot = 0};
    struct verdict verdict;

    sign_in.outcome = guard_feed_at(page->guard, &event, &identity, &place, &verdict);
    sign_in.client = client_book_number(page->clients, client, &sign_in.client_hash);
    bool crossed = sign_in.outcome == GUARD_VERDICT;

    if (crossed) {
        sign_in.nearest = verdict.limit;
        sign_in.counted = verdict.count;
    } else if (sign_in.outcome == GUARD_COUNTED) {
        guard_nearest(page->guard, &place, &sign_in.nearest, &sign_in.counted);
    }
    tell(page, &sign_in, crossed ? &verdict : NULL);
    page->report.records++;
    page->report.matched++;
    if (crossed && verdict.flag != FLAG_NOT) {
        guard_hold(page->guard, &identity);
    }
    if (crossed && verdict.flag != FLAG_MACHINE) {
        must(replay_report_add(&page->report, identity.name, number, page->record, &verdict),
             "memory");
    }
}

void page_gap(struct page_fixture *page, const struct replay_gap *gap)
{
    struct replay_listener listener = replay_activity_listener(page->activity);

    listener.gap(listener.context, gap);
}

char *page_write(struct page_fixture *page, size_t *size)
{
    char error[MARKUP_ERROR_SIZE];
    FILE *file = tmpfile();

    must(file != NULL, "tmpfile");
    page->report.unjoined = name_book_unjoined(page->book);
    guard_count(page->guard, &page->report.guard);
    if (page->swept) {
        replay_sweep_finish(&page->sweep);
        page->report.sweep = &page->sweep;
    }
    if (page->explained != NULL) {
        replay_explain_finish(&page->explain);
        page->report.explain = &page->explain;
    }
    if (page->changed != NULL) {
        must(replay_diff_finish(&page->diff, &page->report), "memory");
        page->report.diff = &page->diff;
    }
    replay_html_write(&page->report, file);
    long length = ftell(file);
    char *text = malloc((size_t)length + 1);

    must(!ferror(file) && length > 0 && text != NULL, "writing");
    rewind(file);
    must(fread(text, 1, (size_t)length, file) == (size_t)length, "reading");
    fclose(file);
    text[length] = '\0';
    if (!markup_is_well_formed(text, (size_t)length, markup_of_pages, error)) {
        must(false, error);
    }
    if (size != NULL) {
        *size = (size_t)length;
    }
    return text;
}
