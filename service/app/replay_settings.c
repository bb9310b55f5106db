#include "replay_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input_file.h"
#include "shown.h"

/* Where a setting is written, for whoever has to mend it. */
struct place {
    const char *option, *argument;
    unsigned line; /* of the file that the argument names; 0: the argument is the setting */
};

static void say_place(const struct place *place)
{
    fprintf(stderr, "replay: %s ", place->option);
    shown_put_utf8(place->argument, stderr);
    if (place->line > 0) {
        fprintf(stderr, ", line %u", place->line);
    }
    fputs(": ", stderr);
}

static bool refuse(const struct place *place, const char *name, const char *allowed)
{
    say_place(place);
    fprintf(stderr, "%s must be %s\n", name, allowed);
    return false;
}

static bool refuse_name(const struct place *place)
{
    say_place(place);
    fputs("there is no setting of that name; there are Accounts\\NAME", stderr);
    for (size_t i = 0; i < setting_count; i++) {
        fprintf(stderr, ", %s", setting_table[i].name);
    }
    fputc('\n', stderr);
    return false;
}

static bool set(struct settings *settings, const struct place *place, struct text written)
{
    static const struct text accounts = {u"Accounts\\", 9};
    size_t equals = text_find(written, u'=');

    if (equals == SIZE_MAX) {
        return refuse(place, "it", "NAME=VALUE");
    }
    struct text name = text_trim(text_slice(written, 0, equals));
    struct text value = text_slice(written, equals + 1, SIZE_MAX);

    if (text_equal_fold(text_slice(name, 0, accounts.count), accounts)) {
        return settings_set_account(settings, text_slice(name, accounts.count, SIZE_MAX), value) ||
               refuse(place, "Accounts\\NAME",
                      "limits as in 50/10m,clients:8/10m, and NAME an "
                      "account that there is room for");
    }
    size_t index = setting_find(name);

    if (index == SIZE_MAX) {
        return refuse_name(place);
    }
    return settings_set(settings, index, value) ||
           refuse(place, setting_table[index].name, setting_table[index].allowed);
}

bool replay_settings_set(struct settings *settings, const char *option, const char *argument)
{
    const struct place place = {option, argument, 0};
    size_t size = strlen(argument) + 1; /* UTF-16 never has more units than UTF-8 has bytes */
    char16_t *units = calloc(size, sizeof *units);
    size_t count;
    bool done = units != NULL && text_from_utf8(units, size, argument, &count)
                    ? set(settings, &place, (struct text){units, count})
                    : refuse(&place, "it", "UTF-8");

    free(units);
    return done;
}

/* ---- remarks -------------------------------------------------------------------------------- */

static void remark(const char *setting, struct text name)
{
    if (text_find(name, u'@') == SIZE_MAX || text_find(name, u'\\') != SIZE_MAX) {
        return;
    }
    fprintf(stderr, "replay: %s", setting);
    shown_put(name, stderr);
    fputs(" matches nobody: names are as Windows has them, DOMAIN\\user\n", stderr);
}

static bool is_exempt_name(const struct settings *settings, struct text name)
{
    for (size_t i = 0; settings != NULL && i < settings->exempt_count; i++) {
        if (text_equal_fold(settings->exempt[i], name)) {
            return true;
        }
    }
    return false;
}

void replay_settings_remark(const struct settings *settings, const struct settings *before)
{
    for (size_t i = 0; i < settings->exempt_count; i++) {
        if (!is_exempt_name(before, settings->exempt[i])) {
            remark("Exempt=", settings->exempt[i]);
        }
    }
    for (size_t i = 0; i < settings->override_count; i++) {
        struct text name = settings->overrides[i].account;

        if (before == NULL || settings_account_limits(before, name) == NULL) {
            remark("Accounts\\", name);
        }
    }
}

/* ---- files ---------------------------------------------------------------------------------- */

struct file_text {
    char bytes[REPLAY_SETTINGS_FILE_MAX + 1];
    char16_t units[REPLAY_SETTINGS_FILE_MAX + 1];
};

static bool read_bytes(struct file_text *text, const char *path, size_t *size,
                       char error[INPUT_FILE_ERROR_SIZE])
{
    struct input_file file;

    if (!input_file_open(&file, path, error)) {
        return false;
    }
    bool read = false;

    if (file.size > REPLAY_SETTINGS_FILE_MAX) {
        snprintf(error, INPUT_FILE_ERROR_SIZE, "it is larger than %d bytes",
                 REPLAY_SETTINGS_FILE_MAX);
    } else {
        *size = (size_t)file.size;
        read = *size == 0 || input_file_read(&file, 0, text->bytes, *size, error);
    }
    input_file_close(&file);
    return read;
}

/* The file as UTF-16. */
static bool read_text(struct file_text *text, const char *path, struct text *whole,
                      char error[INPUT_FILE_ERROR_SIZE])
{
    size_t size;

    if (!read_bytes(text, path, &size, error)) {
        return false;
    }
    const uint8_t *bytes = (const uint8_t *)text->bytes;

    if (size >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe) {
        for (size_t i = 1; i < size / 2; i++) {
            text->units[i - 1] = (char16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
        }
        *whole = (struct text){text->units, size / 2 - 1};
        return true;
    }
    size_t mark = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, count;

    text->bytes[size] = '\0';
    if (strlen(text->bytes) != size ||
        !text_from_utf8(text->units, REPLAY_SETTINGS_FILE_MAX + 1, text->bytes + mark, &count)) {
        snprintf(error, INPUT_FILE_ERROR_SIZE, "it is neither UTF-8 nor UTF-16 with a mark");
        return false;
    }
    *whole = (struct text){text->units, count};
    return true;
}

static bool set_lines(struct settings *settings, struct place *place, struct text whole)
{
    while (whole.count > 0) {
        size_t end = text_find(whole, u'\n');
        struct text line = text_slice(whole, 0, end);

        whole = end == SIZE_MAX ? text_slice(whole, whole.count, 0)
                                : text_slice(whole, end + 1, SIZE_MAX);
        if (line.count > 0 && line.at[line.count - 1] == u'\r') {
            line.count--;
        }
        line = text_trim(line);
        place->line++;
        if (line.count > 0 && line.at[0] != u'#' && line.at[0] != u';' &&
            !set(settings, place, line)) {
            return false;
        }
    }
    return true;
}

bool replay_settings_read(struct settings *settings, const char *option, const char *path)
{
    struct place place = {option, path, 0};
    struct file_text *text = malloc(sizeof *text);
    char error[INPUT_FILE_ERROR_SIZE] = "no memory to read it";
    struct text whole;
    bool done = false;

    if (text != NULL && read_text(text, path, &whole, error)) {
        done = set_lines(settings, &place, whole);
    } else {
        say_place(&place);
        fprintf(stderr, "%s\n", error);
    }
    free(text);
    return done;
}
