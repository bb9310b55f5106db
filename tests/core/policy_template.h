/* policy_template.h: the templates of Group Policy as an editor reads them: what each policy shows,
 * and what it writes into the registry.
 *
 * Two readers, of .admx with .adml and of .adm, by Microsoft's description of the languages
 * (MS-GPREG 2.2.2.1 and 7.1 to 7.3, and the "Language Reference for Administrative Template
 * Files"). They know what RelayLock's templates use and refuse all else. Both fail the test with
 * the place when a file is not as described, a text is missing, twice there, or never used.
 */
#ifndef RELAYLOCK_TESTS_POLICY_TEMPLATE_H
#define RELAYLOCK_TESTS_POLICY_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    TEMPLATE_POLICIES_MAX = 64,
    TEMPLATE_WORDS_MAX = 8,
    TEMPLATE_FILE_MAX = 131072 /* bytes */
};

enum template_kind {
    TEMPLATE_SWITCH, /* REG_DWORD 1 when enabled, 0 when disabled */
    TEMPLATE_NUMBER, /* REG_DWORD */
    TEMPLATE_WORD,   /* REG_SZ, one of the words */
    TEMPLATE_TEXT,   /* REG_SZ */
    TEMPLATE_LINES,  /* REG_MULTI_SZ, an item each line */
    TEMPLATE_PAIRS   /* REG_SZ values, named and filled as typed */
};

struct template_policy {
    char name[64];
    enum template_kind kind;
    char key[128]; /* below HKEY_LOCAL_MACHINE */
    char value[64];
    bool required;
    unsigned long low, high;   /* of a number */
    unsigned long most, items; /* characters; lines (0: any number) */
    char words[TEMPLATE_WORDS_MAX][32];
    size_t word_count;
    char initial[256]; /* what the field has at first */
    char title[128], explain[2048], label[128], supported[128], category[64];
};

struct policy_template {
    struct template_policy policies[TEMPLATE_POLICIES_MAX];
    size_t count;
};

/* Reads installer/relaylock.admx with en-US/relaylock.adml, and installer/relaylock.adm. */
void policy_template_read_admx(struct policy_template *policies);
void policy_template_read_adm(struct policy_template *policies);

/* Shared by the readers: a whole file, terminated; a copy that has to fit; a decimal number. */
void policy_template_file(const char *path, char text[TEMPLATE_FILE_MAX]);
void policy_template_copy(char *to, size_t size, const char *from, size_t count);
unsigned long policy_template_number(const char *text);

#endif
