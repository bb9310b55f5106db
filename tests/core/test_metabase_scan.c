/* test_metabase_scan.c: MetaBase.xml as IIS 6 writes it, and broken, in pieces of every size. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "core/metabase_scan.h"

static char told[4096];

static void take(void *context, enum metabase_setting setting, const char *value)
{
    assert_ptr_equal(context, told);
    snprintf(told + strlen(told), sizeof told - strlen(told), "%d=%s|", (int)setting, value);
}

/* However it is cut, the same must be told. */
static void scan_bytes(const char *text, size_t size, const char *expected)
{
    for (size_t piece = 1; piece <= size; piece += 1 + piece / 8) {
        struct metabase_scan scan;
        told[0] = 0;
        metabase_scan_init(&scan, take, told);
        for (size_t at = 0; at < size; at += piece)
            metabase_scan_feed(&scan, text + at, size - at < piece ? size - at : piece);
        assert_string_equal(told, expected);
    }
}

static void scan(const char *text, const char *expected)
{
    scan_bytes(text, strlen(text), expected);
}

static void settings_of_smtp_are_told(void **state)
{
    (void)state;
    scan(
        "<?xml version=\"1.0\"?>\r\n<configuration xmlns=\"urn:x\">\r\n<MBProperty>\r\n"
        "<IIsWebServer\tLocation =\"/LM/W3SVC/1\" QueueDirectory=\"C:\\no\"/>\r\n"
        "<IIsSmtpService\tLocation =\"/LM/SmtpSvc\"\r\n\t\tDefaultDomain=\"mail.contoso.com\"\r\n"
        "\t\tFullyQualifiedDomainName='mail.contoso.com'\r\n\t>\r\n"
        "<Custom\r\n\tName=\"DefaultLogonDomain\"\r\n\tID=\"6012\"\r\n\tValue=\"CONTOSO\"\r\n/>"
        "\r\n</IIsSmtpService>\r\n<Custom Name=\"QueueDirectory\" Value=\"C:\\neither\"/>\r\n"
        "<IIsSmtpServer\tLocation =\"/LM/SmtpSvc/1\"\r\n"
        "\t\tQueueDirectory=\"D:\\R&amp;D &lt;x&gt;\\vsi 1\\Queue\"\r\n\t\tServerComment=\"a > b\" "
        "QueueDirectory = \"E:\\second\">\r\n</IIsSmtpServer>",
        "2=mail.contoso.com|1=mail.contoso.com|3=CONTOSO|0=D:\\R&D <x>\\vsi "
        "1\\Queue|0=E:\\second|");
}

static void custom_settings_are_told_by_their_name(void **state)
{
    (void)state;
    scan("<IIsSmtpServer DefaultLogonDomain='A'><Custom Name='DefaultLogonDomain' "
         "Value='B'></Custom>"
         "<Custom Name='DefaultDomain' Value='C'/></IIsSmtpServer>",
         "3=A|3=B|2=C|");
    /* Its value alone counts, behind its name, and only if that is one of these. */
    scan("<IIsSmtpServer><Custom DefaultDomain='a' Name='x' Value='b'/>"
         "<Custom Value='c' Name='DefaultDomain'/><Custom Value='d'/>"
         "<Custom Name='DefaultDomain' Name='' Value='e'/><Custom Name='DefaultDomain' Value=''/>",
         "2=e|");
    /* Name and Value are none of the element's own. */
    scan("<IIsSmtpServer Name='DefaultDomain' Value='a'>", "");
    scan("<IIsWebServer><Custom Name='DefaultDomain' Value='a'/>", "");
    scan("<IIsSmtpServer></IIsSmtpServer><Custom Name='DefaultDomain' Value='a'/>", "");
    scan("<IIsSmtpServer><CustomX Name='DefaultDomain' Value='a'/>", "");
}

static void blanks_may_be_of_any_kind(void **state)
{
    static const char *const blanks[] = {" ", "\t", "\r", "\n", "\r\n", " \t"};
    char text[128];
    (void)state;
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        const char *blank = blanks[i];
        snprintf(text, sizeof text, "<IIsSmtpServer%sDefaultDomain%s=%s'a.b'%s>", blank, blank,
                 blank, blank);
        scan(text, "2=a.b|");
    }
}

static void what_is_broken_is_passed_over(void **state)
{
    static char text[3000];
    static const char with_nul[] = "<IIsSmtpServer DefaultDomain='a\0b' QueueDirectory='C:\\x'>";
    (void)state;
    scan("", "");
    scan("<IIsSmtpServer QueueDirectory=\"\" DefaultDomain=\"a.b\"", "2=a.b|");
    scan("<IIsSmtpServer QueueDirectory=\"C:\\open", "");
    scan("<IIsSmtpServerX QueueDirectory=\"C:\\x\">", "");
    scan("<IIsSmtpServer XQueueDirectory=\"C:\\x\">QueueDirectory=\"C:\\y\"", "");
    scan("<IIsSmtpServer NoValue DefaultDomain='a.b' NorThis=\tQueueDirectory='C:\\x'>",
         "2=a.b|0=C:\\x|");
    scan("<IIsSmtpServer QueueDirectory=\"&#x41;&amp\">", "0=&#x41;&amp|");
    /* A value that holds a NUL is none that somebody typed. */
    scan_bytes(with_nul, sizeof with_nul - 1, "0=C:\\x|");
    /* A value, and a name, that are too long. */
    memset(text, 'x', sizeof text - 1);
    memcpy(text, "<IIsSmtpServer QueueDirectory=\"", 31);
    memcpy(text + 2500, "\" DefaultDomain=\"a.b\" ", 22);
    memcpy(text + 2900, "=\"c\">", 6);
    scan(text, "2=a.b|");
}

static void references_of_xml_are_resolved(void **state)
{
    (void)state;
    scan("<IIsSmtpServer DefaultDomain='&amp;&lt;&gt;&quot;&apos;'>", "2=&<>\"'|");
    scan("<IIsSmtpServer DefaultDomain='a&lt;b&;&gt;&gt'>", "2=a<b&;>&gt|");
    scan("<IIsSmtpServer DefaultDomain='&amp;lt;'>", "2=&lt;|"); /* once, and not again */
}

static void a_value_of_all_the_room_is_told(void **state)
{
    static char text[2 * METABASE_VALUE_MAX], expected[2 * METABASE_VALUE_MAX];
    static char value[METABASE_VALUE_MAX + 1];
    (void)state;
    memset(value, 'x', METABASE_VALUE_MAX);
    snprintf(text, sizeof text, "<IIsSmtpServer DefaultDomain='%s'>", value);
    scan(text, "");
    value[METABASE_VALUE_MAX - 1] = 0;
    snprintf(text, sizeof text, "<IIsSmtpServer DefaultDomain='%s'>", value);
    snprintf(expected, sizeof expected, "2=%s|", value);
    scan(text, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_of_smtp_are_told),
        cmocka_unit_test(custom_settings_are_told_by_their_name),
        cmocka_unit_test(blanks_may_be_of_any_kind),
        cmocka_unit_test(what_is_broken_is_passed_over),
        cmocka_unit_test(references_of_xml_are_resolved),
        cmocka_unit_test(a_value_of_all_the_room_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
