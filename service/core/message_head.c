#include "message_head.h"

#include <string.h>
#include "ascii.h"
#include "message_date.h"
#include "message_received.h"

enum field {
    FIELD_OTHER, /* looked for or not: nothing is kept of it */
    FIELD_FROM,
    FIELD_SENDER,
    FIELD_RETURN_PATH,
    FIELD_TO,
    FIELD_CC,
    FIELD_BCC,
    FIELD_SUBJECT,
    FIELD_RECEIVED,
    FIELD_DATE,
    FIELD_CONTENT_TYPE,
    FIELD_AUTO_SUBMITTED,
    FIELD_PRECEDENCE,
    FIELD_LIST_ID,
    FIELD_LIST_UNSUBSCRIBE,
    FIELD_FAILED,
    FIELD_DSN_CONTEXT,
    FIELD_FINAL_RECIPIENT
};

static const char *const names[] = {
    [FIELD_FROM] = "from",
    [FIELD_SENDER] = "sender",
    [FIELD_RETURN_PATH] = "return-path",
    [FIELD_TO] = "to",
    [FIELD_CC] = "cc",
    [FIELD_BCC] = "bcc",
    [FIELD_SUBJECT] = "subject",
    [FIELD_RECEIVED] = "received",
    [FIELD_DATE] = "date",
    [FIELD_CONTENT_TYPE] = "content-type",
    [FIELD_AUTO_SUBMITTED] = "auto-submitted",
    [FIELD_PRECEDENCE] = "precedence",
    [FIELD_LIST_ID] = "list-id",
    [FIELD_LIST_UNSUBSCRIBE] = "list-unsubscribe",
    [FIELD_FAILED] = "x-failed-recipients",
    [FIELD_DSN_CONTEXT] = "x-dsncontext",
    [FIELD_FINAL_RECIPIENT] = "final-recipient",
};

enum state {
    AT_LINE_START, /* the field before may go on here */
    IN_NAME,
    BEHIND_NAME, /* blanks before the colon: RFC 5322 4.5.8 */
    IN_VALUE,
    IN_REST, /* of a line, or a field, that nothing is kept of */
    AT_END
};

void message_parser_init(struct message_parser *parser)
{
    memset(parser, 0, sizeof *parser);
}

const struct message_string *message_head_sender(const struct message_head *head)
{
    const struct message_address *const in_order[] = {&head->return_path, &head->sender,
                                                      &head->from};
    for (size_t i = 0; i < sizeof in_order / sizeof *in_order; i++) {
        if (in_order[i]->there)
            return &in_order[i]->address;
    }
    return NULL;
}

/* ---- fields --------------------------------------------------------------------------------- */

static bool holds_address(enum field field)
{
    return (field >= FIELD_FROM && field <= FIELD_BCC) || field == FIELD_FAILED ||
           field == FIELD_FINAL_RECIPIENT;
}

static void take_recipient(struct message_head *head, const struct message_string *address)
{
    struct message_string domain;
    message_string_domain(address, &domain);
    if (domain.count == 0)
        return;
    head->recipients++;
    for (uint32_t i = 0; i < head->domain_count; i++) {
        if (message_string_equal(&head->domains[i], &domain))
            return;
    }
    if (head->domain_count < MESSAGE_DOMAINS_MAX)
        head->domains[head->domain_count++] = domain;
}

/* Of several addresses in a field that should have one, the first. */
static void take_address(struct message_parser *parser)
{
    struct message_head *head = &parser->head;
    const struct message_string *found = &parser->addresses.found;
    switch (parser->field) {
    case FIELD_FROM:
        if (head->from.address.count == 0)
            head->from.address = *found;
        break;
    case FIELD_SENDER:
        if (head->sender.address.count == 0)
            head->sender.address = *found;
        break;
    case FIELD_RETURN_PATH:
        if (head->return_path.address.count == 0)
            head->return_path.address = *found;
        break;
    case FIELD_FAILED:
    case FIELD_FINAL_RECIPIENT:
        if (head->failed.count == 0)
            head->failed = *found;
        break;
    default:
        take_recipient(head, found);
    }
}

static bool has_word(const char *value, size_t count, const char *word)
{
    return ascii_find_fold(value, count, 0, word) < count;
}

/* A field that no address is taken from, whole but for what is too much of it. */
static void take_value(struct message_parser *parser)
{
    struct message_head *head = &parser->head;
    const char *value = parser->value;
    size_t count = parser->value_count;
    while (count > 0 && ascii_is_blank(value[count - 1]))
        count--;
    switch (parser->field) {
    case FIELD_SUBJECT:
        message_string_set(&head->subject, value, count, false);
        break;
    case FIELD_RECEIVED:
        message_received_read(head, value, count);
        break;
    case FIELD_DATE:
        if (!head->dated)
            head->dated = message_date_read(value, count, &head->date);
        break;
    case FIELD_CONTENT_TYPE:
        if (ascii_begins_fold(value, count, "multipart/report") &&
            has_word(value, count, "delivery-status"))
            head->delivery_report = true;
        break;
    case FIELD_AUTO_SUBMITTED:
        head->automatic = !ascii_begins_fold(value, count, "no");
        break;
    case FIELD_PRECEDENCE:
        head->list = head->list || has_word(value, count, "list") || has_word(value, count, "bulk");
        head->automatic = head->automatic || has_word(value, count, "junk");
        break;
    default:
        break;
    }
}

