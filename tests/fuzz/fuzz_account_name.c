/* fuzz_account_name.c: hostile names of accounts, and patterns that mean some of them. libFuzzer.
 *
 * Whatever comes in: a name's parts make up the name; a pattern means what a plain matcher says;
 * letters' case changes nothing anywhere; and in the book of names every spelling of an account is
 * that account, once and for ever.
 */
#include <stdlib.h>
#include <string.h>
#include "core/identity.h"
#include "core/name_book.h"
#include "input.h"
#include "must.h"

enum { NAME_MAX = 80, BOOK_NAMES = 8, NAMES_MAX = 20 };

static const struct hash_key key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};

/* With folded letters, in a block of its own. */
static struct text folded(struct text text)
{
    char16_t *units = malloc(text.count * sizeof *units);
    must(units != NULL, "no memory");
    for (size_t i = 0; i < text.count; i++)
        units[i] = text_fold_unit(text.at[i]);
    return (struct text){units, text.count};
}

static void check_folding(struct text name)
{
    struct text fold = folded(name), twice = folded(fold);
    must(text_equal(fold, twice), "folded again it is another");
    must(text_equal_fold(name, fold) && text_equal_fold(fold, name), "folded it is another");
    must(text_hash_fold(name, &key) == text_hash_fold(fold, &key), "folded it hashes otherwise");
    free((void *)fold.at);
    free((void *)twice.at);
}

static void check_parts(struct text name)
{
    struct text domain, user;
    account_name_split(name, &domain, &user);
    if (text_find(name, u'\\') != SIZE_MAX)
        must(domain.count + 1 + user.count == name.count && domain.at == name.at &&
                 user.at == name.at + domain.count + 1 && name.at[domain.count] == u'\\' &&
                 text_find(domain, u'\\') == SIZE_MAX,
             "parts that are not DOMAIN\\user");
    else if (text_find(name, u'@') != SIZE_MAX)
        must(domain.count + 1 + user.count == name.count && user.at == name.at &&
                 domain.at == name.at + user.count + 1 && name.at[user.count] == u'@' &&
                 text_find(domain, u'@') == SIZE_MAX,
             "parts that are not user@domain");
    else
        must(domain.count == 0 && user.at == name.at && user.count == name.count,
             "a domain out of nowhere");
    must(account_name_is_machine(name) == (user.count > 0 && user.at[user.count - 1] == u'$'),
         "a machine by something else");
}

/* ---- patterns -------------------------------------------------------------------------------- */

/* Whether the pattern stands for the name: row by row, whether so much of the one stands for so
 * much of the other. */
static bool matches_plainly(struct text pattern, struct text name)
{
    static bool rows[2][NAME_MAX + 1];
    bool *before = rows[0], *row = rows[1];
    memset(rows, 0, sizeof rows);
    before[0] = true;
    for (size_t p = 0; p < pattern.count; p++) {
        row[0] = before[0] && pattern.at[p] == u'*';
        for (size_t n = 0; n < name.count; n++) {
            bool unit = pattern.at[p] == u'?' ||
                        text_fold_unit(pattern.at[p]) == text_fold_unit(name.at[n]);
            row[n + 1] = pattern.at[p] == u'*' ? row[n] || before[n + 1] : unit && before[n];
        }
        bool *swap = before;
        before = row;
        row = swap;
    }
    return before[name.count];
}

static void check_pattern(struct text pattern, struct text name)
{
    struct text domain, user, fold = folded(name), fold_pattern = folded(pattern);
    bool means = account_name_matches(pattern, name);
    bool has_domain = text_find(pattern, u'\\') != SIZE_MAX || text_find(pattern, u'@') != SIZE_MAX;
    account_name_split(name, &domain, &user);
    must(text_matches(pattern, name) == matches_plainly(pattern, name), "another match");
    must(means == matches_plainly(pattern, has_domain ? name : user), "another account is meant");
    must(account_name_matches(pattern, fold) == means &&
             account_name_matches(fold_pattern, name) == means,
         "letters' case matters");
    must(account_name_matches(name, name), "a name does not mean itself");
    free((void *)fold.at);
    free((void *)fold_pattern.at);
}

