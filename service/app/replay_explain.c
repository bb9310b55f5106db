#include "replay_explain.h"

#include <string.h>

enum { CLIENTS_TOLD_APART = 1000, HOUR = 3600 };

/* ---- set-up --------------------------------------------------------------------------------- */

/* What to count for an account under a set of limits: these, in their windows; what is more than
 * they count, too; and some windows besides, as far as there is room. */
static void make_grid(struct sweep_grid *grid, const struct limit_set *limits)
{
    struct sweep_grid usual;

    *grid = (struct sweep_grid){.windows = {.count = 0}};
    for (uint32_t i = 0; i < limits->count; i++) {
        sweep_axis_add(&grid->counts[limits->limits[i].subject], limits->limits[i].count);
        sweep_axis_add(&grid->windows, limits->limits[i].window);
    }
    sweep_axis_add(&grid->counts[LIMIT_SIGN_INS], LIMIT_COUNT_MAX);
    sweep_axis_add(&grid->counts[LIMIT_CLIENTS], CLIENTS_TOLD_APART);
    sweep_grid_default(&usual);
    for (uint32_t i = 0; i < usual.windows.count && grid->windows.count < SWEEP_WINDOWS_MAX; i++) {
        sweep_axis_add(&grid->windows, usual.windows.at[i]);
    }
}

static size_t size_under(const struct limit_set *limits)
{
    struct sweep_grid grid;

    make_grid(&grid, limits);
    return (sweep_size(&grid, 1) + 63) & ~(size_t)63;
}

/* Bytes for the sweep of an account, whatever limits it turns out to be under. */
static size_t largest_size(const struct settings *settings)
{
    size_t largest = size_under(&settings->limits);

    for (size_t i = 0; i < settings->override_count; i++) {
        size_t size = size_under(&settings->overrides[i].limits);

        largest = size > largest ? size : largest;
    }
    return largest;
}

bool replay_explain_open(struct replay_explain *explain, const struct settings *settings,
                         struct text wanted)
{
    size_t size = largest_size(settings);
    size_t clients = REPLAY_CLIENTS_MAX * sizeof(uint32_t);

    *explain = (struct replay_explain){.settings = settings, .wanted = wanted};
    account_name_split(wanted, &explain->domain, &explain->user);
    if (!replay_block_allocate(&explain->block, REPLAY_EXPLAINED_MAX * (size + clients))) {
        return false;
    }
    uint8_t *at = explain->block.at;

    for (size_t i = 0; i < REPLAY_EXPLAINED_MAX; i++, at += size + clients) {
        explain->at[i].by_client = (uint32_t *)(void *)at;
        explain->at[i].sweep = (struct sweep *)(void *)(at + clients);
    }
    return true;
}

/* ---- listening ------------------------------------------------------------------------------ */

static const struct limit_set *limits_for(const struct settings *settings, struct text name,
                                          bool *own)
{
    for (size_t i = 0; i < settings->override_count; i++) {
        if (account_name_matches(settings->overrides[i].account, name)) {
            *own = true;
            return &settings->overrides[i].limits;
        }
    }
    *own = false;
    return &settings->limits;
}

/* Begins to hold an account against the limits that are in force for one of a name. */
static void measure(const struct replay_explain *explain, struct replay_explained *at,
                    struct text name)
{
    struct sweep_grid grid;

    at->limits = *limits_for(explain->settings, name, &at->own_limits);
    make_grid(&grid, &at->limits);
    size_t size = sweep_size(&grid, 1);

    memset(at->sweep, 0, size);
    at->sweep = sweep_init(at->sweep, size, &grid, 1);
}

/* Whether an account that got another name came under other limits with it. */
static bool is_under_others(const struct replay_explain *explain, const struct replay_explained *at,
                            struct text name)
{
    bool own;
    const struct limit_set *limits = limits_for(explain->settings, name, &own);

    return own != at->own_limits || !limit_set_same(limits, &at->limits);
}

/* Begins to explain an account that is met for the first time, if it is one of that user. */
static void meet(struct replay_explain *explain, const struct replay_sign_in *sign_in)
{
    struct text domain, user;

    explain->seen = sign_in->account + 1;
    account_name_split(sign_in->event->account, &domain, &user);
    if (!text_equal_fold(user, explain->user)) {
        return;
    }
    if (explain->count == REPLAY_EXPLAINED_MAX) {
        explain->not_kept++;
        return;
    }
    struct replay_explained *at = &explain->at[explain->count++];

    at->account = sign_in->account;
    at->machine = sign_in->identity->kind == IDENTITY_MACHINE;
    measure(explain, at, sign_in->identity->name);
    at->first = sign_in->event->time;
}

