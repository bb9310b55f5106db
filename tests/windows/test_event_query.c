#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "windows/event_query.h"

static wchar_t xml[EVENT_QUERY_SIZE];

static void assert_xml(const wchar_t *expected)
{
    assert_int_equal(wcscmp(xml, expected), 0);
}

static void a_query_selects_channel_provider_and_event(void **state)
{
    (void)state;
    const struct event_query query = {L"Application", L"MSExchangeTransport", 1708, false, 0};
    assert_true(event_query_to_xml(&query, xml));
    assert_xml(L"<QueryList><Query Id=\"0\" Path=\"Application\"><Select Path=\"Application\">"
               L"*[System[Provider[@Name='MSExchangeTransport'] and (EventID=1708)]]"
               L"</Select></Query></QueryList>");
}

static void a_bounded_query_selects_what_is_older(void **state)
{
    (void)state;
    const struct event_query query = {L"Application", L"P", 65535, true, 1262401445};
    assert_true(event_query_to_xml(&query, xml));
    assert_xml(L"<QueryList><Query Id=\"0\" Path=\"Application\"><Select Path=\"Application\">"
               L"*[System[Provider[@Name='P'] and (EventID=65535) and "
               L"TimeCreated[@SystemTime &lt; '2010-01-02T03:04:05.000Z']]]"
               L"</Select></Query></QueryList>");
}

static void names_are_escaped_for_both_languages(void **state)
{
    (void)state;
    const struct event_query query = {L"A&B/\"C\"", L"O'Brien <&>", 1, false, 0};
    assert_true(event_query_to_xml(&query, xml));
    assert_xml(L"<QueryList><Query Id=\"0\" Path=\"A&amp;B/&quot;C&quot;\">"
               L"<Select Path=\"A&amp;B/&quot;C&quot;\">"
               L"*[System[Provider[@Name=\"O&apos;Brien &lt;&amp;&gt;\"] and (EventID=1)]]"
               L"</Select></Query></QueryList>");
}

static void a_bookmark_names_the_record(void **state)
{
    (void)state;
    assert_true(event_query_bookmark(L"A'B", UINT64_MAX, xml));
    assert_xml(L"<BookmarkList><Bookmark Channel='A&apos;B' RecordId='18446744073709551615' "
               L"IsCurrent='true'/></BookmarkList>");
}

static void names_that_cannot_be_asked_for_are_refused(void **state)
{
    (void)state;
    wchar_t too_long[EVENT_QUERY_NAME_MAX + 2];
    for (size_t i = 0; i <= EVENT_QUERY_NAME_MAX; i++)
        too_long[i] = L'a';
    too_long[EVENT_QUERY_NAME_MAX + 1] = 0;
    const wchar_t *const bad[] = {L"", L"a\nb", L"\x1f", too_long};
    xml[0] = L'?';
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct event_query channel = {bad[i], L"P", 1, false, 0};
        const struct event_query provider = {L"Application", bad[i], 1, false, 0};
        assert_false(event_query_to_xml(&channel, xml));
        assert_false(event_query_to_xml(&provider, xml));
        assert_false(event_query_bookmark(bad[i], 1, xml));
    }
    const struct event_query quotes = {L"Application", L"both ' and \"", 1, false, 0};
    assert_false(event_query_to_xml(&quotes, xml));
    assert_int_equal(xml[0], L'?');
}

static void the_longest_names_fit_with_every_unit_escaped(void **state)
{
    (void)state;
    wchar_t name[EVENT_QUERY_NAME_MAX + 1];
    for (size_t i = 0; i < EVENT_QUERY_NAME_MAX; i++)
        name[i] = L'"';
    name[EVENT_QUERY_NAME_MAX] = 0;
    const struct event_query query = {name, name, 65535, true, INT64_MAX};
    static const wchar_t end[] = L"</Select></Query></QueryList>";
    assert_true(event_query_to_xml(&query, xml));
    size_t count = wcslen(xml);
    assert_true(count > 3 * 6 * EVENT_QUERY_NAME_MAX);
    assert_int_equal(wcscmp(xml + count - (sizeof end / sizeof *end - 1), end), 0);
    assert_true(event_query_bookmark(name, UINT64_MAX, xml));
}

static void xpath_alone_is_not_escaped(void **state)
{
    (void)state;
    assert_true(event_query_to_xpath(L"O'Brien <&>", 7, xml));
    assert_xml(L"*[System[Provider[@Name=\"O'Brien <&>\"] and (EventID=7)]]");
    assert_true(event_query_to_xpath(L"MSExchangeTransport", 1708, xml));
    assert_xml(L"*[System[Provider[@Name='MSExchangeTransport'] and (EventID=1708)]]");
    assert_false(event_query_to_xpath(L"a'\"b", 1, xml));
    assert_false(event_query_to_xpath(L"", 1, xml));
    assert_xml(L"*[System[Provider[@Name='MSExchangeTransport'] and (EventID=1708)]]");
}

static void the_record_is_read_from_a_bookmark(void **state)
{
    (void)state;
    static const struct {
        const wchar_t *xml;
        uint64_t record; /* 7: refused */
    } bookmarks[] = {
        {L"<BookmarkList>\r\n  <Bookmark Channel='ForwardedEvents' RecordId='3954582302' "
         L"IsCurrent='true'/>\r\n</BookmarkList>",
         3954582302},
        {L"<BookmarkList Direction='backward'>\r\n  <Bookmark Channel='Application' RecordId='17' "
         L"IsCurrent='true'/>\r\n</BookmarkList>",
         17},
        {L"<BookmarkList Direction='backward'>\r\n</BookmarkList>", 7},
        {L"<Bookmark Channel=\"A\" RecordId=\"1\"/>", 1},
        {L" RecordId='18446744073709551609'", UINT64_C(18446744073709551609)},
        {L" RecordId='18446744073709551610'", 7},
        {L" RecordId='99999999999999999999'", 7},
        {L" RecordId=''", 7},
        {L" RecordId='1", 7},
        {L" RecordId='1\"", 7},
        {L" RecordId='1x'", 7},
        {L" RecordId='-1'", 7},
        {L" RecordId=1", 7},
        {L" RecordId=", 7},
        {L"<Bookmark Channel='A' MyRecordId='1'/>", 7},
        {L"", 7},
    };
    for (size_t i = 0; i < ARRAYSIZE(bookmarks); i++) {
        uint64_t record = 7;
        assert_int_equal(event_query_bookmarked(bookmarks[i].xml, &record),
                         bookmarks[i].record != 7);
        assert_int_equal(record, bookmarks[i].record);
    }
    assert_true(event_query_bookmark(L"A'B RecordId=", 4711, xml));
    uint64_t record = 0;
    assert_true(event_query_bookmarked(xml, &record));
    assert_int_equal(record, 4711);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_selects_channel_provider_and_event),
        cmocka_unit_test(a_bounded_query_selects_what_is_older),
        cmocka_unit_test(names_are_escaped_for_both_languages),
        cmocka_unit_test(xpath_alone_is_not_escaped),
        cmocka_unit_test(a_bookmark_names_the_record),
        cmocka_unit_test(the_record_is_read_from_a_bookmark),
        cmocka_unit_test(names_that_cannot_be_asked_for_are_refused),
        cmocka_unit_test(the_longest_names_fit_with_every_unit_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
