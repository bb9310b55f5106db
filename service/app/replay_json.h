/* replay_json.h: a replay's report for programs. */
#ifndef RELAYLOCK_APP_REPLAY_JSON_H
#define RELAYLOCK_APP_REPLAY_JSON_H

#include <stdio.h>

#include "replay_report.h"

/* One JSON document:
 * {"records":N,"matched":N,"malformed":N,"verdicts":[{"account":"CONTOSO\\bob","limit":"50/10m",
 *  "count":50,"clients":N,"record":N,"time":"2010-01-02T03:04:05Z"}]}
 * Records that several files hold count once. account is whole, as first written. matched counts
 * the records of the provider and event id, malformed ones included; count is what the limit
 * counts, clients the distinct client names in its window, both at the crossing; record and time
 * are of the sign-in that crossed it. */
void replay_json_write(const struct replay_report *report, FILE *out);

#endif