/* A field of this number begins. */
static void begin_field(struct message_parser *parser, enum field field)
{
    struct message_head *head = &parser->head;
    bool again = (parser->seen & UINT64_C(1) << field) != 0;
    bool many = field == FIELD_TO || field == FIELD_CC || field == FIELD_BCC;
    if ((field == FIELD_FINAL_RECIPIENT) != parser->body || (again && !many))
        field = FIELD_OTHER;
    parser->field = (uint8_t)field;
    parser->seen |= UINT64_C(1) << field;
    parser->value_count = 0;
    address_list_init(&parser->addresses);
    head->from.there = head->from.there || field == FIELD_FROM;
    head->sender.there = head->sender.there || field == FIELD_SENDER;
    head->return_path.there = head->return_path.there || field == FIELD_RETURN_PATH;
    head->list = head->list || field == FIELD_LIST_ID || field == FIELD_LIST_UNSUBSCRIBE;
    head->delivery_report =
        head->delivery_report || field == FIELD_DSN_CONTEXT || field == FIELD_FAILED;
}

static void end_field(struct message_parser *parser)
{
    enum field field = parser->field;
    if (holds_address(field)) {
        if (address_list_end(&parser->addresses))
            take_address(parser);
    } else if (field != FIELD_OTHER) {
        take_value(parser);
    }
    parser->field = FIELD_OTHER;
}

static enum field field_of(const char *name, size_t count)
{
    for (enum field field = FIELD_FROM; field <= FIELD_FINAL_RECIPIENT; field++) {
        if (strlen(names[field]) == count && memcmp(names[field], name, count) == 0)
            return field;
    }
    return FIELD_OTHER;
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* Behind an empty line comes the body. Of a report it is read on, until it says who failed. */
static void end_head(struct message_parser *parser)
{
    parser->head.ended = true;
    parser->body = true;
    parser->state =
        parser->head.delivery_report && parser->head.failed.count == 0 ? AT_LINE_START : AT_END;
}

static void end_line(struct message_parser *parser)
{
    if (parser->state == AT_LINE_START) {
        end_field(parser);
        if (!parser->body)
            end_head(parser);
        else if (parser->head.failed.count > 0)
            parser->state = AT_END;
    } else if (parser->state != AT_END) {
        parser->state = AT_LINE_START;
    }
}

static void feed_name(struct message_parser *parser, char byte)
{
    if (byte == ':' && parser->name_count > 0) {
        parser->head.fields += !parser->body;
        begin_field(parser, field_of(parser->name, parser->name_count));
        parser->state = parser->field == FIELD_OTHER ? IN_REST : IN_VALUE;
    } else if (ascii_is_blank(byte) && parser->name_count > 0) {
        parser->state = BEHIND_NAME;
    } else if (byte <= ' ' || byte == 0x7f || parser->state == BEHIND_NAME) {
        parser->state = IN_REST;
    } else if (parser->name_count < MESSAGE_FIELD_NAME_MAX) {
        parser->name[parser->name_count++] = ascii_fold(byte);
    }
}

static void feed_value(struct message_parser *parser, char byte)
{
    if (holds_address(parser->field)) {
        if (address_list_feed(&parser->addresses, byte))
            take_address(parser);
    } else if (parser->value_count < MESSAGE_FIELD_MAX &&
               (parser->value_count > 0 || !ascii_is_blank(byte))) {
        parser->value[parser->value_count++] = byte == '\t' ? ' ' : byte;
    }
}

static void feed_byte(struct message_parser *parser, char byte)
{
    switch (parser->state) {
    case AT_LINE_START:
        if (ascii_is_blank(byte)) {
            parser->state = parser->field == FIELD_OTHER ? IN_REST : IN_VALUE;
            if (parser->state == IN_VALUE)
                feed_value(parser, ' ');
            break;
        }
        end_field(parser);
        parser->name_count = 0;
        parser->state = IN_NAME;
        feed_name(parser, byte);
        break;
    case IN_NAME:
    case BEHIND_NAME:
        feed_name(parser, byte);
        break;
    case IN_VALUE:
        feed_value(parser, byte);
        break;
    default:
        break;
    }
}

bool message_parser_feed(struct message_parser *parser, const void *bytes, size_t size)
{
    const char *at = bytes, *const end = at + size;
    while (at < end && parser->state != AT_END) {
        char byte = *at++;
        if (byte == '\r') {
            parser->returns++;
            continue;
        }
        /* CRs before an LF belong to it; others end a line each. */
        uint32_t lines = byte == '\n' ? 1 : parser->returns < 2 ? parser->returns : 2;
        parser->returns = 0;
        for (; lines > 0; lines--)
            end_line(parser);
        if (byte != '\n')
            feed_byte(parser, byte);
        while (parser->state == IN_REST && at < end && *at != '\r' && *at != '\n')
            at++;
    }
    return parser->state != AT_END;
}

void message_parser_end(struct message_parser *parser)
{
    if (parser->returns > 0)
        end_line(parser);
    if (parser->returns > 1)
        end_line(parser);
    parser->returns = 0;
    if (parser->state != AT_END)
        end_field(parser);
    parser->state = AT_END;
}
