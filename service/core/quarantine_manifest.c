#include "quarantine_manifest.h"

#include <string.h>
#include "bytes.h"
#include "event_time.h"
#include "packer.h"

enum frame_kind { FRAME_BATCH = 1, FRAME_INTENT, FRAME_RESULT, FRAME_PURGE };

enum { CHUNK_HEAD = 5 /* bytes: the direction, the number of messages */ };

/* ---- ids ------------------------------------------------------------------------------------ */

enum { DASH_AT = 8 };

bool manifest_is_id(const char *text)
{
    for (size_t i = 0; i < MANIFEST_ID_SIZE - 1; i++) {
        if (i == DASH_AT ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    }
    return text[MANIFEST_ID_SIZE - 1] == '\0';
}

void manifest_id_of(int64_t time, char id[MANIFEST_ID_SIZE])
{
    char text[EVENT_TIME_TEXT_SIZE];
    size_t used = 0;
    event_time_to_text(time, text);
    for (const char *at = text; *at && used < MANIFEST_ID_SIZE - 1; at++) {
        if (*at >= '0' && *at <= '9')
            id[used++] = *at;
        else if (*at == 'T')
            id[used++] = '-';
    }
    id[used] = '\0';
}

/* ---- heads ---------------------------------------------------------------------------------- */

void manifest_file_describe(struct manifest_file *file, const struct message_head *head)
{
    const struct message_string *sender = message_head_sender(head);
    file->client = head->client;
    file->address = head->address;
    file->received = head->received;
    file->report = head->delivery_report;
    file->has_sender = sender != NULL;
    if (sender)
        file->sender = *sender;
    else
        message_string_clear(&file->sender);
}

void manifest_file_head(const struct manifest_file *file, struct message_head *head)
{
    *head = (struct message_head){.received = file->received,
                                  .client = file->client,
                                  .address = file->address,
                                  .delivery_report = file->report};
    head->return_path.there = file->has_sender;
    head->return_path.address = file->sender;
}

/* ---- payloads ------------------------------------------------------------------------------- */

static void pack_id(struct packer *packer, char id[MANIFEST_ID_SIZE])
{
    char packed[MANIFEST_ID_SIZE] = "";
    if (!packer->unpacking)
        memcpy(packed, id, MANIFEST_ID_SIZE);
    pack_bytes(packer, (uint8_t *)packed, MANIFEST_ID_SIZE);
    pack_require(packer, packer->failed || manifest_is_id(packed));
    if (!packer->failed)
        memcpy(id, packed, MANIFEST_ID_SIZE);
}

static void pack_batch(struct packer *packer, struct manifest_batch *batch)
{
    pack_id(packer, batch->id);
    pack_u64(packer, (uint64_t *)&batch->time);
    batch->why = pack_enum(packer, batch->why, MANIFEST_WHYS);
    pack_text(packer, batch->what, MANIFEST_WHAT_MAX);
    pack_text(packer, batch->queue, MANIFEST_PATH_MAX);
}

static void pack_string(struct packer *packer, struct message_string *string)
{
    pack_u8(packer, &string->count);
    pack_require(packer, packer->failed || string->count <= MESSAGE_STRING_MAX);
    pack_bytes(packer, (uint8_t *)string->at, packer->failed ? 0 : string->count);
}

/* Whether it is a plain name of a message file: it becomes part of a path. */
static bool is_plain(const char16_t *name)
{
    struct text text = text_of(name);
    for (size_t i = 0; i < text.count; i++) {
        if (text.at[i] < u' ' || text.at[i] == u'\\' || text.at[i] == u'/' || text.at[i] == u':')
            return false;
    }
    return text.count > 4 && text_equal_fold(text_slice(text, text.count - 4, 4), TEXT_OF(u".eml"));
}

static void pack_file(struct packer *packer, struct manifest_file *file)
{
    pack_text(packer, file->name, MANIFEST_NAME_MAX);
    pack_require(packer, packer->failed || is_plain(file->name));
    pack_u64(packer, &file->size);
    pack_u64(packer, (uint64_t *)&file->written);
    pack_u64(packer, (uint64_t *)&file->came);
    pack_string(packer, &file->client);
    pack_string(packer, &file->address);
    pack_string(packer, &file->sender);
    pack_bool(packer, &file->received);
    pack_bool(packer, &file->has_sender);
    pack_bool(packer, &file->report);
}

/* ---- writing -------------------------------------------------------------------------------- */

size_t manifest_write_batch(uint8_t *to, size_t capacity, uint64_t sequence,
                            const struct manifest_batch *batch)
{
    struct manifest_batch copy = *batch;
    if (capacity < JOURNAL_HEAD_SIZE)
        return 0;
    struct packer packer = packer_to(to + JOURNAL_HEAD_SIZE, capacity - JOURNAL_HEAD_SIZE);
    pack_batch(&packer, &copy);
    if (packer.failed)
        return 0;
    return journal_write(to, capacity, FRAME_BATCH, sequence, to + JOURNAL_HEAD_SIZE,
                         (uint32_t)packer.at);
}

size_t manifest_write_result(uint8_t *to, size_t capacity, uint64_t sequence,
                             const enum manifest_place *places, uint32_t count)
{
    uint8_t payload[MANIFEST_CHUNK_MAX];
    if (count > MANIFEST_CHUNK_MAX)
        return 0;
    for (uint32_t i = 0; i < count; i++)
        payload[i] = (uint8_t)places[i];
    return journal_write(to, capacity, FRAME_RESULT, sequence, payload, count);
}

size_t manifest_write_purge(uint8_t *to, size_t capacity, uint64_t sequence)
{
    return journal_write(to, capacity, FRAME_PURGE, sequence, NULL, 0);
}

void manifest_chunk_begin(struct manifest_chunk *chunk, bool back)
{
    chunk->back = back;
    chunk->count = 0;
    chunk->size = CHUNK_HEAD;
}

/* Where the next message goes. */
static struct packer chunk_room(struct manifest_chunk *chunk)
{
    return packer_to(chunk->frame + JOURNAL_HEAD_SIZE + chunk->size,
                     JOURNAL_PAYLOAD_MAX - chunk->size);
}

static bool chunk_take(struct manifest_chunk *chunk, const struct packer *packer)
{
    if (packer->failed)
        return false;
    chunk->size += packer->at;
    chunk->count++;
    return true;
}

bool manifest_chunk_add_file(struct manifest_chunk *chunk, const struct manifest_file *file)
{
    struct manifest_file copy = *file;
    if (chunk->count == MANIFEST_CHUNK_MAX)
        return false;
    struct packer packer = chunk_room(chunk);
    pack_file(&packer, &copy);
    return chunk_take(chunk, &packer);
}

bool manifest_chunk_add_index(struct manifest_chunk *chunk, uint32_t index)
{
    if (chunk->count == MANIFEST_CHUNK_MAX)
        return false;
    struct packer packer = chunk_room(chunk);
    pack_u32(&packer, &index);
    return chunk_take(chunk, &packer);
}

size_t manifest_chunk_finish(struct manifest_chunk *chunk, uint64_t sequence)
{
    uint8_t *payload = chunk->frame + JOURNAL_HEAD_SIZE;
    struct packer packer = packer_to(payload, CHUNK_HEAD);
    pack_bool(&packer, &chunk->back);
    pack_u32(&packer, &chunk->count);
    return journal_write(chunk->frame, sizeof chunk->frame, FRAME_INTENT, sequence, payload,
                         (uint32_t)chunk->size);
}

bool manifest_chunk_next(const struct manifest_chunk *chunk, size_t *at, struct manifest_file *file)
{
    size_t from = *at == 0 ? CHUNK_HEAD : *at;
    if (chunk->back || from >= chunk->size)
        return false;
    struct packer packer = packer_from(chunk->frame + JOURNAL_HEAD_SIZE + from, chunk->size - from);
    pack_file(&packer, file);
    *at = from + packer.at;
    return !packer.failed;
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool take_new(struct manifest *manifest, struct packer *packer, const uint8_t *bytes,
                     uint32_t count)
{
    struct manifest_file file;
    if (count > MANIFEST_FILES_MAX - manifest->count)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = manifest->count + i;
        manifest->entries[index] = (struct manifest_entry){
            .at = (uint32_t)(packer->from + packer->at - bytes), .place = MANIFEST_IN_QUEUE};
        manifest->open[i] = index;
        pack_file(packer, &file);
    }
    if (packer->failed || packer->at != packer->size)
        return false;
    manifest->count += count;
    return true;
}

static bool take_back(struct manifest *manifest, struct packer *packer, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = UINT32_MAX;
        pack_u32(packer, &index);
        if (packer->failed || index >= manifest->count)
            return false;
        manifest->open[i] = index;
    }
    return packer->at == packer->size;
}

