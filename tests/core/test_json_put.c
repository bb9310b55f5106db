#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/json_put.h"
#include "json_check.h"
#include "output.h"

enum { ROOM = 4096, LONG = 300 /* units, of which the writer takes not all at once */ };

#define LONE "\xef\xbf\xbd" /* U+FFFD */

static struct json_put json;
static char path[OUTPUT_PATH_MAX];
static char written[ROOM];

static void begin(void)
{
    json = (struct json_put){.out = fopen(output_path(path, "json"), "w")};
    assert_non_null(json.out);
}

/* What was put since begin, in written. */
static void end(void)
{
    assert_int_equal(fclose(json.out), 0);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(written, 1, sizeof written - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_true(size < sizeof written - 1);
    written[size] = '\0';
    remove(path);
}

static void assert_put(const char *expected)
{
    end();
    assert_string_equal(written, expected);
    assert_true(json_check(written));
}

/* ---- objects and arrays --------------------------------------------------------------------- */

static void commas_stand_between_values_only(void **state)
{
    (void)state;
    begin();
    json_put_object(&json, NULL);
    json_put_object(&json, "empty");
    json_put_object_end(&json);
    json_put_array(&json, "none");
    json_put_array_end(&json);
    json_put_array(&json, "rows");
    json_put_array(&json, NULL);
    json_put_number(&json, NULL, 1);
    json_put_number(&json, NULL, 2);
    json_put_array_end(&json);
    json_put_object(&json, NULL);
    json_put_null(&json, "a");
    json_put_null(&json, "b");
    json_put_object_end(&json);
    json_put_array_end(&json);
    json_put_null(&json, "last");
    json_put_object_end(&json);
    assert_put("{\"empty\":{},\"none\":[],\"rows\":[[1,2],{\"a\":null,\"b\":null}],"
               "\"last\":null}");
}

static void a_value_may_begin_a_line(void **state)
{
    (void)state;
    begin();
    json_put_array(&json, NULL);
    json_put_line(&json);
    json_put_object(&json, NULL);
    json_put_object_end(&json);
    json_put_line(&json);
    json_put_number(&json, NULL, 1);
    json_put_number(&json, NULL, 2);
    json_put_array_end(&json);
    assert_put("[\n{},\n1,2]");
}

/* ---- values --------------------------------------------------------------------------------- */

static void each_kind_of_value(void **state)
{
    (void)state;
    begin();
    json_put_object(&json, NULL);
    json_put_number(&json, "least", 0);
    json_put_number(&json, "most", UINT64_MAX);
    json_put_signed(&json, "below", INT64_MIN);
    json_put_signed(&json, "above", INT64_MAX);
    json_put_switch(&json, "on", true);
    json_put_switch(&json, "off", false);
    json_put_word(&json, "word", "sign-ins");
    json_put_word(&json, "no word", NULL);
    json_put_time(&json, "time", 1262401445);
    json_put_time_if(&json, "known", true, 0);
    json_put_time_if(&json, "unknown", false, 0);
    json_put_text(&json, "text", TEXT_OF(u"CONTOSO\\b\u00f6b"));
    json_put_utf8(&json, "utf8", "\"\xe2\x82\xac\n");
    json_put_object_end(&json);
    assert_put("{\"least\":0,\"most\":18446744073709551615,\"below\":-9223372036854775808,"
               "\"above\":9223372036854775807,\"on\":true,\"off\":false,\"word\":\"sign-ins\","
               "\"no word\":null,\"time\":\"2010-01-02T03:04:05Z\","
               "\"known\":\"1970-01-01T00:00:00Z\",\"unknown\":null,"
               "\"text\":\"CONTOSO\\\\b\xc3\xb6\x62\",\"utf8\":\"\\\"\xe2\x82\xac\\n\"}");
}

static void empty_texts(void **state)
{
    (void)state;
    begin();
    json_put_array(&json, NULL);
    json_put_text(&json, NULL, (struct text){NULL, 0});
    json_put_utf8(&json, NULL, "");
    json_put_array_end(&json);
    assert_put("[\"\",\"\"]");
}

/* ---- hostile text --------------------------------------------------------------------------- */

static void a_long_text_keeps_its_pairs(void **state)
{
    char16_t units[LONG];
    char utf8[3 * LONG + 1], expected[3 * LONG + 3];
    (void)state;
    for (size_t before = 0; before < 2; before++) {
        for (size_t i = 0; i < LONG; i++)
            units[i] = i < before ? u'x' : (i - before) % 2 == 0 ? 0xd83d : 0xde00;
        struct text text = {units, LONG - before}; /* ends with a whole pair */
        text_to_utf8(utf8, sizeof utf8, text);
        snprintf(expected, sizeof expected, "\"%s\"", utf8);
        begin();
        json_put_text(&json, NULL, text);
        assert_put(expected);
        begin();
        json_put_utf8(&json, NULL, utf8);
        assert_put(expected);
    }
}

static void every_unit_alone_is_a_string(void **state)
{
    (void)state;
    for (uint32_t first = 0; first <= 0xffff; first += LONG) {
        begin();
        json_put_array(&json, NULL);
        for (uint32_t unit = first; unit < first + LONG && unit <= 0xffff; unit++) {
            char16_t one = (char16_t)unit;
            json_put_text(&json, NULL, (struct text){&one, 1});
        }
        json_put_array_end(&json);
        end();
        assert_true(json_check(written));
    }
}

static void bytes_that_are_no_utf8_are_replaced_one_by_one(void **state)
{
    static const struct {
        const char *utf8, *expected;
    } cases[] = {
        {"a\xff"
         "b",
         "\"a" LONE "b\""},
        {"\xc3\xb6\x80", "\"\xc3\xb6" LONE "\""},
        {"\xe2\x82", "\"" LONE LONE "\""},                   /* cut off */
        {"\xe2\x82\"", "\"" LONE LONE "\\\"\""},             /* the quote is not swallowed */
        {"\xc0\xa2", "\"" LONE LONE "\""},                   /* a quote, overlong */
        {"\xed\xa0\x80", "\"" LONE LONE LONE "\""},          /* a surrogate */
        {"\xf4\x90\x80\x80", "\"" LONE LONE LONE LONE "\""}, /* beyond Unicode */
        {"\xf0\x9f\x98\x80\xf0\x9f", "\"\xf0\x9f\x98\x80" LONE LONE "\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        json_put_utf8(&json, NULL, cases[i].utf8);
        assert_put(cases[i].expected);
    }
}

static void whatever_bytes_there_are_it_is_a_string(void **state)
{
    (void)state;
    srand(1);
    for (int turn = 0; turn < 500; turn++) {
        char bytes[LONG + 1];
        for (size_t i = 0; i < LONG; i++)
            bytes[i] = (char)(1 + rand() % 255);
        bytes[LONG] = '\0';
        begin();
        json_put_utf8(&json, NULL, bytes);
        end();
        assert_true(json_check(written));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_stand_between_values_only),
        cmocka_unit_test(a_value_may_begin_a_line),
        cmocka_unit_test(each_kind_of_value),
        cmocka_unit_test(empty_texts),
        cmocka_unit_test(a_long_text_keeps_its_pairs),
        cmocka_unit_test(every_unit_alone_is_a_string),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced_one_by_one),
        cmocka_unit_test(whatever_bytes_there_are_it_is_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
