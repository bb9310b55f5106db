/* metabase_scan.h: what MetaBase.xml of IIS 6 says of the SMTP service and its virtual servers,
 * read as it comes.
 *
 * The file is XML of some MB; the elements looked for are IIsSmtpService and IIsSmtpServer, with
 * their settings as attributes (technet b8aafeb4-8883-482b-8cf8-77b3975336b3):
 *
 *     <IIsSmtpServer Location ="/LM/SmtpSvc/1" QueueDirectory="C:\..." ...>
 *         <Custom Name="DefaultLogonDomain" ID="6012" Value="CONTOSO" .../>
 *
 * and what their class does not have in the schema as elements within. Everything else is passed
 * over. Nothing is allocated; a value that is too long, references as
 * they are written, is left out.
 */
#ifndef RELAYLOCK_CORE_METABASE_SCAN_H
#define RELAYLOCK_CORE_METABASE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { METABASE_NAME_MAX = 32, METABASE_VALUE_MAX = 1024 /* bytes, terminators included */ };

enum metabase_setting {
    METABASE_QUEUE_DIRECTORY, /* QueueDirectory */
    METABASE_HOST,            /* FullyQualifiedDomainName */
    METABASE_DOMAIN,          /* DefaultDomain */
    METABASE_LOGON_DOMAIN,    /* DefaultLogonDomain (technet cc739712) */
    METABASE_SETTINGS
};

struct metabase_scan {
    /* value: terminated UTF-8, not empty; references resolved. */
    void (*tell)(void *context, enum metabase_setting setting, const char *value);
    void *context;
    /* The rest is the scan's own. */
    uint8_t state;
    char quote;
    bool wanted;                 /* within an element that is looked for */
    bool custom;                 /* within a Custom one there */
    enum metabase_setting named; /* what that is said to be; METABASE_SETTINGS: something else */
    size_t name_count, value_count;
    char name[METABASE_NAME_MAX];
    char value[METABASE_VALUE_MAX];
};

void metabase_scan_init(struct metabase_scan *scan,
                        void (*tell)(void *context, enum metabase_setting setting,
                                     const char *value),
                        void *context);
void metabase_scan_feed(struct metabase_scan *scan, const void *bytes, size_t size);

#endif
