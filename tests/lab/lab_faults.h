/* lab_faults.h: what goes wrong in the lab, switched from outside while everything runs. */
#ifndef RELAYLOCK_LAB_FAULTS_H
#define RELAYLOCK_LAB_FAULTS_H

#include "lab_store.h"

enum lab_fault {
    LAB_FAULT_DC,              /* 1: the domain controller LABDC cannot be reached */
    LAB_FAULT_DC2,             /* 1: there is a second one, LABDC2 */
    LAB_FAULT_DC_LAG,          /* 1: there is, this host uses it, and it does not hear of what is
                                  written on LABDC; 0 again: it does */
    LAB_FAULT_NET_GET_ERROR,   /* NetUserGetInfo fails with this code */
    LAB_FAULT_NET_SET_ERROR,   /* NetUserSetInfo fails with this code */
    LAB_FAULT_NET_IGNORE_SET,  /* 1: NetUserSetInfo succeeds and changes nothing */
    LAB_FAULT_NET_GROUP_ERROR, /* the group calls fail with this code */
    LAB_FAULT_NET_DELAY_MS,    /* NetUser... take so long */
    LAB_FAULT_PASSWORD_MIN,    /* passwords of fewer characters are refused: the domain policy */
    LAB_FAULT_FIND_DC_ERROR,   /* DsGetDcName fails with this code */
    LAB_FAULT_LOOKUP_ERROR,    /* LookupAccountName and LookupAccountSid fail with this code */
    LAB_FAULT_LOOKUP_DELAY_MS, /* they take so long */
    LAB_FAULT_SUBSCRIBE_ERROR, /* EvtSubscribe fails with this code */
    LAB_FAULT_QUERY_ERROR,     /* EvtQuery fails with this code */
    LAB_FAULT_EVTNEXT_ERROR,   /* EvtNext fails with this code */
    LAB_FAULT_EVTNEXT_MAX,     /* EvtNext for more events fails with RPC_S_INVALID_BOUND, and those
                                  events are passed over */
    LAB_FAULT_RENDER_ERROR,    /* EvtRender of values fails with this code */
    LAB_FAULT_EVENT_DATA,   /* 1: the strings of an event come as one value each, not as an array */
    LAB_FAULT_OPEN_ERROR,   /* OpenEventLog fails with this code */
    LAB_FAULT_READ_ERROR,   /* ReadEventLog fails with this code */
    LAB_FAULT_NOTIFY_ERROR, /* NotifyChangeEventLog fails with this code */
    LAB_FAULT_REPORT_ERROR, /* ReportEvent fails with this code */
    LAB_FAULT_WRAP_SKIPS,   /* 1: ReadEventLog passes over overwritten records in silence */
    LAB_FAULT_CLEAR_CONTINUES, /* 1: record numbers go on after the log was cleared */
    LAB_FAULT_STOP_WAKES,      /* 1: subscribers are signalled when the log service stops */
    LAB_FAULT_TIME_OFFSET_MS,  /* the clock that dates events is so far ahead */
    LAB_FAULT_IMPORTS,         /* 1: in a relaylock.exe that starts from now on the two below count;
                                  in others they do nothing (advapi32_import.c) */
    LAB_FAULT_KILL_AT,         /* relaylock.exe is killed before so manieth of its calls from now on
                                  (advapi32_import.c); counts down to 0 */
    LAB_FAULT_TICK_AHEAD_MS,   /* its GetTickCount is so far ahead, and its waits so much shorter */
    LAB_FAULT_COUNT
};

/* The fault's value; 0: all is well. Needs no lock. */
LONG lab_fault(enum lab_fault fault);

/* Whether there is a second domain controller. */
bool lab_has_dc2(void);

/* Waits as long as a fault says, or until it is cleared. */
void lab_fault_wait(enum lab_fault fault);

/* Sets a fault by its name: "dc", "gone"; "net_set_error", "5". False: no such fault, or not a
 * value of it, or the store cannot be locked. Name "clear": all is well again; value is not looked
 * at. */
bool lab_fault_set(const wchar_t *name, const wchar_t *value);

/* The name, for showing; null beyond the last. */
const wchar_t *lab_fault_name(unsigned fault);

#endif
