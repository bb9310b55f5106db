# quarantine.sh [KILLS]: messages moved out of a real queue folder and back, in the lab. Sourced by
# run_lab.sh, which has made the host.
#
# An account crosses its limit and is locked; the restart that follows moves its client's messages
# out; they are listed, put back, moved out again by a person, through the service and without it,
# and deleted. What somebody may have planted is refused. Then relaylock.exe is killed in one of its
# calls after another: each message is in one place, and the next command finishes and starts SMTP.

. tests/lab/typing.sh
lab='C:\lab\lab.exe'
kills=${1:-30}
queue=$prefix/drive_c/Inetpub/Mailroot/Queue
store=$prefix/drive_c/Inetpub/Mailroot/'RelayLock quarantine'

make_queue() { # of 20 messages, 12 of them of the client User
    rm -rf "$queue" "$store"
    mkdir -p "$queue"
    for number in {10..29}; do
        client=User sender=spam@example.org
        [ "$number" -lt 22 ] || client=mail.contoso.com sender=bob@contoso.com
        printf '%s\r\n' "Received: from $client ([192.0.2.7]) by mail.contoso.com with Microsoft SMTPSVC(6.0.3790.3959);" \
            "	 $(date -u '+%a, %d %b %Y %H:%M:%S +0000')" "From: <$sender>" \
            "To: <victim$number@example.net>" "Subject: message $number" '' "body $number" \
            >"$queue/NTFS_$number.EML"
    done
    sums=$(cd "$queue" && md5sum ./*.EML)
}

queued() { find "$queue" -name '*.EML' | wc -l; }
kept() { find "$store" -name '*.EML' 2>/dev/null | wc -l; }

# All messages are there, each once and as it was.
all_once() {
    diff <(echo "$sums") <(cd "$queue" && find . ../'RelayLock quarantine' -name '*.EML' 2>/dev/null |
        while read -r file; do
            echo "$(md5sum "$file" | cut -d' ' -f1)  ./$(basename "$file")"
        done | sort -k2)
}

is() { # NAME QUEUED KEPT
    [ "$(queued)" = "$2" ] && [ "$(kept)" = "$3" ] && all_once >/dev/null
    report "$1: $2 queued, $3 in quarantine, each once" $? "$(queued) queued, $(kept) kept; $(all_once)"
}
smtp_runs() { # NAME
    service_is SMTPSVC RUNNING
    report "$1: SMTP runs" $? "$(in_folder sc.exe query SMTPSVC)"
}
batch_of() { in_folder relaylock.exe queue list | grep -oE '^[0-9]{8}-[0-9]{6}' | head -n 1; }
waits_for() { # EVENT
    local found=1
    for _ in $(seq 60); do
        in_folder "$lab" log show 200 RelayLock | tr -d '\r' | grep -qE "(^| )$1( |$)" && found=0 && break
        sleep 0.5
    done
    report "event $1" $found "$(in_folder "$lab" log show 8 RelayLock)"
}

set +e
make_queue
in_folder sc.exe create SMTPSVC binPath= 'C:\quarantine\stand_in.exe SMTPSVC' >/dev/null
in_folder sc.exe start SMTPSVC >/dev/null
in_folder "$lab" user add bob >/dev/null

# ---- a lock ----
in_folder relaylock.exe install --set Limits=5/10m --set QuarantineOnLock=1 >/dev/null
in_folder sc.exe start RelayLock >/dev/null
waits_for 100
in_folder "$lab" log report 6 MSExchangeTransport 0x400006ac User LOGIN bob >/dev/null
waits_for 500
waits_for 610
is 'after the lock' 8 12
smtp_runs 'after the lock'
[ "$(find "$queue" -name '*.EML' -exec grep -l 'from User' {} + | wc -l)" = 0 ]
report "those that stay are of other clients" $? "$(grep -l 'from User' "$queue"/*)"
type_in 0 ' 12 of +12 messages  lock bob|lock .*bob' 'relaylock queue list'
batch=$(batch_of)
type_in 0 '^12 messages .* put back' 'relaylock queue restore BATCH' "$batch"
is 'after the restore' 20 0
smtp_runs 'after the restore'
told 613
type_in 0 '^Nothing lies in the quarantine' 'relaylock queue list'
type_in 1 'there is no batch of that number' 'relaylock queue restore BATCH' "$batch"
is 'after restoring what is not there' 20 0

# ---- by a person, through the service ----
type_in 0 'that are meant: 12 ' 'relaylock queue quarantine --account bob --dry-run'
is 'after looking' 20 0
type_in 0 'Quarantine [0-9-]+: 12 messages' 'relaylock queue quarantine --account bob'
is 'by the account' 8 12
type_in 0 'Quarantine [0-9-]+: 8 messages' 'relaylock queue quarantine --client mail.contoso.com'
is 'by the client' 0 20
type_in 0 '^8 messages .* put back' 'relaylock queue restore --sender bob@contoso.com'
is 'by the sender' 8 12
smtp_runs 'through the service'
type_in 1 'Nothing was deleted' 'relaylock queue purge BATCH' "$(batch_of)"
is 'without the second word' 8 12
printf 'another' >"$queue/NTFS_10.EML"
type_in 1 'Not moved, there is one of that name already: 1' 'relaylock queue restore --all'
[ "$(cat "$queue/NTFS_10.EML")" = another ] && [ "$(kept)" = 1 ]
report "a message of that name is not replaced" $? "$(kept) kept"
rm "$queue/NTFS_10.EML"
type_in 0 '^1 messages .* put back' 'relaylock queue restore --all'
is 'after the clash' 20 0
in_folder sc.exe stop RelayLock >/dev/null
waits_for 101
service_is RelayLock STOPPED

# ---- without the service ----
type_in 1 'there is no batch of that number' 'relaylock queue restore BATCH' 20010101-000000
type_in 0 'SMTP was down for' 'relaylock queue quarantine --sender spam@example.org'
is 'without the service' 8 12
smtp_runs 'without the service'
in_folder sc.exe stop SMTPSVC >/dev/null
service_is SMTPSVC STOPPED
type_in 0 'SMTP did not run, and was not started' 'relaylock queue restore --all'
is 'without SMTP' 20 0
in_folder sc.exe query SMTPSVC | grep -q STOPPED
report "SMTP, which did not run, was not started" $? "$(in_folder sc.exe query SMTPSVC)"
in_folder sc.exe start SMTPSVC >/dev/null
service_is SMTPSVC RUNNING
type_in 0 'Quarantine [0-9-]+: 20 messages' 'relaylock queue quarantine --all'
type_in 0 '^20 messages .* deleted for good' 'relaylock queue purge BATCH --yes' "$(batch_of)"
[ "$(queued)" = 0 ] && [ "$(kept)" = 0 ]
report "a purge deletes" $? "$(queued) queued, $(kept) kept"
told 614

# ---- planted ----
make_queue
ln "$queue/NTFS_10.EML" "$prefix/drive_c/elsewhere.EML"
type_in 1 'links, files with several names, or read-only: 1' 'relaylock queue quarantine --sender spam@example.org'
is 'a hard link stays' 9 11
rm "$prefix/drive_c/elsewhere.EML"
make_queue
mkdir "$store"
chmod 777 "$store"
type_in 1 'checking the (owner|rights of S-1-1-0) failed' 'relaylock queue quarantine --all'
is 'a folder that others may change is refused' 20 0
smtp_runs 'when it is refused'
rm -rf "$store"

# ---- killed ----
killed=237 # the lowest byte of LAB_KILLED, which is all that Linux has
in_folder "$lab" fault imports=1 >/dev/null
counted() { # of one run, the calls it makes
    in_folder "$lab" fault kill_at=1000000 >/dev/null
    wine_in_folder relaylock.exe "$@" >/dev/null 2>&1
    in_folder "$lab" fault | tr -d '\r' | sed -nE 's/.*kill_at=([0-9]+).*/\1/p'
}
make_queue
left=$(counted queue quarantine --sender spam@example.org)
calls=$((1000000 - ${left:-1000000}))
in_folder "$lab" fault kill_at=0 >/dev/null
[ "$calls" -gt 100 ]
report "a quarantine makes $calls calls" $? "left: $left"
missed=0
for ((i = 0; i < kills; i++)); do
    at=$((1 + i * calls / kills))
    make_queue
    in_folder sc.exe query SMTPSVC | grep -q RUNNING || in_folder sc.exe start SMTPSVC >/dev/null
    service_is SMTPSVC RUNNING
    in_folder "$lab" fault kill_at=$at >/dev/null
    status=0
    wine_in_folder relaylock.exe queue quarantine --sender spam@example.org >/dev/null 2>&1 || status=$?
    in_folder "$lab" fault kill_at=0 >/dev/null
    if [ $status != $killed ]; then # it was over before
        missed=$((missed + 1))
        continue
    fi
    wrong=$(all_once)
    in_folder relaylock.exe queue quarantine --sender spam@example.org >"$prefix.next" 2>&1
    in_folder sc.exe query SMTPSVC | grep -q RUNNING || wrong+=" SMTP stays down"
    in_folder relaylock.exe queue restore --all >>"$prefix.next" 2>&1
    [ -z "$wrong" ] && [ "$(queued)" = 20 ] && [ "$(kept)" = 0 ] && all_once >/dev/null &&
        in_folder sc.exe query SMTPSVC | grep -q RUNNING
    report "killed before call $at of $calls" $? "$wrong; $(queued) queued, $(kept) kept; $(cat "$prefix.next"); $(in_folder sc.exe query SMTPSVC)"
done
# How often a process looks whether SMTP has stopped differs a little from run to run.
[ $((10 * missed)) -le "$kills" ]
report "$missed of $kills runs were over before the call" $? "too many to mean anything"
exit $failed
