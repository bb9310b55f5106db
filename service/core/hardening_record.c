#include "hardening_record.h"

#include <string.h>

#define NOTHING       u"nothing"
#define THIS_COMPUTER u"this computer"

/* Text that is being written. */
struct line {
    char16_t *at;
    size_t used;
};

static void put(struct line *line, const char16_t *words)
{
    line->used += text_copy(line->at + line->used, HARDENING_TEXT_MAX - line->used, text_of(words));
}

static void put_number(struct line *line, uint32_t number)
{
    char16_t digits[11], *first = digits + 10;
    *first = 0;
    do {
        *--first = (char16_t)(u'0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(line, first);
}

size_t hardening_record_to_text(const struct hardening_record *record,
                                char16_t text[HARDENING_TEXT_MAX])
{
    struct line line = {.at = text};
    put(&line, record->begun ? u"setting from " : u"set from ");
    if (record->existed)
        put_number(&line, record->before);
    else
        put(&line, NOTHING);
    if (!record->begun) {
        put(&line, u" to ");
        put_number(&line, record->after);
    }
    if (record->account[0]) {
        put(&line, u" of ");
        put(&line, record->account);
        put(&line, u" on ");
        put(&line, record->server[0] ? record->server : THIS_COMPUTER);
    }
    return line.used;
}

/* Takes words off the start of the text; false, with it as it was, when it starts otherwise. */
static bool take(struct text *text, struct text words)
{
    if (!text_equal(text_slice(*text, 0, words.count), words))
        return false;
    *text = text_slice(*text, words.count, text->count);
    return true;
}

/* Takes what stands before the next space. */
static struct text take_word(struct text *text)
{
    size_t space = text_find(*text, u' ');
    struct text word = text_slice(*text, 0, space);
    *text = text_slice(*text, word.count, text->count);
    return word;
}

static bool take_account(struct text *text, struct hardening_record *record)
{
    struct text account = take_word(text);
    if (account.count == 0 || account.count >= SID_TEXT_SIZE || !take(text, TEXT_OF(u" on ")) ||
        text->count == 0 || text->count >= HARDENING_SERVER_MAX)
        return false;
    text_copy(record->account, SID_TEXT_SIZE, account);
    if (!text_equal(*text, TEXT_OF(THIS_COMPUTER)))
        text_copy(record->server, HARDENING_SERVER_MAX, *text);
    text->count = 0;
    return true;
}

bool hardening_record_from_text(struct hardening_record *record, struct text text)
{
    struct hardening_record found = {.known = true};
    if (text_find(text, 0) != SIZE_MAX) /* it would end the account, or the server, too early */
        return false;
    found.begun = take(&text, TEXT_OF(u"setting from "));
    if (!found.begun && !take(&text, TEXT_OF(u"set from ")))
        return false;
    struct text before = take_word(&text);
    found.existed = !text_equal(before, TEXT_OF(NOTHING));
    if (found.existed && !text_to_number(before, &found.before))
        return false;
    if (!found.begun &&
        (!take(&text, TEXT_OF(u" to ")) || !text_to_number(take_word(&text), &found.after)))
        return false;
    if (take(&text, TEXT_OF(u" of ")) && !take_account(&text, &found))
        return false;
    if (text.count > 0)
        return false;
    *record = found;
    return true;
}
