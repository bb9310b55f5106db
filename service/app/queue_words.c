#include "queue_words.h"

const char queue_words_backscatter[] = "There is a non-delivery attack in any case.";

const enum queue_kind queue_words_order[QUEUE_WORDS_KINDS] = {
    QUEUE_RELAYED,    QUEUE_REPORT_RELAYED, QUEUE_REPORT_BACKSCATTER, QUEUE_REPORT_VAGUE,
    QUEUE_REPORT_OWN, QUEUE_OUTGOING,       QUEUE_INCOMING,           QUEUE_LIST,
    QUEUE_UNCLEAR,    QUEUE_NO_HEAD,
};

const char *queue_words_verdict(enum queue_verdict verdict)
{
    static const char *const words[] = {
        [QUEUE_VERDICT_NORMAL] = "Normal: nothing in the queue looks like an attack.",
        [QUEUE_VERDICT_RELAY] = "Authenticated relay: somebody sends to the world through an "
                                "account of yours.",
        [QUEUE_VERDICT_NON_DELIVERY] = "Non-delivery attack: somebody sends to recipients that do "
                                       "not exist here, so that your server's reports reach "
                                       "others. No account is to be locked for it.",
        [QUEUE_VERDICT_BOTH] = "Both: somebody sends to the world through an account of yours, and "
                               "there is a non-delivery attack as well.",
        [QUEUE_VERDICT_UNKNOWN] = "Can't tell: ",
    };
    return words[verdict];
}

const char *queue_words_doubt(enum queue_doubt doubt)
{
    static const char *const words[] = {
        [QUEUE_DOUBT_NONE] = "",
        [QUEUE_DOUBT_UNREADABLE] = "most of it cannot be read.",
        [QUEUE_DOUBT_NO_HEADS] = "most of the files are no mail messages.",
        [QUEUE_DOUBT_OWN_DOMAINS] = "from and to whom most of the messages go is not clear.",
        [QUEUE_DOUBT_RELAYED] = "many messages go from outside to outside, but of so few domains "
                                "that these may be your own.",
        [QUEUE_DOUBT_REPORTS] = "many delivery reports are about recipients of one domain, which "
                                "may be your own.",
        [QUEUE_DOUBT_BULK] = "one of your own senders writes to the world; that may be a "
                             "newsletter, or a stolen account.",
        [QUEUE_DOUBT_OWN_NAMES] = "many messages under names of your own were brought from "
                                  "outside, or have come back; they may be your own people's, or a "
                                  "stolen account's.",
        [QUEUE_DOUBT_INCOMING] = "many messages seem to be for your own people and lie there all "
                                 "the same; either they cannot be delivered, or they do not say "
                                 "whom they are for.",
    };
    return words[doubt];
}

const char *queue_words_kind(enum queue_kind kind)
{
    static const char *const words[] = {
        [QUEUE_REPORT_BACKSCATTER] = "reports to outside about recipients that do not exist here",
        [QUEUE_REPORT_RELAYED] =
            "reports to outside about recipients outside: what a relay leaves behind",
        [QUEUE_REPORT_VAGUE] = "reports to outside that do not say whom they are about",
        [QUEUE_REPORT_OWN] = "reports to your own senders",
        [QUEUE_BURST] = "from clients of accounts that signed in too often",
        [QUEUE_RELAYED] = "from outside to outside, brought by a client",
        [QUEUE_OUTGOING] = "from your own domains",
        [QUEUE_INCOMING] = "to your own domains",
        [QUEUE_LIST] = "from outside to outside: mailing lists, forwarded, automatic",
        [QUEUE_UNCLEAR] = "from or to nobody knows whom",
        [QUEUE_NO_HEAD] = "that are no mail messages",
    };
    return words[kind];
}

bool queue_words_want_domains(enum queue_doubt doubt)
{
    return doubt == QUEUE_DOUBT_OWN_DOMAINS || doubt == QUEUE_DOUBT_RELAYED ||
           doubt == QUEUE_DOUBT_REPORTS;
}

bool queue_words_user(const char16_t *account, struct text *user)
{
    struct text name = text_of(account);
    size_t separator = text_find_last(name, u'\\');
    if (separator != SIZE_MAX)
        name = text_slice(name, separator + 1, name.count);
    else if (text_find(name, u'@') < name.count)
        return false;
    if (name.count > 0)
        *user = name;
    return name.count > 0;
}
