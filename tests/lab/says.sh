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
