/* policy_template_adm.c: the reader of .adm, the language of the editors up to Windows Server 2003.
 */
#include "policy_template.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static char adm[TEMPLATE_FILE_MAX];
static const char *at; /* the next token is read from here */
static char token[256];
static bool quoted;

/* Takes the next token, without its quotes; false at the end of the statements. Comments go from ;
 * to the end of the line. */
static bool next(void)
{
    for (;;) {
        at += strspn(at, " \r\n");
        if (*at != ';')
            break;
        at += strcspn(at, "\n");
    }
    if (*at == '[' || !*at)
        return false;
    quoted = *at == '"';
    at += quoted;
    size_t length = strcspn(at, quoted ? "\"\r\n" : " \r\n");
    assert_true(!quoted || at[length] == '"');
    policy_template_copy(token, sizeof token, at, length);
    at += length + quoted;
    return true;
}

static bool is(const char *word)
{
    return !quoted && strcmp(token, word) == 0;
}

static void expect(const char *word)
{
    if (!next() || !is(word))
        fail_msg("\"%s\" where %s should be", token, word);
}

/* The text behind !!ID: the rest of its line in [strings], \n being the end of a line. */
static void resolve(char *to, size_t size)
{
    char line[80];
    size_t used = 0;
    assert_true(next() && !quoted && strncmp(token, "!!", 2) == 0);
    snprintf(line, sizeof line, "\r\n%.70s=\"", token + 2);
    const char *strings = strstr(adm, "\r\n[strings]\r\n");
    assert_non_null(strings);
    const char *text = strstr(strings, line);
    if (!text)
        fail_msg("no text %s", token);
    if (strstr(text + 1, line))
        fail_msg("the text %s is there twice", token);
    text += strlen(line);
    for (; *text != '"'; text++) {
        assert_true(*text && *text != '\r' && used + 1 < size);
        bool line_end = text[0] == '\\' && text[1] == 'n';
        to[used++] = line_end ? '\n' : *text;
        text += line_end;
    }
    to[used] = 0;
    assert_int_equal(strncmp(text, "\"\r\n", 3), 0);
}

static void quoted_text(char *to, size_t size)
{
    assert_true(next() && quoted);
    policy_template_copy(to, size, token, strlen(token));
}

static unsigned long number(void)
{
    assert_true(next() && !quoted);
    return policy_template_number(token);
}

static void read_items(struct template_policy *policy)
{
    bool chosen = false;
    while (next() && !is("END")) {
        char shown[32];
        if (is("DEFAULT")) {
            assert_true(!chosen && policy->word_count > 0);
            chosen = true;
            const char *word = policy->words[policy->word_count - 1];
            policy_template_copy(policy->initial, sizeof policy->initial, word, strlen(word));
            continue;
        }
        assert_true(is("NAME") && policy->word_count < TEMPLATE_WORDS_MAX);
        resolve(shown, sizeof shown);
        expect("VALUE");
        quoted_text(policy->words[policy->word_count], sizeof shown);
        assert_string_equal(policy->words[policy->word_count++], shown);
    }
    expect("ITEMLIST");
    assert_true(chosen);
}

static void read_default(struct template_policy *policy)
{
    if (policy->kind == TEMPLATE_NUMBER)
        snprintf(policy->initial, sizeof policy->initial, "%lu", number());
    else
        resolve(policy->initial, sizeof policy->initial);
}

