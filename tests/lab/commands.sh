# commands.sh: every command of the docs, word by word, in an order in which an administrator would
# use them. Sourced by run_lab.sh, which has made the host. Held against the pages both ways: a
# command that a page gains and that is not run here fails, and so does one that no page has.

. tests/lab/typing.sh

# Beforehand: an SMTP service, an account of the name that the docs use, saved logs.
prepare() {
    in_folder sc.exe create SMTPSVC binPath= 'C:\commands\stand_in.exe SMTPSVC' >/dev/null
    in_folder sc.exe start SMTPSVC >/dev/null
    in_folder 'C:\lab\lab.exe' user add NAME >/dev/null
    in_folder reg add 'HKLM\SYSTEM\CurrentControlSet\Services\SMTPSVC\Parameters' /f >/dev/null
    in_folder net.exe user Guest /active:yes >/dev/null
    in_folder reg add 'HKLM\SYSTEM\CurrentControlSet\Services\MSExchangeTransport\Diagnostics' \
        /v '7 SMTP Protocol' /t REG_DWORD /d 0 /f >/dev/null
    cp "$folder/SysEvent.Evt" "$folder/FILE.evt"
    cp "$folder/SysEvent.Evt" "$folder/saved.evt"
    mkdir -p "$prefix/drive_c/Inetpub/Mailroot/Queue" "$prefix/drive_d/Mailroot/vsi 1/Queue"
    ln -sfn ../drive_d "$prefix/dosdevices/d:"
    for number in {100..160}; do
        printf '%s\r\n' 'From: postmaster@contoso.com' "To: victim$number@example.org" \
            'Content-Type: multipart/report; report-type=delivery-status; boundary=x' '' '--x' '' \
            "Final-Recipient: rfc822;nobody$number@contoso.com" \
            >"$prefix/drive_c/Inetpub/Mailroot/Queue/NTFS_$number.EML"
    done
    mkdir -p "$prefix/drive_c/windows/PolicyDefinitions/en-US"
    printf '# fewer\r\nLimits=120/10m\r\nAction=flag\r\n' >"$folder/new.txt"
}

