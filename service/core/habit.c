#include "habit.h"

enum { HOUR = 3600, HOURS_A_DAY = 24 };

static int64_t floor_divide(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

uint32_t habit_level(uint32_t count)
{
    uint32_t level = 0;

    while (count >>= 1) {
        level++;
    }
    return level < HABIT_LEVELS ? level : HABIT_LEVELS - 1;
}

/* The newest day is over. */
static void close_day(struct habit *habit)
{
    for (int i = 0; i < 2; i++) {
        uint16_t *days = &habit->days[i][habit_level(habit->of_day[i])];

        if (*days < UINT16_MAX) {
            (*days)++;
        }
        habit->of_day[i] = 0;
    }
}

int64_t habit_hour_start(const struct habit *habit, int64_t place)
{
    int64_t hour = floor_divide(place, HOUR);

    return HOUR * (habit->sign_ins > 0 && hour < habit->hour ? habit->hour : hour);
}

static void move_on(struct habit *habit, int64_t hour)
{
    if (habit->sign_ins > 0 &&
        floor_divide(hour, HOURS_A_DAY) != floor_divide(habit->hour, HOURS_A_DAY)) {
        close_day(habit);
    }
    habit->hour = hour;
    habit->in_hour[LIMIT_SIGN_INS] = habit->in_hour[LIMIT_CLIENTS] = 0;
}

void habit_note(struct habit *habit, int64_t place, bool new_client)
{
    int64_t hour = floor_divide(place, HOUR);

    if (habit->sign_ins == 0 || hour > habit->hour) {
        move_on(habit, hour);
    }
    habit->sign_ins++;
    habit->in_hour[LIMIT_SIGN_INS]++;
    habit->in_hour[LIMIT_CLIENTS] += new_client;
    for (int i = 0; i < 2; i++) {
        if (habit->of_day[i] < habit->in_hour[i]) {
            habit->of_day[i] = habit->in_hour[i];
        }
        if (habit->busiest[i] < habit->in_hour[i]) {
            habit->busiest[i] = habit->in_hour[i];
            habit->busiest_hour[i] = habit->hour;
        }
    }
}

/* The days of a level, the newest day among them. */
static uint32_t days_of_level(const struct habit *habit, enum limit_subject subject, uint32_t level)
{
    uint32_t newest = habit_level(habit->of_day[subject]) == level ? 1 : 0;

    return habit->days[subject][level] + newest;
}

uint32_t habit_days(const struct habit *habit)
{
    uint32_t days = 0;

    for (uint32_t level = 0; level < HABIT_LEVELS; level++) {
        days += days_of_level(habit, LIMIT_SIGN_INS, level);
    }
    return days;
}

uint32_t habit_usual_level(const struct habit *habit, enum limit_subject subject)
{
    uint32_t days = habit_days(habit), level = 0;
    uint32_t below = days_of_level(habit, subject, 0);

    while (2 * below < days && level < HABIT_LEVELS - 1) {
        below += days_of_level(habit, subject, ++level);
    }
    return level;
}

bool habit_usual(const struct habit *habit, enum limit_subject subject, uint32_t *from,
                 uint32_t *to)
{
    if (habit_days(habit) < HABIT_DAYS_LEAST) {
        return false;
    }
    uint32_t level = habit_usual_level(habit, subject);

    *from = UINT32_C(1) << level;
    *to = level < HABIT_LEVELS - 1 ? 2 * *from - 1 : UINT32_MAX;
    return true;
}

uint32_t habit_few(enum limit_subject subject)
{
    return subject == LIMIT_CLIENTS ? HABIT_FEW_CLIENTS : HABIT_FEW_SIGN_INS;
}

enum habit_looks habit_looks(const struct habit *habit, enum limit_subject subject,
                             const struct habit_peers *peers)
{
    uint32_t level = habit_level(habit->busiest[subject]);

    if (habit->busiest[subject] < habit_few(subject)) {
        return HABIT_FEW;
    }
    if (habit_days(habit) >= HABIT_DAYS_LEAST && level <= habit_usual_level(habit, subject) + 1) {
        return HABIT_USUAL;
    }
    if (peers->accounts >= HABIT_PEERS_LEAST && level <= peers->level[subject] + 1) {
        return HABIT_ORDINARY;
    }
    return HABIT_STANDS_OUT;
}

bool habit_is_honest(const struct habit *habit, const struct habit_peers *peers)
{
    return habit_looks(habit, LIMIT_SIGN_INS, peers) != HABIT_STANDS_OUT &&
           habit_looks(habit, LIMIT_CLIENTS, peers) != HABIT_STANDS_OUT;
}

void habit_peers_gather(struct habit_peers *peers, const struct habit *habits, uint32_t count)
{
    uint32_t of_level[2][HABIT_LEVELS] = {{0}};

    *peers = (struct habit_peers){.accounts = 0};
    for (uint32_t i = 0; i < count; i++) {
        if (habits[i].sign_ins > 0) {
            peers->accounts++;
            of_level[LIMIT_SIGN_INS][habit_level(habits[i].busiest[LIMIT_SIGN_INS])]++;
            of_level[LIMIT_CLIENTS][habit_level(habits[i].busiest[LIMIT_CLIENTS])]++;
        }
    }
    for (int i = 0; i < 2; i++) {
        uint64_t below = of_level[i][0];

        while (4 * below < 3 * (uint64_t)peers->accounts) {
            below += of_level[i][++peers->level[i]];
        }
    }
}
