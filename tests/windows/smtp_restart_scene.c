#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_restart_scene.h"

struct smtp_outcome restart_outcome;
enum smtp_step restart_steps[RESTART_STEPS_MAX];
size_t restart_step_count;

static void record_step(void *context, enum smtp_step step, const struct smtp_outcome *so_far)
{
    assert_ptr_equal(context, &restart_outcome);
    assert_ptr_equal(so_far, &restart_outcome);
    assert_true(restart_step_count < RESTART_STEPS_MAX);
    restart_steps[restart_step_count++] = step;
}

enum smtp_result restart(void)
{
    struct smtp_options options = {.service = L"SMTPSVC",
                                   .stop_timeout = 120000,
                                   .abandon = fake_services_abandon(),
                                   .step = record_step,
                                   .context = &restart_outcome};

    restart_step_count = 0;
    memset(&restart_outcome, 0xCC, sizeof(restart_outcome));
    smtp_restart(&options, &restart_outcome);
    assert_int_equal(fake_services_open_handles(), 0);
    return restart_outcome.result;
}

size_t restart_steps_of(enum smtp_step step)
{
    size_t count = 0;

    for (size_t i = 0; i < restart_step_count; i++)
        count += restart_steps[i] == step;
    return count;
}
