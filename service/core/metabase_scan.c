#include "metabase_scan.h"

#include <string.h>

enum state { OUTSIDE, IN_ELEMENT_NAME, IN_ELEMENT, IN_ATTRIBUTE_NAME, BEHIND_NAME, IN_VALUE };

void metabase_scan_init(struct metabase_scan *scan,
                        void (*tell)(void *context, enum metabase_setting setting,
                                     const char *value),
                        void *context)
{
    memset(scan, 0, sizeof *scan);
    scan->tell = tell;
    scan->context = context;
}

/* Resolves the references that XML has by itself, in place; others stay as they are. */
static void resolve(char *value)
{
    static const struct {
        const char *reference;
        char byte;
    } references[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    char *to = value;
    for (const char *at = value; *at;) {
        size_t i = 0, length = 0;
        for (; *at == '&' && i < sizeof references / sizeof *references; i++) {
            length = strlen(references[i].reference);
            if (strncmp(at, references[i].reference, length) == 0)
                break;
            length = 0;
        }
        *to++ = length > 0 ? references[i].byte : *at;
        at += length > 0 ? length : 1;
    }
    *to = 0;
}

static enum metabase_setting setting_of(const char *name)
{
    static const char *const names[] = {[METABASE_QUEUE_DIRECTORY] = "QueueDirectory",
                                        [METABASE_HOST] = "FullyQualifiedDomainName",
                                        [METABASE_DOMAIN] = "DefaultDomain",
                                        [METABASE_LOGON_DOMAIN] = "DefaultLogonDomain"};
    int i = 0;
    while (i < METABASE_SETTINGS && strcmp(name, names[i]) != 0)
        i++;
    return (enum metabase_setting)i;
}

static void end_value(struct metabase_scan *scan)
{
    if (!scan->wanted || scan->value_count == 0 || scan->value_count >= METABASE_VALUE_MAX ||
        scan->name_count >= METABASE_NAME_MAX)
        return;
    scan->name[scan->name_count] = 0;
    scan->value[scan->value_count] = 0;
    if (strlen(scan->value) != scan->value_count)
        return;
    resolve(scan->value);
    enum metabase_setting setting = setting_of(scan->name);
    if (scan->custom && strcmp(scan->name, "Name") == 0)
        scan->named = setting_of(scan->value);
    if (scan->custom)
        setting = strcmp(scan->name, "Value") == 0 ? scan->named : METABASE_SETTINGS;
    if (setting != METABASE_SETTINGS)
        scan->tell(scan->context, setting, scan->value);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void put_name(struct metabase_scan *scan, char byte)
{
    if (scan->name_count < METABASE_NAME_MAX)
        scan->name[scan->name_count++] = byte;
}

static bool is_element(const struct metabase_scan *scan, const char *name)
{
    return strlen(name) == scan->name_count && memcmp(scan->name, name, scan->name_count) == 0;
}

static void begin_name(struct metabase_scan *scan, enum state state, char byte)
{
    scan->state = (uint8_t)state;
    scan->name_count = 0;
    if (byte != 0)
        put_name(scan, byte);
}

/* Behind its name. One of the Custom elements is within the one before. */
static void begin_element(struct metabase_scan *scan)
{
    scan->custom = is_element(scan, "Custom");
    scan->named = METABASE_SETTINGS;
    if (!scan->custom && !is_element(scan, "/Custom"))
        scan->wanted = is_element(scan, "IIsSmtpService") || is_element(scan, "IIsSmtpServer");
}

/* Within < >, outside quotes. */
static void feed_element(struct metabase_scan *scan, char byte)
{
    if (byte == '>') {
        scan->state = OUTSIDE;
    } else if (byte == '"' || byte == '\'') {
        scan->quote = byte;
        scan->value_count = 0;
        scan->state = IN_VALUE;
    } else if (is_blank(byte) || byte == '=') {
        if (scan->state == IN_ATTRIBUTE_NAME)
            scan->state = BEHIND_NAME;
    } else if (scan->state == IN_ATTRIBUTE_NAME) {
        put_name(scan, byte);
    } else {
        begin_name(scan, IN_ATTRIBUTE_NAME, byte);
    }
}

static void feed_byte(struct metabase_scan *scan, char byte)
{
    switch (scan->state) {
    case OUTSIDE:
        if (byte == '<')
            begin_name(scan, IN_ELEMENT_NAME, 0);
        break;
    case IN_ELEMENT_NAME:
        if (!is_blank(byte) && byte != '>') {
            put_name(scan, byte);
            break;
        }
        begin_element(scan);
        scan->state = byte == '>' ? OUTSIDE : IN_ELEMENT;
        break;
    case IN_VALUE:
        if (byte == scan->quote) {
            end_value(scan);
            scan->state = IN_ELEMENT;
        } else if (scan->value_count < METABASE_VALUE_MAX) {
            scan->value[scan->value_count++] = byte;
        }
        break;
    default:
        feed_element(scan, byte);
    }
}

void metabase_scan_feed(struct metabase_scan *scan, const void *bytes, size_t size)
{
    const char *at = bytes;
    for (size_t i = 0; i < size; i++)
        feed_byte(scan, at[i]);
}
