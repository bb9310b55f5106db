/* response_policy.h: what of the settings the response to a verdict goes by. */
#ifndef RELAYLOCK_CORE_RESPONSE_POLICY_H
#define RELAYLOCK_CORE_RESPONSE_POLICY_H

#include "settings.h"

/* All times in ms. */
struct response_policy {
    bool restart_smtp;
    uint32_t stop_timeout;
    int64_t cooldown;      /* between two restarts at least */
    int64_t give_up_after; /* from the first failure of a step on */
    int64_t contain_after;
    int64_t lock_for; /* 0: until released */
    uint32_t max_restarts_per_hour;
    uint32_t max_auto_releases; /* per account and week */
    char16_t smtp_service[SETTING_TEXT_MAX];
    struct setting_list restart_services;
    bool quarantine_on_lock;
    uint32_t quarantine_limit; /* messages */
    struct setting_list queue_directory;
    /* The log of the sign-ins: */
    enum reader_choice reader;
    uint32_t event_id;
    char16_t channel[SETTING_TEXT_MAX];
    char16_t provider[SETTING_TEXT_MAX];
};

void response_policy_make(struct response_policy *policy, const struct settings *settings);

#endif
