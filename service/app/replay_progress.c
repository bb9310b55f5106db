#include "replay_progress.h"

#include <inttypes.h>

enum { WAIT = 1000, BETWEEN = 200, BAR = 30 };

void replay_progress_open(struct replay_progress_line *line, FILE *out, uint64_t (*clock)(void))
{
    uint64_t now = clock();

    *line =
        (struct replay_progress_line){.out = out, .clock = clock, .began = now, .next = now + WAIT};
}

/* part * whole / all, as nearly as anybody looks at it, and within bounds. */
static uint64_t scale(uint64_t part, uint64_t whole, uint64_t all)
{
    const double much = 1e15;
    double scaled = (double)part / (double)all * (double)whole;

    return (uint64_t)(scaled < much ? scaled : much);
}

/* Records a second, within what a line has room for. */
static unsigned rate_of(uint64_t records, uint64_t elapsed)
{
    uint64_t rate = scale(records, 1000, elapsed);

    return rate < 999999999 ? (unsigned)rate : 999999999;
}

static void put_left(uint64_t seconds, char text[16])
{
    const uint64_t most = UINT64_C(9999) * 3600;

    seconds = seconds < most ? seconds : most;
    if (seconds < 60) {
        snprintf(text, 16, "%u s", (unsigned)seconds);
    } else if (seconds < 3600) {
        snprintf(text, 16, "%u min %u s", (unsigned)(seconds / 60), (unsigned)(seconds % 60));
    } else {
        snprintf(text, 16, "%u h %u min", (unsigned)(seconds / 3600),
                 (unsigned)(seconds / 60 % 60));
    }
}

void replay_progress_text(const struct replay_progress *progress, uint64_t elapsed,
                          char text[REPLAY_PROGRESS_LINE])
{
    uint64_t bytes = progress->bytes;
    uint64_t total = progress->bytes_total > bytes ? progress->bytes_total : bytes;
    unsigned rate = rate_of(progress->records, elapsed);
    char left[16];

    if (progress->bytes_total == 0) {
        snprintf(text, REPLAY_PROGRESS_LINE, "%" PRIu64 " records, %u records/s", progress->records,
                 rate);
        return;
    }
    int bar = (int)scale(bytes, BAR, total);

    put_left(bytes > 0 ? scale(total - bytes, elapsed, bytes) / 1000 : 0, left);
    snprintf(text, REPLAY_PROGRESS_LINE, "%3u %% [%.*s%*s] %u records/s, %s left",
             (unsigned)scale(bytes, 100, total), bar, "##############################", BAR - bar,
             "", rate, bytes > 0 ? left : "?");
}

/* Writes over the line that stands there. */
static void draw(struct replay_progress_line *line, const char *text)
{
    int columns = fprintf(line->out, "\r%s", text) - 1;
    size_t width = columns > 0 ? (size_t)columns : 0;

    if (width < line->drawn) {
        fprintf(line->out, "%*s", (int)(line->drawn - width), "");
    }
    (void)fflush(line->out);
    line->drawn = width;
}

static void hear(void *context, const struct replay_progress *progress)
{
    struct replay_progress_line *line = context;
    uint64_t now = line->clock();
    char text[REPLAY_PROGRESS_LINE];

    if (now >= line->next) {
        line->next = now + BETWEEN;
        replay_progress_text(progress, now - line->began, text);
        draw(line, text);
    }
}

struct replay_listener replay_progress_listener(struct replay_progress_line *line)
{
    return (struct replay_listener){.context = line, .progress = hear};
}

void replay_progress_close(struct replay_progress_line *line)
{
    if (line->drawn > 0) {
        draw(line, "");
        fputc('\r', line->out);
        (void)fflush(line->out);
    }
}
