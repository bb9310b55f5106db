# sight.sh: what RelayLock says when it cannot see, in the lab, through either reader. Sourced by
# run_lab.sh, which has made the host. The log that is watched is one of its own, Sight, so that what
# RelayLock says in Application stays while Sight is cleared and overwritten.

. tests/lab/report.sh
. tests/lab/says.sh
services='HKLM\SYSTEM\CurrentControlSet\Services'

# That it has not said the id more than N times, having looked once more.
says_no_more() { # ID N
    local found told
    looks && told=$(said) && found=$(grep -cE " $1  " <<<"$told")
    [ "$found" = "$2" ]
    report "event $1 only $2 time(s)" $? "$found times"
}

# That it has read the log up to a record; it is asked until it has.
reads_up_to() { # RECORD
    for _ in $(seq 20); do
        looks && said | grep ' 104  ' | tail -n 1 | grep -q "Last record read: $1 " && break
    done
    report "it has read up to record $1" $? "$(said | tail -n 3)"
}

set_level() { # CATEGORY LEVEL
    in_folder reg add "$services\\MSExchangeTransport\\Diagnostics" /v "$1" /t REG_DWORD /d "$2" /f \
        >/dev/null
}
set_text() { # NAME VALUE
    in_folder reg add "$services\\RelayLock\\Parameters" /v "$1" /t REG_SZ /d "$2" /f >/dev/null
}
sign_ins() { # N ACCOUNT
    in_folder "$lab" log report --log Sight "$1" MSExchangeTransport 0x400006ac pc LOGIN "$2"
}
others() { # N
    in_folder "$lab" log report --log Sight "$1" Other 7 'something that takes some room in the log'
}
start() {
    in_folder sc.exe start RelayLock >/dev/null
    started=$((started + 1))
    says 100 $started 'is watching the log "Sight"'
}
stop() {
    in_folder sc.exe stop RelayLock >/dev/null
    says 101 $started 'has stopped'
}

set_number() { # NAME NUMBER
    in_folder reg add "$services\\RelayLock\\Parameters" /v "$1" /t REG_DWORD /d "$2" /f >/dev/null
}
level_is() { # CATEGORY LEVEL
    in_folder reg query "$services\\MSExchangeTransport\\Diagnostics" /v "$1" | grep -q "0x$2"
    report "$1 is at $2" $? "$(in_folder reg query "$services\\MSExchangeTransport\\Diagnostics")"
}
# That `relaylock logging ...` exits so and prints something like PATTERN.
logging() { # STATUS PATTERN ARGUMENT...
    local status=$1 pattern=$2 output found=0
    shift 2
    output=$(in_folder relaylock.exe logging "$@" 2>&1 | tr -d '\r'; exit "${PIPESTATUS[0]}") || found=$?
    [ "$found" = "$status" ] && grep -qE -- "$pattern" <<<"$output"
    report "relaylock logging $*: $pattern" $? "exit status $found: $output"
}

# RelayLock raises what Exchange logs, respects what is changed then, and puts it back.
raise_logging() {
    set_level '1 Routing Engine/Service' 0
    set_level '7 SMTP Protocol' 0
    set_level '9 Authentication' 3
    logging 1 'too low for RelayLock'
    start
    says 320 1 '7 SMTP Protocol \(MSExchangeTransport\) was raised from 0 \(None\) to 5 \(Maximum\)'
    says 320 1 '9 Authentication .*from 3 \(Medium\)'
    level_is '7 SMTP Protocol' 5
    level_is '9 Authentication' 5
    level_is '1 Routing Engine/Service' 0
    says_no_more 310 0
    logging 0 '^MSExchangeTransport  7 SMTP Protocol +5 \(Maximum\)  raised by RelayLock; it was 0 \(None\)$'
    set_level '9 Authentication' 1
    says 322 1 '9 Authentication \(MSExchangeTransport\) was changed from 5 \(Maximum\) to 1 \(Minimum\)'
    stop
    start
    looks
    level_is '9 Authentication' 1
    says_no_more 322 1
    logging 0 '9 Authentication +1 \(Minimum\)  changed by somebody, and left so; it was 3 \(Medium\)' show
    logging 0 '7 SMTP Protocol of MSExchangeTransport: put back: from 5 \(Maximum\) to 0 \(None\)' restore
    says 323 1 '7 SMTP Protocol \(MSExchangeTransport\) was put back from 5 \(Maximum\) to 0 \(None\)'
    says 310 1 'is 1 at the most'
    stop
    start
    looks
    level_is '7 SMTP Protocol' 0
    logging 1 'left alone since it was put back'
    logging 0 '9 Authentication of MSExchangeTransport: raised: from 1 \(Minimum\) to 5 \(Maximum\)' raise
    says 311 1 'MSExchangeTransport'
    logging 0 'nothing to raise' raise
    logging 2 'expected: show, raise or restore' lower
    set_number RaiseLogging 0
    stop

    # Uninstalled and installed again.
    in_folder relaylock.exe uninstall >/dev/null
    level_is '7 SMTP Protocol' 0
    level_is '9 Authentication' 1
    has_no_key "nothing is left of it in the registry" "$services\\RelayLock"
    begin
}

