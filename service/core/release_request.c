#include "release_request.h"

#include "incident_plan.h"
#include "packer.h"

#include <string.h>

/* Kinds of frames; a journal has others. */
enum { FRAME_REQUEST = 64, FRAME_ANSWER = 65 };

static void pack_request(struct packer *packer, struct release_request *request)
{
    pack_u64(packer, &request->number);
    request->target = pack_enum(packer, request->target, RELEASE_TARGETS);
    pack_bool(packer, &request->force);
    pack_text(packer, request->account, RELEASE_ACCOUNT_MAX);
}

static void pack_answer(struct packer *packer, struct release_answer *answer)
{
    uint32_t length = packer->unpacking ? 0 : (uint32_t)strlen(answer->text);
    pack_u64(packer, &answer->number);
    pack_bool(packer, &answer->done);
    pack_number(packer, &length, 0, RELEASE_ANSWER_TEXT_MAX - 1);
    pack_bytes(packer, (uint8_t *)answer->text, packer->failed ? 0 : length);
    if (packer->unpacking && !packer->failed)
        answer->text[length] = '\0';
}

/* Puts a head before a payload that was packed behind the room for one. */
static size_t frame(uint8_t *to, size_t capacity, uint16_t kind, const struct packer *packer)
{
    if (packer->failed)
        return 0;
    return journal_write(to, capacity, kind, 1, to + JOURNAL_HEAD_SIZE, (uint32_t)packer->at);
}

/* The payload of a file that is one whole frame of a kind; null otherwise. */
static const uint8_t *unframe(const uint8_t *from, size_t size, uint16_t kind, size_t *payload)
{
    struct journal_reader reader = {.bytes = from, .size = size};
    struct journal_frame found;
    if (!journal_next(&reader, &found) || reader.at != size || found.kind != kind)
        return NULL;
    *payload = found.size;
    return found.payload;
}

size_t release_request_encode(uint8_t *to, size_t capacity, const struct release_request *request)
{
    struct release_request copy = *request;
    if (capacity < JOURNAL_HEAD_SIZE)
        return 0;
    struct packer packer = packer_to(to + JOURNAL_HEAD_SIZE, capacity - JOURNAL_HEAD_SIZE);
    pack_request(&packer, &copy);
    return frame(to, capacity, FRAME_REQUEST, &packer);
}

size_t release_answer_encode(uint8_t *to, size_t capacity, const struct release_answer *answer)
{
    struct release_answer copy = *answer;
    if (capacity < JOURNAL_HEAD_SIZE)
        return 0;
    struct packer packer = packer_to(to + JOURNAL_HEAD_SIZE, capacity - JOURNAL_HEAD_SIZE);
    pack_answer(&packer, &copy);
    return frame(to, capacity, FRAME_ANSWER, &packer);
}

bool release_request_decode(struct release_request *request, const uint8_t *from, size_t size)
{
    struct release_request read = {0};
    size_t payload_size;
    const uint8_t *payload = unframe(from, size, FRAME_REQUEST, &payload_size);
    if (!payload)
        return false;
    struct packer packer = packer_from(payload, payload_size);
    pack_request(&packer, &read);
    if (packer.failed || packer.at != payload_size)
        return false;
    *request = read;
    return true;
}

bool release_answer_decode(struct release_answer *answer, const uint8_t *from, size_t size)
{
    struct release_answer read = {0};
    size_t payload_size;
    const uint8_t *payload = unframe(from, size, FRAME_ANSWER, &payload_size);
    if (!payload)
        return false;
    struct packer packer = packer_from(payload, payload_size);
    pack_answer(&packer, &read);
    if (packer.failed || packer.at != payload_size)
        return false;
    *answer = read;
    return true;
}

static bool is_shown_as(struct text asked, struct text name)
{
    char16_t shown[8 * ACCOUNT_SHOWN_MAX];
    size_t count = text_copy_shown(shown, sizeof shown / sizeof *shown, name);
    return text_equal_fold(asked, name) || text_equal_fold(asked, (struct text){shown, count});
}

/* Whether an account is asked for by this name of it; without a domain by the user part alone. */
static bool is_named(struct text asked, struct text name)
{
    struct text domain, user;
    if (is_shown_as(asked, name))
        return true;
    if (text_find(asked, u'\\') != SIZE_MAX || text_find(asked, u'@') != SIZE_MAX)
        return false;
    account_name_split(name, &domain, &user);
    return is_shown_as(asked, user);
}

static bool is_asked_for(const struct release_request *request, const struct incident *incident)
{
    uint32_t id;
    struct text asked = text_of(request->account);
    if (request->target == RELEASE_ALL)
        return true;
    if (asked.count > 0 && asked.at[0] == u'#' &&
        text_to_number(text_slice(asked, 1, asked.count), &id))
        return incident->id == id;
    return is_named(asked, text_of(incident->verdict.name)) ||
           is_named(asked, text_of(incident->verdict.account));
}

/* The incident that was locked last. */
static enum release_match find_latest(const struct incident_book *book, uint64_t *ids,
                                      uint32_t *count)
{
    const struct incident *latest = NULL;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        if (incident_holds(incident) && incident->change.made &&
            (!latest || incident->locked_at >= latest->locked_at))
            latest = incident;
    }
    *count = latest != NULL;
    if (latest)
        ids[0] = latest->id;
    return latest ? RELEASE_FOUND : RELEASE_NONE;
}

enum release_match release_request_match(const struct release_request *request,
                                         const struct incident_book *book, uint64_t *ids,
                                         uint32_t *count)
{
    const struct incident *first = NULL;
    bool one_account = true;
    if (request->target == RELEASE_LATEST)
        return find_latest(book, ids, count);
    *count = 0;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        if (!incident_can_be_released(incident) || !is_asked_for(request, incident))
            continue;
        first = first ? first : incident;
        one_account =
            one_account && incident_is_of(incident, first->verdict.sid, first->verdict.sid_size);
        ids[(*count)++] = incident->id;
    }
    if (*count == 0)
        return RELEASE_NONE;
    return one_account || request->target == RELEASE_ALL ? RELEASE_FOUND : RELEASE_AMBIGUOUS;
}
