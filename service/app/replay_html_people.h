/* replay_html_people.h: the parts of a replay's page about accounts and clients. */
#ifndef RELAYLOCK_APP_REPLAY_HTML_PEOPLE_H
#define RELAYLOCK_APP_REPLAY_HTML_PEOPLE_H

#include <stdio.h>

#include "replay_report.h"

/* Sign-ins over time against the limits: the accounts with a verdict, then the others that came
 * nearest to a limit. */
void replay_html_accounts(const struct replay_report *report, FILE *out);

/* The accounts and the clients with the most sign-ins, as tables. */
void replay_html_busiest(const struct replay_report *report, FILE *out);

#endif
