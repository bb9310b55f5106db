# verdicts.sh: twenty histories; the running service, with either reader, and replay, from a saved log
# of either kind and from the channel, must come to the same verdicts, to the record. Sourced by
# run_lab.sh, which has made the host.

. tests/lab/report.sh
. tests/lab/says.sh
. tests/lab/service.sh
key='HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters'

# ACCOUNT|LIMIT|COUNT|RECORD of the first alert on each account, sorted. An alert is an event of
# RelayLock that says "crossed the limit", with its counts in the lines below.
alerts() {
    in_folder "$lab" log show 1000 RelayLock | tr -d '\r' | awk '
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

# The same from relaylock replay, which also says in $prefix.replay what it read. Fails unless it
# ends as one that has read all.
replayed() { # ARGUMENT...
    local status=0
    in_folder relaylock.exe replay --json "$@" >"$prefix.replay" || status=$?
    [ $status -le 1 ] || return
    jq -r '.verdicts[] | [.account, .limit, .count, .record] | join("|")' "$prefix.replay" | tr -d '\r' |
        tr A-Z a-z | sort
}

set_value() { # NAME TYPE VALUE
    in_folder reg add "$key" /v "$1" /t "$2" /d "$3" /f >"$prefix.reg" 2>&1
    [ $? = 0 ] || report "$1 is set to $3" 1 "$(cat "$prefix.reg")"
}

# What a service that starts now goes by, and when the one that runs did start.
in_force() {
    in_folder relaylock.exe settings | tr -d '\r' | grep -E '^(Limits|Reader) ' | tr -s ' \n' ' '
    in_folder "$lab" log show 1000 RelayLock | tr -d '\r' | grep -E '(^| )10[01]( |$)' |
        head -n 3 | tr '\n' ' '
}

# Until the service has written the alerts that are expected, or half a minute.
wait_for_alerts() { # EXPECTED
    local i
    for i in $(seq 1 30); do
        [ "$(alerts)" != "$1" ] || return 0
        sleep 1
    done
}

# Until the service says that it has read so many sign-ins.
reads_all() { # SIGN-INS
    for _ in $(seq 20); do
        looks && said | grep ' 104  ' | tail -n 1 | grep -q "Sign-ins read: $1 (" && return
    done
    return 1
}

history() { # SEED READER
    local limits expected found verdicts=0 sign_ins wrong
    stop_service # which writes into the log, too
    in_folder "$lab" log clear
    limits=$(build/native/make_history "$1" "$(date +%s)" "$folder/history.evt")
    in_folder "$lab" log load history.evt
    in_folder "$lab" log save history.evtx
    local settings=(--set "Limits=$limits" "${patterns[@]}")
    expected=$(replayed "${settings[@]}" history.evt) && verdicts=$(grep -c . <<<"$expected")
    report "history $1 has verdicts: $verdicts" $? "$(cat "$prefix.replay")"
    sign_ins=$(jq .matched "$prefix.replay")
    for source in history.evtx channel:Application; do
        found=$(replayed "${settings[@]}" "$source") && [ "$found" = "$expected" ]
        report "history $1: $source as history.evt" $? "$(diff <(echo "$expected") <(echo "$found") | tr '\n' ' ')"
    done
    set_value Limits REG_SZ "$limits"
    set_value Reader REG_SZ "$2"
    start_service
    wait_for_alerts "$expected"
    reads_all "$sign_ins"
    report "history $1: the service, reader $2, reads all $sign_ins sign-ins" $? "$(said | grep ' 104  ' | tail -n 1)"
    stop_service # it has told by then whatever it decided
    wrong=$(diff <(echo "$expected") <(alerts) | tr '\n' ' ')
    [ -z "$wrong" ] || wrong+="with $(in_force)"
    [ -z "$wrong" ]
    report "history $1: the service, reader $2, as history.evt" $? "$wrong"
}

set +e
in_folder relaylock.exe install >/dev/null
# Started when it is to be: not by Wine, which starts its services anew when all programs have ended.
in_folder reg add 'HKLM\SYSTEM\CurrentControlSet\Services\RelayLock' /v Start /t REG_DWORD /d 3 /f \
    >/dev/null
set_value Action REG_SZ flag
set_value Computers REG_SZ MAIL1 # whose the histories are
# One account of each history is exempt, one has limits of its own.
patterns=(--set 'Exempt=h*-user5' --set 'Accounts\h*-user4=6/1h')
set_value Exempt REG_SZ 'h*-user5'
in_folder reg add "$key\\Accounts\\h*-user4" /v Limits /t REG_SZ /d 6/1h /f >"$prefix.reg" 2>&1
report "an account has limits of its own" $? "$(cat "$prefix.reg")"
for seed in $(seq 1 ${HISTORIES:-20}); do
    [ $((seed % 2)) = 0 ] && history "$seed" modern || history "$seed" classic
done
exit $failed
