#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "incidents_verb.h"

struct output output;
struct incident_book book;
char journal_path[OUTPUT_PATH_MAX];

int incidents_start(void **state)
{
    (void)state;
    book = book_start();
    book.position = (struct position_record){.steady = {STEADY, 77, 1, T0 + 1000},
                                             .record = 4799,
                                             .time = T0 + 990,
                                             .channel = u"Application"};
    output_path(journal_path, "journal");
    return 0;
}

int incidents_end(void **state)
{
    (void)state;
    book_end(&book);
    remove(journal_path);
    return 0;
}

void run(const char *first, const char *second, const char *third)
{
    const char *const arguments[] = {"incidents", first, second, third, NULL};
    output_of(&output, verb_incidents, arguments);
}

void run_on_book(const char *option)
{
    static uint8_t bytes[4 * 1024 * 1024];
    uint64_t next;
    size_t size = incident_book_write(&book, bytes, sizeof bytes, 1, &next);
    output_file(journal_path, bytes, size);
    if (option)
        run(option, journal_path, NULL);
    else
        run(journal_path, NULL, NULL);
    assert_string_equal(output.err, "");
}

struct incident *add_incident(uint32_t number, enum incident_state state)
{
    struct incident incident = incident_of(number);
    incident.state = state;
    incident.decided_at = STEADY - 600000;
    incident.decided_wall = T0;
    if (state != INCIDENT_DECIDED && state != INCIDENT_FLAGGED) {
        incident.locked_at = STEADY - 599000;
        incident.locked_wall = T0 + 1;
        incident.change = (struct incident_change){.intended = true,
                                                   .made = true,
                                                   .marked = true,
                                                   .flags_before = 0x200,
                                                   .flags_after = 0x202,
                                                   .server = u"\\\\DC1",
                                                   .user = u"bob"};
        incident.figures = (struct incident_figures){1250, 3004, 2, 0};
    }
    assert_true(incident_book_put(&book, &incident));
    return incident_book_find(&book, incident.id);
}

void assert_shown(const char *expected)
{
    if (!strstr(output.out, expected))
        fail_msg("\"%s\" is not in:\n%s", expected, output.out);
}

void assert_not_shown(const char *unexpected)
{
    if (strstr(output.out, unexpected))
        fail_msg("\"%s\" is in:\n%s", unexpected, output.out);
}
