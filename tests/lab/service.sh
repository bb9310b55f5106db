# service.sh: services, started and stopped until they are so. Sourced, in the lab, behind report.sh.

# Whether a service comes to be in the state, within half a minute.
service_is() { # NAME STATE
    local i
    for i in $(seq 60); do
        in_folder sc.exe query "$1" | grep -q "$2" && return
        sleep 0.5
    done
    return 1
}

# Until RelayLock has stopped and its process has gone, with its hold on the exe.
process_ends() {
    service_is RelayLock STOPPED
    local i
    for i in $(seq 60); do
        grep -qsF "$(realpath "$prefix")/drive_c/Program Files/RelayLock/relaylock.exe" \
            /proc/[0-9]*/maps || break
        sleep 0.5
    done
    sleep 0.5 # Wine's server notices a little later
}

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
