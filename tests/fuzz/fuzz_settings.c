/* fuzz_settings.c: hostile names and values of settings, of the limits of accounts, and of the grid
 * of a sweep. libFuzzer; each step of an input is a byte that says what is set, and a text or two.
 *
 * Whatever comes in: what is refused changes nothing; what is taken is shown in the form that it is
 * taken in again, as the same; all names lie where they are kept, one behind the other; and a copy
 * is the same without sharing anything.
 */
#include <stdlib.h>
#include <string.h>
#include "core/bytes.h"
#include "core/settings.h"
#include "core/sweep_grid.h"
#include "input.h"
#include "must.h"

enum { STEPS_MAX = 70, VALUE_MAX = 3000 };

static struct settings settings, before, copy;

/* ---- limits ---------------------------------------------------------------------------------- */

static void check_limit(struct text text)
{
    struct limit limit, again;
    char written[LIMIT_TEXT_SIZE];
    char16_t units[LIMIT_TEXT_SIZE];
    size_t count;
    must_fill(&limit, sizeof limit);
    if (!limit_parse(text, &limit)) {
        must_stay(&limit, sizeof limit, "no limit, and yet written");
        return;
    }
    must(limit.count >= (limit.subject == LIMIT_CLIENTS ? 2 : 1) &&
             limit.count <= LIMIT_COUNT_MAX && limit.window >= 1 &&
             limit.window <= LIMIT_WINDOW_MAX,
         "a limit out of its bounds");
    limit_to_text(&limit, written);
    must(text_from_utf8(units, LIMIT_TEXT_SIZE, written, &count) &&
             limit_parse((struct text){units, count}, &again) && again.subject == limit.subject &&
             again.count == limit.count && again.window == limit.window,
         "another limit when it is read again");
}

static void check_window(struct text text)
{
    uint32_t window = 77, again;
    char written[LIMIT_TEXT_SIZE];
    char16_t units[LIMIT_TEXT_SIZE];
    size_t count;
    if (!limit_window_parse(text, &window)) {
        must(window == 77, "no window, and yet written");
        return;
    }
    must(window >= 1 && window <= LIMIT_WINDOW_MAX, "a window out of its bounds");
    limit_window_to_text(window, written);
    must(text_from_utf8(units, LIMIT_TEXT_SIZE, written, &count) &&
             limit_window_parse((struct text){units, count}, &again) && again == window,
         "another window when it is read again");
}

/* From 1 to all that there is room for, none of them twice. */
static void check_set(const struct limit_set *set)
{
    must(set->count >= 1 && set->count <= LIMIT_SET_MAX, "limits out of their number");
    for (uint32_t i = 0; i < set->count; i++)
        for (uint32_t j = 0; j < i; j++)
            must(set->limits[i].subject != set->limits[j].subject ||
                     set->limits[i].count != set->limits[j].count ||
                     set->limits[i].window != set->limits[j].window,
                 "a limit that is there twice");
}

static bool is_ascending(const struct sweep_axis *axis, uint32_t least, uint32_t most)
{
    bool ascending = axis->count <= SWEEP_AXIS_MAX;
    for (uint32_t i = 0; ascending && i < axis->count; i++)
        ascending = axis->at[i] >= least && axis->at[i] <= most &&
                    (i == 0 || axis->at[i - 1] < axis->at[i]);
    return ascending;
}

static void check_grid(struct text text)
{
    static struct sweep_grid grid;
    must_fill(&grid, sizeof grid);
    if (!sweep_grid_parse(text, &grid)) {
        must_stay(&grid, sizeof grid, "no grid, and yet written");
        return;
    }
    const struct sweep_axis *sign_ins = &grid.counts[LIMIT_SIGN_INS],
                            *clients = &grid.counts[LIMIT_CLIENTS];
    must(is_ascending(sign_ins, 1, LIMIT_COUNT_MAX) && is_ascending(clients, 2, LIMIT_COUNT_MAX) &&
             is_ascending(&grid.windows, 1, LIMIT_WINDOW_MAX) &&
             sign_ins->count <= SWEEP_GRID_COUNTS_MAX && clients->count <= SWEEP_GRID_COUNTS_MAX &&
             grid.windows.count >= 1 && grid.windows.count <= SWEEP_GRID_WINDOWS_MAX &&
             sign_ins->count + clients->count > 0,
         "a grid out of its bounds");
}

/* ---- names that go into queries and paths -----------------------------------------------------
 */

static void check_without(const char16_t *name, struct text refused)
{
    struct text text = text_of(name);
    must(text.count < SETTING_TEXT_MAX, "a name that is too long");
    for (size_t i = 0; i < text.count; i++)
        must(text.at[i] >= u' ' && text_find(refused, text.at[i]) == SIZE_MAX,
             "a name with what would end it, or stand for others");
}

