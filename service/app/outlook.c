#include "outlook.h"

#include <stdio.h>
#include <string.h>

#include "logging_reports.h"
#include "outlook_reports.h"

DWORD outlook_init(struct outlook *outlook)
{
    return diagnostics_init(&outlook->diagnostics);
}

void outlook_end(struct outlook *outlook)
{
    diagnostics_end(&outlook->diagnostics);
}

void outlook_recall(struct outlook *outlook, const struct outlook_record *record,
                    const struct steady *clock)
{
    struct outlook_state *state = &outlook->state;
    if (record && outlook_state_decode(state, record)) {
        outlook_state_resume(state, clock);
    } else {
        *state = (struct outlook_state){.day = {.begun_at = clock->now, .begun_wall = clock->wall}};
    }
    outlook->recalled = true;
    outlook->look_at = clock->now;
    outlook->keep_at = clock->now;
}

void outlook_look_soon(struct outlook *outlook)
{
    outlook->look_at = 0;
}

HANDLE outlook_signal(const struct outlook *outlook)
{
    return outlook->diagnostics.changed;
}

DWORD outlook_wait(const struct outlook *outlook, int64_t now)
{
    int64_t left = outlook->recalled ? outlook->look_at - now : OUTLOOK_PAUSE;
    return left <= 0 ? 0 : left < OUTLOOK_PAUSE ? (DWORD)left : OUTLOOK_PAUSE;
}

bool outlook_has_news(const struct outlook *outlook, int64_t now)
{
    return outlook->recalled && now >= outlook->keep_at;
}

void outlook_keep(struct outlook *outlook, int64_t now, struct outlook_record *record)
{
    outlook_state_encode(record, &outlook->state);
    outlook->keep_at = now + OUTLOOK_KEEP_PAUSE;
}

/* What there is to say of a kind of blindness. */
static enum notice_news judge(struct outlook *outlook, enum outlook_blindness kind, int64_t now,
                              bool is_so)
{
    enum notice_news news = notice_judge(&outlook->state.notices[kind], now, is_so);
    if (news != NOTICE_NONE)
        outlook->keep_at = now;
    return news;
}

static void note_unknown(struct outlook *outlook, const char *call, DWORD error)
{
    snprintf(outlook->unknown, sizeof outlook->unknown, "%s failed with error %lu", call, error);
}

/* Before it is judged how they are. Tries again with every look; a failure is told when it is not
 * the one that was told last. */
static void raise_levels(struct outlook *outlook, const struct settings *settings)
{
    struct logging_failure failure;
    DWORD error = logging_raise(settings->provider, false, &logging_reports, &failure);
    if (error && error != outlook->raise_error)
        logging_tell_not_raised(settings->provider, &failure, error);
    outlook->raise_error = error;
}

static void look_at_levels(struct outlook *outlook, const struct outlook_view *view)
{
    struct diagnostic_levels levels;
    const char *failed_call;
    if (view->settings->raise_logging)
        raise_levels(outlook, view->settings);
    DWORD error =
        diagnostics_read(&outlook->diagnostics, view->settings->provider, &levels, &failed_call);
    if (error) {
        note_unknown(outlook, failed_call, error);
        return;
    }
    switch (judge(outlook, BLIND_LEVEL, view->clock->now, diagnostic_levels_too_low(&levels))) {
    case NOTICE_TELL:
        outlook_tell_level_low(view->settings, &levels);
        break;
    case NOTICE_OVER:
        outlook_tell_level_good(view->settings);
        break;
    case NOTICE_NONE:
        break;
    }
}

static void judge_full(struct outlook *outlook, const struct outlook_view *view,
                       const struct log_facts *facts)
{
    bool is_full = log_is_full(facts, view->clock->wall);
    switch (judge(outlook, BLIND_FULL, view->clock->now, is_full)) {
    case NOTICE_TELL:
        outlook_tell_log_full(view->settings, facts);
        break;
    case NOTICE_OVER:
        outlook_tell_log_has_room(view->settings);
        break;
    case NOTICE_NONE:
        break;
    }
}

static void judge_small(struct outlook *outlook, const struct outlook_view *view,
                        const struct log_facts *facts)
{
    uint32_t window = settings_longest_window(view->settings), reach = 0;
    bool known = log_reach(facts, view->clock->wall, &reach);
    switch (judge(outlook, BLIND_SMALL, view->clock->now, known && reach < window)) {
    case NOTICE_TELL:
        outlook_tell_log_small(view->settings, facts, reach);
        break;
    case NOTICE_OVER:
        outlook_tell_log_large_enough(view->settings);
        break;
    case NOTICE_NONE:
        break;
    }
}

