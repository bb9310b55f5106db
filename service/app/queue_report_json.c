/* queue_report.h for programs. */
#include "queue_report.h"

#include "json_put.h"

static void put_string(struct json_put *json, const char *key, const struct message_string *string)
{
    char16_t units[MESSAGE_STRING_MAX + 1];
    json_put_text(json, key, message_string_text(string, units));
}

static void put_folders(struct json_put *json, const struct queue_report *report)
{
    json_put_array(json, "folders");
    for (uint32_t i = 0; i < report->folder_count; i++) {
        const struct queue_folder *folder = &report->folders[i];
        json_put_object(json, NULL);
        json_put_utf8(json, "path", folder->path);
        json_put_number(json, "files", folder->count.files);
        json_put_number(json, "bytes", folder->count.bytes);
        json_put_number(json, "gone", folder->count.gone);
        json_put_number(json, "in_use", folder->count.in_use);
        json_put_number(json, "failed", folder->count.failed);
        json_put_number(json, "links", folder->count.links);
        json_put_utf8(json, "error", folder->failed ? folder->error : folder->count.error);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_domains(struct json_put *json, const struct own_domains *own)
{
    json_put_array(json, "own_domains");
    for (uint32_t i = 0; i < own->count; i++) {
        json_put_object(json, NULL);
        put_string(json, "name", &own->names[i]);
        json_put_switch(json, "named", i < own->named);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_clients(struct json_put *json, const struct queue_report *report, uint32_t burst)
{
    const struct burst_list *bursts = &report->bursts;
    json_put_array(json, "seen");
    for (uint32_t i = 0; i < bursts->client_count; i++) {
        const struct burst_client *client = &bursts->clients[i];
        if (client->burst != burst || client->messages == 0)
            continue;
        json_put_object(json, NULL);
        json_put_text(json, "client", text_of(client->name));
        json_put_number(json, "messages", client->messages);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_bursts(struct json_put *json, const struct queue_report *report)
{
    json_put_array(json, "bursts");
    for (uint32_t i = 0; i < report->bursts.count; i++) {
        const struct burst *burst = &report->bursts.bursts[i];
        json_put_object(json, NULL);
        json_put_text(json, "account", text_of(burst->account));
        json_put_time(json, "first_time", burst->first_time);
        json_put_time(json, "last_time", burst->last_time);
        json_put_switch(json, "locked", burst->locked);
        json_put_number(json, "messages", burst->messages);
        json_put_number(json, "clients", burst->clients);
        put_clients(json, report, i);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_top(struct json_put *json, const char *key, const struct frequent *frequent)
{
    struct frequent_row rows[QUEUE_TOP];
    size_t count = frequent_top(frequent, rows, QUEUE_TOP);
    json_put_object(json, key);
    json_put_number(json, "different", frequent->used);
    json_put_switch(json, "more", frequent->crowded);
    json_put_array(json, "top");
    for (size_t i = 0; i < count; i++) {
        json_put_object(json, NULL);
        put_string(json, "name", rows[i].name);
        json_put_number(json, "messages", rows[i].count);
        json_put_number(json, "error", rows[i].error);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_object_end(json);
}

static void put_tally(struct json_put *json, const struct queue_tally *tally)
{
    json_put_number(json, "messages", tally->messages);
    json_put_number(json, "bytes", tally->bytes);
    json_put_number(json, "largest", tally->largest);
    json_put_time_if(json, "oldest", tally->messages > 0, tally->oldest);
    json_put_time_if(json, "newest", tally->messages > 0, tally->newest);
    json_put_number(json, "last_hour", queue_tally_last_hour(tally));
    json_put_number(json, "hour_before", queue_tally_hour_before(tally));
    json_put_number(json, "last_day", queue_tally_last_day(tally));
    json_put_object(json, "kinds");
    for (int kind = 0; kind < QUEUE_KINDS; kind++)
        json_put_number(json, queue_kind_name((enum queue_kind)kind), tally->kinds[kind]);
    json_put_object_end(json);
    json_put_number(json, "null_senders", tally->null_senders);
    put_top(json, "senders", &tally->senders);
    put_top(json, "recipient_domains", &tally->domains);
    put_top(json, "clients", &tally->clients);
    put_top(json, "subjects", &tally->subjects);
}

void queue_report_json(const struct queue_report *report, FILE *out)
{
    const struct queue_diagnosis *diagnosis = &report->diagnosis;
    struct json_put json = {.out = out};
    json_put_object(&json, NULL);
    json_put_number(&json, "version", 1);
    json_put_word(&json, "verdict", queue_verdict_name(diagnosis->verdict));
    json_put_word(&json, "doubt", queue_doubt_name(diagnosis->doubt));
    json_put_switch(&json, "by_burst", diagnosis->by_burst);
    json_put_switch(&json, "by_relayed", diagnosis->by_relayed);
    json_put_switch(&json, "by_reports", diagnosis->by_reports);
    json_put_number(&json, "relayed", diagnosis->relayed);
    json_put_number(&json, "backscatter", diagnosis->backscatter);
    json_put_switch(&json, "journal_read", report->journal_read);
    json_put_switch(&json, "logs_read", report->logs_read);
    json_put_number(&json, "sign_ins", report->sign_ins);
    json_put_time(&json, "now", report->now);
    put_bursts(&json, report);
    put_tally(&json, &report->tally);
    put_domains(&json, &report->own);
    put_folders(&json, report);
    json_put_object_end(&json);
    fputc('\n', out);
}
