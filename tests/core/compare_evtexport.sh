#!/bin/bash
# compare_evtexport.sh LISTER FILE.Evt: holds what our decoder reads of saved logs against libevt's
# evtexport, an independent reader: numbers, times, event ids, types, categories, number of strings
# and names, record by record. LISTER is test_saved_log (a program; its `list` and `write` are
# used). Logs made by our own builder, of several lengths of the ring, are compared as well.
# Exit status 0: the same; 1: a difference, which is shown; 2: one of the readers failed.
set -u -o pipefail
lister=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# evtexport's paragraphs as our lines: number|generated|written|id|type|category|strings|source|computer
as_lines() {
    awk -F '\t+: ?' '
        function put() {
            if (number != "")
                print number "|" generated "|" written "|" id "|" type "|" category "|" strings \
                    "|" source "|" computer
            number = ""
        }
        function when(text,   part, month) { # "Jul 27, 2011 06:41:47 UTC"
            split(text, part, /[ ,]+/)
            month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", part[1]) + 2) / 3
            return sprintf("%s-%02d-%sT%sZ", part[3], month, part[2], part[4])
        }
        $1 == "Event number" { put(); number = $2; strings = 0; source = computer = "" }
        $1 == "Creation time" { generated = when($2) }
        $1 == "Written time" { written = when($2) }
        $1 == "Event type" { type = $2; gsub(/.*\(|\).*/, "", type) }
        $1 == "Computer name" { computer = $2 }
        $1 == "Source name" { source = $2 }
        $1 == "Event category" { category = $2 }
        $1 == "Event identifier" { id = substr($2, 1, 10) }
        $1 == "Number of strings" { strings = $2 }
        END { put() }'
}

compare() {
    "$lister" list "$1" | tr -d '\r' >"$work/ours" || {
        echo "$1: our reader failed" >&2
        return 2
    }
    TZ=UTC evtexport "$1" | as_lines >"$work/theirs" || {
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

for count in 1 20 45 46 47 91 92 100; do
    "$lister" write "$work/$count.evt" "$count" || exit 2
    compare "$work/$count.evt" || exit
done
shift
for file in "$@"; do
    compare "$file" || exit
done
