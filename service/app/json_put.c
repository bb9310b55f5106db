#include "json_put.h"

#include <inttypes.h>
#include "../core/event_time.h"
#include "../core/json.h"

enum {
    PIECE = 64 /* units that are escaped at a time */
};

/* What comes before a value. */
static void begin(struct json_put *json, const char *key)
{
    if (json->follows)
        fputc(',', json->out);
    if (key)
        fprintf(json->out, "\"%s\":", key);
    json->follows = true;
}

static void begin_group(struct json_put *json, const char *key, char bracket)
{
    begin(json, key);
    fputc(bracket, json->out);
    json->follows = false;
}

static void end_group(struct json_put *json, char bracket)
{
    fputc(bracket, json->out);
    json->follows = true;
}

void json_put_object(struct json_put *json, const char *key)
{
    begin_group(json, key, '{');
}

void json_put_object_end(struct json_put *json)
{
    end_group(json, '}');
}

void json_put_array(struct json_put *json, const char *key)
{
    begin_group(json, key, '[');
}

void json_put_array_end(struct json_put *json)
{
    end_group(json, ']');
}

void json_put_line(struct json_put *json)
{
    fputs(json->follows ? ",\n" : "\n", json->out);
    json->follows = false;
}

/* ---- values --------------------------------------------------------------------------------- */

static void put_bare(struct json_put *json, const char *key, const char *value)
{
    begin(json, key);
    fputs(value, json->out);
}

void json_put_null(struct json_put *json, const char *key)
{
    put_bare(json, key, "null");
}

void json_put_number(struct json_put *json, const char *key, uint64_t value)
{
    begin(json, key);
    fprintf(json->out, "%" PRIu64, value);
}

void json_put_signed(struct json_put *json, const char *key, int64_t value)
{
    begin(json, key);
    fprintf(json->out, "%" PRId64, value);
}

void json_put_switch(struct json_put *json, const char *key, bool value)
{
    put_bare(json, key, value ? "true" : "false");
}

void json_put_word(struct json_put *json, const char *key, const char *word)
{
    if (!word) {
        json_put_null(json, key);
        return;
    }
    begin(json, key);
    fprintf(json->out, "\"%s\"", word);
}

void json_put_time(struct json_put *json, const char *key, int64_t seconds)
{
    char text[EVENT_TIME_TEXT_SIZE];
    event_time_to_text(seconds, text);
    json_put_word(json, key, text);
}

void json_put_time_if(struct json_put *json, const char *key, bool known, int64_t seconds)
{
    if (known)
        json_put_time(json, key, seconds);
    else
        json_put_null(json, key);
}

/* At most PIECE units in whole characters, without the quotes around them. */
static void put_piece(struct json_put *json, struct text piece)
{
    char string[3 + JSON_BYTES_PER_UNIT * PIECE];
    size_t size = json_string(string, sizeof string, piece);
    fwrite(string + 1, 1, size - 2, json->out);
}

void json_put_text(struct json_put *json, const char *key, struct text text)
{
    begin(json, key);
    fputc('"', json->out);
    for (size_t at = 0, count; at < text.count; at += count) {
        count = text.count - at;
        if (count > PIECE)
            count = PIECE - text_pair_at(text, at + PIECE - 1);
        put_piece(json, text_slice(text, at, count));
    }
    fputc('"', json->out);
}

void json_put_utf8(struct json_put *json, const char *key, const char *utf8)
{
    char16_t units[2];
    size_t count;
    begin(json, key);
    fputc('"', json->out);
    while (*utf8 != '\0') {
        utf8 += text_take_utf8(units, &count, utf8);
        put_piece(json, (struct text){units, count});
    }
    fputc('"', json->out);
}
