#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "markup.h"

static void check(const char *page, const char *expected)
{
    static const char *const known[] = {"a", "b", "br", "html", "lang", "xml:x", "c", NULL};
    char error[MARKUP_ERROR_SIZE];
    bool good = markup_is_well_formed(page, strlen(page), known, error);

    if (expected == NULL) {
        assert_string_equal(error, "");
        assert_true(good);
    } else {
        assert_non_null(strstr(error, expected));
        assert_false(good);
    }
}

static void test_pages_are_well_formed(void **state)
{
    (void)state;
    check("<!DOCTYPE html><a/>", NULL);
    check("<!DOCTYPE html>\n<!-- c - d -->\n<html lang=\"en\" xml:x=\"\">\n<b>1 &gt; 0 &#39;</b>"
          "<br/>\xc3\xb6\xf0\x9f\x98\x80</html>\n",
          NULL);
}

static void test_what_is_not_is_found(void **state)
{
    (void)state;
    check("<html></html>", "no document type");
    check("<!DOCTYPE html>", "not one whole element");
    check("<!DOCTYPE html><a/><a/>", "not one whole element");
    check("<!DOCTYPE html><a>", "not one whole element");
    check("<!DOCTYPE html><a></b>", "not open");
    check("<!DOCTYPE html><a/></a>", "not open");
    check("<!DOCTYPE html>x<a/>", "outside");
    check("<!DOCTYPE html><a b=\"1\" b=\"2\"/>", "twice");
    check("<!DOCTYPE html><a b='1'/>", "double quotes");
    check("<!DOCTYPE html><a b/>", "double quotes");
    check("<!DOCTYPE html><a b=\"<\"/>", "double quotes");
    check("<!DOCTYPE html><a b=\"1\"c=\"2\"/>", "without an end");
    check("<!DOCTYPE html><a>&nbsp;</a>", "entity");
    check("<!DOCTYPE html><a>& b</a>", "entity");
    check("<!DOCTYPE html><a>&#39</a>", "entity");
    check("<!DOCTYPE html><a>]]></a>", "]]>");
    check("<!DOCTYPE html><a>\x01</a>", "XML does not allow");
    check("<!DOCTYPE html><a>\xef\xbf\xbe</a>", "XML does not allow");
    check("<!DOCTYPE html><a>\xed\xa0\x80</a>", "XML does not allow");
    check("<!DOCTYPE html><a>\xc0\x80</a>", "XML does not allow");
    check("<!DOCTYPE html><a>\xc3</a>", "no UTF-8");
    check("<!DOCTYPE html><a>\x80</a>", "no UTF-8");
    check("<!DOCTYPE html><!-- -- --><a/>", "comment");
    check("<!DOCTYPE html><![CDATA[x]]><a/>", "name");
    check("<!DOCTYPE html><?x?><a/>", "name");
    check("<!DOCTYPE html><img/>", "not known");
    check("<!DOCTYPE html><a onload=\"\"/>", "not known");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_are_well_formed),
        cmocka_unit_test(test_what_is_not_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
