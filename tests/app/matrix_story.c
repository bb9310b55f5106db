/* matrix_story.c: see matrix_world.h. What happens on the host, and how the engine hears of it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "matrix_world.h"
#include <cmocka.h>

enum { RECORD = 100000, NEXT = 100 /* between two steps' records */ };

static uint64_t record_of(size_t step)
{
    return RECORD + NEXT * step;
}

static const struct fake_user *user_of(const struct matrix_step *step)
{
    return matrix.users[step->account - 1];
}

/* ---- the log -------------------------------------------------------------------------------- */

static void order(size_t index)
{
    const struct matrix_step *step = &matrix.shape->steps[index];
    struct order made = {.verdict = {.flag = step->event == MATRIX_FLAG ? FLAG_BUDGET : FLAG_NOT,
                                     .limit = {LIMIT_SIGN_INS, 50, 600},
                                     .count = 50,
                                     .sign_ins = 50,
                                     .clients = 1,
                                     .top_count = 1,
                                     .first_record = record_of(index) - 49,
                                     .last_record = record_of(index),
                                     .first_time = matrix.times[index] - 60,
                                     .last_time = matrix.times[index],
                                     .kind = IDENTITY_USER,
                                     .sid_size = FAKE_SID_SIZE},
                         .action = matrix.settings.action,
                         .read_at = matrix_tick()};
    fake_sid(matrix.contoso, user_of(step)->rid, made.verdict.sid);
    wcscpy(made.verdict.account, L"contoso\\");
    wcscat(made.verdict.account, user_of(step)->name);
    wcscpy(made.verdict.name, L"CONTOSO\\");
    wcscat(made.verdict.name, user_of(step)->name);
    wcscpy(made.verdict.top[0].name, L"mail.example");
    made.verdict.top[0].sign_ins = 50;
    lockdown_order(matrix.lockdown, &made);
}

static void leak(size_t index)
{
    struct held_sign_ins sign_ins = {.sid_size = FAKE_SID_SIZE,
                                     .leaks = 1,
                                     .time = matrix.times[index],
                                     .record = record_of(index),
                                     .read_at = matrix_tick(),
                                     .client = u"spam.example"};
    fake_sid(matrix.contoso, user_of(&matrix.shape->steps[index])->rid, sign_ins.sid);
    lockdown_sign_ins(matrix.lockdown, &sign_ins);
}

/* All of the log was read. */
static void read_all(void)
{
    if (matrix.done == 0)
        return;
    const struct position_record position = {.record = record_of(matrix.done - 1),
                                             .time = matrix.times[matrix.done - 1],
                                             .channel = u"Application"};
    lockdown_position(matrix.lockdown, &position);
}

/* ---- people --------------------------------------------------------------------------------- */

/* A person who got no answer looks whether there is something left to ask for. */
static bool is_to_be_asked(const struct matrix_step *step)
{
    const struct incident_book *book = lockdown_book(matrix.lockdown);
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        uint8_t sid[FAKE_SID_SIZE];
        if (step->account != 0)
            fake_sid(matrix.contoso, user_of(step)->rid, sid);
        if ((step->account == 0 || incident_is_of(incident, sid, FAKE_SID_SIZE)) &&
            incident_can_be_released(incident) && !incident->release_wanted)
            return true;
    }
    return false;
}

static void ask(size_t index)
{
    const struct matrix_step *step = &matrix.shape->steps[index];
    struct release_request request = {.number = (uint32_t)index + 1,
                                      .target = step->account ? RELEASE_ACCOUNT : RELEASE_ALL};
    if (matrix.answered[index] || !is_to_be_asked(step))
        return;
    if (step->account) {
        wcscpy(request.account, L"CONTOSO\\");
        wcscat(request.account, user_of(step)->name);
    }
    assert_true(lockdown_release(matrix.lockdown, &request));
}

static void set_down(bool down)
{
    for (size_t i = 0; i < matrix.contoso->controller_count; i++)
        matrix.contoso->controllers[i].down = down;
}

/* ---- the story ------------------------------------------------------------------------------ */

/* A step that is still there to be seen by a process that comes later. */
static void tell(size_t index)
{
    switch (matrix.shape->steps[index].event) {
    case MATRIX_CROSS:
    case MATRIX_FLAG:
        order(index);
        break;
    case MATRIX_LEAK:
        leak(index);
        break;
    case MATRIX_RELEASE:
        ask(index);
        break;
    case MATRIX_ENABLE:
    case MATRIX_TOUCH:
    case MATRIX_DOWN:
    case MATRIX_UP:
    case MATRIX_REPLICATE:
        break;
    }
}

static void happen(size_t index)
{
    const struct matrix_step *step = &matrix.shape->steps[index];
    matrix.times[index] = matrix_wall();
    if (step->event == MATRIX_ENABLE)
        matrix.users[step->account - 1]->flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    else if (step->event == MATRIX_TOUCH)
        matrix.users[step->account - 1]->flags |= UF_DONT_EXPIRE_PASSWD;
    else if (step->event == MATRIX_DOWN || step->event == MATRIX_UP)
        set_down(step->event == MATRIX_DOWN);
    else if (step->event == MATRIX_REPLICATE)
        fake_replicate(matrix.contoso);
}

void matrix_happen(void)
{
    size_t first = matrix.done;
    do
        happen(matrix.done++);
    while (matrix.done < matrix.shape->step_count && matrix.shape->steps[matrix.done].after == 0);
    for (size_t i = first; i < matrix.done; i++)
        tell(i);
    read_all();
}

void matrix_read_again(void)
{
    for (size_t i = 0; i < matrix.done; i++) {
        DWORD wait;
        tell(i);
        lockdown_step(matrix.lockdown, &wait);
    }
    read_all();
}

/* Does what is due now. Returns the ms until something is. */
static DWORD run(void)
{
    DWORD wait;
    for (unsigned steps = 0; lockdown_step(matrix.lockdown, &wait); steps++)
        assert_in_range(steps, 0, 10000);
    return wait;
}

void matrix_pass(DWORD ms)
{
    for (;;) {
        DWORD wait = run();
        DWORD step = wait < ms ? wait : ms;
        if (ms == 0)
            return;
        assert_true(step > 0);
        fake_services_advance(step);
        ms -= step;
    }
}
