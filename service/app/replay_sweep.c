#include "replay_sweep.h"

enum { UNMET, SWEPT, LEFT_OUT };

bool replay_sweep_open(struct replay_sweep *part, const struct settings *settings,
                       const struct sweep_grid *grid)
{
    size_t size = sweep_size(grid, settings->max_accounts);

    *part = (struct replay_sweep){.settings = settings};
    if (!replay_block_allocate(&part->block, size) ||
        !replay_block_allocate(&part->met_block, settings->max_accounts)) {
        replay_sweep_close(part);
        return false;
    }
    part->met = part->met_block.at;
    part->sweep = sweep_init(part->block.at, size, grid, settings->max_accounts);
    return true;
}

static uint8_t meet(struct replay_sweep *part, const struct identity *identity)
{
    const struct settings *settings = part->settings;

    if (identity->kind == IDENTITY_MACHINE) {
        return LEFT_OUT;
    }
    for (size_t i = 0; i < settings->override_count; i++) {
        if (account_name_matches(settings->overrides[i].account, identity->name)) {
            part->left_out++;
            return LEFT_OUT;
        }
    }
    return SWEPT;
}

static void hear(void *context, const struct replay_sign_in *sign_in)
{
    struct replay_sweep *part = context;
    int64_t place = timeline_place(&part->timeline, sign_in->event->time);

    if (sign_in->outcome == GUARD_EXEMPT) {
        return;
    }
    if (sign_in->account == REPLAY_NUMBERLESS) {
        part->nameless++;
        return;
    }
    uint8_t *met = &part->met[sign_in->account];

    if (*met == UNMET || (*met == SWEPT && sign_in->renamed)) {
        *met = meet(part, sign_in->identity);
    }
    if (*met == SWEPT) {
        sweep_feed(part->sweep, &(struct sweep_sign_in){.account = sign_in->account,
                                                        .place = place,
                                                        .now = part->timeline.now,
                                                        .time = sign_in->event->time,
                                                        .record = sign_in->event->record,
                                                        .client = sign_in->client_hash});
    }
}

struct replay_listener replay_sweep_listener(struct replay_sweep *part)
{
    return (struct replay_listener){.context = part, .sign_in = hear};
}

void replay_sweep_finish(struct replay_sweep *part)
{
    sweep_propose(&part->proposal, part->sweep);
}

void replay_sweep_close(struct replay_sweep *part)
{
    replay_block_free(&part->block);
    replay_block_free(&part->met_block);
}
