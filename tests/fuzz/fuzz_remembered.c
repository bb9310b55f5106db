/* fuzz_remembered.c: hostile bytes as what RelayLock remembers outside of the journal's incidents,
 * or is asked for through a file. libFuzzer; the first byte says as what.
 *
 * Whatever comes in: what is none leaves the output alone; what is taken is written as what is
 * taken again as the same; and what an outlook goes on with can be kept. What was written is read
 * as it was written. A request means incidents that can be released and no others, all that it
 * names.
 */
#include <stdlib.h>
#include <string.h>
#include "core/hardening_record.h"
#include "core/outlook_state.h"
#include "core/raised_level.h"
#include "core/sid.h"
#include "input.h"
#include "must.h"

enum { TEXT_MOST = 600, AS_MANY = 6, LEVELS_MOST = 9 };

/* ---- texts of the registry --------------------------------------------------------------------
 */

static bool same_hardening(const struct hardening_record *a, const struct hardening_record *b)
{
    return a->known == b->known && a->begun == b->begun && a->existed == b->existed &&
           a->before == b->before && a->after == b->after &&
           text_equal(text_of(a->account), text_of(b->account)) &&
           text_equal(text_of(a->server), text_of(b->server));
}

/* Writes it and reads it again. */
static void check_kept_hardening(const struct hardening_record *record)
{
    struct hardening_record again;
    char16_t written[HARDENING_TEXT_MAX];
    size_t count = hardening_record_to_text(record, written);
    must(count < HARDENING_TEXT_MAX && written[count] == 0, "a text that does not end");
    must(hardening_record_from_text(&again, (struct text){written, count}) &&
             same_hardening(record, &again),
         "another record when it is read again");
}

/* Some texts of the input as one, so that a long name can stand among words. */
static struct text take_long_text(struct input *input)
{
    enum { PARTS = 3 };
    char16_t *units = malloc(PARTS * TEXT_MOST * sizeof *units);
    size_t count = 0;
    must(units != NULL, "no memory");
    for (int i = 0; i < PARTS; i++) {
        struct text part = input_text(input, TEXT_MOST);
        memcpy(units + count, part.at, part.count * sizeof *units);
        count += part.count;
        free((void *)part.at);
    }
    return (struct text){units, count};
}

/* Whether a number is perhaps written with zeros that it need not have. */
static bool may_have_zeros(struct text text)
{
    for (size_t i = 2; i < text.count; i++)
        if (text.at[i - 2] == u' ' && text.at[i - 1] == u'0' && text.at[i] != u' ')
            return true;
    return false;
}

static void read_hardening(struct input *input)
{
    struct hardening_record record;
    char16_t written[HARDENING_TEXT_MAX];
    struct text text = take_long_text(input);
    must_fill(&record, sizeof record);
    if (hardening_record_from_text(&record, text)) {
        must(record.known, "a record that is not known");
        check_kept_hardening(&record);
        size_t count = hardening_record_to_text(&record, written);
        must(may_have_zeros(text) || text_equal((struct text){written, count}, text),
             "a record that does not say what the text did");
    } else {
        must_stay(&record, sizeof record, "no record, and yet written");
    }
    free((void *)text.at);
}

static void write_hardening(struct input *input)
{
    struct hardening_record record = {.known = true};
    uint8_t how = input_u8(input);
    uint32_t before = input_u32(input), after = input_u32(input);
    struct text server = input_text(input, HARDENING_SERVER_MAX - 1);
    record.begun = how & 1;
    record.existed = how & 2;
    record.before = record.existed ? before : 0;
    record.after = record.begun ? 0 : after;
    if (how & 4) {
        text_copy(record.account, SID_TEXT_SIZE, TEXT_OF(u"S-1-5-21-1-2-3-501"));
        text_copy(record.server, HARDENING_SERVER_MAX, text_slice(server, 0, text_find(server, 0)));
    }
    /* What no server is called; it stands for none. */
    if (!text_equal(text_of(record.server), TEXT_OF(u"this computer")))
        check_kept_hardening(&record);
    free((void *)server.at);
}

static void read_raised(struct input *input)
{
    struct raised_level raised, again;
    char16_t written[RAISED_TEXT_MAX];
    uint32_t level = input_u32(input);
    struct text text = input_text(input, TEXT_MOST);
    must_fill(&raised, sizeof raised);
    if (raised_level_from_text(&raised, text)) {
        size_t count = raised_level_to_text(&raised, written);
        must(raised.state > RAISED_NEVER && raised.state <= RAISED_CHANGED &&
                 raised.before <= DIAGNOSTIC_LEVEL_MAXIMUM,
             "a level out of its bounds");
        must(count < RAISED_TEXT_MAX && written[count] == 0, "a text that does not end");
        must(raised_level_from_text(&again, (struct text){written, count}) &&
                 again.state == raised.state && again.before == raised.before,
             "another level when it is read again");
        must(!raised_level_is_ours(&raised, level) || level == DIAGNOSTIC_LEVEL_MAXIMUM,
             "ours, and not as it was set");
        must(raised_level_next(&raised, level) != RAISED_STEP_RAISE ||
                 (raised.state == RAISED_BEGUN && level == raised.before),
             "raised a second time");
    } else {
        must_stay(&raised, sizeof raised, "no level, and yet written");
    }
    free((void *)text.at);
}