static bool take_intent(struct manifest *manifest, const struct journal_frame *frame,
                        const uint8_t *bytes)
{
    struct packer packer = packer_from(frame->payload, frame->size);
    uint32_t count = 0;
    bool back = false;
    pack_bool(&packer, &back);
    pack_number(&packer, &count, 1, MANIFEST_CHUNK_MAX);
    if (packer.failed || manifest->open_count > 0)
        return false;
    if (!(back ? take_back(manifest, &packer, count) : take_new(manifest, &packer, bytes, count)))
        return false;
    manifest->open_count = count;
    return true;
}

static bool take_result(struct manifest *manifest, const struct journal_frame *frame)
{
    enum manifest_place places[MANIFEST_CHUNK_MAX];
    if (manifest->open_count == 0 || frame->size != manifest->open_count)
        return false;
    for (uint32_t i = 0; i < frame->size; i++) {
        if (frame->payload[i] > MANIFEST_IN_QUEUE)
            return false;
        places[i] = frame->payload[i];
    }
    manifest_settle(manifest, places);
    return true;
}

static bool take_frame(struct manifest *manifest, const struct journal_frame *frame,
                       const uint8_t *bytes)
{
    switch (frame->kind) {
    case FRAME_INTENT:
        return !manifest->purging && take_intent(manifest, frame, bytes);
    case FRAME_RESULT:
        return take_result(manifest, frame);
    case FRAME_PURGE:
        manifest->purging = manifest->purging || frame->size == 0;
        return frame->size == 0;
    default:
        return false;
    }
}

