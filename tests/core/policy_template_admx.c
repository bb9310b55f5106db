/* policy_template_admx.c: the reader of .admx and .adml. That the files are XML, and that their
 * elements stand where the schema wants them, tests/check-policy.sh has xmllint look after. */
#include "policy_template.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

enum { ATTRIBUTES_MAX = 8, VALUE_SIZE = 256 };

/* One tag; text is what follows it up to the next one. */
struct tag {
    char name[32]; /* "/policy" of an end tag */
    struct {
        char name[32], value[VALUE_SIZE];
    } attributes[ATTRIBUTES_MAX];
    size_t count;
    char text[2048];
};

static char admx[TEMPLATE_FILE_MAX], adml[TEMPLATE_FILE_MAX];

static void decode(char *to, size_t size, const char *from, size_t count)
{
    static const char *const entities[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(used + 1 < size);
        char byte = from[i];
        for (size_t j = 0; from[i] == '&' && j < 4; j++)
            if (strncmp(from + i, entities[j][0], strlen(entities[j][0])) == 0) {
                byte = entities[j][1][0];
                i += strlen(entities[j][0]) - 1;
                break;
            }
        to[used++] = byte;
    }
    to[used] = 0;
}

static const char *read_attributes(struct tag *tag, const char *at)
{
    while (*at == ' ') {
        at++;
        if (*at == '/')
            break;
        size_t length = strcspn(at, "=");
        const char *value = at + length + 2, *end = strchr(value, '"');
        assert_true(at[length] == '=' && at[length + 1] == '"' && end);
        assert_true(tag->count < ATTRIBUTES_MAX);
        policy_template_copy(tag->attributes[tag->count].name, 32, at, length);
        decode(tag->attributes[tag->count++].value, VALUE_SIZE, value, (size_t)(end - value));
        at = end + 1;
    }
    return at;
}

/* Takes the next tag; false at the end. Declarations and comments are passed over. */
static bool next_tag(const char **cursor, struct tag *tag)
{
    const char *at = strchr(*cursor, '<');
    while (at && (at[1] == '?' || at[1] == '!'))
        at = strchr(at + 1, '<');
    if (!at)
        return false;
    memset(tag, 0, sizeof *tag);
    size_t length = 1 + strcspn(at + 1, " >");
    policy_template_copy(tag->name, sizeof tag->name, at + 1, length - 1);
    at = read_attributes(tag, at + length);
    at += *at == '/';
    assert_int_equal(*at, '>');
    decode(tag->text, sizeof tag->text, at + 1, strcspn(at + 1, "<"));
    *cursor = at + 1;
    return true;
}

static bool is(const struct tag *tag, const char *name)
{
    return strcmp(tag->name, name) == 0;
}

/* Empty where the tag has none of the name. */
static const char *attribute(const struct tag *tag, const char *name)
{
    for (size_t i = 0; i < tag->count; i++)
        if (strcmp(tag->attributes[i].name, name) == 0)
            return tag->attributes[i].value;
    return "";
}

/* Finds the element of a name and id in the .adml: there must be one. The tag behind it on. */
static const char *find_in_adml(const char *name, const char *key, const char *id, struct tag *tag)
{
    const char *cursor = adml, *found = NULL;
    struct tag each;
    while (next_tag(&cursor, &each))
        if (is(&each, name) && strcmp(attribute(&each, key), id) == 0) {
            if (found)
                fail_msg("%s %s is there twice", name, id);
            found = cursor;
            *tag = each;
        }
    if (!found)
        fail_msg("no %s %s in the .adml", name, id);
    return found;
}

/* The text that "$(string.ID)" stands for. */
static void resolve(char *to, size_t size, const char *reference)
{
    struct tag tag;
    char id[64];
    size_t length = strlen(reference);
    assert_true(length > 10 && strncmp(reference, "$(string.", 9) == 0);
    assert_int_equal(reference[length - 1], ')');
    policy_template_copy(id, sizeof id, reference + 9, length - 10);
    find_in_adml("string", "id", id, &tag);
    policy_template_copy(to, size, tag.text, strlen(tag.text));
}

/* The fields that every element of a policy has. */
static void take_element(struct template_policy *policy, const struct tag *tag,
                         enum template_kind kind)
{
    assert_string_equal(attribute(tag, "id"), policy->name);
    policy->kind = kind;
    policy->required = strcmp(attribute(tag, "required"), "true") == 0;
    snprintf(policy->value, sizeof policy->value, "%s", attribute(tag, "valueName"));
}

static void take_admx_tag(struct template_policy *policy, const struct tag *tag)
{
    if (is(tag, "parentCategory")) {
        char reference[96];
        snprintf(reference, sizeof reference, "$(string.%s)", attribute(tag, "ref"));
        resolve(policy->category, sizeof policy->category, reference);
    } else if (is(tag, "supportedOn")) {
        char reference[96];
        snprintf(reference, sizeof reference, "$(string.%s)", attribute(tag, "ref"));
        resolve(policy->supported, sizeof policy->supported, reference);
    } else if (is(tag, "decimal") && attribute(tag, "id")[0]) {
        take_element(policy, tag, TEMPLATE_NUMBER);
        policy->low = policy_template_number(attribute(tag, "minValue"));
        policy->high = policy_template_number(attribute(tag, "maxValue"));
    } else if (is(tag, "text") || is(tag, "multiText")) {
        take_element(policy, tag, is(tag, "text") ? TEMPLATE_TEXT : TEMPLATE_LINES);
        policy->most = policy_template_number(attribute(tag, "maxLength"));
        if (policy->kind == TEMPLATE_LINES)
            policy->items = policy_template_number(attribute(tag, "maxStrings"));
    } else if (is(tag, "enum")) {
        take_element(policy, tag, TEMPLATE_WORD);
    } else if (is(tag, "item")) {
        assert_true(policy->word_count < TEMPLATE_WORDS_MAX);
        resolve(policy->words[policy->word_count], 32, attribute(tag, "displayName"));
    } else if (is(tag, "string")) { /* shown as it is written */
        assert_string_equal(tag->text, policy->words[policy->word_count]);
        policy->word_count++;
    } else if (is(tag, "list")) {
        take_element(policy, tag, TEMPLATE_PAIRS);
        assert_string_equal(attribute(tag, "explicitValue"), "true");
        snprintf(policy->key, sizeof policy->key, "%s", attribute(tag, "key"));
    }
}