/* Names of values of a key that others write. */
static void read_levels(struct input *input)
{
    struct diagnostic_levels levels = {0};
    char word[DIAGNOSTIC_LEVEL_TEXT_SIZE];
    uint32_t highest = 0;
    for (int i = 0; i < LEVELS_MOST && input->left > 0; i++) {
        uint32_t level = input_u32(input), count = levels.count;
        struct text name = input_text(input, TEXT_MOST);
        diagnostic_levels_add(&levels, name, level);
        must(levels.count == count ||
                 (levels.count == count + 1 && levels.count <= DIAGNOSTIC_LEVELS_MAX &&
                  levels.at[count].level == level),
             "another value was added");
        highest = levels.count > count && level > highest ? level : highest;
        diagnostic_level_to_text(level, word);
        must(strlen(word) > 0 && strlen(word) < sizeof word, "a level without a word");
        free((void *)name.at);
    }
    must(diagnostic_levels_highest(&levels) == highest, "another level is the highest");
    must(diagnostic_levels_too_low(&levels) ==
             (levels.count > 0 && highest < DIAGNOSTIC_LEVEL_MAXIMUM),
         "too low by another level");
}

/* ---- bytes of the journal and of Windows --------------------------------------------------------
 */

static void read_outlook(struct input *input)
{
    static struct outlook_record record, again, once_more;
    struct outlook_state state, other;
    const struct steady now = {.now = (int64_t)(input_u64(input) % STEADY_MAX),
                               .tick = input_u32(input),
                               .boot = input_u32(input),
                               .wall = input_u32(input)};
    const uint8_t *bytes;
    memset(&record, 0, sizeof record);
    memset(&again, 0, sizeof again);
    memset(&once_more, 0, sizeof once_more);
    record.size = (uint32_t)input_bytes(input, BOOK_OUTLOOK_MAX, &bytes);
    memcpy(record.bytes, bytes, record.size);
    must_fill(&state, sizeof state);
    if (!outlook_state_decode(&state, &record)) {
        must_stay(&state, sizeof state, "no outlook, and yet written");
        return;
    }
    outlook_state_encode(&again, &state);
    /* One of the first version, which is shorter, is written as one of today. */
    must(again.size > record.size ||
             (again.size == record.size && memcmp(again.bytes, record.bytes, record.size) == 0),
         "another outlook when it is written again");
    must(outlook_state_decode(&other, &again), "it cannot be read again");
    outlook_state_encode(&once_more, &other);
    must(memcmp(&once_more, &again, sizeof again) == 0, "another outlook when it is read again");
    outlook_state_resume(&state, &now);
    must(state.day.begun_at <= now.now && state.rhythm.day <= now.now / RHYTHM_DAY,
         "it goes on in the future");
    outlook_state_encode(&again, &state);
    must(again.size > 0 && outlook_state_decode(&other, &again), "it cannot be kept as it goes on");
    rhythm_go_on(&state.rhythm, now.now, true);
    rhythm_hear(&state.rhythm, now.now, 1);
    for (int i = 0; i < BLINDNESSES; i++)
        must(notice_judge(&state.notices[i], now.now + NOTICE_PAUSE, true) == NOTICE_TELL,
             "a notice that is never told again");
}

static void read_sid(struct input *input)
{
    char text[SID_TEXT_SIZE];
    size_t given, other_given;
    uint8_t *sid = input_block(input, 80, &given), *other = input_block(input, 80, &other_given);
    size_t size = sid_size(sid, given), other_size = sid_size(other, other_given);
    must(size <= given && size <= IDENTITY_SID_MAX, "a SID that is larger than its bytes");
    if (size > 0) {
        size_t hyphens = 0;
        sid_to_text(sid, text);
        for (const char *at = text; *at; at++)
            hyphens += *at == '-';
        must(strlen(text) < SID_TEXT_SIZE && strncmp(text, "S-1-", 4) == 0 &&
                 hyphens == 2 + (size - 8) / 4,
             "a SID that is shown as something else");
        must(sid_equal(sid, sid) && sid_same_domain(sid, sid), "a SID that is not itself");
        must(!sid_is_account(sid) || (size == 28 && strncmp(text, "S-1-5-21-", 9) == 0),
             "an account that is none");
        must(other_size == 0 ||
                 sid_equal(sid, other) == (size == other_size && memcmp(sid, other, size) == 0),
             "equal to another SID");
        must(other_size == 0 || sid_equal(sid, other) ==
                                    (sid_same_domain(sid, other) && sid_rid(sid) == sid_rid(other)),
             "of one domain, and not");
    }
    free(sid);
    free(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const ways[AS_MANY])(struct input * input) = {
        read_hardening, write_hardening, read_raised, read_levels, read_outlook, read_sid};
    struct input input = {data, size};
    if (size > 0)
        ways[input_u8(&input) % AS_MANY](&input);
    return 0;
}
