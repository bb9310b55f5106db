/* test_messages.c: everything RelayLock can say, rendered from the message tables of the exes.
 *
 * messages.mc is read here as it stands, so that no id can be forgotten. RELAYLOCK_SOURCE says
 * where it is (default: from the project's root); RELAYLOCK_EXES names the exes, with semicolons.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "windows/report.h"

enum { MESSAGES_MAX = 256, TEXT_MAX = 2048, ID_MAX = 700, MODULES_MAX = 8 };

struct message {
    DWORD id; /* with the severity in its upper bits */
    char symbol[64];
    char text[TEXT_MAX];
};

static struct message messages[MESSAGES_MAX];
static size_t message_count;
static HMODULE modules[MODULES_MAX];
static size_t module_count;

/* ---- reading messages.mc -------------------------------------------------------------------- */

static bool get_line(FILE *file, char *line, int size)
{
    if (!fgets(line, size, file))
        return false;
    assert_non_null(strchr(line, '\n')); /* a longer line would be cut */
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

/* The value of "Name=value"; null for another line. */
static const char *value_of(const char *line, const char *name)
{
    size_t length = strlen(name);

    return strncmp(line, name, length) == 0 && line[length] == '=' ? line + length + 1 : NULL;
}

static DWORD severity_of(const char *word)
{
    static const char *const words[] = {"Success", "Informational", "Warning", "Error"};

    for (DWORD i = 0; i < 4; i++)
        if (strcmp(word, words[i]) == 0)
            return i << 30;
    fail_msg("no severity: %s", word);
    return 0;
}

/* The text up to the line with a dot, its lines ended by CR LF. */
static void read_text(FILE *file, struct message *message)
{
    char line[TEXT_MAX];
    size_t used = 0;

    for (;;) {
        assert_true(get_line(file, line, sizeof(line)));
        if (strcmp(line, ".") == 0)
            return;
        for (const char *at = line; *at; at++)
            assert_true(*at > 0); /* ASCII, as the table is */
        int added = snprintf(message->text + used, TEXT_MAX - used, "%s\r\n", line);
        used += (size_t)added;
        assert_true(used < TEXT_MAX);
    }
}

static void read_source(const char *path)
{
    char line[TEXT_MAX];
    bool severity = false, facility = false;
    FILE *file = fopen(path, "rb");

    if (!file)
        fail_msg("cannot open %s", path);
    while (get_line(file, line, sizeof(line))) {
        struct message *message = &messages[message_count];
        const char *value;
        if ((value = value_of(line, "MessageId")) != NULL) {
            assert_true(message_count < MESSAGES_MAX);
            message->id = strtoul(value, NULL, 10);
            severity = facility = false;
        } else if ((value = value_of(line, "Severity")) != NULL) {
            message->id |= severity_of(value);
            severity = true;
        } else if ((value = value_of(line, "Facility")) != NULL) {
            assert_string_equal(value, "None");
            facility = true;
        } else if ((value = value_of(line, "SymbolicName")) != NULL) {
            snprintf(message->symbol, sizeof(message->symbol), "%s", value);
        } else if (value_of(line, "Language") != NULL) {
            /* windmc gives those that do not say so a 0 */
            if (!severity || !facility)
                fail_msg("%s has no severity or facility", message->symbol);
            read_text(file, message);
            message_count++;
        }
    }
    fclose(file);
}

/* ---- what it must look like ----------------------------------------------------------------- */

/* The text with <1>, <2>, ... in the places of its arguments. */
static void expand(const char *text, wchar_t *to, size_t capacity)
{
    size_t used = 0;

    while (*text != '\0') {
        assert_true(used + 8 < capacity);
        if (*text != '%') {
            to[used++] = (unsigned char)*text++;
            continue;
        }
        char *end;
        unsigned long number = strtoul(text + 1, &end, 10);
        if (end == text + 1) { /* %n is a line's end; there is no use for others */
            assert_int_equal(text[1], 'n');
            to[used++] = L'\r';
            to[used++] = L'\n';
            text += 2;
            continue;
        }
        assert_in_range(number, 1, REPORT_STRINGS_MAX);
        used += (size_t)swprintf(to + used, capacity - used, L"<%lu>", number);
        text = end;
    }
    to[used] = L'\0';
}

static DWORD render(HMODULE module, DWORD id, wchar_t *to, DWORD capacity)
{
    static const wchar_t *const numbered[REPORT_STRINGS_MAX] = {L"<1>", L"<2>",  L"<3>",  L"<4>",
                                                                L"<5>", L"<6>",  L"<7>",  L"<8>",
                                                                L"<9>", L"<10>", L"<11>", L"<12>"};

    return FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, module, id,
                          0, to, capacity, (va_list *)numbered);
}

static void every_message_is_in_every_exe(void **state)
{
    (void)state;
    assert_in_range(message_count, 45, MESSAGES_MAX);
    for (size_t m = 0; m < module_count; m++)
        for (size_t i = 0; i < message_count; i++) {
            wchar_t expected[TEXT_MAX * 2], text[TEXT_MAX * 2] = L"";
            expand(messages[i].text, expected, ARRAYSIZE(expected));
            if (render(modules[m], messages[i].id, text, ARRAYSIZE(text)) == 0)
                fail_msg("exe %u has no %s", (unsigned)m, messages[i].symbol);
            if (wcscmp(text, expected) != 0)
                fail_msg("exe %u, %s: \"%ls\" is not \"%ls\"", (unsigned)m, messages[i].symbol,
                         text, expected);
        }
}

