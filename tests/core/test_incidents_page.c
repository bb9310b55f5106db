/* docs/incidents.md shows what the verb prints, and explains every field of its JSON and no other.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "incidents_verb.h"

enum { PAGE_MAX = 65536, RECORD = 48211 };

static char page[PAGE_MAX];

static int read_page(void **state)
{
    (void)state;
    FILE *file = fopen("docs/incidents.md", "rb");
    if (!file)
        return -1;
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    return page[0] == '\0';
}

#define NAME(to, literal) memcpy((to), (literal), sizeof(literal))

/* Records, and times in seconds after T0. */
static void set_evidence(struct verdict *verdict, uint64_t first, uint64_t last, int64_t from,
                         int64_t to)
{
    verdict->first_record = first;
    verdict->last_record = last;
    verdict->first_time = T0 + from;
    verdict->last_time = T0 + to;
}

static void add_bob(void)
{
    struct incident *bob = add_incident(1, INCIDENT_CONTAINED);
    struct verdict *verdict = &bob->verdict;
    NAME(verdict->name, u"CONTOSO\\bob");
    NAME(verdict->account, u"bob");
    set_evidence(verdict, RECORD - 901, RECORD - 852, -42, -1);
    verdict->clients = verdict->top_count = 3;
    NAME(verdict->top[0].name, u"dsl-81-44.example.net");
    NAME(verdict->top[1].name, u"user");
    NAME(verdict->top[2].name, u"localhost");
    verdict->top[0].sign_ins = 37;
    verdict->top[1].sign_ins = 12;
    verdict->top[2].sign_ins = 1;
    bob->change.marked = false;
    bob->restarted_wall = T0 + 7;
    bob->closed_wall = T0 + 607;
    bob->figures = (struct incident_figures){640, 5210, 3, 1};
    bob->leak_record = RECORD - 840;
    bob->leak_wall = T0 + 4;
    bob->escalation = ESCALATION_VERIFIED;
}

static void add_carol(void)
{
    struct incident *carol = add_incident(2, INCIDENT_DECIDED);
    NAME(carol->verdict.name, u"CONTOSO\\carol");
    NAME(carol->verdict.account, u"carol@contoso.com");
    NAME(carol->verdict.top[0].name, u"mail.example.org");
    set_evidence(&carol->verdict, RECORD - 109, RECORD - 60, 855, 984);
    carol->decided_wall = T0 + 985;
    carol->retry = (struct incident_retry){
        .tries = 4, .first_at = STEADY - 14000, .next_at = STEADY + 7000, .error = 1722};
}

static void add_guest(void)
{
    struct incident *guest = add_incident(3, INCIDENT_FLAGGED);
    struct verdict *verdict = &guest->verdict;
    NAME(verdict->name, u"guest1");
    NAME(verdict->account, u"guest1");
    NAME(verdict->top[0].name, u"a.example.com");
    NAME(verdict->top[1].name, u"b.example.com");
    NAME(verdict->top[2].name, u"c.example.com");
    verdict->kind = IDENTITY_UNRESOLVED;
    verdict->sid_size = 0;
    verdict->flag = FLAG_UNRESOLVED;
    verdict->limit = (struct limit){LIMIT_CLIENTS, 8, 600};
    verdict->count = verdict->clients = 8;
    verdict->sign_ins = 9;
    verdict->top_count = 3;
    verdict->top[0].sign_ins = 2;
    verdict->top[1].sign_ins = verdict->top[2].sign_ins = 1;
    set_evidence(verdict, RECORD - 2210, RECORD - 2091, -3445, -3124);
    guest->decided_wall = guest->closed_wall = T0 - 3123;
}

static void the_sample_is_what_is_printed(void **state)
{
    (void)state;
    book.position.record = RECORD;
    add_bob();
    add_carol();
    add_guest();
    run_on_book(NULL);
    if (!strstr(page, output.out))
        fail_msg("the page does not show this:\n%s", output.out);
}

/* A document with every field that there can be. */
static void print_all_fields(void)
{
    struct incident *incident = add_incident(1, INCIDENT_CONTAINED);
    incident->retry.tries = 1;
    incident->figures.leaks = 1;
    book.restart.phase = RESTART_STOPPED;
    run_on_book("--json");
}

static void every_field_is_explained(void **state)
{
    (void)state;
    print_all_fields();
    unsigned fields = 0;
    for (const char *at = output.out; (at = strchr(at, '"')); at++) {
        const char *end = strchr(at + 1, '"');
        if (end[1] == ':') {
            char quoted[64];
            snprintf(quoted, sizeof quoted, "`%.*s`", (int)(end - at - 1), at + 1);
            if (!strstr(page, quoted))
                fail_msg("the page does not explain %s", quoted);
            fields++;
        }
        at = end;
    }
    assert_true(fields > 50);
}

/* In the table of fields, a word in backquotes and small letters is a field. */
static void no_field_is_explained_that_there_is_not(void **state)
{
    (void)state;
    print_all_fields();
    const char *at = strstr(page, "| field | meaning |"), *end = strstr(page, "## A journal from");
    assert_true(at && end && at < end);
    while ((at = strchr(at, '`')) && at < end) {
        const char *behind = strchr(at + 1, '`');
        char key[64];
        snprintf(key, sizeof key, "\"%.*s\":", (int)(behind - at - 1), at + 1);
        if (islower((unsigned char)key[1]) && !strstr(output.out, key))
            fail_msg("there is no field %s", key);
        at = behind + 1;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, incidents_start, incidents_end)
    const struct CMUnitTest tests[] = {
        TEST(the_sample_is_what_is_printed),
        TEST(every_field_is_explained),
        TEST(no_field_is_explained_that_there_is_not),
    };
    return cmocka_run_group_tests(tests, read_page, NULL);
}