/* The presentation's one field: its type must be the one that goes with the element. */
static void take_field(struct template_policy *policy, const struct tag *tag)
{
    static const char *const fields[] = {NULL,      "decimalTextBox", "dropdownList",
                                         "textBox", "multiTextBox",   "listBox"};
    assert_string_equal(tag->name, fields[policy->kind]);
    assert_string_equal(attribute(tag, "refId"), policy->name);
    if (policy->kind == TEMPLATE_NUMBER || policy->kind == TEMPLATE_PAIRS ||
        policy->kind == TEMPLATE_WORD)
        snprintf(policy->label, sizeof policy->label, "%.127s", tag->text);
    if (policy->kind == TEMPLATE_NUMBER)
        snprintf(policy->initial, sizeof policy->initial, "%s", attribute(tag, "defaultValue"));
    if (policy->kind == TEMPLATE_WORD) {
        unsigned long item = policy_template_number(attribute(tag, "defaultItem"));
        assert_true(item < policy->word_count);
        policy_template_copy(policy->initial, sizeof policy->initial, policy->words[item],
                             strlen(policy->words[item]));
    }
}

static void read_presentation(struct template_policy *policy)
{
    struct tag tag;
    unsigned fields = 0;
    const char *cursor = find_in_adml("presentation", "id", policy->name, &tag);
    while (next_tag(&cursor, &tag) && !is(&tag, "/presentation")) {
        if (is(&tag, "text") || is(&tag, "label"))
            snprintf(policy->label, sizeof policy->label, "%.127s", tag.text);
        else if (is(&tag, "defaultValue"))
            snprintf(policy->initial, sizeof policy->initial, "%.255s", tag.text);
        else if (tag.name[0] != '/') {
            take_field(policy, &tag);
            fields++;
        }
    }
    assert_int_equal(fields, 1);
}

static const char *read_policy(struct template_policy *policy, const struct tag *head,
                               const char *cursor)
{
    char presentation[96];
    struct tag tag;
    unsigned on = 0;
    snprintf(policy->name, sizeof policy->name, "%.63s", attribute(head, "name"));
    snprintf(policy->key, sizeof policy->key, "%.127s", attribute(head, "key"));
    snprintf(policy->value, sizeof policy->value, "%.63s", attribute(head, "valueName"));
    assert_string_equal(attribute(head, "class"), "Machine");
    resolve(policy->title, sizeof policy->title, attribute(head, "displayName"));
    resolve(policy->explain, sizeof policy->explain, attribute(head, "explainText"));
    policy->kind = TEMPLATE_SWITCH;
    while (next_tag(&cursor, &tag) && !is(&tag, "/policy")) {
        if (is(&tag, "enabledValue") || is(&tag, "disabledValue")) {
            const char *expected = is(&tag, "enabledValue") ? "1" : "0";
            assert_true(next_tag(&cursor, &tag) && is(&tag, "decimal"));
            assert_string_equal(attribute(&tag, "value"), expected);
            on++;
        } else {
            take_admx_tag(policy, &tag);
        }
    }
    snprintf(presentation, sizeof presentation, "$(presentation.%s)", policy->name);
    if (policy->kind == TEMPLATE_SWITCH) {
        assert_int_equal(on, 2);
        assert_string_equal(attribute(head, "presentation"), "");
    } else {
        assert_int_equal(on, 0);
        assert_string_equal(attribute(head, "presentation"), presentation);
        read_presentation(policy);
    }
    return cursor;
}

/* Every text and presentation of the .adml is wanted by the .admx. */
static void expect_all_used(void)
{
    const char *cursor = adml;
    struct tag tag;
    while (next_tag(&cursor, &tag)) {
        char reference[96];
        if (!is(&tag, "string") && !is(&tag, "presentation"))
            continue;
        snprintf(reference, sizeof reference, "\"$(%s.%.63s)\"", tag.name, attribute(&tag, "id"));
        if (!strstr(admx, reference))
            fail_msg("%s is never used", reference);
    }
}

void policy_template_read_admx(struct policy_template *policies)
{
    struct tag tag;
    const char *cursor = admx;
    policy_template_file("installer/relaylock.admx", admx);
    policy_template_file("installer/en-US/relaylock.adml", adml);
    memset(policies, 0, sizeof *policies);
    while (next_tag(&cursor, &tag)) {
        if (!is(&tag, "policy"))
            continue;
        assert_true(policies->count < TEMPLATE_POLICIES_MAX);
        cursor = read_policy(&policies->policies[policies->count++], &tag, cursor);
    }
    expect_all_used();
}