static void look_at_log(struct outlook *outlook, const struct outlook_view *view)
{
    struct log_facts facts;
    const char *failed_call;
    if (!log_reader_is_reading(view->reader))
        return; /* an outage is told by itself */
    DWORD error = log_reader_look(view->reader, &facts, &failed_call);
    if (error) {
        note_unknown(outlook, failed_call, error);
        return;
    }
    judge_full(outlook, view, &facts);
    judge_small(outlook, view, &facts);
}

static void look_at_clock(struct outlook *outlook, const struct outlook_view *view)
{
    int64_t jump;
    if (!clock_watch_look(&outlook->state.clock, view->clock, &jump))
        return;
    if (judge(outlook, BLIND_CLOCK, view->clock->now, true) == NOTICE_TELL)
        outlook_tell_clock_jump(jump);
}

/* What was told of a silence is over with the next sign-in, whatever was forgotten meanwhile. */
static void judge_silence(struct outlook *outlook, const struct outlook_view *view, bool heard,
                          uint32_t silence)
{
    struct rhythm *rhythm = &outlook->state.rhythm;
    bool told = outlook->state.notices[BLIND_SILENT].told;
    int64_t now = view->clock->now;
    if (!rhythm->watching)
        return;
    switch (judge(outlook, BLIND_SILENT, now, !heard && (told || rhythm_is_silent(rhythm, now)))) {
    case NOTICE_TELL:
        outlook_tell_silent(view->settings, rhythm, now);
        break;
    case NOTICE_OVER:
        outlook_tell_heard_again(view->settings, silence);
        break;
    case NOTICE_NONE:
        break;
    }
}

static void listen(struct outlook *outlook, const struct outlook_view *view)
{
    struct rhythm *rhythm = &outlook->state.rhythm;
    struct day_figures *day = &outlook->state.day;
    int64_t now = view->clock->now;
    uint64_t sign_ins = view->counts.sign_ins - outlook->before.sign_ins;
    uint32_t silence;
    rhythm_go_on(rhythm, now, log_reader_is_reading(view->reader));
    silence = sign_ins ? rhythm_hear(rhythm, now, sign_ins) : rhythm_silence(rhythm, now);
    if (silence > day->silence)
        day->silence = silence;
    judge_silence(outlook, view, sign_ins != 0, silence);
}

/* What came from other computers: told of once a day, and never over. */
static void judge_foreign(struct outlook *outlook, const struct outlook_view *view)
{
    outlook->foreign_untold += view->counts.foreign - outlook->before.foreign;
    if (outlook->foreign_untold == 0 ||
        judge(outlook, BLIND_FOREIGN, view->clock->now, true) != NOTICE_TELL)
        return;
    struct event_source_counters log = log_reader_count(view->reader);
    outlook_tell_foreign(view->settings, outlook->foreign_untold, &log);
    outlook->foreign_untold = 0;
}

static void count(struct outlook *outlook, const struct outlook_view *view)
{
    struct day_figures *day = &outlook->state.day;
    const struct outlook_counts *now = &view->counts, *before = &outlook->before;
    day->sign_ins += now->sign_ins - before->sign_ins;
    day->malformed += now->malformed - before->malformed;
    day->foreign += now->foreign - before->foreign;
    day->verdicts += now->verdicts - before->verdicts;
    day->locked += now->locked - before->locked;
    day->released += now->released - before->released;
    day->leaks += now->leaks - before->leaks;
    day->restarts += now->restarts - before->restarts;
    if (view->accounts > day->accounts)
        day->accounts = view->accounts;
    outlook->before = *now;
}

static void tell_day(struct outlook *outlook, const struct outlook_view *view)
{
    struct day_figures *day = &outlook->state.day;
    const struct steady *clock = view->clock;
    if (clock->now - day->begun_at < OUTLOOK_DAY)
        return;
    outlook_tell_day(&outlook->state, clock->wall, log_reader_is_reading(view->reader),
                     outlook->unknown);
    *day = (struct day_figures){.begun_at = clock->now, .begun_wall = clock->wall};
    outlook->keep_at = clock->now;
}

void outlook_look(struct outlook *outlook, const struct outlook_view *view)
{
    int64_t now = view->clock->now;
    bool due = now >= outlook->look_at;
    if (!outlook->recalled) {
        outlook->before = view->counts; /* perhaps read by an earlier process, too */
        return;
    }
    look_at_clock(outlook, view);
    listen(outlook, view);
    judge_foreign(outlook, view);
    count(outlook, view);
    if (due)
        outlook->unknown[0] = 0;
    if (due || WaitForSingleObject(outlook->diagnostics.changed, 0) == WAIT_OBJECT_0)
        look_at_levels(outlook, view);
    if (due) {
        look_at_log(outlook, view);
        outlook->look_at = now + OUTLOOK_PAUSE;
    }
    tell_day(outlook, view);
}
