/* replay_csv.h: a replay's report for spreadsheets. */
#ifndef RELAYLOCK_APP_REPLAY_CSV_H
#define RELAYLOCK_APP_REPLAY_CSV_H

#include <stdio.h>

#include "replay_report.h"

/* One table (RFC 4180), UTF-8 without a byte order mark, its first line the names of the columns:
 * of the part that was asked for, of which there is at most one, or else of the verdicts.
 *   verdicts  account,limit,count,clients,time,record,action
 *   sweep     limit,accounts,account,honest,time,record,seconds: a line for each account that
 *             crosses the limit and is listed (sweep.h), one with the last five empty for a limit
 *             that nobody crosses
 *   explain   window,subject,highest,time: a line for each window and subject
 *   diff      account,change, then time, limit, record and action under the present settings
 *             (present_...) and under the new ones (new_...), empty without a verdict
 * Times are UTC, as in the other formats. Text from logs is guarded as csv.h says. */
void replay_csv_write(const struct replay_report *report, FILE *out);

#endif