static uint32_t hour_of_day(int64_t time)
{
    int64_t hour = time / HOUR % REPLAY_HOURS;

    /* Seconds before 1970 within an hour belong to the hour before. */
    hour -= time % HOUR < 0;
    return (uint32_t)(hour < 0 ? hour + REPLAY_HOURS : hour);
}

static void count_client(struct replay_explained *at, uint32_t client)
{
    if (client == REPLAY_NUMBERLESS) {
        at->unnumbered++;
        return;
    }
    at->clients += at->by_client[client] == 0;
    at->by_client[client] += at->by_client[client] < UINT32_MAX;
}

static void hear(void *context, const struct replay_sign_in *sign_in)
{
    struct replay_explain *explain = context;
    const struct relay_event *event = sign_in->event;
    int64_t place = timeline_place(&explain->timeline, event->time);

    if (sign_in->account == REPLAY_NUMBERLESS) {
        return;
    }
    if (sign_in->account >= explain->seen) {
        meet(explain, sign_in);
    }
    for (uint32_t i = 0; i < explain->count; i++) {
        struct replay_explained *at = &explain->at[i];

        if (at->account != sign_in->account) {
            continue;
        }
        struct text domain, user;

        if (sign_in->renamed && is_under_others(explain, at, sign_in->identity->name)) {
            measure(explain, at, sign_in->identity->name);
        }
        account_name_split(event->account, &domain, &user);
        at->with_domain = at->with_domain || domain.count > 0;
        at->named = at->named || text_equal_fold(event->account, explain->wanted) ||
                    text_equal_fold(sign_in->identity->name, explain->wanted);
        at->exempt = at->exempt || sign_in->outcome == GUARD_EXEMPT;
        at->last = event->time;
        at->hours[hour_of_day(event->time)]++;
        count_client(at, sign_in->client);
        sweep_feed(at->sweep, &(struct sweep_sign_in){.account = 0,
                                                      .place = place,
                                                      .now = explain->timeline.now,
                                                      .time = event->time,
                                                      .record = event->record,
                                                      .client = sign_in->client_hash});
    }
}

struct replay_listener replay_explain_listener(struct replay_explain *explain)
{
    return (struct replay_listener){.context = explain, .sign_in = hear};
}

/* ---- the result ----------------------------------------------------------------------------- */

static void rank_clients(struct replay_explained *at)
{
    for (uint32_t client = 0; client < REPLAY_CLIENTS_MAX; client++) {
        uint32_t sign_ins = at->by_client[client], place = at->top_count;

        while (place > 0 && at->top[place - 1].sign_ins < sign_ins) {
            place--;
        }
        if (sign_ins == 0 || place == REPLAY_TOP_CLIENTS) {
            continue;
        }
        at->top_count += at->top_count < REPLAY_TOP_CLIENTS;
        for (uint32_t i = at->top_count - 1; i > place; i--) {
            at->top[i] = at->top[i - 1];
        }
        at->top[place] = (struct replay_client_share){client, sign_ins};
    }
}

/* Whether the name given says that it is this account. */
static bool is_meant(const struct replay_explain *explain, const struct replay_explained *at)
{
    return explain->domain.count == 0 || at->named;
}

void replay_explain_finish(struct replay_explain *explain)
{
    uint32_t meant = 0;

    for (uint32_t i = explain->count; i-- > 0;) {
        rank_clients(&explain->at[i]);
        if (is_meant(explain, &explain->at[i])) {
            explain->chosen = &explain->at[i];
            meant++;
        }
    }
    for (uint32_t i = explain->count; meant == 0 && i-- > 0;) {
        if (!explain->at[i].with_domain) {
            explain->chosen = &explain->at[i];
        }
    }
    explain->lost = explain->chosen != NULL ? sweep_lost(explain->chosen->sweep) : 0;
    explain->others = explain->count + explain->not_kept - (explain->chosen != NULL);
}

static uint32_t place_in(const struct sweep_axis *axis, uint32_t value)
{
    uint32_t place = 0;

    while (axis->at[place] != value) {
        place++;
    }
    return place;
}

struct replay_standing replay_explain_standing(const struct replay_explained *explained,
                                               uint32_t index)
{
    const struct sweep_grid *grid = sweep_grid_of(explained->sweep);
    struct replay_standing standing = {.limit = explained->limits.limits[index]};
    enum limit_subject subject = standing.limit.subject;
    uint32_t count = place_in(&grid->counts[subject], standing.limit.count);
    uint32_t window = place_in(&grid->windows, standing.limit.window);

    standing.peak = sweep_peak(explained->sweep, subject, window, 0);
    standing.margin = (int64_t)standing.limit.count - standing.peak.count;
    standing.crosses =
        sweep_find_crossing(explained->sweep, subject, count, window, 0, &standing.crossing);
    return standing;
}

void replay_explain_close(struct replay_explain *explain)
{
    replay_block_free(&explain->block);
}
