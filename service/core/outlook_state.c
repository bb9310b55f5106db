#include "outlook_state.h"

#include "packer.h"

/* The first version had neither notice nor figure of foreign sign-ins. */
enum { VERSION = 2, FIRST_VERSION = 1 };

#define WALL_MAX INT64_C(1000000000000) /* s: some 30,000 years */

static void pack_notice(struct packer *packer, struct notice *notice)
{
    pack_bool(packer, &notice->told);
    pack_signed(packer, &notice->next_at, 0, STEADY_MAX + NOTICE_PAUSE);
}

static void pack_rhythm(struct packer *packer, struct rhythm *rhythm)
{
    pack_signed(packer, &rhythm->day, 0, STEADY_MAX / RHYTHM_DAY);
    for (int i = 0; i < RHYTHM_DAYS; i++) {
        struct rhythm_day *day = &rhythm->days[i];
        pack_u32(packer, &day->longest);
        pack_number(packer, &day->watched, 0, RHYTHM_DAY);
        pack_u32(packer, &day->sign_ins);
    }
}

static void pack_clock(struct packer *packer, struct clock_watch *clock)
{
    pack_bool(packer, &clock->anchored);
    pack_signed(packer, &clock->anchor.now, 0, STEADY_MAX);
    pack_u32(packer, &clock->anchor.tick);
    pack_u32(packer, &clock->anchor.boot);
    pack_signed(packer, &clock->anchor.wall, -WALL_MAX, WALL_MAX);
}

static void pack_day(struct packer *packer, struct day_figures *day, uint32_t version)
{
    pack_signed(packer, &day->begun_at, 0, STEADY_MAX);
    pack_signed(packer, &day->begun_wall, -WALL_MAX, WALL_MAX);
    pack_u64(packer, &day->sign_ins);
    pack_u64(packer, &day->malformed);
    if (version > FIRST_VERSION)
        pack_u64(packer, &day->foreign);
    pack_u32(packer, &day->accounts);
    pack_u32(packer, &day->verdicts);
    pack_u32(packer, &day->locked);
    pack_u32(packer, &day->released);
    pack_u32(packer, &day->leaks);
    pack_u32(packer, &day->restarts);
    pack_u32(packer, &day->silence);
}

static void pack_state(struct packer *packer, struct outlook_state *state)
{
    uint32_t version = VERSION;
    pack_number(packer, &version, FIRST_VERSION, VERSION);
    int notices = version > FIRST_VERSION ? BLINDNESSES : BLIND_FOREIGN;
    for (int i = 0; i < notices; i++)
        pack_notice(packer, &state->notices[i]);
    pack_rhythm(packer, &state->rhythm);
    pack_clock(packer, &state->clock);
    pack_day(packer, &state->day, version);
}

void outlook_state_encode(struct outlook_record *record, const struct outlook_state *state)
{
    struct outlook_state copy = *state; /* the packer goes both ways, and takes no const */
    struct packer packer = packer_to(record->bytes, sizeof record->bytes);
    pack_state(&packer, &copy);
    record->size = packer.failed ? 0 : (uint32_t)packer.at;
}

bool outlook_state_decode(struct outlook_state *state, const struct outlook_record *record)
{
    struct outlook_state fresh = {0};
    if (record->size > sizeof record->bytes)
        return false;
    struct packer packer = packer_from(record->bytes, record->size);
    pack_state(&packer, &fresh);
    if (packer.failed || packer.at != packer.size)
        return false;
    *state = fresh;
    return true;
}

void outlook_state_resume(struct outlook_state *state, const struct steady *now)
{
    for (int i = 0; i < BLINDNESSES; i++)
        if (state->notices[i].next_at > now->now + NOTICE_PAUSE)
            state->notices[i].next_at = now->now + NOTICE_PAUSE;
    if (state->rhythm.day > now->now / RHYTHM_DAY)
        state->rhythm = (struct rhythm){0};
    if (state->clock.anchor.boot == 0 || state->clock.anchor.boot != now->boot)
        state->clock.anchored = false;
    if (state->day.begun_at > now->now)
        state->day = (struct day_figures){.begun_at = now->now, .begun_wall = now->wall};
}
