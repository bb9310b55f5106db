/* evt_listing.h: what compare_evtexport.sh needs of us.
 *
 *     list FILE               a line for each record, of all that it says
 *     write FILE KIND NUMBER  a small log of one kind, number NUMBER:
 *         fresh     of so many records, never wrapped
 *         split     wrapped, so that a record lies across the file's end
 *         dirty     the same, and its header stale
 *         torn      of 20 records, cut off so many words into the sixth, but before its
 *                   names: of what it has of those, evtexport makes up a record
 *         endless   of 20 records, without an end-of-file record
 *         holed     of 20 records, one overwritten, not the last (behind which there is none)
 */
#ifndef RELAYLOCK_TESTS_EVT_LISTING_H
#define RELAYLOCK_TESTS_EVT_LISTING_H

/* argv[0] is the program's name. Returns the exit status: 0; 1 when the arguments are others, or a
 * file cannot be read or written. */
int evt_listing(int argc, char **argv);

#endif
