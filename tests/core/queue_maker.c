#include "queue_maker.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "core/event_time.h"

static const char *const words[] = {"offer",  "invoice", "watch", "meeting", "report", "holiday",
                                    "budget", "draft",   "photo", "update",  "price",  "account",
                                    "order",  "team",    "lunch", "pills",   "winner", "urgent"};
static const char *const people[] = {"anna", "bob",   "carol", "dave", "eve",  "frank", "grace",
                                     "hans", "irene", "jose",  "kim",  "lena", "mario", "nora"};
static const char *const big[] = {"gmail.com", "yahoo.com",  "hotmail.com", "aol.com",
                                  "gmx.de",    "mail.ru",    "msn.com",     "web.de",
                                  "orange.fr", "comcast.net"};
#define PICK(maker, list) ((list)[maker_below((maker), sizeof(list) / sizeof *(list))])

/* ---- chance ---------------------------------------------------------------------------------- */

static uint64_t next(struct maker *maker)
{
    uint64_t x = maker->state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

uint32_t maker_below(struct maker *maker, uint32_t below)
{
    return (uint32_t)(next(maker) % below);
}

uint32_t maker_spread(struct maker *maker, uint32_t low, uint32_t high)
{
    uint32_t magnitudes = 0;
    while (low << (magnitudes + 1) <= high)
        magnitudes++;
    uint32_t from = low << maker_below(maker, magnitudes + 1);
    uint32_t to = 2 * from > high ? high : 2 * from;
    return from + maker_below(maker, to - from + 1);
}

static bool chance(struct maker *maker, uint32_t of_100)
{
    return maker_below(maker, 100) < of_100;
}

/* ---- names ----------------------------------------------------------------------------------- */

static void name_it(char to[MAKER_NAME_MAX], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(to, MAKER_NAME_MAX, format, arguments);
    va_end(arguments);
}

static const char *random_word(struct maker *maker, char to[MAKER_NAME_MAX], uint32_t letters)
{
    for (uint32_t i = 0; i < letters; i++)
        to[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[maker_below(maker, i == 0 ? 26 : 36)];
    to[letters] = 0;
    return to;
}

static const char *foreign_domain(struct maker *maker, char to[MAKER_NAME_MAX])
{
    static const char *const ends[] = {"com", "net", "org", "de", "fr", "com.br", "co.uk", "ru"};
    char name[MAKER_NAME_MAX];
    if (chance(maker, 45))
        name_it(to, "%s", PICK(maker, big));
    else
        name_it(to, "%s.%s", random_word(maker, name, 4 + maker_below(maker, 9)),
                PICK(maker, ends));
    return to;
}

static const char *own_domain(struct maker *maker)
{
    return maker
        ->domains[chance(maker, maker->first_share) ? 0 : maker_below(maker, maker->domain_count)];
}

static const char *address_in(struct maker *maker, char to[MAKER_NAME_MAX], const char *domain)
{
    char word[MAKER_NAME_MAX];
    if (chance(maker, 50))
        name_it(to, "%s.%s@%s", PICK(maker, people), PICK(maker, people), domain);
    else
        name_it(to, "%s@%s", random_word(maker, word, 3 + maker_below(maker, 10)), domain);
    return to;
}

static const char *foreign(struct maker *maker, char to[MAKER_NAME_MAX])
{
    char domain[MAKER_NAME_MAX];
    return address_in(maker, to, foreign_domain(maker, domain));
}

static const char *own(struct maker *maker, char to[MAKER_NAME_MAX])
{
    name_it(to, "%s@%s", PICK(maker, people), own_domain(maker));
    return to;
}

void maker_init(struct maker *maker, uint64_t seed, uint32_t domains, bool local)
{
    char word[MAKER_NAME_MAX];
    memset(maker, 0, sizeof *maker);
    maker->state = seed;
    maker->now = 1262401445;
    maker->strays = maker_below(maker, 16);
    maker->domain_count = domains;
    maker->first_share = 10 + maker_below(maker, 80);
    for (uint32_t i = 0; i < domains; i++)
        name_it(maker->domains[i], "%s%u.%s", random_word(maker, word, 6), i,
                chance(maker, 50) ? "com" : "co.uk");
    if (local)
        name_it(maker->host, "SERVER%02u", 1 + maker_below(maker, 20));
    else
        name_it(maker->host, "%s.%s", chance(maker, 50) ? "mail" : "EX01", maker->domains[0]);
    maker->senders = (enum maker_senders)maker_below(maker, MAKER_SENDERS);
    maker->client_count = chance(maker, 40) ? 1 : maker_spread(maker, 1, MAKER_CLIENTS_MAX);
    for (uint32_t i = 0; i < maker->client_count; i++) {
        static const char *const shapes[] = {"User", "localhost", "dsl-%s.example.net",
                                             "%s",   "PC-%s",     "[%s]"};
        char *client = maker->clients[i];
        name_it(client, PICK(maker, shapes), random_word(maker, word, 7));
    }
    foreign(maker, maker->sender);
    name_it(maker->subject, "%s %s", PICK(maker, words), PICK(maker, words));
}

/* ---- messages -------------------------------------------------------------------------------- */

static void put(struct maker *maker, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int count =
        vsnprintf(maker->message + maker->size, MAKER_MESSAGE_MAX - maker->size, format, arguments);
    va_end(arguments);
    maker->size += (size_t)count;
}

/* RFC 5322, by way of RFC 3339. */
static void put_date(struct maker *maker, int64_t time)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[EVENT_TIME_TEXT_SIZE];
    int year, month, day;
    event_time_to_text(time, text);
    sscanf(text, "%d-%d-%d", &year, &month, &day);
    put(maker, "%d %.3s %d %.8s +0000", day, months + 3 * (month - 1), year, text + 11);
}

static int64_t begin(struct maker *maker)
{
    maker->size = 0;
    return maker->now - maker_below(maker, 86400);
}

static void put_received_from(struct maker *maker, const char *client, uint32_t address,
                              int64_t time)
{
    put(maker,
        "Received: from %s ([%u.%u.%u.%u]) by %s with Microsoft SMTPSVC(6.0.3790.%u);\r\n\t ",
        client, address >> 24, address >> 16 & 255, maker_below(maker, 256),
        1 + maker_below(maker, 254), maker->host, 1830 + maker_below(maker, 3000));
    put_date(maker, time);
    put(maker, "\r\n");
}

/* From anywhere in the world, but private networks. */
static void put_received(struct maker *maker, const char *client, int64_t time)
{
    put_received_from(maker, client,
                      (11 + maker_below(maker, 90)) << 24 | maker_below(maker, 256) << 16, time);
}

/* From the office, or now and then somebody on his way. */
static void put_received_here(struct maker *maker, const char *client, int64_t time)
{
    if (chance(maker, 8))
        put_received(maker, client, time);
    else
        put_received_from(maker, client, maker->domains[0][0] % 2 ? 0xc0a80000 : 0x0a000000, time);
}

static void put_subject(struct maker *maker)
{
    switch (maker_below(maker, 4)) {
    case 0:
        put(maker, "Subject: =?iso-8859-1?Q?%s=E9?=\r\n =?utf-8?B?w6k=?=\r\n", PICK(maker, words));
        break;
    case 1:
        put(maker, "Subject: %s \xe9\xe8 %s\r\n", PICK(maker, words), PICK(maker, words));
        break;
    default:
        put(maker, "Subject: %s %s\r\n", PICK(maker, words), PICK(maker, words));
    }
}

/* Something goes wrong with some of them: what a broken program, or a malicious one, writes. */
static void damage(struct maker *maker)
{
    size_t at, kept;
    if (!chance(maker, maker->broken))
        return;
    switch (maker_below(maker, 5)) {
    case 0: /* lines end in LF, or in CR */
        kept = 0;
        for (at = 0; at < maker->size; at++)
            if (maker->message[at] != '\r')
                maker->message[kept++] = maker->message[at];
        maker->size = kept;
        break;
    case 1: /* a NUL, somewhere behind the first line */
        maker->message[maker->size - 1 - maker_below(maker, (uint32_t)maker->size / 4)] = 0;
        break;
    case 2: /* a field that never ends, before all others */
        at = 20000 + maker_below(maker, 20000);
        memmove(maker->message + at, maker->message, maker->size);
        memset(maker->message, 'x', at);
        memcpy(maker->message, "X-Long: ", 8);
        memcpy(maker->message + at - 2, "\r\n", 2);
        maker->size += at;
        break;
    case 3: /* a line that is no field */
        memmove(maker->message + 14, maker->message, maker->size);
        memcpy(maker->message, "no field here\n", 14);
        maker->size += 14;
        break;
    default: /* eight bits */
        maker->message[maker->size - 1] = '\xff';
    }
}

static void end(struct maker *maker)
{
    put(maker, "MIME-Version: 1.0\r\nX-Mailer: %s\r\n\r\nHello, %s\r\n", PICK(maker, words),
        PICK(maker, words));
    damage(maker);
}

static void put_recipients(struct maker *maker, const char *field, uint32_t count)
{
    char address[MAKER_NAME_MAX];
    put(maker, "%s: ", field);
    for (uint32_t i = 0; i < count; i++)
        put(maker, i > 0 ? ",\r\n\t<%s>" : "%s", foreign(maker, address));
    put(maker, "\r\n");
}

/* A delivery report as SMTPSVC makes it, or as the store does. */
static int64_t report(struct maker *maker, const char *to, const char *failed, const char *code)
{
    int64_t time = begin(maker);
    bool store = chance(maker, 25);
    put(maker, store ? "From: System Administrator <postmaster@%s>\r\n" : "From: postmaster@%s\r\n",
        maker->domains[0]);
    put(maker, "To: %s\r\nDate: ", to);
    put_date(maker, time);
    put(maker,
        "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n"
        "\tboundary=\"9B095B5ADSN=_%08X\"\r\n",
        maker_below(maker, 0x7fffffff));
    if (!store)
        put(maker, "X-DSNContext: 7ce717b1 - 1391 - 00000002 - C00402CF\r\n");
    put(maker,
        "Subject: Delivery Status Notification (Failure)\r\n\r\nThis is a MIME-formatted message."
        "\r\n\r\n--9B095B5ADSN\r\nContent-Type: text/plain; charset=unicode-1-1-utf-7\r\n\r\n"
        "Delivery to the following recipients failed.\r\n\r\n       %s\r\n\r\n--9B095B5ADSN\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;%s\r\n\r\n",
        failed, maker->host);
    if (!chance(maker, 4)) /* else it was cut off here */
        put(maker, "Final-Recipient: rfc822;%s\r\nAction: failed\r\nStatus: %s\r\n", failed, code);
    put(maker, "\r\n--9B095B5ADSN\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\n");
    damage(maker);
    return time;
}

/* An inbound report, from another server, for somebody here. */
static int64_t report_from_outside(struct maker *maker)
{
    char domain[MAKER_NAME_MAX], failed[MAKER_NAME_MAX], to[MAKER_NAME_MAX];
    int64_t time = begin(maker);
    put_received(maker, foreign_domain(maker, domain), time);
    put(maker, "Return-Path: <>\r\nFrom: postmaster@%s\r\nTo: %s\r\n", domain, own(maker, to));
    put(maker,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        "--x\r\n\r\nFinal-Recipient: rfc822;%s\r\n",
        address_in(maker, failed, domain));
    return time;
}

static int64_t outgoing(struct maker *maker, bool automatic)
{
    char from[MAKER_NAME_MAX], name[MAKER_NAME_MAX];
    int64_t time = begin(maker);
    if (chance(maker, 60)) {
        name_it(name, "PC%u", maker_below(maker, 30));
        put_received_here(maker, name, time);
    }
    if (automatic && chance(maker, 50))
        put(maker, "Return-Path: <>\r\n");
    put(maker, "From: \"%s\" <%s>\r\n", PICK(maker, people), own(maker, from));
    put_recipients(maker, "To", automatic ? 1 : 1 + maker_below(maker, 4));
    if (automatic)
        put(maker, "Auto-Submitted: auto-replied\r\nSubject: Out of office: %s\r\n",
            PICK(maker, words));
    else
        put_subject(maker);
    end(maker);
    return time;
}

static int64_t incoming(struct maker *maker, bool list)
{
    char domain[MAKER_NAME_MAX], from[MAKER_NAME_MAX], to[MAKER_NAME_MAX];
    int64_t time = begin(maker);
    put_received(maker, foreign_domain(maker, domain), time);
    put(maker, "From: %s\r\n", address_in(maker, from, domain));
    if (list)
        put(maker, "Sender: talk-bounces@%s\r\nList-Id: <talk.%s>\r\nTo: talk@%s\r\n", domain,
            domain, domain);
    else
        put(maker, "To: %s\r\n", own(maker, to));
    put_subject(maker);
    end(maker);
    return time;
}

/* A mailbox here sends what it gets on to one elsewhere, its owner's. */
static int64_t forwarded(struct maker *maker)
{
    char domain[MAKER_NAME_MAX], from[MAKER_NAME_MAX], to[MAKER_NAME_MAX];
    int64_t time = begin(maker);
    put_received(maker, foreign_domain(maker, domain), time);
    put(maker, "From: %s\r\nTo: %s\r\n", address_in(maker, from, domain),
        chance(maker, 70) ? own(maker, to) : foreign(maker, to));
    put_subject(maker);
    end(maker);
    return time;
}

int64_t maker_honest(struct maker *maker)
{
    char to[MAKER_NAME_MAX], failed[MAKER_NAME_MAX];
    uint32_t lot = maker_below(maker, 100);
    if (chance(maker, maker->strays)) {
        foreign(maker, to);
        return report(maker, to, address_in(maker, failed, own_domain(maker)), "5.1.1");
    }
    if (lot < 55)
        return outgoing(maker, false);
    if (lot < 70)
        return incoming(maker, false);
    if (lot < 77)
        return incoming(maker, true);
    if (lot < 82)
        return outgoing(maker, true);
    if (lot < 88)
        return forwarded(maker);
    if (lot < 94)
        return report_from_outside(maker);
    /* Somebody here has mistyped an address. */
    return report(maker, own(maker, to), foreign(maker, failed), "5.1.1");
}

int64_t maker_newsletter(struct maker *maker)
{
    int64_t time = begin(maker);
    put_received_here(maker, "WEB01", time);
    put(maker, "From: News <news@%s>\r\n", maker->domains[0]);
    put_recipients(maker, "To", 1);
    put(maker, chance(maker, 50) ? "List-Unsubscribe: <mailto:off@%s>\r\n" : "Precedence: bulk\r\n",
        maker->domains[0]);
    put(maker, "Subject: News of the month\r\n");
    end(maker);
    return time;
}

static const char *relay_sender(struct maker *maker, char to[MAKER_NAME_MAX])
{
    switch (maker->senders) {
    case MAKER_ONE:
        return maker->sender;
    case MAKER_FEW:
        name_it(to, "%s@%s%u.example", PICK(maker, people), PICK(maker, words),
                maker_below(maker, 3));
        return to;
    case MAKER_OWN_ACCOUNT:
        name_it(to, "bob@%s", maker->domains[0]);
        return to;
    case MAKER_OWN_NAMES:
        return address_in(maker, to, maker->domains[0]);
    default:
        return foreign(maker, to);
    }
}

int64_t maker_relay(struct maker *maker)
{
    char from[MAKER_NAME_MAX], word[MAKER_NAME_MAX];
    int64_t time = begin(maker);
    put_received(maker, maker->clients[maker_below(maker, maker->client_count)], time);
    put(maker, "From: \"%s\" <%s>\r\n", PICK(maker, words), relay_sender(maker, from));
    if (chance(maker, maker->hidden))
        put(maker, "To: undisclosed-recipients:;\r\n");
    else if (maker->inward)
        put(maker, "To: %s\r\n", own(maker, word));
    else
        put_recipients(maker, "To", chance(maker, 60) ? 1 : maker_spread(maker, 2, 100));
    put(maker, "Subject: %s %s\r\n", maker->subject,
        random_word(maker, word, maker_below(maker, 6)));
    if (chance(maker, 10))
        put(maker, "List-Unsubscribe: <http://%s/off>\r\n", foreign_domain(maker, word));
    if (chance(maker, 20))
        put(maker, "Reply-To: %s\r\nX-Priority: 1\r\n", foreign(maker, word));
    end(maker);
    return time;
}

int64_t maker_relay_report(struct maker *maker)
{
    char to[MAKER_NAME_MAX], failed[MAKER_NAME_MAX], sender[MAKER_NAME_MAX];
    name_it(to, "%s", relay_sender(maker, sender));
    return report(maker, to, foreign(maker, failed), chance(maker, 70) ? "5.1.1" : "4.4.7");
}

int64_t maker_attack_report(struct maker *maker)
{
    char to[MAKER_NAME_MAX], failed[MAKER_NAME_MAX];
    foreign(maker, to);
    return report(maker, to, address_in(maker, failed, own_domain(maker)), "5.1.1");
}

int64_t maker_attack_message(struct maker *maker)
{
    char client[MAKER_NAME_MAX], from[MAKER_NAME_MAX], to[MAKER_NAME_MAX];
    int64_t time = begin(maker);
    put_received(maker, random_word(maker, client, 9), time);
    put(maker, "From: %s\r\nTo: %s\r\n", foreign(maker, from),
        address_in(maker, to, own_domain(maker)));
    put_subject(maker);
    end(maker);
    return time;
}

int64_t maker_garbage(struct maker *maker)
{
    int64_t time = begin(maker);
    maker->size = maker_spread(maker, 1, 4000);
    for (size_t i = 0; i < maker->size; i++)
        maker->message[i] = (char)(next(maker) | 0x80);
    return time;
}
