#include "scripted_input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/replay_order.h"

uint64_t script_random;
size_t scripted_awake, scripted_awake_most;

uint32_t script_below(uint32_t bound)
{
    script_random = script_random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((script_random >> 33) % bound);
}

static void give(const struct scripted *scripted, size_t index, struct replay_record *record)
{
    const struct scripted_record *truth = &scripted->records[index];

    *record = (struct replay_record){.number = truth->number,
                                     .time = truth->time,
                                     .written = truth->written,
                                     .computer = scripted->computer,
                                     .matched = truth->matched,
                                     .well_formed = truth->well_formed};
}

/* Steps over what is damaged. Returns the bytes that this is; *passed_at is where they begin. */
static uint64_t pass_over(struct scripted *scripted, uint64_t *passed_at)
{
    uint64_t passed = 0;

    for (; scripted->at < scripted->count && scripted->records[scripted->at].damaged;
         scripted->at++) {
        *passed_at = passed == 0 ? 1000 + scripted->at : *passed_at;
        passed += 100;
    }
    return passed;
}

static size_t scripted_next(struct replay_input *input, struct replay_record *records, size_t most)
{
    struct scripted *scripted = (struct scripted *)input;
    size_t count = 0, wanted = 1 + script_below((uint32_t)most);

    assert_true(scripted->awake);
    scripted->given_from = scripted->at;
    while (count < wanted) {
        uint64_t passed_at = 0, passed = pass_over(scripted, &passed_at);

        if (scripted->at >= scripted->count || scripted->at >= scripted->fails_at) {
            if (count == 0) {
                records[0].passed = passed;
                records[0].passed_at = passed_at;
                scripted->given_from = scripted->at;
            } else {
                scripted->at -= passed / 100; /* to be told at the end */
            }
            break;
        }
        give(scripted, scripted->at++, &records[count]);
        records[count].passed = passed;
        records[count++].passed_at = passed_at;
    }
    return count;
}

static void scripted_rest(struct replay_input *input, size_t taken)
{
    struct scripted *scripted = (struct scripted *)input;
    uint64_t passed_at;

    assert_true(scripted->awake);
    scripted->awake = false;
    scripted_awake--;
    scripted->at = scripted->given_from;
    for (size_t i = 0; i < taken; i++) {
        pass_over(scripted, &passed_at);
        scripted->at++;
    }
}

static bool scripted_wake(struct replay_input *input)
{
    struct scripted *scripted = (struct scripted *)input;

    assert_false(scripted->awake);
    if (scripted->at > scripted->fails_at) {
        return false;
    }
    scripted->awake = true;
    scripted_awake++;
    scripted_awake_most =
        scripted_awake > scripted_awake_most ? scripted_awake : scripted_awake_most;
    return true;
}

static bool scripted_find(struct replay_input *input, uint64_t number, struct replay_key *key)
{
    struct scripted *scripted = (struct scripted *)input;
    struct replay_record record;

    assert_false(scripted->awake);
    for (size_t i = 0; i < scripted->count && i < scripted->fails_at; i++) {
        if (!scripted->records[i].damaged &&
            (int32_t)(uint32_t)(scripted->records[i].number - number) >= 0) {
            give(scripted, i, &record);
            *key = replay_key_of(&record);
            return true;
        }
    }
    return false;
}

static bool scripted_remark(const struct replay_input *input, size_t index,
                            char text[REPLAY_ERROR_SIZE])
{
    const struct scripted *scripted = (const struct scripted *)input;

    if (index == 0 && scripted->fails_at != SIZE_MAX) {
        strcpy(text, "cannot be read");
        return true;
    }
    return false;
}

static uint64_t scripted_position(const struct replay_input *input)
{
    return ((const struct scripted *)input)->at;
}

static void scripted_close(struct replay_input *input)
{
    struct scripted *scripted = (struct scripted *)input;

    assert_false(scripted->awake);
    assert_false(scripted->closed);
    scripted->closed = true;
}

const struct replay_input_methods scripted_methods = {
    .next = scripted_next,
    .rest = scripted_rest,
    .wake = scripted_wake,
    .find = scripted_find,
    .remark = scripted_remark,
    .position = scripted_position,
    .close = scripted_close,
};
