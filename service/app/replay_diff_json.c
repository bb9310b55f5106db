#include "replay_diff.h"
#include "replay_json.h"

void replay_json_diff(struct json_put *json, const struct replay_report *report)
{
    const struct replay_diff *diff = report->diff;

    json_put_object(json, "diff");
    json_put_array(json, "changes");
    for (size_t i = 0; i < diff->change_count; i++) {
        const struct replay_change *change = &diff->changes[i];

        json_put_object(json, NULL);
        json_put_word(json, "change", replay_change_word(change->kind));
        replay_json_row(json, "present", change->before);
        replay_json_row(json, "new", change->after);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    for (int kind = 0; kind < REPLAY_CHANGE_KINDS; kind++) {
        json_put_number(json, replay_change_word((enum replay_change_kind)kind),
                        diff->counts[kind]);
    }
    json_put_number(json, "machines", diff->after.machines);
    json_put_number(json, "lost", diff->after.guard.lost);
    json_put_object_end(json);
}
