/* fuzz_quarantine.c: hostile bytes as a batch's manifest, and as what the verbs ask of the service.
 * libFuzzer; the first byte says as what.
 *
 * Whatever comes in: what is good of a manifest is good without the rest, and every message of it
 * can be found, has a name of a message and no path, and can be written again as the same; a
 * request that is taken is written as the same, and its selection can be asked.
 */
#include <stdlib.h>
#include <string.h>
#include "core/burst_list.h"
#include "core/journal.h"
#include "core/quarantine_manifest.h"
#include "core/quarantine_request.h"
#include "input.h"
#include "must.h"

enum { FRAMES_MOST = 12, PAYLOAD_MOST = 4096, KINDS = 5, FRAME_REQUEST = 66 };

static struct manifest_entry entries[MANIFEST_FILES_MAX];

/* ---- manifests ------------------------------------------------------------------------------ */

/* Frames one behind the other, whose checksums are right; what follows them is none. */
static size_t write_frames(struct input *input, uint8_t *to, size_t capacity)
{
    size_t size = 0, left;
    const uint8_t *payload;
    for (uint64_t i = 0; i < FRAMES_MOST && input->left > 0; i++) {
        uint8_t kind = input_u8(input) % KINDS;
        uint32_t count = (uint32_t)input_bytes(input, input_u16(input) % PAYLOAD_MOST, &payload);
        size += journal_write(to + size, capacity - size, kind, 5 + i, payload, count);
    }
    left = input_bytes(input, capacity - size, &payload);
    memcpy(to + size, payload, left);
    return size + left;
}

static void check_name(const struct manifest_file *file)
{
    struct text name = text_of(file->name);
    must(name.count > 4 && name.count < MANIFEST_NAME_MAX, "a name of no length");
    must(text_find(name, u'\\') == SIZE_MAX && text_find(name, u'/') == SIZE_MAX &&
             text_find(name, u':') == SIZE_MAX,
         "a name that is a path");
    must(text_equal_fold(text_slice(name, name.count - 4, 4), TEXT_OF(u".eml")),
         "a name that is no message's");
}

/* It is put into an intent, and read out of it. */
static void check_again(const struct manifest_file *file)
{
    static struct manifest_chunk chunk, again;
    static struct manifest_file read;
    size_t at = 0;
    manifest_chunk_begin(&chunk, false);
    must(manifest_chunk_add_file(&chunk, file), "a message that cannot be written again");
    must(manifest_chunk_next(&chunk, &at, &read), "a message that cannot be read again");
    manifest_chunk_begin(&again, false);
    must(manifest_chunk_add_file(&again, &read) && again.size == chunk.size &&
             memcmp(again.frame + JOURNAL_HEAD_SIZE, chunk.frame + JOURNAL_HEAD_SIZE, chunk.size) ==
                 0,
         "another message when it is read again");
    must(!manifest_chunk_next(&chunk, &at, &read), "a second message");
}

static void check_batch(const struct manifest *manifest)
{
    static uint8_t frame[JOURNAL_HEAD_SIZE + PAYLOAD_MOST];
    must(manifest_is_id(manifest->batch.id), "a batch without an id");
    must(manifest->batch.why < MANIFEST_WHYS, "a batch without a reason");
    must(manifest_write_batch(frame, sizeof frame, 1, &manifest->batch) > 0,
         "a batch that cannot be written again");
}

static void read_manifest(struct input *input)
{
    enum { SIZE_MOST = FRAMES_MOST * (JOURNAL_HEAD_SIZE + PAYLOAD_MOST) };
    static enum manifest_place places[MANIFEST_CHUNK_MAX];
    static struct manifest_file file;
    uint8_t *bytes = malloc(SIZE_MOST);
    must(bytes != NULL, "no memory");
    size_t size = write_frames(input, bytes, SIZE_MOST);
    struct manifest manifest = {.entries = entries}, again = {.entries = entries};
    if (!manifest_read(&manifest, bytes, size))
        goto done;
    check_batch(&manifest);
    must(manifest.good <= size && manifest.count <= MANIFEST_FILES_MAX &&
             manifest.open_count <= MANIFEST_CHUNK_MAX,
         "more than there is");
    for (uint32_t i = 0; i < manifest.open_count; i++)
        must(manifest.open[i] < manifest.count, "a message that is open and none");
    for (uint32_t i = 0; i < manifest.count; i++) {
        must(manifest_file_at(&manifest, bytes, i, &file), "a message that cannot be found");
        check_name(&file);
        check_again(&file);
    }
    must(manifest_read(&again, bytes, manifest.good) && again.good == manifest.good &&
             again.count == manifest.count && again.open_count == manifest.open_count &&
             again.purging == manifest.purging && again.sequence == manifest.sequence,
         "what is good is not without the rest");
    manifest_settle(&manifest, places);
    must(manifest.open_count == 0, "what is settled is open");
done:
    free(bytes);
}

/* ---- requests ------------------------------------------------------------------------------- */

static void read_request(struct input *input)
{
    static uint8_t written[QUARANTINE_REQUEST_SIZE_MAX];
    static struct burst_list clients;
    static struct message_head head;
    struct quarantine_request request = {.selection.clients = &clients};
    size_t size;
    uint8_t *bytes = input_frame(input, FRAME_REQUEST, PAYLOAD_MOST, &size);
    memset(&clients, 0, sizeof clients);
    if (quarantine_request_decode(&request, bytes, size)) {
        must(request.task < QUARANTINE_TASKS && request.why < MANIFEST_WHYS && request.limit >= 1 &&
                 request.limit <= MANIFEST_FILES_MAX && request.selection.kind < SELECTION_KINDS &&
                 (request.id[0] == '\0' || manifest_is_id(request.id)),
             "a request that makes no sense");
        must(quarantine_request_encode(written, sizeof written, &request) == size &&
                 memcmp(written + JOURNAL_HEAD_SIZE, bytes + JOURNAL_HEAD_SIZE,
                        size - JOURNAL_HEAD_SIZE) == 0,
             "another request when it is written again");
        must(queue_selection_takes(&request.selection, &head, 0) ||
                 request.selection.kind != SELECT_ALL,
             "not all");
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    if (input_u8(&input) % 2 == 0)
        read_manifest(&input);
    else
        read_request(&input);
    return 0;
}
