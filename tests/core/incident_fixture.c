#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "incident_fixture.h"

struct incident incident_of(uint32_t number)
{
    struct incident incident = {
        .action = LOCK_DISABLE,
        .decided_at = 1000 * (int64_t)number,
        .decided_wall = 1262401445 + (int64_t)number,
        .verdict = {.kind = IDENTITY_USER,
                    .limit = {LIMIT_SIGN_INS, 50, 600},
                    .count = 50,
                    .sign_ins = 50,
                    .clients = 1,
                    .top = {{u"pc", 50}},
                    .top_count = 1,
                    .first_record = number,
                    .last_record = number + 49,
                    .first_time = 1262401400 + (int64_t)number,
                    .last_time = 1262401444 + (int64_t)number,
                    .sid_size = 28,
                    .sid = {1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0}},
    };
    char name[ACCOUNT_SHOWN_MAX];
    snprintf(name, sizeof name, "CONTOSO\\user%u", (unsigned)number);
    text_from_utf8(incident.verdict.name, ACCOUNT_SHOWN_MAX, name, NULL);
    text_from_utf8(incident.verdict.account, ACCOUNT_SHOWN_MAX, name + 8, NULL);
    memcpy(incident.verdict.sid + 24, &number, sizeof number);
    return incident;
}

/* A text that is as long as it may be, of its own letters. */
static void fill_text(char16_t *text, size_t capacity, char16_t first)
{
    for (size_t i = 0; i + 1 < capacity; i++)
        text[i] = (char16_t)(first + i);
    text[capacity - 1] = 0;
}

static void fill_verdict(struct verdict *verdict)
{
    fill_text(verdict->account, ACCOUNT_SHOWN_MAX, 0x100);
    fill_text(verdict->name, ACCOUNT_SHOWN_MAX, 0x200);
    verdict->flag = FLAG_BUDGET;
    verdict->limit.subject = LIMIT_CLIENTS;
    verdict->limit.count = 1234;
    verdict->limit.window = 123456;
    verdict->count = 0x11111111;
    verdict->sign_ins = 0x22222222;
    verdict->clients = 0x33333333;
    for (uint32_t i = 0; i < VERDICT_TOP_CLIENTS; i++) {
        fill_text(verdict->top[i].name, CLIENT_SHOWN_MAX, (char16_t)(0x300 + 0x100 * i));
        verdict->top[i].sign_ins = 0x44444444 + i;
    }
    verdict->top_count = VERDICT_TOP_CLIENTS;
    verdict->first_record = UINT64_C(0x5555555555555555);
    verdict->last_record = UINT64_C(0x6666666666666666);
    verdict->first_time = -0x77777777777;
    verdict->last_time = 0x8888888888888;
    verdict->budget_spent = true;
    verdict->kind = IDENTITY_PROTECTED;
    verdict->sid_size = IDENTITY_SID_MAX;
    for (uint32_t i = 0; i < IDENTITY_SID_MAX; i++)
        verdict->sid[i] = (uint8_t)(100 + i);
    verdict->sid[0] = 1;
    verdict->sid[1] = 15;
}

static void fill_change(struct incident_change *change)
{
    change->intended = true;
    change->made = false;
    change->marked = true;
    change->flags_before = 0x99999999;
    change->flags_after = 0xaaaaaaaa;
    fill_text(change->server, INCIDENT_SERVER_MAX, 0x700);
    fill_text(change->user, INCIDENT_USER_MAX, 0x900);
}

void incident_fill(struct incident *incident)
{
    incident->id = 0x1234567890abc;
    incident->state = INCIDENT_RESTARTED;
    incident->ending = ENDING_BY_TIME;
    incident->action = LOCK_PASSWORD;
    fill_verdict(&incident->verdict);
    incident->gap_first = UINT64_C(0xbbbbbbbbbbbbbbbb);
    incident->gap_last = UINT64_C(0xcccccccccccccccc);
    incident->again = true;
    incident->decided_at = 0x1111111111111;
    incident->locked_at = 0x1222222222222;
    incident->restart_since = 0x1311111111111;
    incident->restarted_at = 0x1333333333333;
    incident->closed_at = 0x1444444444444;
    incident->decided_wall = 0x1555555555555;
    incident->locked_wall = 0x1666666666666;
    incident->restarted_wall = -0x1777777777777;
    incident->closed_wall = 0x1888888888888;
    incident->closed_record = UINT64_C(0xfedcba9876543210);
    incident->release_at = 0x1999999999999;
    incident->release_wanted = true;
    incident->release_by_time = true;
    incident->release_forced = false;
    incident->stay_told = true;
    fill_change(&incident->change);
    incident->retry.tries = 0xdddddddd;
    incident->retry.first_at = 0x1aaaaaaaaaaaa;
    incident->retry.next_at = 0x1bbbbbbbbbbbb;
    incident->retry.error = 0xeeeeeeee;
    incident->retry.told = true;
    incident->figures.lock_delay = 0x10101010;
    incident->figures.smtp_down = 0x20202020;
    incident->figures.sign_ins = 0x30303030;
    incident->figures.leaks = 0x40404040;
    incident->escalation = ESCALATION_SERVICES;
    incident->leak_at = 0x1ccccccccccccc;
    incident->leak_wall = 0x1dddddddddddd;
    incident->leak_record = UINT64_C(0xffffffffffffffff);
    fill_text(incident->leak_client, CLIENT_SHOWN_MAX, 0xb00);
    incident->services_done = SETTING_SERVICES_MAX - 1;
    incident->leak_open = true;
    incident->lag_found = true;
}

void restart_record_fill(struct restart_record *record)
{
    record->phase = RESTART_STOPPED;
    fill_text(record->service, BOOK_SERVICE_MAX, 0x100);
    record->dependent_count = BOOK_DEPENDENTS_MAX;
    for (uint32_t i = 0; i < BOOK_DEPENDENTS_MAX; i++)
        fill_text(record->dependents[i], BOOK_SERVICE_MAX, (char16_t)(0x400 + 0x100 * i));
    record->begun_at = 0x1111111111111;
    record->recent_count = BOOK_RESTARTS_MAX;
    for (uint32_t i = 0; i < BOOK_RESTARTS_MAX; i++)
        record->recent[i] = 0x1222222222222 + i;
}

void position_record_fill(struct position_record *record)
{
    record->steady.now = 0x1111111111111;
    record->steady.tick = 0x22222222;
    record->steady.boot = 0x33333333;
    record->steady.wall = 0x1444444444444;
    record->record = UINT64_C(0x5555555555555555);
    record->time = 0x1666666666666;
    fill_text(record->channel, SETTING_TEXT_MAX, 0x100);
    record->clean = true;
}

struct incident_book book_start(void)
{
    struct incident_book book;
    struct incident *incidents = calloc(BOOK_INCIDENTS_MAX, sizeof *incidents);
    assert_non_null(incidents);
    incident_book_init(&book, incidents);
    return book;
}

void book_end(struct incident_book *book)
{
    free(book->incidents);
    book->incidents = NULL;
}

void assert_books_equal(const struct incident_book *a, const struct incident_book *b)
{
    uint64_t next;
    size_t size = incident_book_write(a, NULL, 0, 1, &next);
    assert_int_equal(incident_book_write(b, NULL, 0, 1, &next), size);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->last_id, b->last_id);
    uint8_t *both = malloc(2 * size);
    assert_non_null(both);
    assert_int_equal(incident_book_write(a, both, size, 1, &next), size);
    assert_int_equal(incident_book_write(b, both + size, size, 1, &next), size);
    assert_memory_equal(both, both + size, size);
    free(both);
}
