#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "account_release_scene.h"

struct release_record release_record;
struct account_undo release_undo;
struct account_intent release_intent;
unsigned release_told;
bool release_refuses;
struct account_release_outcome released;

static bool record_intent(void *context, const struct account_before *before)
{
    assert_ptr_equal(context, &release_record);
    scene_point();
    release_told++;
    release_record.before = *before;
    release_record.begun = true;
    scene_point();
    return !release_refuses;
}

int release_set_up(void **state)
{
    memset(&release_record, 0, sizeof release_record);
    release_intent = (struct account_intent){.intend = record_intent, .context = &release_record};
    release_told = 0;
    release_refuses = false;
    return scene_set_up(state);
}

void lock_to_release(const struct fake_user *user, enum lock_action action)
{
    assert_int_equal(scene_lock(user, action), ACCOUNT_LOCKED);
    release_undo = (struct account_undo){.action = action,
                                         .flags_before = scene_outcome.flags_before,
                                         .flags_after = scene_outcome.flags_after,
                                         .marked = scene_outcome.marked};
}

enum account_release_result release(const struct fake_user *user)
{
    uint8_t sid[FAKE_SID_SIZE];
    scene_sid(user, sid);
    memset(&released, 0xee, sizeof released);
    account_release(sid, sizeof sid, &release_undo, &release_intent, &released);
    return released.result;
}

void assert_release_failed(const char *call, DWORD error)
{
    assert_int_equal(released.result, RELEASE_FAILED);
    assert_string_equal(released.call, call);
    assert_int_equal(released.error, error);
}
