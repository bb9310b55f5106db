#include "replay_diff.h"
#include "replay_json.h"

#include <inttypes.h>

void replay_json_diff(const struct replay_report *report, FILE *out)
{
    const struct replay_diff *diff = report->diff;

    fputs("{\"changes\":[", out);
    for (size_t i = 0; i < diff->change_count; i++) {
        const struct replay_change *change = &diff->changes[i];

        fprintf(out, "%s{\"change\":\"%s\",\"present\":", i > 0 ? "," : "",
                replay_change_word(change->kind));
        replay_json_row(change->before, out);
        fputs(",\"new\":", out);
        replay_json_row(change->after, out);
        fputc('}', out);
    }
    fputc(']', out);
    for (int kind = 0; kind < REPLAY_CHANGE_KINDS; kind++) {
        fprintf(out, ",\"%s\":%" PRIu64, replay_change_word((enum replay_change_kind)kind),
                diff->counts[kind]);
    }
    fprintf(out, ",\"machines\":%" PRIu64 ",\"lost\":%" PRIu64 "}", diff->after.machines,
            diff->after.guard.lost);
}
