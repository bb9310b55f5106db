#!/bin/bash
# bench_queue.sh: 100,000 message files, warm, beside what only lists, stats and reads them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build/native/make_queue "$folder" relay 70000 1
build/native/make_queue "$folder" reports 20000 2
build/native/make_queue "$folder" honest 10000 3

# measure NAME COMMAND...: once to warm up, then three times.
measure() {
    local name=$1
    shift
    "$@" >/dev/null 2>&1 || true
    for _ in 1 2 3; do
        local TIMEFORMAT="$name: %R s, of these processor time %U + %S s"
        time { "$@" >/dev/null 2>&1 || true; }
    done
}

echo "== A queue of $(find "$folder" -name '*.EML' | wc -l) message files, $(du -sh --apparent-size "$folder" | cut -f1)"
measure "relaylock queue" build/native/relaylock queue "$folder"
measure "grep -l ^From: over all of each file" grep -rlsa '^From:' "$folder"
build/native/relaylock queue "$folder" | head -12 || true