set +e
prepare
program_files=$prefix/drive_c/'Program Files/RelayLock'
mkdir -p "$program_files"
cp "$folder/relaylock.exe" "$program_files"
cp "$folder"/{advapi32,advapi32_wine}.dll "$folder"/{sc,net,wevtutil}.exe "$folder"/*.{evt,txt} "$program_files"
folder=$program_files

parameters='HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters'
in_folder relaylock.exe install --set Observe=2 >"$prefix.wrong" 2>&1
[ $? = 1 ] &&
    grep -q 'the setting "Observe" cannot be "2"; allowed: 0 or 1. Nothing was changed' "$prefix.wrong"
report "a wrong setting is named" $? "$(cat "$prefix.wrong")"
has_no_key "and nothing is installed then" 'HKLM\SYSTEM\CurrentControlSet\Services\RelayLock'
in_folder relaylock.exe 'que%ue' >"$prefix.wrong" 2>&1
[ $? = 2 ] && grep -q 'there is no verb "que{U+0025}ue"' "$prefix.wrong"
report "a verb there is not is named, fit to be shown" $? "$(cat "$prefix.wrong")"
in_folder relaylock.exe install --set Observe=1 >/dev/null
type_in 0 'RUNNING|START_PENDING' 'sc start RelayLock'
service_is RelayLock RUNNING
type_in 0 'RUNNING' 'sc query RelayLock'
told 100
told 109
told 320
type_in 0 'SMTP Protocol +5 \(Maximum\)  raised by RelayLock; it was 0 \(None\)' 'relaylock logging'
type_in 0 'put back: from 5 \(Maximum\) to 0 \(None\)' 'relaylock logging restore'
told 323
type_in 0 'raised: from 0 \(None\) to 5 \(Maximum\)' 'relaylock logging raise'
type_in 0 'PAUSE' 'sc pause RelayLock'
told 102
service_is RelayLock PAUSED
type_in 0 'PAUSED' 'sc interrogate RelayLock'
type_in 0 '' 'sc continue RelayLock'
service_is RelayLock RUNNING
type_in 0 'RUNNING' 'sc control RelayLock 128'
told 104
in_folder relaylock.exe settings | tr -d '\r' | grep -qE '^Observe +1 +registry'
report "it only watches" $? "$(in_folder relaylock.exe settings)"
type_in 0 'is installed' 'relaylock install --set Observe=0'
type_in 0 '' 'sc control RelayLock paramchange'
told 103
type_in 0 'Limits +50/10m, 200/1h, clients:8/10m +default' 'relaylock settings'
type_in 0 'is installed' 'relaylock install --set Limits=80/10m,300/1h --set MaxLocksPerHour=3'
type_in 0 'MaxLocksPerHour +3 +registry' 'relaylock settings'
type_in 0 'is installed' 'relaylock install'
type_in 0 'is installed' 'relaylock install --set QuarantineOnLock=1'
in_folder relaylock.exe settings | tr -d '\r' | grep -qE '^Limits +80/10m, 300/1h +registry'
report "an installation keeps the settings" $? "$(in_folder relaylock.exe settings)"
type_in 0 '' "reg add $parameters /v Limits /t REG_MULTI_SZ /d 80/10m\\0300/1h /f"
type_in 0 '' "reg add $parameters\\Accounts\\scanner /v Limits /t REG_SZ /d 500/10m /f"
type_in 0 '' "reg add $parameters /v Exempt /t REG_MULTI_SZ /d CONTOSO\\newsletter\\0svc-* /f"
in_folder reg delete "$parameters" /v MaxLocksPerHour /f >/dev/null # the policy's, below
type_in 0 '' 'sc control RelayLock paramchange'
told 200
in_folder relaylock.exe settings | tr -d '\r' >"$prefix.settings"
grep -qE '^Limits +80/10m, 300/1h +registry' "$prefix.settings" &&
    grep -qE '^Exempt +CONTOSO.newsletter, svc-\* +registry' "$prefix.settings" &&
    grep -q '^Limits of scanner: 500/10m' "$prefix.settings"
report "the settings are what was typed" $? "$(cat "$prefix.settings")"
policy='HKLM\SOFTWARE\Policies\RelayLock'
type_in 0 '' "reg add $policy /v MaxLocksPerHour /t REG_DWORD /d 3 /f"
told 205 1
in_folder relaylock.exe settings | tr -d '\r' >"$prefix.settings"
grep -qE '^MaxLocksPerHour +3 +policy' "$prefix.settings" &&
    grep -qE '^Limits +80/10m, 300/1h +registry' "$prefix.settings"
report "the policy wins, and the rest stays" $? "$(cat "$prefix.settings")"
type_in 0 '' "reg delete $policy /f"
told 205 2
in_folder relaylock.exe settings | tr -d '\r' | grep -qE '^MaxLocksPerHour +5 +default'
report "without the policy the default counts again" $? "$(in_folder relaylock.exe settings)"
cp -r installer "$folder"
type_in 0 '' 'copy installer\relaylock.admx "%SystemRoot%\PolicyDefinitions"'
type_in 0 '' 'copy installer\en-US\relaylock.adml "%SystemRoot%\PolicyDefinitions\en-US"'
cmp -s installer/en-US/relaylock.adml "$prefix"/drive_c/windows/PolicyDefinitions/en-US/relaylock.adml
report "the templates are where the editor looks" $? "no copy in PolicyDefinitions"
type_in 0 'Account active +Yes' 'net user NAME'
type_in 0 'successfully' 'net user NAME /active:no'
in_folder net.exe user NAME | grep -q 'Account active.*No'
report "the account is disabled" $? "it is not"
type_in 0 'successfully' 'net user NAME /active:yes'
type_in 0 'stopped' 'net stop SMTPSVC'
type_in 0 'started' 'net start SMTPSVC'
type_in 0 'SUCCESS' 'sc config SMTPSVC start= auto'
type_in 0 'SUCCESS' 'sc config RelayLock start= auto'
type_in 0 '' "reg add $parameters /v RestartServices /t REG_MULTI_SZ /d IISADMIN /f"
type_in 0 'is installed' 'relaylock install --set Computers=MAIL2,mail3.contoso.com'
type_in 0 'Computers +MAIL2, mail3.contoso.com +registry' 'relaylock settings'
in_folder reg delete "$parameters" /v Computers /f >/dev/null
for access in '0x3;;;IU' '0x1;;;IU'; do # as it was, and closed
    while read -r command; do
        type_in 0 '' "$command"
        in_folder reg query 'HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application' /v CustomSD |
            grep -qF "$access"
        report "then the Application log has $access" $? "$command"
    done < <(grep -E '^(reg add .*CustomSD|wevtutil)' docs/security.md | grep -F "$access")
done
in_folder reg delete 'HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application' /v CustomSD /f >/dev/null
type_in 0 'RUNNING' 'sc control RelayLock 129'
nothing='nothing locked or marked to release'
type_in 1 "NAME: .*$nothing" 'relaylock release NAME'
type_in 1 "bob: .*$nothing" 'relaylock release CONTOSO\bob'
type_in 1 "bob: .*$nothing" 'relaylock release --force CONTOSO\bob'
type_in 1 "NAME: .*$nothing" 'relaylock release --force NAME'
type_in 1 "all accounts: .*$nothing" 'relaylock release --all'
told 534
type_in 0 'records 6063' 'relaylock replay FILE.evt'
type_in 0 'records 6063' 'relaylock replay --set Computers=MAIL1 saved.evt'
type_in 0 'records 6063' 'relaylock replay --set Limits=80/10m,300/1h saved.evt'
type_in 0 'records 6063' 'relaylock replay --sweep --html page.html saved.evt'
grep -q '<h1>No account would have been locked</h1>' "$folder/page.html"
report "there is a page" $? "$(ls "$folder")"
type_in 0 'records 6063' 'relaylock replay --set Accounts\CONTOSO\shop=500/1h --html page.html saved.evt'
type_in 0 'records 6063' 'relaylock replay --set Limits=20/1m,50/10m,200/1h --html page.html saved.evt'
grep -q '<td><bdi dir="ltr">20/1m, 50/10m, 200/1h</bdi></td>' "$folder/page.html"
report "the page is replaced" $? "$(grep 20/1m "$folder/page.html")"
type_in 0 '^SIGN-INS +10m +1h$' 'relaylock replay --sweep=20,50,100/10m,1h/5,8 saved.evt'
type_in 0 'explain: CONTOSO.shop: no sign-in' 'relaylock replay --explain CONTOSO\shop saved.evt'
type_in 0 'Limits: 80/10m, 300/1h -> 120/10m' 'relaylock replay --diff Limits=120/10m saved.evt'
type_in 0 'Action: disable -> flag' 'relaylock replay --diff @new.txt saved.evt'
type_in 0 '^RelayLock [0-9]+\.[0-9]+\.[0-9]+$' 'relaylock version'
type_in 0 'relaylock replay' 'relaylock help'
in_folder relaylock.exe run >"$prefix.run" 2>&1
[ $? = 1 ] && grep -q 'is running' "$prefix.run"
report "run refuses while the service runs" $? "$(cat "$prefix.run")"
type_in 1 'TarpitTime +0 s \(not set\); recommended: 5 s; to set: relaylock harden set TarpitTime' 'relaylock harden'
type_in 0 'as recommended. To undo it' 'relaylock harden set TarpitTime'
smtp='HKLM\SYSTEM\CurrentControlSet\Services\SMTPSVC\Parameters'
in_folder reg query "$smtp" /v TarpitTime | grep -q 0x5
report "TarpitTime is set" $? "$(in_folder reg query "$smtp")"
type_in 0 'as recommended. To undo it' 'relaylock harden set Guest'
in_folder net.exe user Guest | grep -q 'Account active.*No'
report "Guest is disabled" $? "it is not"
type_in 0 'DomainGuest is as recommended: there is nothing to set' 'relaylock harden set DomainGuest'
in_folder relaylock.exe harden >"$prefix.harden"
report "then all is as recommended that can be set" $? "$(cat "$prefix.harden")"
in_folder relaylock.exe harden set RecipientFilter >"$prefix.harden" 2>&1
[ $? = 1 ] && grep -q 'is only shown' "$prefix.harden"
report "what is only shown is not set" $? "$(cat "$prefix.harden")"
in_folder relaylock.exe harden set Tarpit >/dev/null 2>&1
[ $? = 2 ]
report "there is no item of another name" $? "it was taken"
type_in 0 '"name":"Guest","now":"disabled \(\\"Guest\\" on this computer\)".*"by_relaylock":true' 'relaylock harden --json'
type_in 0 'TarpitTime is as it was' 'relaylock harden undo TarpitTime'
! in_folder reg query "$smtp" /v TarpitTime >/dev/null 2>&1
report "TarpitTime is gone again" $? "$(in_folder reg query "$smtp")"
type_in 0 'Guest is as it was' 'relaylock harden undo Guest'
in_folder net.exe user Guest | grep -q 'Account active.*Yes'
report "Guest is enabled again" $? "it is not"
type_in 0 "nothing of RelayLock's to undo" 'relaylock harden undo DomainGuest'
type_in 0 'STOP' 'sc stop RelayLock'
told 101
service_is RelayLock STOPPED

type_in 2 '^PROBLEM  service        RelayLock is installed, but stopped$' 'relaylock doctor'
type_in 2 '^\{"version":1,"state":"problem",' 'relaylock doctor --json'
type_in 2 '^ok       account        [^ ]*NAME \(S-1-5-21-' 'relaylock doctor --account NAME'

type_in 0 '^Accounts locked: 0\. Incidents open: 0\. As of [0-9TZ:-]*(, record [0-9]* of Application)?\.$' 'relaylock incidents'
type_in 0 'Accounts locked: 0' 'relaylock incidents --all'
type_in 0 '^\{"version":1,"torn":false,' 'relaylock incidents --json'
type_in 0 '' 'copy "%ProgramData%\RelayLock\journal" journal.copy'
type_in 0 'Accounts locked: 0' 'relaylock incidents journal.copy'

type_in 1 '^Non-delivery attack' 'relaylock queue'
type_in 1 'Inetpub.Mailroot.Queue: 61 messages' 'relaylock queue --log FILE.evt'
type_in 1 'Own domains: contoso.com, fabrikam.com' 'relaylock queue --own-domain contoso.com --own-domain fabrikam.com'
type_in 0 'D:.Mailroot.vsi 1.Queue: 0 messages' 'relaylock queue "D:\Mailroot\vsi 1\Queue"'
type_in 1 '^\{"version":1,"verdict":"non_delivery_attack",' 'relaylock queue --json'

# Without the service; tests/lab/quarantine.sh does the same with it.
type_in 1 'no sign-ins of that account' 'relaylock queue quarantine --account CONTOSO\bob --dry-run'
type_in 1 'no sign-ins of that account' 'relaylock queue quarantine --account CONTOSO\bob'
lab='C:\lab\lab.exe'
in_folder reg add 'HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Saved' /f >/dev/null
in_folder "$lab" log report --log Saved 300 MSExchangeTransport 0x400006ac spambot LOGIN 'CONTOSO\bob' >/dev/null
in_folder "$lab" log save FILE.evt Saved >/dev/null
type_in 0 'that are meant: 0 ' 'relaylock queue quarantine --account CONTOSO\bob --log FILE.evt'
type_in 0 'that are meant: 0 ' 'relaylock queue quarantine --client User'
type_in 0 'Quarantine [0-9-]+: 61 messages' 'relaylock queue quarantine --sender "<>"'
type_in 0 ' 61 of +61 messages  sender <>' 'relaylock queue list'
type_in 0 '"messages":61,"taken":61,"unfinished":false' 'relaylock queue list --json'
batch=$(in_folder relaylock.exe queue list | grep -oE '^[0-9]{8}-[0-9]{6}')
type_in 0 '^61 messages .* put back' 'relaylock queue restore BATCH' "$batch"
type_in 0 '^0 messages .* put back' 'relaylock queue restore --sender bob@contoso.com'
type_in 0 'Quarantine [0-9-]+: 61 messages' 'relaylock queue quarantine --all'
type_in 0 '^61 messages .* put back' 'relaylock queue restore --all'
in_folder relaylock.exe queue quarantine --all >/dev/null
batch=$(in_folder relaylock.exe queue list | grep -oE '^[0-9]{8}-[0-9]{6}')
type_in 1 'Nothing was deleted' 'relaylock queue purge BATCH' "$batch"
type_in 0 '^61 messages .* deleted for good' 'relaylock queue purge BATCH --yes' "$batch"
told 614
in_folder sc.exe query SMTPSVC | grep -q RUNNING
report "SMTP runs afterwards" $? "$(in_folder sc.exe query SMTPSVC)"

# Ctrl-C: Wine makes one of SIGINT, for all of the group, as a terminal sends it.
typed+=('relaylock run')
(cd "$folder" && WINE_LIMIT='' exec timeout -k 20 90 "$root/tests/wine.sh" "$root/$prefix" relaylock.exe run) \
    >"$prefix.run" 2>&1 &
run=$!
for _ in $(seq 120); do
    ! grep -qs 'is watching the log' "$prefix.run" || break
    sleep 0.5
done
kill -INT $run
wait $run
status=$?
grep -q 'is watching the log' "$prefix.run" && grep -q 'RelayLock has stopped' "$prefix.run"
report "relaylock run, until Ctrl-C" $? "exit status $status, output: $(cat "$prefix.run")"

in_folder relaylock.exe harden set TarpitTime >/dev/null
type_in 0 'TarpitTime stays as it is: set from nothing to 5' 'relaylock uninstall'
[ ! -e "$prefix/drive_c/ProgramData/RelayLock" ]
report "nothing is left of it on the disk" $? "the folder is there"
told 131
has_no_key "nothing is left of it in the registry" 'HKLM\SYSTEM\CurrentControlSet\Services\RelayLock'

# Last, since Wine's service control manager does not survive a dispatcher that it did not start.
in_folder relaylock.exe 2>&1 | tr -d '\r' | grep -q 'relaylock install'
report "without a verb, in a console, it prints help" $? "it does not"

# docs/install.md has a test of its own (install.sh).
pages=(README.md docs/*.md)
hold_against "${pages[@]/docs\/install.md/}"
exit $failed
