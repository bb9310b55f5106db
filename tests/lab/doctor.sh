# doctor.sh: what `relaylock doctor` says of a healthy host, and of one on which something is wrong;
# that each command it gives mends that, and that it changes nothing. Sourced by run_lab.sh, which has
# made the host.

. tests/lab/report.sh
. tests/lab/service.sh
lab='C:\lab\lab.exe'
services='HKLM\SYSTEM\CurrentControlSet\Services'
parameters="$services\\RelayLock\\Parameters"
exchange='HKLM\SOFTWARE\Microsoft\Exchange\Setup'
said=$prefix.said

quietly() {
    in_folder "$@" >/dev/null 2>&1
}

# Asks, through a batch file as it would be typed: the answer is in $said, its status in $status.
ask() {
    status=0
    in_folder relaylock.exe doctor --json "$@" >"$said" || status=$?
    jq -e . "$said" >/dev/null || status=json
}

line() { # CHECK FIELD
    jq -r --arg check "$1" --arg field "$2" \
        '[.checks[] | select(.check == $check) | .[$field]][0] // ""' "$said"
}

# A sign-in of now, so that the log has one.
sign_in() {
    quietly "$lab" log report 1 MSExchangeTransport 0x400006ac pc LOGIN 'LAB\bob'
}

# Asks again, for half a minute, as long as the answer is another: services take their time.
asked_until() { # CONDITION [WORD...]
    local i
    for i in $(seq 30); do
        "$@" && return
        sleep 1
        ask --account bob
    done
    return 1
}

nothing_wrong() {
    [ "$status" = 0 ] && [ "$(jq .problems+.warnings "$said")" = 0 ]
}

# Whether the latest answer was that all is well.
is_well() { # WHEN
    asked_until nothing_wrong
    report "all is well $1" $? "status $status, $(jq -c '.checks[] | select(.state != "ok")' "$said")"
}

healthy() { # WHEN
    sign_in
    ask --account bob
    is_well "$1"
}

# Types what mends the line, as long as a command is given for it and it is not well.
mend() { # CHECK
    local command round
    for round in 1 2 3; do
        command=$(line "$1" command)
        if [ -z "$command" ]; then
            return
        fi
        printf '@%s\r\n' "$command" >"$folder/typed.cmd"
        quietly cmd /c typed.cmd
        sign_in
        ask --account bob
    done
}

line_is() { # STATE CHECK PATTERN COMMAND-PATTERN EXIT-STATUS
    [ "$(line "$2" state)" = "$1" ] && [ "$status" = "$5" ] &&
        line "$2" found | grep -qE -- "$3" && line "$2" command | grep -qE -- "$4"
}