static bool is_listed(DWORD id)
{
    for (size_t i = 0; i < message_count; i++)
        if (messages[i].id == id)
            return true;
    return false;
}

/* A message under a wrong severity is one that Event Viewer does not find. */
static void no_exe_has_any_other(void **state)
{
    wchar_t text[TEXT_MAX * 2];

    (void)state;
    for (size_t m = 0; m < module_count; m++)
        for (DWORD severity = 0; severity < 4; severity++)
            for (DWORD code = 0; code < ID_MAX; code++) {
                DWORD id = severity << 30 | code;
                if (!is_listed(id) && render(modules[m], id, text, ARRAYSIZE(text)) != 0)
                    fail_msg("exe %u has %08lx: %ls", (unsigned)m, (unsigned long)id, text);
            }
}

static void ids_and_symbols_are_unique_and_in_their_ranges(void **state)
{
    (void)state;
    for (size_t i = 0; i < message_count; i++) {
        DWORD code = messages[i].id & 0xFFFF;
        bool is_category = strncmp(messages[i].symbol, "CATEGORY_", 9) == 0;
        assert_true(is_category || strncmp(messages[i].symbol, "MSG_", 4) == 0);
        if (is_category ? code < 1 || code > 6 : code < 100 || code > 699)
            fail_msg("%s has the id %lu", messages[i].symbol, (unsigned long)code);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(messages[j].id & 0xFFFF, code);
            assert_string_not_equal(messages[j].symbol, messages[i].symbol);
        }
    }
}

static void categories_are_one_to_six_and_have_names(void **state)
{
    static const struct {
        DWORD id;
        const char *text;
    } expected[] = {{CATEGORY_SERVICE, "Service\r\n"},   {CATEGORY_SETTINGS, "Settings\r\n"},
                    {CATEGORY_READING, "Reading\r\n"},   {CATEGORY_DETECTION, "Detection\r\n"},
                    {CATEGORY_RESPONSE, "Response\r\n"}, {CATEGORY_QUEUE, "Queue\r\n"}};
    (void)state;
    for (DWORD i = 0; i < 6; i++) {
        assert_int_equal(expected[i].id, i + 1);
        assert_int_equal(messages[i].id, i + 1);
        assert_string_equal(messages[i].text, expected[i].text);
    }
}

/* An argument that is left out is most likely one that was forgotten. */
static void arguments_are_used_without_a_gap(void **state)
{
    (void)state;
    for (size_t i = 0; i < message_count; i++) {
        bool used[REPORT_STRINGS_MAX + 2] = {false};
        for (const char *at = messages[i].text; (at = strchr(at, '%')) != NULL; at++) {
            unsigned long number = strtoul(at + 1, NULL, 10);
            assert_true(number <= REPORT_STRINGS_MAX);
            used[number] = true;
        }
        for (unsigned n = 1; n < REPORT_STRINGS_MAX; n++)
            if (!used[n] && used[n + 1])
                fail_msg("%s uses %%%u, but not %%%u", messages[i].symbol, n + 1, n);
    }
}

static void header_has_the_ids_of_the_source(void **state)
{
    (void)state;
    assert_true(is_listed(MSG_STARTED) && is_listed(MSG_FAILED) && is_listed(MSG_EVENTS_DROPPED) &&
                is_listed(MSG_SETTING_REFUSED) && is_listed(MSG_CROSSED) &&
                is_listed(MSG_SMTP_RESTART_LATER));
    assert_int_equal(MSG_STARTED >> 30, 1);
    assert_int_equal(MSG_LOG_LOST >> 30, 2);
    assert_int_equal(MSG_FAILED >> 30, 3);
}

static int load(void **state)
{
    const char *source = getenv("RELAYLOCK_SOURCE"), *list = getenv("RELAYLOCK_EXES");
    char exes[1024];

    (void)state;
    read_source(source ? source : "service/windows/messages.mc");
    modules[module_count++] = GetModuleHandleW(NULL);
    if (!list || snprintf(exes, sizeof(exes), "%s", list) >= (int)sizeof(exes)) {
        fprintf(stderr, "RELAYLOCK_EXES must name the exes\n");
        return -1;
    }
    for (char *path = strtok(exes, ";"); path; path = strtok(NULL, ";")) {
        HMODULE module = LoadLibraryExA(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
        if (!module || module_count == MODULES_MAX) {
            fprintf(stderr, "cannot load %s: error %lu\n", path, GetLastError());
            return -1;
        }
        modules[module_count++] = module;
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_in_every_exe),
        cmocka_unit_test(no_exe_has_any_other),
        cmocka_unit_test(ids_and_symbols_are_unique_and_in_their_ranges),
        cmocka_unit_test(categories_are_one_to_six_and_have_names),
        cmocka_unit_test(arguments_are_used_without_a_gap),
        cmocka_unit_test(header_has_the_ids_of_the_source),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
