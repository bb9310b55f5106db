/* make_hostile.c: writes a saved event log full of names that would like to be more than text:
 * make_hostile FILE
 *
 * Each is a client and an account, and each crosses a limit. One that ran would say so by the
 * page's title.
 */
#include <stdio.h>
#include "../core/evt_builder.h"

enum { START = 1262401445, LOG_SIZE = 4 * 1024 * 1024, EACH = 60 };

static const struct text names[] = {
    TEXT_OF(u"<script>document.title='run'</script>"),
    TEXT_OF(u"<ScRiPt >document.title='run'</sCrIpT>"),
    TEXT_OF(u"\"><img src=x onerror=\"document.title='run'\">"),
    TEXT_OF(u"' onmouseover='document.title=1' autofocus onfocus='document.title=1"),
    TEXT_OF(u"</title></style></svg><svg onload=document.title='run'>"),
    TEXT_OF(u"</bdi></th></tr></table><iframe src=https://example.com/></iframe>"),
    TEXT_OF(u"]]><![CDATA[<b>]]>"),
    TEXT_OF(u"--><!-- --><b>b</b>"),
    TEXT_OF(u"<a href=\"javascript:document.title='run'\">click</a>"),
    TEXT_OF(u"javascript:document.title='run'"),
    TEXT_OF(u"<style>@import url(https://example.com/x.css);*{display:none}</style>"),
    TEXT_OF(u"<link rel=stylesheet href=//example.com/x.css>"),
    TEXT_OF(u"<base href=https://example.com/><meta http-equiv=refresh content=0>"),
    TEXT_OF(u"&lt;script&gt; &#60;b&#62; &amp;amp; &nbsp;"),
    TEXT_OF(u"CONTOSO\\\u202enimda\u202c and \u2067\u05d0\u05d1\u2069 \u200f."),
    TEXT_OF(u"\u0627\u0644\u0628\u0631\u064a\u062f@contoso.com"),
    TEXT_OF(u"ad\u00admin\u200b\ufeff\u2060"),
    TEXT_OF(u"lone \xd83d and \xde00 and \xde00\xd83d"),
    TEXT_OF(u"pair \xd83d\xde00"),
    TEXT_OF(u"\xfffe\xffff\xfdd0"),
    TEXT_OF(u"\x01\x02\x08\t\n\r\x1b[31m\x7f\x85\u2028"),
    TEXT_OF(u"{{7*7}} ${7*7} <%= 7 %> `x`"),
    TEXT_OF(u"Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349"
            u"\u035a\u032f\u031e\u0320\u034dA\u036b\u0357\u0334\u0362\u0335\u031c\u0330\u0354L"),
};

int main(int count, char **arguments)
{
    struct evt_builder log;
    char16_t wide[512];
    uint32_t time = START;

    if (count != 2) {
        fprintf(stderr, "usage: make_hostile FILE\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        wide[i] = u'W';
    }
    evt_open(&log, LOG_SIZE, EVT_HEADER_SIZE, 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (int j = 0; j < EACH; j++) {
            evt_sign_in(&log, time++, names[(i + 1) % (sizeof names / sizeof names[0])], names[i]);
        }
        time += 3600;
    }
    for (int j = 0; j < EACH; j++) {
        evt_sign_in(&log, time++, (struct text){wide, 512}, (struct text){wide, 512});
    }
    evt_close(&log, false);
    FILE *file = fopen(arguments[1], "wb");
    size_t size = log.end + EVT_END_SIZE;
    bool good = file != NULL && fwrite(log.file, 1, size, file) == size;

    if (file != NULL && fclose(file) != 0) {
        good = false;
    }
    if (!good) {
        fprintf(stderr, "make_hostile: %s cannot be written\n", arguments[1]);
    }
    evt_free(&log);
    return good ? 0 : 1;
}
