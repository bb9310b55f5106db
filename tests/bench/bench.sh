#!/bin/bash
# bench.sh: figures, each beside something it can be held against. Nothing here passes or fails.
set -euo pipefail
prefix=build/lab/bench
folder=$prefix/drive_c/bench
records=${RECORDS:-200000}

echo "== The guard (build/native/bench_guard)"
build/native/bench_guard
echo
echo "== The journal at its size bound (build/native/bench_journal)"
build/native/bench_journal
echo
echo "== Durability of one incident, under Wine (build/x64/bench_durability.exe)"
tests/wine.sh build/wine build/x64/bench_durability.exe | tr -d '\r'
echo
echo "== Replay of $records records, warm cache, against others on the same file"
build/native/make_log "$records" build/bench.evt
cat build/bench.evt >/dev/null
best() { # seconds of the fastest of three runs
    local i start end best=
    for i in 1 2 3; do
        start=$(date +%s.%N)
        "$@" >/dev/null 2>&1 || true
        end=$(date +%s.%N)
        best=$(awk -v b="${best:-1e9}" -v t="$start $end" \
            'BEGIN { split(t, a, " "); d = a[2] - a[1]; print d < b ? d : b }')
    done
    echo "$best"
}
relaylock=$(best build/native/relaylock replay --json build/bench.evt)
sweep=$(best build/native/relaylock replay --json --sweep build/bench.evt)
evtexport=$(best evtexport build/bench.evt)
cat=$(best cat build/bench.evt)
awk -v n="$records" -v r="$relaylock" -v e="$evtexport" -v c="$cat" -v s="$sweep" 'BEGIN {
    printf "  relaylock replay %8.3f s  %10.0f records/s\n", r, n / r
    printf "  the full sweep   %8.3f s  %10.0f records/s  %.1f times a plain replay\n", s, n / s, s / r
    printf "  evtexport        %8.3f s  %10.0f records/s  ratio %.0f\n", e, n / e, e / r
    printf "  cat              %8.3f s                       ratio %.2f\n", c, c / r }'
rm -f build/bench.evt
echo
echo "== The running service, in the lab"
[ ! -d "$prefix" ] || WINEPREFIX=$(realpath "$prefix") wineserver -k 2>/dev/null || true
rm -rf "$prefix"
mkdir -p "$folder"
cp build/x64/relaylock.exe build/lab/bench_lab.exe "$folder"
tests/lab/lab_setup.sh "$prefix" build/lab "$folder"/{relaylock,bench_lab}.exe >"$prefix.log" 2>&1 ||
    { cat "$prefix.log"; exit 1; }
trap 'WINEPREFIX=$(realpath "$prefix") wineserver -k 2>/dev/null || true' EXIT
for reader in modern classic; do
    (cd "$folder" && ../../../../../tests/wine.sh ../.. relaylock.exe install >/dev/null &&
        ../../../../../tests/wine.sh ../.. bench_lab.exe $reader &&
        ../../../../../tests/wine.sh ../.. relaylock.exe uninstall >/dev/null) | tr -d '\r'
done