static void read_part(struct template_policy *policy)
{
    static const struct {
        const char *word;
        enum template_kind kind;
    } types[] = {{"NUMERIC", TEMPLATE_NUMBER},
                 {"DROPDOWNLIST", TEMPLATE_WORD},
                 {"EDITTEXT", TEMPLATE_TEXT},
                 {"LISTBOX", TEMPLATE_PAIRS}};
    size_t type = 0;
    bool is_explicit = false;
    resolve(policy->label, sizeof policy->label);
    assert_true(next());
    while (type < 4 && !is(types[type].word))
        type++;
    assert_true(type < 4);
    policy->kind = types[type].kind;
    while (next() && !is("END")) {
        if (is("REQUIRED"))
            policy->required = true;
        else if (is("VALUENAME"))
            quoted_text(policy->value, sizeof policy->value);
        else if (is("KEYNAME"))
            quoted_text(policy->key, sizeof policy->key);
        else if (is("MIN"))
            policy->low = number();
        else if (is("MAX"))
            policy->high = number();
        else if (is("MAXLEN"))
            policy->most = number();
        else if (is("DEFAULT"))
            read_default(policy);
        else if (is("ITEMLIST"))
            read_items(policy);
        else if (is("EXPLICITVALUE"))
            is_explicit = true;
        else if (!is("NOSORT"))
            fail_msg("\"%s\" in a PART", token);
    }
    expect("PART");
    assert_int_equal(is_explicit, policy->kind == TEMPLATE_PAIRS);
}

static void read_switch_value(const char *expected)
{
    expect("NUMERIC");
    assert_true(next());
    assert_string_equal(token, expected);
}

static void read_policy(struct template_policy *policy)
{
    unsigned states = 0;
    policy->kind = TEMPLATE_SWITCH;
    resolve(policy->title, sizeof policy->title);
    policy_template_copy(policy->name, sizeof policy->name, token + 2, strlen(token + 2));
    while (next() && !is("END")) {
        if (is("#if")) { /* older editors know no SUPPORTED */
            expect("version");
            expect(">=");
            expect("4");
            expect("SUPPORTED");
            resolve(policy->supported, sizeof policy->supported);
            expect("#endif");
        } else if (is("EXPLAIN")) {
            resolve(policy->explain, sizeof policy->explain);
        } else if (is("PART")) {
            read_part(policy);
        } else if (is("VALUENAME")) {
            quoted_text(policy->value, sizeof policy->value);
        } else if (is("VALUEON") || is("VALUEOFF")) {
            read_switch_value(is("VALUEON") ? "1" : "0");
            states++;
        } else {
            fail_msg("\"%s\" in a POLICY", token);
        }
    }
    expect("POLICY");
    assert_int_equal(states, policy->kind == TEMPLATE_SWITCH ? 2 : 0);
}

/* Every text is wanted by a statement; the file is ASCII, and its lines end as Windows' do. */
static void expect_all_used(void)
{
    const char *strings = strstr(adm, "\r\n[strings]\r\n") + strlen("\r\n[strings]\r\n");
    for (const char *line = strings; *line; line = strchr(line, '\n') + 1) {
        char reference[80];
        snprintf(reference, sizeof reference, "!!%.*s", (int)strcspn(line, "="), line);
        const char *used = strstr(adm, reference);
        while (used && used[strlen(reference)] != '\r' && used[strlen(reference)] != ' ')
            used = strstr(used + 1, reference);
        if (!used)
            fail_msg("%s is never used", reference);
    }
    for (const char *byte = adm; *byte; byte++) {
        assert_true((*byte >= ' ' && *byte <= '~') || *byte == '\r' || *byte == '\n');
        assert_true((*byte == '\n') == (byte > adm && byte[-1] == '\r'));
    }
}

void policy_template_read_adm(struct policy_template *policies)
{
    char category[64], key[128];
    policy_template_file("installer/relaylock.adm", adm);
    memset(policies, 0, sizeof *policies);
    at = adm;
    expect("CLASS");
    expect("MACHINE");
    expect("CATEGORY");
    resolve(category, sizeof category);
    expect("KEYNAME");
    quoted_text(key, sizeof key);
    while (next() && is("POLICY")) {
        assert_true(policies->count < TEMPLATE_POLICIES_MAX);
        struct template_policy *policy = &policies->policies[policies->count++];
        memcpy(policy->key, key, sizeof key);
        memcpy(policy->category, category, sizeof category);
        read_policy(policy);
    }
    assert_true(is("END"));
    expect("CATEGORY");
    assert_false(next());
    expect_all_used();
}
