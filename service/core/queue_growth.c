#include "queue_growth.h"

static int64_t slot_of(int64_t time)
{
    return time / QUEUE_GROWTH_SLOT;
}

static struct queue_low *low_of(struct queue_growth *growth, int64_t slot)
{
    return &growth->lows[slot % QUEUE_GROWTH_SLOTS];
}

/* When the lowest count of a slot was seen. */
static int64_t time_of(int64_t slot, const struct queue_low *low)
{
    return slot * QUEUE_GROWTH_SLOT + low->second - 1;
}

/* The oldest slot that the ring has. */
static int64_t oldest_slot(const struct queue_growth *growth)
{
    int64_t oldest = slot_of(growth->time) - QUEUE_GROWTH_SLOTS + 1;
    return oldest > 0 ? oldest : 0;
}

void queue_growth_ask(struct queue_growth *growth, uint32_t alert, uint32_t require)
{
    if (alert != growth->alert) {
        growth->past = false;
        growth->past_again_at = growth->grown_again_at = 0;
    }
    if (require != growth->require)
        growth->risen = false;
    growth->alert = alert;
    growth->require = require;
}

static void advance(struct queue_growth *growth, int64_t time)
{
    int64_t from = slot_of(growth->time) + 1, to = slot_of(time);
    if (from < to - QUEUE_GROWTH_SLOTS + 1)
        from = to - QUEUE_GROWTH_SLOTS + 1;
    for (int64_t slot = from; slot <= to; slot++)
        *low_of(growth, slot) = (struct queue_low){0};
    growth->time = time;
}

/* The latest time since which it has grown by what is required. */
static void note_rise(struct queue_growth *growth, uint32_t files)
{
    if (growth->require == 0 || files < growth->require)
        return;
    for (int64_t slot = slot_of(growth->time); slot >= oldest_slot(growth); slot--) {
        const struct queue_low *low = low_of(growth, slot);
        if (low->second == 0 || low->files > files - growth->require)
            continue;
        if (!growth->risen || time_of(slot, low) > growth->risen_from)
            growth->risen_from = time_of(slot, low);
        growth->risen = true;
        return;
    }
}

static void note_low(struct queue_growth *growth, uint32_t files)
{
    struct queue_low *low = low_of(growth, slot_of(growth->time));
    if (low->second != 0 && low->files < files)
        return;
    low->files = files;
    low->second = (uint32_t)(growth->time % QUEUE_GROWTH_SLOT) + 1;
}

/* Of what is past QueueAlert. */
static enum queue_news judge_past(struct queue_growth *growth)
{
    if (growth->past && growth->files <= growth->alert / 2) {
        growth->past = false;
        return QUEUE_NEWS_FELL;
    }
    if (growth->files < growth->alert || growth->time < growth->past_again_at)
        return QUEUE_NEWS_NONE;
    growth->past = true;
    return QUEUE_NEWS_PAST;
}

static bool has_grown(const struct queue_growth *growth)
{
    uint32_t least = growth->alert / QUEUE_GROWTH_SHARE;
    if (least < QUEUE_GROWTH_LEAST)
        least = QUEUE_GROWTH_LEAST;
    return growth->files >= least &&
           growth->files / QUEUE_GROWTH_TIMES >= queue_growth_lowest(growth, growth->time);
}

/* While it stays past QueueAlert that is told once a day; after it fell it may be told sooner. */
static enum queue_news judge(struct queue_growth *growth)
{
    if (growth->alert == 0)
        return QUEUE_NEWS_NONE;
    enum queue_news news = judge_past(growth);
    if (news == QUEUE_NEWS_PAST) {
        growth->past_again_at = growth->time + QUEUE_GROWTH_DAY;
        growth->grown_again_at = growth->time + QUEUE_GROWTH_HOUR; /* the same news */
    } else if (news == QUEUE_NEWS_FELL) {
        growth->past_again_at -= QUEUE_GROWTH_DAY - QUEUE_GROWTH_HOUR;
    } else if (growth->time >= growth->grown_again_at && has_grown(growth)) {
        growth->grown_again_at = growth->time + QUEUE_GROWTH_HOUR;
        news = QUEUE_NEWS_GROWN;
    }
    return news;
}

enum queue_news queue_growth_add(struct queue_growth *growth, int64_t time, uint32_t files)
{
    if (time > growth->time)
        advance(growth, time);
    note_rise(growth, files);
    note_low(growth, files);
    growth->files = files;
    growth->counted = true;
    return judge(growth);
}

uint32_t queue_growth_lowest(const struct queue_growth *growth, int64_t time)
{
    uint32_t lowest = growth->files;
    for (int64_t slot = slot_of(growth->time); slot >= oldest_slot(growth); slot--) {
        const struct queue_low *low = &growth->lows[slot % QUEUE_GROWTH_SLOTS];
        if (slot * QUEUE_GROWTH_SLOT + QUEUE_GROWTH_SLOT <= time - QUEUE_GROWTH_HOUR)
            break;
        if (low->second != 0 && time_of(slot, low) > time - QUEUE_GROWTH_HOUR &&
            low->files < lowest)
            lowest = low->files;
    }
    return lowest;
}

uint32_t queue_growth_window(const struct queue_growth *growth, int64_t time)
{
    if (growth->require == 0)
        return 0;
    if (!growth->counted)
        return UINT32_MAX;
    if (growth->files >= growth->require)
        return 0;
    /* A window holds what is less than its length old. */
    int64_t window = time - growth->risen_from + 1;
    return growth->risen && window <= LIMIT_WINDOW_MAX ? (uint32_t)window : UINT32_MAX;
}
