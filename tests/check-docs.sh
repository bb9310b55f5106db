#!/bin/bash
# check-docs.sh: the pages say what the program says.
set -u
. tests/report.sh

# Events: every id of messages.mc has its section with the same severity, and no section is without
# an id; every section says what to do.
said=$(awk -F= '/^MessageId=/ { id = $2 } /^Severity=/ { severity = $2 }
    /^SymbolicName=MSG_/ { sub("Informational", "Information", severity); print id, severity }' \
    service/windows/messages.mc | sort)
written=$(sed -nE 's/^### ([0-9]+) (Information|Warning|Error): .+/\1 \2/p' docs/events.md | sort)
difference=$(diff <(echo "$said") <(echo "$written"))
report "docs/events.md has every event with its severity" $? "$difference"
lacking=$(awk '/^### / { if (title && !done) print title; title = $0; done = 0 }
    /^\*\*Do:\*\*/ { done = 1 } END { if (title && !done) print title }' docs/events.md)
[ -z "$lacking" ]
report "docs/events.md says of every event what to do" $? "$lacking"

# Whether the file has the heading that the target names behind '#', if it names one.
has_anchor() {
    case $2 in
    *'#'*)
        sed -n 's/^##* //p' "$1" | tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9\n-' |
            grep -qx -- "${2#*#}"
        ;;
    esac
}

# Nothing puts the program's folder on PATH: a page that has commands of it in blocks says where.
for page in README.md docs/*.md; do
    awk '/^ *```bat/ { on = 1; next } /^ *```/ { on = 0 } on && /^ *relaylock / { found = 1 }
        END { exit !found }' "$page" || continue
    grep -qE 'cd /d "%ProgramFiles%\\RelayLock"|into a folder' "$page"
    report "$page: where relaylock is typed" $? "no word of the program's folder"
done

# Links between the pages lead somewhere.
for page in README.md docs/*.md; do
    while read -r target; do
        path=${target%%#*}
        file=${path:+$(dirname "$page")/$path}
        file=${file:-$page}
        [ -e "$file" ] && has_anchor "$file" "$target"
        report "$page: link to $target" $? "no such file or heading"
    done < <(grep -oE '\]\([^)]+\)' "$page" | sed 's/^](//; s/)$//' | grep -vE '^https?:')
done

# What is to be typed on a domain controller, which no lab has: as dsacls takes it, and on property
# sets and rights of those names (learn.microsoft.com, "Property Sets", "Extended Rights").
object='"(CN=[A-Za-z ]+,)?OU=[A-Za-z]+(,DC=[a-z]+)+"'
grant='"[A-Z]+\\[a-z]+:(RPWP;(Account Restrictions|General Information|Logon Information)|CA;Reset Password);user"'
for page in README.md docs/*.md; do
    while read -r line; do
        grep -qxE "dsacls $object( /I:S /G $grant)?" <<<"$line"
        report "$page: $line" $? "dsacls would not take it"
    done < <(sed -n 's/^ *\(dsacls .*\)$/\1/p' "$page")
done

# So is what takes a right away again, as doctor prints it: Wine's icacls does nothing.
while read -r line; do
    grep -qxE 'icacls "%ProgramData%\\RelayLock" /remove:g \*S-1(-[0-9]+)+ /T' <<<"$line"
    report "$line" $? "icacls would not take it, or not that way"
done < <(grep -h '^ *icacls ' README.md docs/*.md)

# The tests that the threat model names are there: TEST in a file NAME.c or NAME.sh below tests/.
while IFS=: read -r file name; do
    sources=$(find tests service -name "$file.c" -o -name "$file.sh")
    [ -n "$sources" ] && grep -qF -- "$name" $sources
    report "docs/security.md: $file: $name" $? "no such test"
done < <(grep '^| ' docs/security.md | grep -oE '`[a-z_-]+: [^`]+`' | tr -d '`' | sed 's/: /:/')
named=$(grep '^| ' docs/security.md | grep -cE '`(test_|fuzz_|check-|hostile|commands|sight)[a-z_-]*: ')
[ "$named" -ge 20 ]
report "docs/security.md: $named threats name their tests" $? "too few to be all"

# The pictures show what their sources say.
for source in docs/figures/*.dot; do
    drawn=$(diff <(sed 's,//.*,,' "$source" | grep -oE '[a-z]+( -> [a-z]+)+' |
        awk -F' -> ' '{ for (i = 1; i < NF; i++) print $i "->" $(i + 1) }' | sort) \
        <(sed -nE 's,<title>([a-z]+)&#45;&gt;([a-z]+)</title>,\1->\2,p' "${source%.dot}.svg" | sort))
    report "${source%.dot}.svg shows the edges of its source" $? "make -f mingw.mk figures: $drawn"
done

# The make targets that pages name exist.
while read -r target; do
    grep -qE "^$target:|^\.PHONY:.* $target( |\$)" mingw.mk tests/*/*.mk installer/*.mk
    report "make -f mingw.mk $target is a target" $? "not in mingw.mk"
done < <(grep -ohE 'make -f mingw\.mk [a-z]+' README.md docs/*.md | awk '{ print $4 }' | sort -u)
exit $failed