# What was done to the host turns the line, and the exit status; the command mends it, or UNDO does.
turns() { # STATE CHECK PATTERN COMMAND-PATTERN [UNDO...]
    local state=$1 check=$2 pattern=$3 command=$4 wanted=1
    shift 4
    [ "$state" = warning ] || wanted=2
    ask --account bob
    asked_until line_is "$state" "$check" "$pattern" "$command" "$wanted"
    report "$check, $state: $pattern" $? "status $status, $(jq -c '.checks[] | select(.state != "ok")' "$said")"
    mend "$check"
    if [ $# != 0 ]; then
        quietly "$@"
        sign_in
        ask --account bob
    fi
    is_well "after $check, $state"
}

# All that a doctor could have changed: the registry, files but for the lab's own, accounts, services.
remember() { # FILE
    in_folder reg export HKLM 'C:\hklm.reg' /y >/dev/null 2>&1
    in_folder reg export HKCU 'C:\hkcu.reg' /y >/dev/null 2>&1
    {
        cat "$prefix"/drive_c/hk*.reg | tr -d '\000'
        (cd "$prefix/drive_c" && find . -type f ! -path './lab/*' ! -name 'hk*.reg' -print0 | sort -z |
            xargs -0 sha256sum)
        in_folder "$lab" user show bob | sed 's/set [0-9]* s ago//'
        in_folder "$lab" log show 1000
        in_folder sc.exe query RelayLock
    } >"$1"
}

set +e
stay_up
in_folder "$lab" user add bob
quietly reg add "$exchange" /v Services /t REG_SZ /d 'C:\Exchsrvr' /f
quietly reg add "$exchange" /v 'Services Version' /t REG_DWORD /d 65 /f
quietly reg add "$services\\EventLog\\Application\\MSExchangeTransport" /f
quietly reg add "$services\\MSExchangeTransport\\Diagnostics" /v '9 Authentication' /t REG_DWORD /d 5 /f
mkdir -p "$prefix/drive_c/Inetpub/Mailroot/Queue"
quietly sc.exe create SMTPSVC binPath= 'C:\doctor\stand_in.exe SMTPSVC'
quietly sc.exe start SMTPSVC
service_is SMTPSVC RUNNING

# Before it is installed: that, and no more.
sign_in
ask
[ "$status" = 1 ] && [ "$(line service command)" = 'relaylock install' ] &&
    [ "$(jq .problems+.warnings "$said")" = 1 ]
report "it works without the service" $? "status $status, $(cat "$said")"
mend service
start_service
healthy "once it is installed and runs"

# Once a minute the service itself may write its position: not in both of two looks.
for _ in 1 2; do
    remember "$prefix.before"
    in_folder relaylock.exe doctor --account bob >"$prefix.screen"
    ask --account 'LAB\Administrator'
    remember "$prefix.after"
    difference=$(diff "$prefix.before" "$prefix.after" | head -5)
    [ -n "$difference" ] || break
done
[ -z "$difference" ]
report "nothing was changed" $? "$difference"

# The sample on the page is what it prints: but for names, figures and times, and what only Server
# 2003 has a line for.
plain() {
    tr -d '\r' | sed -E 's/^(ok|WARNING|PROBLEM) +([a-z-]+) .*/\1 \2/; t; d'
}
difference=$(diff <(awk '/^```$/ && on { exit } on { print } /^```text/ { on = 1 }' docs/doctor.md | plain |
    grep -v '^ok writers$') \
    <(plain <"$prefix.screen"))
[ -z "$difference" ]
report "the sample of docs/doctor.md has its lines" $? "$difference"
tail -n 1 "$prefix.screen" | grep -q '^All is well\.'
report "the screen ends with its sum" $? "$(tail -n 1 "$prefix.screen")"

quietly reg add "$services\\MSExchangeTransport\\Diagnostics" /v '9 Authentication' /t REG_DWORD /d 1 /f
turns problem levels 'writes no event 1708' '^relaylock logging raise$'

quietly reg delete "$exchange" /f
turns warning exchange 'no Exchange' '^$' reg add "$exchange" /v Services /t REG_SZ /d x /f
quietly reg delete "$services\\EventLog\\Application\\MSExchangeTransport" /f
turns warning source 'not registered' '^$' reg add "$services\\EventLog\\Application\\MSExchangeTransport" /f
quietly reg delete "$services\\EventLog\\Application\\RelayLock" /f
turns warning own-source 'not registered' '^relaylock install$'

# As Server 2003, where CustomSD says who may write.
nt='HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
quietly reg export "$nt" 'C:\nt.reg' /y
quietly reg delete "$nt" /v CurrentMajorVersionNumber /f
quietly reg add "$nt" /v CurrentVersion /t REG_SZ /d 5.2 /f
turns warning writers 'INTERACTIVE may write' '^reg add "HKLM.*Application" /v CustomSD '
[ "$(line writers state)" = ok ]
report "writers: closed by that command" $? "$(line writers found)"
quietly reg import 'C:\nt.reg'

quietly "$lab" log size 1048576
sign_in
turns warning log '1024 KB\) is small' '^wevtutil sl "Application" /ms:16777216$'
quietly "$lab" log size 1048576 --keep
sign_in
turns warning log 'keeps its events' '^wevtutil sl "Application" /rt:false$'
quietly "$lab" log size 1048576 --keep
sign_in
quietly "$lab" log report 9999 Other 7 'something that takes some room in the log'
turns problem log 'is full or nearly so' '^wevtutil sl "Application" /rt:false$'

quietly reg add "$parameters" /v Reader /t REG_SZ /d classic /f
quietly "$lab" log size 1048576
sign_in
turns warning log 'is small' '^reg add .* /v MaxSize /t REG_DWORD /d 16777216 /f$' "$lab" log size 67108864
quietly reg delete "$parameters" /v Reader /f

quietly "$lab" log clear
ask --account bob
[ "$(line sign-ins state)" = warning ] && [ "$status" = 1 ]
report "sign-ins, warning: there is none" $? "$(line sign-ins found)"
quietly "$lab" fault time_offset_ms=7200000
sign_in
quietly "$lab" fault clear
turns problem clock 'is of .*ahead' '^$' "$lab" log clear

quietly "$lab" fault subscribe_error=50
turns warning reader 'in the modern one EvtSubscribe failed with error 50' '^reg add .* /v Reader ' "$lab" fault clear
quietly reg delete "$parameters" /v Reader /f
quietly "$lab" fault subscribe_error=5
quietly reg add "$parameters" /v Reader /t REG_SZ /d modern /f
turns problem reader 'EvtSubscribe failed with error 5' '^$' "$lab" fault clear
quietly reg delete "$parameters" /v Reader /f
quietly reg add "$parameters" /v Channel /t REG_SZ /d Nowhere /f
turns problem reader '"Nowhere" cannot be read' '^reg delete .* /v Channel /f & sc control RelayLock paramchange$'

quietly reg add "$parameters" /v Action /t REG_SZ /d shoot /f
turns warning settings '"Action" is "shoot"' '^reg delete .* /v Action /f & sc control RelayLock paramchange$'

quietly reg add "$parameters" /v Observe /t REG_DWORD /d 1 /f
quietly reg add 'HKLM\SOFTWARE\Policies\RelayLock' /v Limits /t REG_SZ /d 90/10m /f
ask --account bob
line policy found | grep -q '^set by Group Policy: Limits; ' &&
    jq -r '.checks[].command' "$said" | grep -q '/v Observe /t REG_DWORD /d 0 /f & sc control RelayLock paramchange$'
report "policy, and observing only" $? "$(grep -E 'policy|Observe' "$said")"
quietly reg delete 'HKLM\SOFTWARE\Policies\RelayLock' /f
quietly reg delete "$parameters" /v Observe /f

quietly sc.exe stop SMTPSVC
service_is SMTPSVC STOPPED
turns warning smtp 'does not run \(stopped\)' '^net start "SMTPSVC"$'
quietly sc.exe config SMTPSVC start= disabled
turns problem smtp 'is disabled' '^sc config "SMTPSVC" start= auto$'
quietly reg add "$parameters" /v SmtpService /t REG_SZ /d Nothing /f
turns problem smtp 'no service Nothing' '^reg delete .* /v SmtpService /f & sc control RelayLock paramchange$'

mv "$prefix/drive_c/Inetpub/Mailroot/Queue" "$prefix/drive_c/Inetpub/Mailroot/Away"
quietly reg add "$parameters" /v RequireQueue /t REG_DWORD /d 20 /f
ask --account bob
[ "$(line queue state)" = problem ] && line queue found | grep -q 'locks nobody'
report "queue, problem: required, and none is there" $? "$(line queue found)"
quietly reg delete "$parameters" /v RequireQueue /f
ask --account bob
[ "$(line queue state)" = warning ]
report "queue, warning: none is there" $? "$(line queue found)"
mv "$prefix/drive_c/Inetpub/Mailroot/Away" "$prefix/drive_c/Inetpub/Mailroot/Queue"

quietly sc.exe pause RelayLock
service_is RelayLock PAUSED
turns warning service 'is paused' '^sc continue RelayLock$'
quietly sc.exe config RelayLock start= demand
turns warning start 'by hand only' '^sc config RelayLock start= auto$'
quietly reg delete "$services\\RelayLock" /v FailureActions /f
turns warning recovery 'is not as' '^relaylock install$'
stop_service
turns problem service 'stopped' '^sc start RelayLock$'

quietly "$lab" fault dc=gone
turns problem controller 'no domain controller of LAB answers: .* 1722' '^$' "$lab" fault clear
ask --account nobody
[ "$(line account state)" = problem ] && [ "$status" = 2 ]
report "account, problem: not known" $? "$(line account found)"
ask --account 'LAB\Administrator'
[ "$(line right state)" = warning ] && [ "$status" = 1 ]
report "right, warning: LocalSystem elsewhere" $? "$(line right found)"

# One that hangs costs ten seconds, and no more.
quietly "$lab" fault net_delay_ms=60000
begun=$SECONDS
ask --account bob
[ "$(line account found)" = 'cannot be told: no answer from Windows within 10 s' ] &&
    [ "$status" = 1 ] && [ $((SECONDS - begun)) -lt 25 ]
report "account, warning: a controller that hangs" $? "status $status, $((SECONDS - begun)) s, $(line account found)"
quietly "$lab" fault clear
healthy "at the end"
quietly sc.exe stop RelayLock
exit $failed
