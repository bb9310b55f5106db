#!/bin/bash
# bench_replay.sh: replay beside what others make of the same sign-ins, in one run. One thread, warm
# cache, the fastest of five runs. Nothing here passes or fails; ratios are what counts.
set -euo pipefail
records=${RECORDS:-1000000}
few=$((records / 10)) # for those who are slower
large=${LARGE:-5000000}
folder=build/bench
exe=build/native/relaylock
mkdir -p $folder
trap 'rm -rf $folder' EXIT

once() { # COMMAND...: its seconds, and the peak of its memory in KB
    local start=$EPOCHREALTIME end
    command time -o $folder/time -f %M "$@" >/dev/null 2>&1 || true
    end=$EPOCHREALTIME
    awk -v start="$start" -v end="$end" 'END { printf "%.4f %s\n", end - start, $1 }' $folder/time
}
best() { # the same of the fastest of five runs
    local i
    for i in 1 2 3 4 5; do once "$@"; done | sort -g | head -n 1
}
instructions() { # FILE: what replay executes for it; it ends with 1, for there are verdicts
    { valgrind --tool=callgrind --callgrind-out-file=$folder/callgrind $exe replay --json "$1" 2>&1 \
        >/dev/null || true; } | sed -nE 's/.*Collected : ([0-9]+).*/\1/p'
}

build/native/make_log "$records" $folder/log.evt
build/native/make_log "$few" $folder/few.evt
build/native/make_log "$few" $folder/few.log text
cat >$folder/sec.conf <<'END'
type=SingleWithThreshold
ptype=RegExp
pattern=1708 client \S+ method \S+ user (\S+)
desc=$1
action=write - $1
window=600
thresh=50
END
cat >$folder/filter.conf <<'END'
[Definition]
failregex = 1708 client <HOST> method \S+ user <F-USER>\S+</F-USER>$
datepattern = ^%%Y-%%m-%%d %%H:%%M:%%S
END
cat $folder/log.evt $folder/few.evt $folder/few.log >/dev/null

line() { # NAME COUNT "SECONDS KB": a line of figures, beside replay's
    awk -v name="$1" -v n="$2" -v figures="$3" -v ours="$per_record" 'BEGIN {
        split(figures, f, " ")
        printf "  %-34s %9.3f s %12.0f/s %8.1f MB", name, f[1], n / f[1], f[2] / 1024
        if (ours != "") printf "   %7.1f times replay", f[1] / n / ours
        printf "\n" }'
}

echo "== Replay of $records records ($(du -m --apparent-size $folder/log.evt | cut -f1) MB)"
per_record=
replay=$(best $exe replay --json $folder/log.evt)
cat=$(best cat $folder/log.evt)
line "relaylock replay" "$records" "$replay"
per_record=$(awk -v f="$replay" -v n="$records" 'BEGIN { split(f, p, " "); print p[1] / n }')
line "the same with the default --sweep" "$records" "$(best $exe replay --json --sweep $folder/log.evt)"
line "cat, the same file" "$records" "$cat"
line "evtexport, a tenth of it" "$few" "$(best evtexport $folder/few.evt)"
lines=$(wc -l <$folder/few.log)
line "sec, a tenth as text" "$lines" \
    "$(once sec --conf=$folder/sec.conf --input=$folder/few.log --notail --quiet)"
line "fail2ban-regex, a tenth as text" "$lines" \
    "$(once fail2ban-regex $folder/few.log $folder/filter.conf)"
echo
echo "== What a record costs (callgrind)"
build/native/make_log $((2 * few)) $folder/more.evt
now=$((($(instructions $folder/more.evt) - $(instructions $folder/few.evt)) / few))
echo "  $now instructions a record; kept in tests/bench/instructions: $(cat tests/bench/instructions)"
echo
echo "== Ten files of one log at once, $large records each"
build/native/make_log "$large" $folder/large.evt
for i in 0 1 2 3 4 5 6 7 8 9; do ln -s large.evt $folder/save$i.evt; done
megabytes=$((10 * $(du -m --apparent-size $folder/large.evt | cut -f1)))
once $exe replay --json $folder/save?.evt | awk -v mb="$megabytes" '{
    printf "  %d MB: %.1f s, %.0f MB/s, peak memory %.1f MB\n", mb, $1, mb / $1, $2 / 1024 }'
