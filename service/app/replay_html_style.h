/* replay_html_style.h: the style sheet of a replay's page. */
#ifndef RELAYLOCK_APP_REPLAY_HTML_STYLE_H
#define RELAYLOCK_APP_REPLAY_HTML_STYLE_H

/* Holds neither '<' nor '&', so that it means the same in HTML and XML. Ended by null; in pieces,
 * as C compilers need not take longer strings than 4095 characters. */
extern const char *const replay_html_style[];

#endif
