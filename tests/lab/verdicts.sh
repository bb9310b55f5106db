# verdicts.sh: twenty histories; the running service, with either reader, and replay, from a saved log
# of either kind and from the channel, must come to the same verdicts, to the record. Sourced by
# run_lab.sh, which has made the host.

key='HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters'
failed=0

report() { # NAME EXIT-STATUS DETAIL
    if [ "$2" = 0 ]; then
        echo "ok $1"
    else
        echo "not ok $1: $3"
        failed=1
    fi
}

# ACCOUNT|LIMIT|COUNT|RECORD of the first alert on each account, sorted. An alert is an event of
# RelayLock that says "crossed the limit", with its counts in the lines below.
alerts() {
    in_folder 'C:\lab\lab.exe' log show 1000 RelayLock | tr -d '\r' | awk '
        match($0, /The account "[^"]*" crossed the limit [^ ]*/) {
            split(substr($0, RSTART, RLENGTH), part, "\"")
            account = tolower(part[2]); sub(/.* /, "", part[3]); sub(/\.$/, "", part[3])
            limit = part[3]
        }
        /^ *Counted: / { counted = $2; sub(/\.$/, "", counted) }
        /^ *Records .* to / && account != "" {
            for (i = 1; i <= NF; i++) if ($i == "to") last = $(i + 1)
            if (!(account in told)) print account "|" limit "|" counted "|" last
            told[account] = 1; account = ""
        }' | sort
}

replayed() { # ARGUMENT...: the same from relaylock replay
    { in_folder relaylock.exe replay --json "$@" || true; } | tr -d '\r' | tr '{' '\n' |
        sed -nE 's/^"account":"([^"]*)","limit":"([^"]*)","count":([0-9]+),.*"record":([0-9]+),.*/\1|\2|\3|\4/p' |
        tr A-Z a-z | sort
}

set_value() { # NAME TYPE VALUE
    in_folder reg add "$key" /v "$1" /t "$2" /d "$3" /f >/dev/null
}

stop_service() {
    local i
    in_folder sc.exe stop RelayLock >/dev/null
    for i in $(seq 1 60); do
        in_folder sc.exe query RelayLock | grep -q STOPPED && return
        sleep 0.5
    done
}

# Until the service has written the alerts that are expected, or half a minute.
wait_for_alerts() { # EXPECTED
    local i
    for i in $(seq 1 30); do
        [ "$(alerts)" != "$1" ] || return 0
        sleep 1
    done
}

history() { # SEED READER
    local limits expected
    in_folder 'C:\lab\lab.exe' log clear
    limits=$(build/native/make_history "$1" "$(date +%s)" "$folder/history.evt")
    in_folder 'C:\lab\lab.exe' log load history.evt
    in_folder 'C:\lab\lab.exe' log save history.evtx
    expected=$(replayed --set "Limits=$limits" history.evt)
    verdicts=$((verdicts + $(wc -l <<<"$expected")))
    for source in history.evtx channel:Application; do
        found=$(replayed --set "Limits=$limits" "$source")
        [ "$found" = "$expected" ]
        report "history $1: $source as history.evt" $? "$(diff <(echo "$expected") <(echo "$found") | tr '\n' ' ')"
    done
    set_value Limits REG_SZ "$limits"
    set_value Reader REG_SZ "$2"
    in_folder sc.exe start RelayLock >/dev/null
    wait_for_alerts "$expected"
    found=$(alerts)
    [ "$found" = "$expected" ]
    report "history $1: the service, reader $2, as history.evt" $? \
        "$(diff <(echo "$expected") <(echo "$found") | tr '\n' ' ')"
    stop_service
}

set +e
verdicts=0
in_folder relaylock.exe install >/dev/null
stop_service # which writes into the log, too
set_value Action REG_SZ flag
for seed in $(seq 1 ${HISTORIES:-20}); do
    [ $((seed % 2)) = 0 ] && history "$seed" modern || history "$seed" classic
done
[ "$verdicts" -ge 20 ]
report "there were verdicts: $verdicts" $? "too few to mean anything"
exit $failed
