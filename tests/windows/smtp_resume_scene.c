#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_resume_scene.h"

struct resume_record resume_record;
struct smtp_outcome resume_outcome;
unsigned resume_steps[SMTP_STEP_RUNNING + 1];
unsigned resume_intents;

/* The end of a process: at its kill_at-th point. */
static jmp_buf killed;
static unsigned points, kill_at;

void resume_point(void)
{
    if (++points == kill_at)
        longjmp(killed, 1);
}

static void before_call(unsigned calls)
{
    (void)calls;
    resume_point();
}

static bool record_intent(void *context, const struct smtp_stop_list *list)
{
    assert_ptr_equal(context, &resume_record);
    resume_point();
    resume_intents++;
    resume_record.begun = true;
    resume_record.seen_stopped = false;
    resume_record.list = *list;
    resume_point();
    return true;
}

static void record_step(void *context, enum smtp_step step, const struct smtp_outcome *so_far)
{
    assert_ptr_equal(context, &resume_record);
    assert_ptr_equal(so_far, &resume_outcome);
    resume_steps[step]++;
    if (step != SMTP_STEP_STOPPED)
        return;
    resume_point();
    resume_record.seen_stopped = true;
    resume_point();
}

const struct smtp_options *resume_options(void)
{
    static struct smtp_options of_smtp;
    of_smtp = (struct smtp_options){.service = L"SMTPSVC",
                                    .stop_timeout = 120000,
                                    .abandon = fake_services_abandon(),
                                    .intend = record_intent,
                                    .step = record_step,
                                    .context = &resume_record};
    return &of_smtp;
}

void resume_begin(void (*scene)(void))
{
    scene();
    memset(&resume_record, 0, sizeof(resume_record));
    memset(resume_steps, 0, sizeof(resume_steps));
    resume_record.needed = true;
    resume_intents = points = kill_at = 0;
}

enum smtp_result restart_and_tell(void)
{
    memset(&resume_outcome, 0xCC, sizeof(resume_outcome));
    smtp_restart(resume_options(), &resume_outcome);
    assert_int_equal(fake_services_open_handles(), 0);
    return resume_outcome.result;
}

enum smtp_result resume(void)
{
    memset(&resume_outcome, 0xCC, sizeof(resume_outcome));
    smtp_resume(resume_options(), &resume_record.list, resume_record.seen_stopped, &resume_outcome);
    assert_int_equal(fake_services_open_handles(), 0);
    return resume_outcome.result;
}

void put_into(struct fake_service *service, DWORD state)
{
    service->state = state;
    service->changing_since = fake_services_now();
    service->stops = service->starts = 0;
}

bool resume_run_until(unsigned at, void (*work)(void))
{
    points = 0;
    kill_at = at;
    fake_services_watch(before_call);
    bool ended = setjmp(killed) == 0;
    if (ended)
        work();
    kill_at = 0;
    if (!ended)
        fake_services_forget_handles();
    return ended;
}
