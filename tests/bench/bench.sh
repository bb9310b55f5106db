#!/bin/bash
# bench.sh: figures, each beside something it can be held against. Nothing here passes or fails.
set -euo pipefail
prefix=build/lab/bench
folder=$prefix/drive_c/bench

echo "== The guard (build/native/bench_guard)"
build/native/bench_guard
echo
echo "== The journal at its size bound (build/native/bench_journal)"
build/native/bench_journal
echo
echo "== Durability of one incident, under Wine (build/x64/bench_durability.exe)"
tests/wine.sh build/wine build/x64/bench_durability.exe | tr -d '\r'
echo
echo "== 1,000 messages out of a queue folder of 2,000, under Wine (build/x64/bench_quarantine.exe)"
tests/wine.sh build/wine build/x64/bench_quarantine.exe 1000 | tr -d '\r'
rm -rf build/wine/drive_c/users/*/Temp/quarantine-*
echo
tests/bench/bench_replay.sh
echo
tests/bench/bench_queue.sh
echo
echo "== The running service, in the lab"
tests/wine-session.sh end "$prefix"
rm -rf "$prefix"
mkdir -p "$folder"
cp build/x64/relaylock.exe build/lab/bench_lab.exe "$folder"
tests/lab/lab_setup.sh "$prefix" build/lab "$folder"/{relaylock,bench_lab}.exe >"$prefix.log" 2>&1 ||
    { cat "$prefix.log"; exit 1; }
trap 'tests/wine-session.sh end "$prefix"' EXIT
for reader in modern classic; do
    (cd "$folder" && ../../../../../tests/wine.sh ../.. relaylock.exe install >/dev/null &&
        ../../../../../tests/wine.sh ../.. bench_lab.exe $reader &&
        ../../../../../tests/wine.sh ../.. relaylock.exe uninstall >/dev/null) | tr -d '\r'
done
echo
echo "== Floods, in the lab"
tests/lab/run_lab.sh load 2000000 1000000 60
