#include "message_string.h"

#include <string.h>
#include "ascii.h"

void message_string_set(struct message_string *string, const char *bytes, size_t count, bool fold)
{
    message_string_clear(string);
    for (size_t i = 0; i < count; i++)
        message_string_put(string, fold ? ascii_fold(bytes[i]) : bytes[i]);
}

bool message_string_equal(const struct message_string *a, const struct message_string *b)
{
    return a->count == b->count && memcmp(a->at, b->at, a->count) == 0;
}

bool message_string_is(const struct message_string *string, const char *word)
{
    size_t count = strlen(word);
    return string->count == count && memcmp(string->at, word, count) == 0;
}

void message_string_domain(const struct message_string *address, struct message_string *domain)
{
    size_t at = address->count;
    message_string_clear(domain);
    while (at > 0 && address->at[at - 1] != '@')
        at--;
    if (at > 0)
        message_string_set(domain, address->at + at, address->count - at, true);
}

struct text message_string_text(const struct message_string *string,
                                char16_t units[MESSAGE_STRING_MAX + 1])
{
    char terminated[MESSAGE_STRING_MAX + 1];
    size_t count = string->count;
    memcpy(terminated, string->at, count);
    terminated[count] = 0;
    if (memchr(terminated, 0, count) ||
        !text_from_utf8(units, MESSAGE_STRING_MAX + 1, terminated, &count)) {
        count = string->count;
        for (size_t i = 0; i < count; i++)
            units[i] = (unsigned char)string->at[i];
    }
    return (struct text){units, count};
}
