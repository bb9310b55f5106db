/* incident_store_reports.c: see incident_store_reports.h. */
#include "incident_store_reports.h"

#include "../core/text.h"
#include "../windows/report.h"

static void begin_report(const struct incident_store *store, struct report *report, DWORD id)
{
    report_begin(report, id);
    report_add(report, store->directory[0] ? text_of(store->directory) : TEXT_OF(u"(not found)"));
}

void incident_store_tell_closed(struct incident_store *store, const char *call)
{
    wchar_t journal[JOURNAL_FILE_PATH_MAX];
    const wchar_t *const paths[] = {store->directory, journal, NULL};
    char text[STATE_DIRECTORY_CHECK_MAX];
    struct report report;
    if (store->closed_told || store->is_guest)
        return;
    begin_report(store, &report, MSG_STORE_CLOSED);
    journal_file_path(journal, store->directory);
    report_add_format(&report, "%s", state_directory_name_check(call, store->error, paths, text));
    report_add_error(&report, store->error);
    report_send(&report);
    store->closed_told = true;
}

void incident_store_tell_open(struct incident_store *store)
{
    struct report report;
    if (!store->closed_told)
        return;
    begin_report(store, &report, MSG_STORE_OPEN);
    report_send(&report);
    store->closed_told = false;
}

void incident_store_tell_recovery(const struct incident_store *store,
                                  const struct book_recovery *recovery, size_t torn,
                                  const wchar_t *name)
{
    struct report report;
    begin_report(store, &report, MSG_STORE_TORN);
    report_add_number(&report, recovery->frames - recovery->refused);
    report_add_number(&report, torn);
    report_add(&report, torn > 0 ? text_of(name) : TEXT_OF(u"(nothing)"));
    report_add_number(&report, recovery->refused);
    report_send(&report);
}

void incident_store_tell_full(const struct incident *incident)
{
    struct report report;
    report_begin(&report, MSG_STORE_FULL);
    report_add_number(&report, BOOK_INCIDENTS_MAX);
    report_add(&report, text_of(incident->verdict.account));
    report_send(&report);
}