bool manifest_read(struct manifest *manifest, const uint8_t *bytes, size_t size)
{
    struct journal_reader reader = {.bytes = bytes, .size = size};
    struct journal_frame frame;
    *manifest = (struct manifest){.entries = manifest->entries};
    if (size > MANIFEST_SIZE_MAX || !journal_next(&reader, &frame) || frame.kind != FRAME_BATCH)
        return false;
    struct packer packer = packer_from(frame.payload, frame.size);
    pack_batch(&packer, &manifest->batch);
    if (packer.failed || packer.at != frame.size)
        return false;
    do {
        manifest->good = reader.at;
        manifest->sequence = reader.next;
    } while (journal_next(&reader, &frame) && take_frame(manifest, &frame, bytes));
    return true;
}

bool manifest_file_at(const struct manifest *manifest, const uint8_t *bytes, uint32_t index,
                      struct manifest_file *file)
{
    size_t at = manifest->entries[index].at;
    struct packer packer = packer_from(bytes + at, manifest->good - at);
    pack_file(&packer, file);
    return !packer.failed;
}

void manifest_settle(struct manifest *manifest, const enum manifest_place *places)
{
    for (uint32_t i = 0; i < manifest->open_count; i++)
        manifest->entries[manifest->open[i]].place = (uint8_t)places[i];
    manifest->open_count = 0;
}