# A new installation, from whose first event on is counted.
begin() {
    started=0
    first=1
    first=$(($(said | wc -l) + 1))
    in_folder relaylock.exe install >/dev/null
    set_text Reader "$reader"
    set_text Channel Sight
    set_text Action flag
    set_text Limits 5/10m
    in_folder "$lab" log size 67108864 Sight
}

watch_through() { # READER
    reader=$1 about=$1
    begin
    raise_logging

    # Exchange logs too little; then enough, and RelayLock is woken by that.
    set_number RaiseLogging 0
    set_level '7 SMTP Protocol' 0
    set_level '9 Authentication' 3
    start
    says 310 1 '7 SMTP Protocol, 9 Authentication \(MSExchangeTransport\) is 3 at the most'
    set_level '7 SMTP Protocol' 5
    says 311 1 'MSExchangeTransport'

    # Cleared while it watches: the alert behind it says so.
    sign_ins 4 'LAB\early'
    reads_up_to 4
    in_folder "$lab" log clear Sight
    says 302 1 'The log "Sight" was cleared'
    sign_ins 5 'LAB\cleared'
    says 413 1 'LAB.cleared.*The log was cleared within the window'
    says_no_more 303 0

    # Cleared while RelayLock was not there, and grown since past what it had read.
    stop
    in_folder "$lab" log clear Sight
    sleep 3 # a second more or less is the same time
    others 30
    start
    says 302 2 'The log "Sight" was cleared'
    sign_ins 5 'LAB\again'
    says 413 1 'LAB.again.*The log was cleared within the window'
    says_no_more 303 0

    # Gone round while RelayLock was not there: which records were lost, and in whose window.
    sign_ins 1 'LAB\known'
    reads_up_to 36
    stop
    in_folder "$lab" fault clear_continues=1 >/dev/null
    in_folder "$lab" log size 131072 Sight
    in_folder "$lab" fault clear >/dev/null
    others 2000
    start
    says 303 1 'Records 37 to [0-9]+ of the log "Sight" are gone'
    says_no_more 302 2
    says 314 1 '"Sight" \(128 KB\) holds only the last .* less than the longest window \(10 min\)'
    sign_ins 5 'LAB\short'
    says 413 1 'LAB.short.*does not reach back over the window \(records up to [0-9]+ are gone\)'

    # Told again by nobody who was told, and over when it is over.
    stop
    start
    says_no_more 314 1
    says_no_more 310 1
    stop
    in_folder "$lab" log size 67108864 Sight
    start
    says 315 1 '"Sight" reaches back'
    says 302 3 'The log "Sight" was cleared'

    # Full, and keeping what it has.
    stop
    in_folder "$lab" log size 131072 --keep Sight
    others 2000
    start
    says 312 1 '"Sight" is full or nearly so \(128 of 128 KB\).*it keeps them until it is cleared'
    in_folder "$lab" log clear Sight
    sign_ins 5 'LAB\late'
    says 413 1 'LAB.late'
    stop
    start
    says 313 1 '"Sight" takes new events again'
    stop
    in_folder relaylock.exe uninstall >/dev/null
    in_folder reg delete "$services\\MSExchangeTransport\\Diagnostics" /f >/dev/null
}

set +e
stay_up
in_folder reg add "$services\\EventLog\\Sight" /f >/dev/null
watch_through modern
watch_through classic
exit $failed
