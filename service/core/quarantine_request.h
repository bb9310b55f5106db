/* quarantine_request.h: what `queue quarantine` and `queue restore` ask of the service. It travels
 * as a file of one frame, as a release does (release_request.h), and is answered likewise.
 */
#ifndef RELAYLOCK_CORE_QUARANTINE_REQUEST_H
#define RELAYLOCK_CORE_QUARANTINE_REQUEST_H

#include "quarantine_manifest.h"
#include "queue_selection.h"

enum {
    QUARANTINE_REQUEST_SIZE_MAX = JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX /* bytes of a file */
};

enum quarantine_task { QUARANTINE_TAKE, QUARANTINE_GIVE_BACK, QUARANTINE_TASKS };

struct quarantine_request {
    uint64_t number; /* drawn at random; the answer has it, too */
    enum quarantine_task task;
    struct queue_selection selection;
    /* Of taking: */
    enum manifest_why why;
    char16_t what[MANIFEST_WHAT_MAX]; /* the account, client or sender; terminated, not sanitised */
    uint32_t limit;                   /* messages, 1 to MANIFEST_FILES_MAX */
    /* Of giving back: */
    char id[MANIFEST_ID_SIZE]; /* of the batch; "": of all */
};

/* The bytes of a file. Returns their number, 0 when they do not fit. */
size_t quarantine_request_encode(uint8_t *to, size_t capacity,
                                 const struct quarantine_request *request);

/* The other way, into request->selection.clients, too. False, with *request undefined, when the
 * bytes are not one such frame. */
bool quarantine_request_decode(struct quarantine_request *request, const uint8_t *from,
                               size_t size);

#endif