static void check_texts(void)
{
    const struct text refused = TEXT_OF(u"'\"<>&\\/"), refused_in_path = TEXT_OF(u"'\"<>|*?");
    check_without(settings.channel, refused);
    check_without(settings.provider, refused);
    check_without(settings.smtp_service, refused);
    must(settings.restart_services.count <= SETTING_SERVICES_MAX &&
             settings.queue_directory.count <= SETTING_SERVICES_MAX,
         "more names than there is room for");
    for (uint32_t i = 0; i < settings.restart_services.count; i++)
        check_without(settings.restart_services.names[i], refused);
    for (uint32_t i = 0; i < settings.queue_directory.count; i++) {
        const char16_t *path = settings.queue_directory.names[i];
        check_without(path, refused_in_path);
        must((path[1] == u':' && path[2] == u'\\') || (path[0] == u'\\' && path[1] == u'\\'),
             "a path that is not full");
    }
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Names are kept one behind the other, in any order: none overlaps another or lies outside. */
static void check_names(const struct settings *kept)
{
    static uint8_t taken[SETTINGS_TEXT_MAX];
    size_t units = 0;
    memset(taken, 0, sizeof taken);
    must(kept->exempt_count <= GUARD_EXEMPT_MAX && kept->override_count <= GUARD_OVERRIDES_MAX &&
             kept->names_used <= SETTINGS_TEXT_MAX,
         "more names than there is room for");
    for (size_t i = 0; i < kept->exempt_count + kept->override_count; i++) {
        struct text name = i < kept->exempt_count ? kept->exempt[i]
                                                  : kept->overrides[i - kept->exempt_count].account;
        must(name.count >= 1 && name.count < SETTING_TEXT_MAX && name.at >= kept->names &&
                 name.at + name.count <= kept->names + kept->names_used,
             "a name that lies elsewhere");
        for (size_t j = 0; j < name.count; j++)
            must(taken[name.at - kept->names + (ptrdiff_t)j]++ == 0, "names over each other");
        units += name.count;
    }
    must(units == kept->names_used, "room that is lost");
}

static void check_copy(void)
{
    memset(&copy, 0x5a, sizeof copy);
    settings_copy(&copy, &settings);
    check_names(&copy);
    must(settings_all_same(&copy, &settings) && settings_all_same(&settings, &copy),
         "a copy that differs");
}

/* Whether UTF-8 can say what the text says: half a pair it cannot. */
static bool is_whole(struct text text)
{
    bool whole = true;
    for (size_t i = 0; whole && i < text.count; i++) {
        if (text_pair_at(text, i))
            i++;
        else
            whole = text.at[i] < 0xd800 || text.at[i] > 0xdfff;
    }
    return whole;
}

/* What is shown is taken again, as the same. */
static void check_shown(size_t index)
{
    static char shown[SETTING_VALUE_TEXT_SIZE];
    static char16_t units[SETTING_VALUE_TEXT_SIZE];
    size_t count, length;
    settings_show(&settings, index, shown);
    length = strlen(shown);
    must(length < SETTING_VALUE_TEXT_SIZE &&
             text_from_utf8(units, sizeof units / sizeof *units, shown, &count),
         "a value that cannot be shown");
    if (length >= 3 && strcmp(shown + length - 3, "...") == 0)
        return; /* cut */
    settings_copy(&copy, &settings);
    must(settings_set(&copy, index, (struct text){units, count}) &&
             settings_same(&copy, &settings, index),
         "another value when what is shown is set");
    check_names(&copy);
}

/* As memcmp would say, which goes byte by byte under the sanitizers. */
static bool is_as_before(void)
{
    const uint8_t *now = (const uint8_t *)&settings, *then = (const uint8_t *)&before;
    size_t at = 0;
    _Static_assert(sizeof settings % sizeof(uint64_t) == 0, "whole words");
    while (at < sizeof settings && bytes_u64(now + at) == bytes_u64(then + at))
        at += sizeof(uint64_t);
    return at == sizeof settings;
}

static void set(size_t index, struct text value)
{
    memcpy(&before, &settings, sizeof settings);
    if (!settings_set(&settings, index, value)) {
        must(is_as_before(), "refused, and yet changed");
        return;
    }
    check_names(&settings);
    check_texts();
    check_set(&settings.limits);
    for (size_t i = 0; i < setting_count; i++)
        must(i == index || settings_same(&before, &settings, i) ||
                 setting_table[i].type == SETTING_NAMES,
             "another setting was changed");
    if (is_whole(value))
        check_shown(index);
}

static void set_account(struct text name, struct text limits)
{
    struct limit_set parsed;
    bool good = limit_set_parse(limits, &parsed);
    memcpy(&before, &settings, sizeof settings);
    if (!settings_set_account(&settings, name, limits)) {
        must(is_as_before(), "refused, and yet changed");
        return;
    }
    const struct limit_set *kept = settings_account_limits(&settings, name);
    must(good && kept != NULL && limit_set_same(kept, &parsed), "other limits than were set");
    check_set(kept);
    check_names(&settings);
}

static void step(struct input *input)
{
    size_t index = input_u8(input);
    struct text first = input_text(input, VALUE_MAX);
    if (index < setting_count) {
        set(index, first);
    } else if (index % 4 == 0) {
        check_limit(first);
        check_window(first);
    } else if (index % 4 == 1) {
        check_grid(first);
    } else if (index % 4 == 2) {
        struct text limits = input_text(input, VALUE_MAX);
        set_account(first, limits);
        free((void *)limits.at);
    } else {
        size_t found = setting_find(first);
        must(found == SIZE_MAX ||
                 (found < setting_count && strlen(setting_table[found].name) == first.count),
             "a setting by another name");
    }
    free((void *)first.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct guard_settings guard;
    settings_defaults(&settings);
    for (int i = 0; i < STEPS_MAX && input.left > 0; i++)
        step(&input);
    check_names(&settings);
    check_copy();
    settings_for_guard(&settings, &guard);
    must(settings_longest_window(&settings) >= 1 &&
             settings_longest_window(&settings) <= LIMIT_WINDOW_MAX,
         "a window out of its bounds");
    must(guard.exempt_count == settings.exempt_count &&
             guard.override_count == settings.override_count,
         "names that the guard does not get");
    return 0;
}
