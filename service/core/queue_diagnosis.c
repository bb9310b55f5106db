#include "queue_diagnosis.h"

static bool is_much(uint64_t count, uint64_t of, uint64_t least, uint64_t share)
{
    return count >= least && count * 100 >= of * share;
}

/* Whether there are so many that they are an attack if they are what they look like: count, of what
 * is left without the other attack. */
static bool is_attack(uint64_t count, uint64_t of)
{
    return is_much(count, of, QUEUE_ATTACK_LEAST, QUEUE_ATTACK_SHARE);
}

static bool is_diverse(const struct frequent *domains)
{
    return frequent_is_diverse(domains, QUEUE_DIVERSE, QUEUE_DIVERSE_SHARE);
}

/* From outside to outside: certain when somebody named the own domains, or when they are so many
 * that they cannot be ours, on both sides. */
static bool is_sure_relay(const struct queue_tally *tally, const struct own_domains *own)
{
    return own->named > 0 || (is_diverse(&tally->relayed_from) && is_diverse(&tally->relayed_to));
}

static bool are_sure_reports(const struct queue_tally *tally, const struct own_domains *own)
{
    return own->named > 0 || is_diverse(&tally->failed_domains);
}

/* One of ours has written to the world: a newsletter, or a stolen account under its own name. */
static bool is_bulk(const struct queue_tally *tally)
{
    struct frequent_row first;
    uint64_t outgoing = tally->kinds[QUEUE_OUTGOING];
    return outgoing >= QUEUE_BULK_LEAST && tally->outgoing_lists * 2 < outgoing &&
           frequent_top(&tally->outgoing_senders, &first, 1) == 1 &&
           is_much(first.count - first.error, outgoing, QUEUE_BULK_LEAST, 50) &&
           tally->outgoing_domains.used >= QUEUE_BULK_DOMAINS;
}

/* What goes out under names of ours, or comes back to such, and may be a relay all the same: who
 * signs in from outside writes what sender he likes. */
static bool is_much_own(const struct queue_tally *tally, uint64_t without_reports)
{
    return is_attack(tally->outgoing_from_outside, without_reports) ||
           is_attack(tally->kinds[QUEUE_REPORT_OWN], without_reports);
}

/* Likewise what seems to be for somebody here: that is delivered at once, and lies in no queue. */
static bool is_much_incoming(const struct queue_tally *tally)
{
    return is_much(tally->kinds[QUEUE_INCOMING], tally->messages, QUEUE_ATTACK_LEAST, 50);
}

static enum queue_doubt doubt_of(const struct queue_tally *tally, bool much_relayed,
                                 bool much_reported, bool much_own, uint64_t unread)
{
    const uint64_t *kinds = tally->kinds;
    uint64_t all = tally->messages;
    if (unread > all)
        return QUEUE_DOUBT_UNREADABLE;
    if (kinds[QUEUE_NO_HEAD] * 2 > all)
        return QUEUE_DOUBT_NO_HEADS;
    if (much_relayed)
        return QUEUE_DOUBT_RELAYED;
    if (much_reported)
        return QUEUE_DOUBT_REPORTS;
    if (is_attack(kinds[QUEUE_UNCLEAR] + kinds[QUEUE_LIST], all))
        return QUEUE_DOUBT_OWN_DOMAINS;
    if (is_bulk(tally))
        return QUEUE_DOUBT_BULK;
    if (much_own)
        return QUEUE_DOUBT_OWN_NAMES;
    return is_much_incoming(tally) ? QUEUE_DOUBT_INCOMING : QUEUE_DOUBT_NONE;
}

