#include "policy_files.h"

#include "policy_words.h"

#include <stdarg.h>

enum { LINE_MAX_LENGTH = 1023 /* characters that the editor takes in one field */ };

static void line(FILE *file, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void line(FILE *file, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(file, format, arguments);
    va_end(arguments);
    fputs("\r\n", file);
}

/* A line of [strings]. The language has no double quote within a text, and writes the end of a line
 * as \n. */
static void put_string(FILE *file, const char *id, const char *suffix, const char *text)
{
    fprintf(file, "%s%s=\"", id, suffix);
    for (; *text; text++) {
        if (*text == '\n')
            fputs("\\n", file);
        else if (*text == '"')
            fputs("(double quote)", file);
        else
            fputc(*text, file);
    }
    line(file, "\"");
}

static void begin_policy(FILE *file, const char *name)
{
    line(file, "  POLICY !!%s", name);
    line(file, "    #if version >= 4");
    line(file, "      SUPPORTED !!SUPPORTED_RelayLock");
    line(file, "    #endif");
    line(file, "    EXPLAIN !!%s_Explain", name);
}

static void end_policy(FILE *file)
{
    line(file, "  END POLICY");
    line(file, "%s", "");
}

static void put_words(FILE *file, const struct setting_info *info)
{
    line(file, "      VALUENAME \"%s\"", info->name);
    line(file, "      ITEMLIST");
    for (size_t i = 0; info->words[i]; i++)
        line(file, "        NAME !!%s_%s VALUE \"%s\"%s", info->name, info->words[i],
             info->words[i], i == policy_default_word(info) ? " DEFAULT" : "");
    line(file, "      END ITEMLIST");
}

static void put_text(FILE *file, const struct setting_info *info, size_t length)
{
    line(file, "      VALUENAME \"%s\"", info->name);
    line(file, "      MAXLEN %u", (unsigned)length);
    if (info->initial[0])
        line(file, "      DEFAULT !!%s_Default", info->name);
}

static void begin_part(FILE *file, const struct setting_info *info, const char *type)
{
    line(file, "    PART !!%s_Part %s%s", info->name, type, info->initial[0] ? " REQUIRED" : "");
}

static void put_part(FILE *file, const struct setting_info *info)
{
    switch (info->type) {
    case SETTING_NUMBER:
        begin_part(file, info, "NUMERIC");
        line(file, "      VALUENAME \"%s\"", info->name);
        line(file, "      MIN %lu MAX %lu DEFAULT %s", (unsigned long)info->low,
             (unsigned long)info->high, info->initial);
        break;
    case SETTING_WORD:
        begin_part(file, info, "DROPDOWNLIST NOSORT");
        put_words(file, info);
        break;
    case SETTING_NAME:
        begin_part(file, info, "EDITTEXT");
        put_text(file, info, SETTING_TEXT_MAX - 1);
        break;
    case SETTING_LIMITS:
    case SETTING_NAMES:
    case SETTING_SERVICES:
    case SETTING_FOLDERS:
        begin_part(file, info, "EDITTEXT");
        put_text(file, info, LINE_MAX_LENGTH);
        break;
    case SETTING_SWITCH: /* has no part */
        return;
    }
    line(file, "    END PART");
}

static void put_setting(FILE *file, const struct setting_info *info)
{
    begin_policy(file, info->name);
    if (info->type == SETTING_SWITCH) {
        line(file, "    VALUENAME \"%s\"", info->name);
        line(file, "    VALUEON NUMERIC 1");
        line(file, "    VALUEOFF NUMERIC 0");
    }
    put_part(file, info);
    end_policy(file);
}

static void put_accounts(FILE *file)
{
    begin_policy(file, "Accounts");
    line(file, "    PART !!Accounts_Part LISTBOX");
    line(file, "      KEYNAME \"%s\"", POLICY_ACCOUNTS_KEY);
    line(file, "      EXPLICITVALUE");
    line(file, "    END PART");
    end_policy(file);
}

static void put_strings(FILE *file, const struct setting_info *info)
{
    char explain[POLICY_EXPLAIN_SIZE], label[POLICY_LABEL_SIZE];
    policy_explain(explain, info, "with commas between them");
    policy_label(label, info);
    put_string(file, info->name, "", info->name);
    put_string(file, info->name, "_Explain", explain);
    if (info->type != SETTING_SWITCH)
        put_string(file, info->name, "_Part", label);
    if (info->initial[0] && (info->type == SETTING_NAME || policy_is_list(info)))
        put_string(file, info->name, "_Default", info->initial);
    if (info->type == SETTING_WORD)
        for (size_t i = 0; info->words[i]; i++)
            line(file, "%s_%s=\"%s\"", info->name, info->words[i], info->words[i]);
}

void policy_write_adm(FILE *file)
{
    char explain[POLICY_EXPLAIN_SIZE];
    line(file, "; Made from the settings table by: make -f mingw.mk policy");
    line(file, "CLASS MACHINE");
    line(file, "%s", "");
    line(file, "CATEGORY !!RelayLock");
    line(file, "  KEYNAME \"%s\"", POLICY_KEY);
    line(file, "%s", "");
    for (size_t i = 0; i < setting_count; i++)
        put_setting(file, &setting_table[i]);
    put_accounts(file);
    line(file, "END CATEGORY");
    line(file, "%s", "");
    line(file, "[strings]");
    put_string(file, "RelayLock", "", POLICY_PRODUCT);
    put_string(file, "SUPPORTED_RelayLock", "", POLICY_SUPPORTED);
    for (size_t i = 0; i < setting_count; i++)
        put_strings(file, &setting_table[i]);
    policy_explain_accounts(explain);
    put_string(file, "Accounts", "", POLICY_ACCOUNTS);
    put_string(file, "Accounts", "_Explain", explain);
    put_string(file, "Accounts", "_Part", POLICY_ACCOUNTS_LABEL);
}
