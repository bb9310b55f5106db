#include "replay_input.h"

/* Saved logs are read the same way every time: the key keeps nobody out. */
static const struct hash_key computer_key = {0x72656c61796c6f63, 0x6b207265706c6179};

void replay_record_event(const struct replay_record *record, struct relay_event *event)
{
    if (record->mark.serial == 0) {
        *event = record->event;
        return;
    }
    event->record = record->number;
    event->time = record->time;
    event->origin = record->computer;
    sign_in_mark_texts(&record->mark, record->strings, event);
}

struct replay_key replay_key_of(const struct replay_record *record)
{
    return (struct replay_key){record->number, record->time, record->written,
                               text_hash_fold(record->computer, &computer_key)};
}

bool replay_key_equal(const struct replay_key *a, const struct replay_key *b)
{
    return a->number == b->number && a->time == b->time && a->written == b->written &&
           a->computer == b->computer;
}
