#include "quarantine_request.h"

enum { FRAME_REQUEST = 66 };

static void pack_id(struct packer *packer, char id[MANIFEST_ID_SIZE])
{
    bool named = !packer->unpacking && id[0] != '\0';
    pack_bool(packer, &named);
    if (named)
        pack_bytes(packer, (uint8_t *)id, MANIFEST_ID_SIZE);
    else if (packer->unpacking)
        id[0] = '\0';
    pack_require(packer, !named || packer->failed || manifest_is_id(id));
}

static void pack_request(struct packer *packer, struct quarantine_request *request)
{
    pack_u64(packer, &request->number);
    request->task = pack_enum(packer, request->task, QUARANTINE_TASKS);
    queue_selection_pack(packer, &request->selection);
    request->why = pack_enum(packer, request->why, MANIFEST_WHYS);
    pack_text(packer, request->what, MANIFEST_WHAT_MAX);
    pack_number(packer, &request->limit, 1, MANIFEST_FILES_MAX);
    pack_id(packer, request->id);
}

size_t quarantine_request_encode(uint8_t *to, size_t capacity,
                                 const struct quarantine_request *request)
{
    struct quarantine_request copy = *request;
    if (capacity < JOURNAL_HEAD_SIZE)
        return 0;
    struct packer packer = packer_to(to + JOURNAL_HEAD_SIZE, capacity - JOURNAL_HEAD_SIZE);
    pack_request(&packer, &copy);
    if (packer.failed)
        return 0;
    return journal_write(to, capacity, FRAME_REQUEST, 1, to + JOURNAL_HEAD_SIZE,
                         (uint32_t)packer.at);
}

bool quarantine_request_decode(struct quarantine_request *request, const uint8_t *from, size_t size)
{
    struct journal_reader reader = {.bytes = from, .size = size};
    struct journal_frame frame;
    if (!journal_next(&reader, &frame) || reader.at != size || frame.kind != FRAME_REQUEST)
        return false;
    struct packer packer = packer_from(frame.payload, frame.size);
    pack_request(&packer, request);
    return !packer.failed && packer.at == frame.size;
}
