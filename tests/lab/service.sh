# service.sh: RelayLock's service, started and stopped until it is so. Sourced, in the lab, behind
# report.sh.

# A service that is still starting takes no stop: it is told again.
stop_service() {
    local i
    for i in $(seq 1 60); do
        in_folder sc.exe query RelayLock | grep -q STOPPED && return
        in_folder sc.exe stop RelayLock >/dev/null
        sleep 0.5
    done
    report "the service stops" 1 "$(in_folder sc.exe query RelayLock | tr '\r\n' '  ')"
}

# One whose process has not ended yet takes no start.
start_service() {
    local i
    for i in $(seq 1 60); do
        in_folder sc.exe start RelayLock >/dev/null
        in_folder sc.exe query RelayLock | grep -q RUNNING && return
        sleep 0.5
    done
    report "the service starts" 1 "$(in_folder sc.exe query RelayLock | tr '\r\n' '  ')"
}
