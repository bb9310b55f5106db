#!/bin/bash
# compare_evtexport.sh LISTER FILE.Evt: holds what our decoder reads of saved logs against libevt's
# evtexport, an independent reader: numbers, times, event ids, types, categories, names, SIDs and
# strings, record by record. LISTER is test_saved_log (a program; its `list` and `write` are used).
# 240 logs made by our own builder are compared as well: whole ones, split at every word of a record,
# with a stale header, torn, without an end-of-file record, and with a hole.
# Not logs in which bytes are missing or were put in: evtexport looks for records at multiples of 4 only.
# Exit status 0: the same; 1: a difference, which is shown; 2: one of the readers failed.
set -u -o pipefail
lister=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# evtexport's paragraphs as our lines:
# number|generated|written|id|type|category|strings|source|computer|SID|string|string...
as_lines() {
    awk -F '\t+: ?' '
        function put(   i) {
            if (number != "") {
                printf "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s", number, generated, written, id, type,
                    category, strings, source, computer, sid
                for (i = 1; i <= strings; i++)
                    printf "|%s", string[i]
                printf "\n"
            }
            number = ""; strings = at = 0; source = computer = sid = ""; split("", string)
        }
        function when(text,   part, month) { # "Jul 27, 2011 06:41:47 UTC"
            split(text, part, /[ ,]+/)
            month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", part[1]) + 2) / 3
            return sprintf("%s-%02d-%sT%sZ", part[3], month, part[2], part[4])
        }
        { gsub(/\r/, "~") }
        $1 == "Event number" { put(); number = $2; blank = 0; next }
        $1 == "Creation time" { generated = when($2); next }
        $1 == "Written time" { written = when($2); next }
        $1 == "Event type" { type = $2; gsub(/.*\(|\).*/, "", type); next }
        $1 == "User security identifier" { sid = $2; next }
        $1 == "Computer name" { computer = $2; next }
        $1 == "Source name" { source = $2; next }
        $1 == "Event category" { category = $2; next }
        $1 == "Event identifier" { id = substr($2, 1, 10); next }
        $1 == "Number of strings" { strings = $2; next }
        $1 ~ /^String: [0-9]+$/ { at = substr($1, 9); string[at] = $0; sub(/^[^:]*: [0-9]+\t+: ?/, "", string[at]); gsub(/\t/, "~", string[at]); next }
        at > 0 && $0 == "" { blank++; next } # of the string, if it goes on behind it
        { gsub(/\t/, "~") }
        at > 0 { for (; blank > 0; blank--) string[at] = string[at] "~"; string[at] = string[at] "~" $0 }
        END { put() }'
}

compare() { # FILE [MODE]: what evtexport is to export (its -m)
    "$lister" list "$1" | tr -d '\r' >"$work/ours" || {
        echo "$1: our reader failed" >&2
        return 2
    }
    TZ=UTC evtexport -m "${2:-items}" "$1" | as_lines >"$work/theirs" || {
        echo "$1: evtexport failed" >&2
        return 2
    }
    if ! diff "$work/theirs" "$work/ours" >"$work/diff"; then
        echo "$1: evtexport (<) and our reader (>) differ:" >&2
        head -n 20 "$work/diff" >&2
        return 1
    fi
    if [ ! -s "$work/ours" ]; then
        echo "$1: no records" >&2
        return 2
    fi
    echo "$(wc -l <"$work/ours") records of $(basename "$1") are the same for evtexport"
}

for file in "${@:2}"; do
    compare "$file" || exit
done
for kind in fresh split dirty torn endless holed; do
    for number in $(seq 1 "${LOGS:-40}"); do
        "$lister" write "$work/$kind-$number.evt" "$kind" "$number" || exit 2
        # It stops at damage, and finds what lies behind it when it is told to recover.
        mode=items
        [ "$kind" != holed ] || mode=all
        compare "$work/$kind-$number.evt" $mode || exit
    done
done
