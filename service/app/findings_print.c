#include "findings.h"

#include <string.h>
#include "json_put.h"

enum {
    WIDTH = 100, /* columns of the screen */
    INDENT = 24, /* where the text begins */
    STATE_WIDTH = 8,
    CHECK_WIDTH = 14
};

/* ---- for people ----------------------------------------------------------------------------- */

/* Columns of the bytes up to end: each byte that begins a character. */
static size_t columns(const char *text, const char *end)
{
    size_t count = 0;
    for (; text < end; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

/* The text, broken between words so that it stays right of the indent. A longer word is not broken.
 */
static void put_wrapped(const char *text, FILE *out)
{
    size_t column = INDENT;
    while (*text != '\0') {
        const char *end = text + strcspn(text, " ");
        size_t width = columns(text, end);
        if (column > INDENT && column + 1 + width > WIDTH) {
            fprintf(out, "\n%*s", INDENT, "");
            column = INDENT;
        } else if (column > INDENT) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, (size_t)(end - text), out);
        column += width;
        text = end + (*end == ' ');
    }
    fputc('\n', out);
}

static void print_one(const struct finding *finding, FILE *out)
{
    static const char *const states[] = {"ok", "WARNING", "PROBLEM"};
    fprintf(out, "%-*s %-*s ", STATE_WIDTH, states[finding->state], CHECK_WIDTH, finding->check);
    put_wrapped(finding->found, out);
    if (finding->cure == CURE_COMMAND) { /* in one piece, to be copied */
        fprintf(out, "%*s> %s\n", INDENT, "", finding->mend);
    } else if (finding->cure == CURE_STEP) {
        fprintf(out, "%*s", INDENT, "");
        put_wrapped(finding->mend, out);
    }
}

void findings_print(const struct findings *findings, uint32_t first, FILE *out)
{
    for (uint32_t i = first; i < findings->count; i++)
        print_one(&findings->at[i], out);
}

static void put_count(uint32_t count, const char *what, FILE *out)
{
    fprintf(out, "%u %s%s", (unsigned)count, what, count == 1 ? "" : "s");
}

void findings_print_sum(const struct findings *findings, FILE *out)
{
    uint32_t problems = findings_count(findings, FINDING_PROBLEM);
    uint32_t warnings = findings_count(findings, FINDING_WARNING);
    fputc('\n', out);
    if (problems == 0 && warnings == 0)
        fputs("All is well", out);
    if (problems > 0)
        put_count(problems, "problem", out);
    if (problems > 0 && warnings > 0)
        fputs(", ", out);
    if (warnings > 0)
        put_count(warnings, "warning", out);
    fputs(".\n", out);
}

/* ---- for programs --------------------------------------------------------------------------- */

static void put_cure(struct json_put *json, const char *key, const struct finding *finding,
                     enum finding_cure cure)
{
    if (finding->cure == cure)
        json_put_utf8(json, key, finding->mend);
    else
        json_put_null(json, key);
}

void findings_print_json(const struct findings *findings, FILE *out)
{
    static const char *const states[] = {"ok", "warning", "problem"};
    struct json_put json = {.out = out};
    json_put_object(&json, NULL);
    json_put_number(&json, "version", 1);
    json_put_word(&json, "state", states[findings_worst(findings)]);
    json_put_number(&json, "problems", findings_count(findings, FINDING_PROBLEM));
    json_put_number(&json, "warnings", findings_count(findings, FINDING_WARNING));
    json_put_array(&json, "checks");
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->at[i];
        json_put_line(&json);
        json_put_object(&json, NULL);
        json_put_word(&json, "check", finding->check);
        json_put_word(&json, "state", states[finding->state]);
        json_put_utf8(&json, "found", finding->found);
        put_cure(&json, "command", finding, CURE_COMMAND);
        put_cure(&json, "step", finding, CURE_STEP);
        json_put_object_end(&json);
    }
    json_put_array_end(&json);
    json_put_object_end(&json);
    fputc('\n', out);
}
