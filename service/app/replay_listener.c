#include "replay_listener.h"

bool replay_listeners_hear(const struct replay_listeners *listeners)
{
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->at[i].sign_in != NULL || listeners->at[i].verdict != NULL) {
            return true;
        }
    }
    return false;
}

void replay_listeners_tell(const struct replay_listeners *listeners,
                           const struct replay_sign_in *sign_in, const struct verdict *verdict)
{
    for (size_t i = 0; i < listeners->count; i++) {
        const struct replay_listener *listener = &listeners->at[i];

        if (listener->sign_in != NULL) {
            listener->sign_in(listener->context, sign_in);
        }
        if (verdict != NULL && listener->verdict != NULL) {
            listener->verdict(listener->context, sign_in, verdict);
        }
    }
}

void replay_listeners_tell_gap(const struct replay_listeners *listeners,
                               const struct replay_gap *gap)
{
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->at[i].gap != NULL) {
            listeners->at[i].gap(listeners->at[i].context, gap);
        }
    }
}

void replay_listeners_tell_progress(const struct replay_listeners *listeners,
                                    const struct replay_progress *progress)
{
    for (size_t i = 0; i < listeners->count; i++) {
        if (listeners->at[i].progress != NULL) {
            listeners->at[i].progress(listeners->at[i].context, progress);
        }
    }
}
