# says.sh: what RelayLock says in the event log, and that it says it so many times. Sourced, in the
# lab, behind report.sh.

lab='C:\lab\lab.exe'
first=1 # of RelayLock's events, the one from which on they count

said() { # those events, a line each
    in_folder "$lab" log show 1000 RelayLock | tr -d '\r' |
        awk '/^[A-Z][a-z]+  [0-9]+-[0-9]+-[0-9]+  / { if (line) print line; line = $0; next }
            { line = line " " $0 } END { if (line) print line }' | tail -n "+$first"
}

# Whether RelayLock says an event of the id, like PATTERN, the Nth time, within 20 seconds.
says() { # ID N PATTERN
    local found=0
    for _ in $(seq 40); do
        found=$(said | grep -E " $1  " | grep -cE -- "$3")
        [ "$found" -lt "$2" ] || break
        sleep 0.5
    done
    [ "$found" = "$2" ]
    report "event $1, time $2: $3" $? "$found times: $(said | tail -n 8)"
}

# Has RelayLock look once more: it answers (event 104) behind a whole look at least.
looks() {
    local answers asked=1
    answers=$(said | grep -cE ' 104  ')
    for _ in $(seq 40); do
        # One that is still starting takes no control; asked twice, it would answer twice.
        [ $asked = 0 ] || { in_folder sc.exe control RelayLock 128 >/dev/null && asked=0; }
        [ "$(said | grep -cE ' 104  ')" -le "$answers" ] || return 0
        sleep 0.5
    done
    report "it answers when it is asked" 1 "$(said | tail -n 3)"
    return 1
}