/* ---- the book of names ----------------------------------------------------------------------- */

static uint64_t memory[1 << 12];

static struct name_book *new_book(void)
{
    size_t size = name_book_size(BOOK_NAMES);
    must(size <= sizeof memory, "no room for a book");
    memset(memory, 0, size);
    struct name_book *book = name_book_init(memory, size, BOOK_NAMES, &key);
    must(book != NULL, "no book");
    return book;
}

/* first, a unit, and last in a block of their own. */
static struct text joined(struct text first, char16_t unit, struct text last)
{
    char16_t *units = malloc((first.count + 1 + last.count) * sizeof *units);
    must(units != NULL, "no memory");
    memcpy(units, first.at, first.count * sizeof *units);
    units[first.count] = unit;
    memcpy(units + first.count + 1, last.at, last.count * sizeof *units);
    return (struct text){units, first.count + 1 + last.count};
}

static bool has_separator(struct text text)
{
    return text_find(text, u'\\') != SIZE_MAX || text_find(text, u'@') != SIZE_MAX;
}

/* The other form of a name with a domain is the same account. */
static void check_forms(struct name_book *book, struct text name, uint32_t number)
{
    struct text domain, user;
    account_name_split(name, &domain, &user);
    /* "a\b@c" in the other form would be split elsewhere. */
    if (domain.count == 0 || has_separator(domain) || has_separator(user))
        return;
    struct text old = joined(domain, u'\\', user), new = joined(user, u'@', domain);
    must(name_book_number(book, old) == number && name_book_number(book, new) == number,
         "the other form is another account");
    free((void *)old.at);
    free((void *)new.at);
}

static void check_book(struct input *input)
{
    struct name_book *book = new_book();
    struct text names[NAMES_MAX];
    uint32_t numbers[NAMES_MAX], most = 0;
    size_t count = 0;
    for (; count < NAMES_MAX && input->left > 0; count++) {
        uint32_t known = name_book_count(book);
        names[count] = input_text(input, NAME_MAX);
        numbers[count] = name_book_number(book, names[count]);
        if (numbers[count] == NAME_BOOK_NONE)
            continue;
        must(numbers[count] <= known && name_book_count(book) <= BOOK_NAMES,
             "a number that is not the next one");
        struct text joined = name_book_name(book, numbers[count]), domain, user, now;
        account_name_split(names[count], &domain, &user);
        account_name_split(joined, &domain, &now);
        must(text_equal_fold(user, now), "another user");
        must(numbers[count] < known || domain.count == 0 || text_find(joined, u'\\') != SIZE_MAX ||
                 text_equal(joined, names[count]),
             "a name that is neither joined nor as it was written");
        must(name_book_number(book, joined) == numbers[count],
             "an account that goes by the name of another");
        check_forms(book, names[count], numbers[count]);
        most = name_book_count(book);
    }
    for (size_t i = 0; i < count; i++) {
        struct text fold = folded(names[i]);
        must(numbers[i] == NAME_BOOK_NONE || (name_book_number(book, names[i]) == numbers[i] &&
                                              name_book_number(book, fold) == numbers[i]),
             "a name that stands for another account later");
        free((void *)fold.at);
        free((void *)names[i].at);
    }
    must(name_book_count(book) >= most, "a name left the book");
    for (uint32_t i = 0; i < name_book_count(book); i++)
        must(name_book_is_machine(book, i) == account_name_is_machine(name_book_name(book, i)),
             "a machine for one, not for all");
    must(name_book_crowded(book) <= name_book_unjoined(book), "more are crowded than unjoined");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    if (size == 0)
        return 0;
    if (input_u8(&input) % 2 == 0) {
        check_book(&input);
        return 0;
    }
    struct text pattern = input_text(&input, NAME_MAX), name = input_text(&input, NAME_MAX);
    check_folding(name);
    check_parts(name);
    check_pattern(pattern, name);
    free((void *)pattern.at);
    free((void *)name.at);
    return 0;
}
