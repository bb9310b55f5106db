/* fuzz_release_request.c: hostile bytes as what the release verb asks and is answered through
 * files, and hostile names as who is meant. libFuzzer; the first byte says as what.
 *
 * Whatever comes in: what is none leaves the output alone; what is taken is written as the same. A
 * request means incidents that can be released and no others, of one account unless it asks for
 * all; and by its own name every account is found.
 */
#include <stdlib.h>
#include <string.h>
#include "core/incident_plan.h"
#include "core/release_request.h"
#include "../core/incident_fixture.h"
#include "input.h"
#include "must.h"

enum { PAYLOAD_MAX = 2048, INCIDENTS_MOST = 6, AS_MANY = 3 };

/* ---- files ------------------------------------------------------------------------------------
 */

static void read_request(struct input *input)
{
    static uint8_t again[RELEASE_REQUEST_SIZE_MAX];
    struct release_request request;
    size_t size;
    uint8_t *bytes = input_frame(input, 64, PAYLOAD_MAX, &size);
    must_fill(&request, sizeof request);
    if (release_request_decode(&request, bytes, size))
        must(request.target < RELEASE_TARGETS && size <= sizeof again &&
                 release_request_encode(again, sizeof again, &request) == size &&
                 /* The sequence and so the checksum of the frame may be others. */
                 memcmp(again + JOURNAL_HEAD_SIZE, bytes + JOURNAL_HEAD_SIZE,
                        size - JOURNAL_HEAD_SIZE) == 0,
             "another request when it is written again");
    else
        must_stay(&request, sizeof request, "no request, and yet written");
    free(bytes);
}

static void read_answer(struct input *input)
{
    static uint8_t again[RELEASE_ANSWER_SIZE_MAX];
    static struct release_answer answer;
    size_t size;
    uint8_t *bytes = input_frame(input, 65, PAYLOAD_MAX, &size);
    must_fill(&answer, sizeof answer);
    if (release_answer_decode(&answer, bytes, size)) {
        size_t length = strlen(answer.text);
        /* What follows a NUL in its text is not written again. */
        must(length < RELEASE_ANSWER_TEXT_MAX &&
                 release_answer_encode(again, sizeof again, &answer) <= size,
             "another answer when it is written again");
    } else {
        must_stay(&answer, sizeof answer, "no answer, and yet written");
    }
    free(bytes);
}

/* ---- who is meant by a request ----------------------------------------------------------------
 */

static void put_name(char16_t *to, size_t capacity, struct text name)
{
    text_copy(to, capacity, text_slice(name, 0, text_find(name, 0)));
}

static void check_match(struct input *input)
{
    static struct incident incidents[BOOK_INCIDENTS_MAX];
    static uint64_t ids[BOOK_INCIDENTS_MAX];
    struct incident_book book;
    struct release_request request = {.target = input_u8(input) % RELEASE_TARGETS};
    struct text asked = input_text(input, RELEASE_ACCOUNT_MAX - 1);
    uint32_t count = 77, number = input_u8(input) % INCIDENTS_MOST;
    incident_book_init(&book, incidents);
    put_name(request.account, RELEASE_ACCOUNT_MAX, asked);
    for (uint32_t i = 0; i < number; i++) {
        uint8_t how = input_u8(input);
        struct incident incident = incident_of(how % 4);
        struct text name = input_text(input, ACCOUNT_SHOWN_MAX - 1);
        put_name(incident.verdict.name, ACCOUNT_SHOWN_MAX, name);
        put_name(incident.verdict.account, ACCOUNT_SHOWN_MAX, name);
        incident.state = (enum incident_state)(how / 4 % INCIDENT_STATES);
        incident.change.made = how & 128;
        must(incident_book_put(&book, &incident), "an incident that the book does not take");
        free((void *)name.at);
    }
    enum release_match match = release_request_match(&request, &book, ids, &count);
    must((match == RELEASE_NONE) == (count == 0) && count <= number, "nobody, and yet somebody");
    for (uint32_t i = 0; i < count; i++) {
        const struct incident *found = incident_book_find(&book, ids[i]);
        must(found != NULL && (i == 0 || ids[i - 1] < ids[i]), "an incident that is none");
        must(request.target == RELEASE_LATEST || incident_can_be_released(found),
             "an incident that cannot be released");
        must(match != RELEASE_FOUND || request.target != RELEASE_ACCOUNT ||
                 incident_is_of(found, incident_book_find(&book, ids[0])->verdict.sid,
                                incident_book_find(&book, ids[0])->verdict.sid_size),
             "two accounts by one name");
    }
    /* By its own name an account is always found. */
    for (uint32_t i = 0; i < book.count; i++) {
        const struct incident *incident = &book.incidents[i];
        struct release_request by_name = {.target = RELEASE_ACCOUNT};
        put_name(by_name.account, RELEASE_ACCOUNT_MAX, text_of(incident->verdict.account));
        bool found = false;
        if (by_name.account[0] == 0 || by_name.account[0] == u'#' ||
            !text_equal(text_of(by_name.account), text_of(incident->verdict.account)) ||
            !incident_can_be_released(incident))
            continue;
        release_request_match(&by_name, &book, ids, &count);
        for (uint32_t j = 0; j < count; j++)
            found = found || ids[j] == incident->id;
        must(found, "an account that its name does not mean");
    }
    free((void *)asked.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const ways[AS_MANY])(struct input * input) = {read_request, read_answer,
                                                                check_match};
    struct input input = {data, size};
    if (size > 0)
        ways[input_u8(&input) % AS_MANY](&input);
    return 0;
}
