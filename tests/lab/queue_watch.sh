# queue_watch.sh: what RelayLock tells of a queue that grows (QueueAlert), and that it locks nobody
# whom the queue does not bear out (RequireQueue), in the lab, with a real folder. Sourced by
# run_lab.sh, which has made the host.

. tests/lab/report.sh
. tests/lab/says.sh
parameters='HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters'
queue=$prefix/drive_c/Inetpub/Mailroot/Queue

says_not() { # ID PATTERN
    local told
    told=$(said) && [ "$(grep -E " $1  " <<<"$told" | grep -cE -- "$2")" = 0 ]
    report "no event $1: $2" $? "$(grep -E " $1  " <<<"$told")"
}

set_value() { # NAME TYPE VALUE
    in_folder reg add "$parameters" /v "$1" /t "$2" /d "$3" /f >/dev/null
}
sign_ins() { # N ACCOUNT CLIENT
    in_folder "$lab" log report "$1" MSExchangeTransport 0x400006ac "$3" LOGIN "$2"
}
messages() { # FIRST COUNT [FOLDER]
    build/native/make_relay spammer-pc "$1" "$2" "${3:-$queue}"
}
is_active() { # ACCOUNT Yes|No
    local active=No
    in_folder "$lab" user show "$1" --domain >"$prefix.user" &&
        { grep -qi disabled "$prefix.user" || active=Yes; } && [ $active = "$2" ]
    report "$1 is active: $2" $? "$(cat "$prefix.user")"
}
doctor_says() { # STATE PATTERN
    in_folder relaylock.exe doctor --json | tr -d '\r' >"$prefix.doctor"
    [ "$(jq -r '[.checks[] | select(.check == "queue") | .state][0]' "$prefix.doctor")" = "$1" ] &&
        jq -r '.checks[] | select(.check == "queue") | .found' "$prefix.doctor" | grep -qE -- "$2"
    report "doctor, $1: $2" $? "$(jq -c '.checks[] | select(.check == "queue")' "$prefix.doctor")"
}

set +e
stay_up
for account in bob carol dave erin; do
    in_folder "$lab" user add $account --domain
done
mkdir -p "$queue"
in_folder relaylock.exe install >/dev/null
set_value Limits REG_SZ 5/10m
set_value RestartSmtp REG_DWORD 0
set_value QueueAlert REG_DWORD 100
set_value RequireQueue REG_DWORD 20
set_value MaxLocksPerHour REG_DWORD 50
in_folder "$lab" fault imports=1 >/dev/null
in_folder sc.exe start RelayLock >/dev/null
says 100 1 'is watching'

# A burst that may be forged: the queue is empty.
sign_ins 5 'LAB\bob' spammer-pc
says 417 1 'LAB.bob" crossed the limit 5/10m.*it holds 0 files, and has not grown by 20 within 10m'
sign_ins 3 'LAB\bob' spammer-pc
looks
says 417 1 'LAB.bob'
is_active bob Yes
doctor_says ok '^0 files in 1 folder'

# The queue grows (a count may fall in the midst of the writing); bob is locked at his next sign-in.
messages 0 30
says 601 1 'within an hour to [23][0-9] messages, from 0\. .*[23][0-9] from clients of LAB.bob \(spammer-pc\)'
sign_ins 1 'LAB\bob' spammer-pc
says 500 1 'LAB.bob'
is_active bob No
says 417 1 'bob'

# At once, without another sign-in, who crosses now.
sign_ins 5 'LAB\carol' pc
says 500 1 'LAB.carol'
says_not 417 carol

# Past QueueAlert: why, and who; then it falls.
messages 30 120
says 600 1 '1[0-5][0-9] messages, past QueueAlert \(100\)\. Authenticated relay: .*1[0-5][0-9] from clients of LAB.bob .*LAB.bob is locked already'
doctor_says warning '^150 files, past QueueAlert \(100\)'
rm "$queue"/*.EML
says 602 1 'has fallen to 0 messages'

# It was large within the window, so a lock is borne out still; then it is gone, and cannot be read.
sign_ins 5 'LAB\dave' pc
says 500 1 'LAB.dave'
mv "$queue" "$queue.old"
in_folder "$lab" fault tick_ahead_ms=700000 >/dev/null
sign_ins 5 'LAB\erin' pc
says 417 1 'LAB.erin.*it cannot be read'
is_active erin Yes
doctor_says problem 'no SMTP queue folder was found: RelayLock locks nobody'
in_folder "$lab" fault tick_ahead_ms=770000 >/dev/null
in_folder "$lab" user add frank --domain
sign_ins 5 'LAB\frank' pc
says 603 1 'no queue folder was found .* only flagged'
messages 500 25 "$queue.old"
mv "$queue.old" "$queue"
in_folder "$lab" user add grace --domain
sleep 1 # for half a second a look is as good as one of now
sign_ins 5 'LAB\grace' pc
says 604 1 '25 messages in 1 folder'
sign_ins 1 'LAB\erin' pc
says 500 1 'LAB.erin'

in_folder sc.exe stop RelayLock >/dev/null
says 101 1 'has stopped'
in_folder relaylock.exe uninstall >/dev/null
exit $failed
