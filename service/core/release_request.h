/* release_request.h: what the release verb asks of the service, and what it is answered.
 *
 * Both travel as a file of one frame (journal.h) in the state directory, which only administrators
 * can write to; all the same every byte is checked.
 */
#ifndef RELAYLOCK_CORE_RELEASE_REQUEST_H
#define RELAYLOCK_CORE_RELEASE_REQUEST_H

#include "incident_book.h"

enum {
    RELEASE_ACCOUNT_MAX = 257,       /* units of the account asked for, terminator included */
    RELEASE_ANSWER_TEXT_MAX = 16384, /* bytes of UTF-8, terminator included */
    RELEASE_REQUEST_SIZE_MAX = 1024, /* bytes of a file */
    RELEASE_ANSWER_SIZE_MAX = RELEASE_ANSWER_TEXT_MAX + 64
};

enum release_target {
    RELEASE_ACCOUNT, /* by account: DOMAIN\user, user when that is one account, or #id of an
                        incident */
    RELEASE_ALL,
    RELEASE_LATEST, /* the most recent lock */
    RELEASE_TARGETS
};

struct release_request {
    uint64_t number; /* drawn at random; the answer has it, too */
    enum release_target target;
    bool force;                            /* also when somebody changed the account since */
    char16_t account[RELEASE_ACCOUNT_MAX]; /* terminated; not sanitised */
};

struct release_answer {
    uint64_t number;
    bool done;                          /* all that was asked for */
    char text[RELEASE_ANSWER_TEXT_MAX]; /* what came of it, a line each; sanitised; terminated */
};

/* The bytes of a file. Returns their number, 0 when they do not fit. */
size_t release_request_encode(uint8_t *to, size_t capacity, const struct release_request *request);
size_t release_answer_encode(uint8_t *to, size_t capacity, const struct release_answer *answer);

/* The other way. False, with nothing written, when the bytes are not one such frame. */
bool release_request_decode(struct release_request *request, const uint8_t *from, size_t size);
bool release_answer_decode(struct release_answer *answer, const uint8_t *from, size_t size);

enum release_match {
    RELEASE_FOUND,
    RELEASE_NONE,     /* nothing of that name is locked or marked */
    RELEASE_AMBIGUOUS /* the name is that of several accounts */
};

/* The incidents that a request means, of those that can be released: their ids go to ids (room for
 * BOOK_INCIDENTS_MAX), in order. An account is named as Windows or the log writes it, or as that is
 * shown sanitised; letters' case does not matter. */
enum release_match release_request_match(const struct release_request *request,
                                         const struct incident_book *book, uint64_t *ids,
                                         uint32_t *count);

#endif
