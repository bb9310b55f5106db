#include "account_aside.h"

#include <stdlib.h>
#include <string.h>

#include "last_error.h"

struct account_aside_calls account_aside_calls = {
    .account_lock = account_lock,
    .CreateEventW = CreateEventW,
    .CreateThread = CreateThread,
};

/* Whose turn it is: nobody but the one touches what is behind it. */
enum { AT_WORK, ASKS, ENDED };

struct account_aside {
    HANDLE thread, ready;
    HANDLE answered; /* auto-reset, to the thread */
    volatile LONG stage;
    uint8_t sid[SECURITY_MAX_SID_SIZE];
    size_t size;
    enum lock_action action;
    bool any_earlier;
    struct account_before earlier;
    struct account_before before; /* what it asks about */
    bool answer;
    struct account_outcome outcome;
};

static void hand_over(struct account_aside *aside, LONG stage)
{
    InterlockedExchange(&aside->stage, stage);
    SetEvent(aside->ready);
}

static bool ask(void *context, const struct account_before *before)
{
    struct account_aside *aside = context;
    aside->before = *before;
    hand_over(aside, ASKS);
    return WaitForSingleObject(aside->answered, INFINITE) == WAIT_OBJECT_0 && aside->answer;
}

static DWORD WINAPI run(LPVOID context)
{
    struct account_aside *aside = context;
    const struct account_intent intent = {
        .intend = ask, .context = aside, .earlier = aside->any_earlier ? &aside->earlier : NULL};
    account_aside_calls.account_lock(aside->sid, aside->size, aside->action, &intent,
                                     &aside->outcome);
    hand_over(aside, ENDED);
    return 0;
}

DWORD account_aside_begin(const uint8_t *sid, size_t size, enum lock_action action,
                          const struct account_before *earlier, HANDLE ready,
                          struct account_aside **aside)
{
    struct account_aside *made = NULL;
    DWORD error;
    if (size > sizeof made->sid)
        return ERROR_INVALID_SID;
    made = calloc(1, sizeof *made);
    if (!made)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(made->sid, sid, size);
    made->size = size;
    made->action = action;
    made->ready = ready;
    made->any_earlier = earlier != NULL;
    if (earlier)
        made->earlier = *earlier;
    made->answered = account_aside_calls.CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!made->answered) {
        error = last_error();
        goto cleanup_memory;
    }
    made->thread = account_aside_calls.CreateThread(NULL, 0, run, made, 0, NULL);
    if (!made->thread) {
        error = last_error();
        goto cleanup_event;
    }
    *aside = made;
    return ERROR_SUCCESS;

cleanup_event:
    CloseHandle(made->answered);
cleanup_memory:
    free(made);
    return error;
}

bool account_aside_serve(struct account_aside *aside,
                         bool (*intend)(void *context, const struct account_before *before),
                         void *context, struct account_outcome *outcome)
{
    LONG stage = InterlockedCompareExchange(&aside->stage, AT_WORK, ASKS);
    if (stage == ASKS) {
        aside->answer = intend(context, &aside->before);
        SetEvent(aside->answered);
    }
    if (stage != ENDED)
        return false;
    WaitForSingleObject(aside->thread, INFINITE); /* it does nothing any more */
    *outcome = aside->outcome;
    CloseHandle(aside->thread);
    CloseHandle(aside->answered);
    free(aside);
    return true;
}