void queue_diagnosis_make(struct queue_diagnosis *diagnosis, const struct queue_tally *tally,
                          const struct own_domains *own, uint64_t unread)
{
    const uint64_t *kinds = tally->kinds;
    uint64_t burst = kinds[QUEUE_BURST];
    uint64_t relayed = kinds[QUEUE_RELAYED] + burst;
    uint64_t reports = kinds[QUEUE_REPORT_RELAYED];
    uint64_t vague = kinds[QUEUE_REPORT_VAGUE];
    uint64_t backscatter = kinds[QUEUE_REPORT_BACKSCATTER];
    uint64_t without_reports = tally->messages - backscatter - vague;
    uint64_t without_relay = tally->messages - relayed - reports;
    bool much_relayed = is_attack(kinds[QUEUE_RELAYED], without_reports);
    bool much_reported = is_attack(reports, without_reports);
    bool much_own = is_much_own(tally, without_reports);

    *diagnosis = (struct queue_diagnosis){
        .by_burst = is_much(burst, without_reports, QUEUE_BURST_LEAST, QUEUE_BURST_SHARE),
        .by_relayed = much_relayed && is_sure_relay(tally, own),
        .by_reports = much_reported && are_sure_reports(tally, own),
    };
    bool relay = diagnosis->by_burst || diagnosis->by_relayed || diagnosis->by_reports;
    /* Beside a relay, reports that do not say whom they are about are held to be its own. */
    if (!relay)
        backscatter += vague;
    bool non_delivery = is_attack(backscatter, without_relay);
    diagnosis->relayed = relay ? relayed + reports : 0;
    diagnosis->backscatter = non_delivery ? backscatter : 0;
    if (relay) {
        diagnosis->verdict = non_delivery ? QUEUE_VERDICT_BOTH : QUEUE_VERDICT_RELAY;
        return;
    }
    diagnosis->doubt = doubt_of(tally, much_relayed, much_reported, much_own, unread);
    /* What may be a relay must not pass for the other attack, whose cure leaves it going on. */
    if (non_delivery && !much_relayed && !much_reported && !much_own)
        diagnosis->doubt = QUEUE_DOUBT_NONE;
    diagnosis->verdict = diagnosis->doubt != QUEUE_DOUBT_NONE ? QUEUE_VERDICT_UNKNOWN
                         : non_delivery                       ? QUEUE_VERDICT_NON_DELIVERY
                                                              : QUEUE_VERDICT_NORMAL;
}

bool queue_diagnosis_accuses(const struct queue_diagnosis *diagnosis,
                             const struct burst_list *bursts, uint32_t burst)
{
    uint64_t messages = bursts->bursts[burst].messages, most = 0;
    for (uint32_t i = 0; i < bursts->count; i++)
        most = bursts->bursts[i].messages > most ? bursts->bursts[i].messages : most;
    return diagnosis->by_burst && messages > 0 &&
           (messages >= QUEUE_BURST_LEAST || messages * 10 >= most);
}

const char *queue_verdict_name(enum queue_verdict verdict)
{
    static const char *const words[] = {
        [QUEUE_VERDICT_NORMAL] = "normal",
        [QUEUE_VERDICT_RELAY] = "authenticated_relay",
        [QUEUE_VERDICT_NON_DELIVERY] = "non_delivery_attack",
        [QUEUE_VERDICT_BOTH] = "both",
        [QUEUE_VERDICT_UNKNOWN] = "cannot_tell",
    };
    return words[verdict];
}

const char *queue_doubt_name(enum queue_doubt doubt)
{
    static const char *const words[] = {
        [QUEUE_DOUBT_NONE] = NULL,
        [QUEUE_DOUBT_UNREADABLE] = "unreadable",
        [QUEUE_DOUBT_NO_HEADS] = "no_heads",
        [QUEUE_DOUBT_OWN_DOMAINS] = "own_domains",
        [QUEUE_DOUBT_RELAYED] = "few_domains",
        [QUEUE_DOUBT_REPORTS] = "one_domain",
        [QUEUE_DOUBT_BULK] = "bulk",
        [QUEUE_DOUBT_OWN_NAMES] = "own_names",
        [QUEUE_DOUBT_INCOMING] = "incoming",
    };
    return words[doubt];
}
