# commands.sh: every command of the docs, word by word, in an order in which an administrator would
# use them. Sourced by run_lab.sh, which has made the host. Held against the pages both ways: a
# command that a page gains and that is not run here fails, and so does one that no page has.

typed=()
failed=0

report() { # NAME EXIT-STATUS DETAIL
    if [ "$2" = 0 ]; then
        echo "ok $1"
    else
        echo "not ok $1: $3"
        failed=1
    fi
}

# type_in STATUS PATTERN COMMAND: types it; it must exit with STATUS and print something like
# PATTERN. Through a batch file, so that quotes and %...% mean what they mean to cmd.
type_in() {
    local output status=0
    typed+=("$3")
    printf '@%s\r\n@exit /b %%errorlevel%%\r\n' "$3" >"$folder/typed.cmd"
    output=$(in_folder cmd /c typed.cmd 2>&1 | tr -d '\r') || status=$?
    [ "$status" = "$1" ] && grep -qE -- "$2" <<<"$output"
    report "$3" $? "exit status $status, output: $(tr '\n' '|' <<<"$output")"
}

# Whether RelayLock has written an event of the id.
told() {
    in_folder 'C:\lab\lab.exe' log show 200 RelayLock | tr -d '\r' | grep -qE "(^| )$1( |$)"
    report "event $1 is in the log" $? "$(in_folder 'C:\lab\lab.exe' log show 5 RelayLock)"
}

# Beforehand: an SMTP service, an account of the name that the docs use, saved logs.
prepare() {
    in_folder sc.exe create SMTPSVC binPath= 'C:\commands\stand_in.exe SMTPSVC' >/dev/null
    in_folder sc.exe start SMTPSVC >/dev/null
    in_folder 'C:\lab\lab.exe' user add NAME >/dev/null
    cp "$folder/SysEvent.Evt" "$folder/FILE.evt"
    cp "$folder/SysEvent.Evt" "$folder/saved.evt"
    printf '# fewer\r\nLimits=120/10m\r\nAction=flag\r\n' >"$folder/new.txt"
}

set +e
prepare
program_files=$prefix/drive_c/'Program Files/RelayLock'
type_in 0 '' 'mkdir "%ProgramFiles%\RelayLock"'
type_in 0 '' 'copy relaylock.exe "%ProgramFiles%\RelayLock"'
type_in 0 '' 'cd /d "%ProgramFiles%\RelayLock"'
cmp -s "$folder/relaylock.exe" "$program_files/relaylock.exe"
report "the program is where it shall stay" $? "no copy in $program_files"
cp "$folder"/{advapi32,advapi32_wine}.dll "$folder"/{sc,net}.exe "$folder"/*.{evt,txt} "$program_files"
folder=$program_files
in_folder() {
    local root=$PWD
    (cd "$folder" && "$root/tests/wine.sh" "$root/$prefix" "$@")
}

type_in 0 'is installed' 'relaylock install'
type_in 0 '' 'reg add HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters /v Action /t REG_SZ /d flag /f'
type_in 0 'RUNNING|START_PENDING' 'sc start RelayLock'
type_in 0 'RUNNING' 'sc query RelayLock'
told 100
type_in 0 'PAUSE' 'sc pause RelayLock'
told 102
type_in 0 'PAUSED' 'sc interrogate RelayLock'
type_in 0 '' 'sc continue RelayLock'
told 103
type_in 0 'RUNNING' 'sc control RelayLock 128'
told 104
in_folder relaylock.exe settings | tr -d '\r' | grep -qE '^Action +flag +registry'
report "it only watches" $? "$(in_folder relaylock.exe settings)"
type_in 0 '' 'reg delete HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters /v Action /f'
type_in 0 'Limits +50/10m, 200/1h, clients:8/10m +default' 'relaylock settings'
parameters='HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters'
type_in 0 '' "reg add $parameters /v Limits /t REG_MULTI_SZ /d 80/10m\\0300/1h /f"
type_in 0 '' "reg add $parameters\\Accounts\\scanner /v Limits /t REG_SZ /d 500/10m /f"
type_in 0 '' "reg add $parameters /v Exempt /t REG_MULTI_SZ /d CONTOSO\\newsletter\\0svc-* /f"
type_in 0 '' 'sc control RelayLock paramchange'
told 200
in_folder relaylock.exe settings | tr -d '\r' >"$prefix.settings"
grep -qE '^Limits +80/10m, 300/1h +registry' "$prefix.settings" &&
    grep -qE '^Exempt +CONTOSO.newsletter, svc-\* +registry' "$prefix.settings" &&
    grep -q '^Limits of scanner: 500/10m' "$prefix.settings"
report "the settings are what was typed" $? "$(cat "$prefix.settings")"
type_in 0 'Account active +Yes' 'net user NAME'
type_in 0 'successfully' 'net user NAME /active:no'
in_folder net.exe user NAME | grep -q 'Account active.*No'
report "the account is disabled" $? "it is not"
type_in 0 'stopped' 'net stop SMTPSVC'
type_in 0 'started' 'net start SMTPSVC'
type_in 0 'SUCCESS' 'sc config SMTPSVC start= auto'
type_in 0 '' "reg add $parameters /v RestartServices /t REG_MULTI_SZ /d IISADMIN /f"
type_in 0 'RUNNING' 'sc control RelayLock 129'
nothing='nothing locked or marked to release'
type_in 1 "NAME: .*$nothing" 'relaylock release NAME'
type_in 1 "bob: .*$nothing" 'relaylock release CONTOSO\bob'
type_in 1 "bob: .*$nothing" 'relaylock release --force CONTOSO\bob'
type_in 1 "all accounts: .*$nothing" 'relaylock release --all'
told 534
type_in 0 'records 6063' 'relaylock replay FILE.evt'
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
type_in 0 'STOP' 'sc stop RelayLock'
told 101

type_in 0 '^Accounts locked: 0\. Incidents open: 0\. As of [0-9TZ:-]*(, record [0-9]* of Application)?\.$' 'relaylock incidents'
type_in 0 'Accounts locked: 0' 'relaylock incidents --all'
type_in 0 '^\{"version":1,"torn":false,' 'relaylock incidents --json'
type_in 0 '' 'copy "%ProgramData%\RelayLock\journal" journal.copy'
type_in 0 'Accounts locked: 0' 'relaylock incidents journal.copy'

# Ctrl-C: Wine makes one of SIGINT.
typed+=('relaylock run')
root=$PWD
(cd "$folder" && timeout -s INT -k 20 4 "$root/tests/wine.sh" "$root/$prefix" relaylock.exe run) \
    >"$prefix.run" 2>&1
status=$?
grep -q 'is watching the log' "$prefix.run" && grep -q 'RelayLock has stopped' "$prefix.run"
report "relaylock run, until Ctrl-C" $? "exit status $status, output: $(cat "$prefix.run")"

type_in 0 'removed' 'relaylock uninstall'
in_folder reg query 'HKLM\SYSTEM\CurrentControlSet\Services\RelayLock' >/dev/null 2>&1
[ $? != 0 ]
report "nothing is left of it in the registry" $? "the key is there"

# Last, since Wine's service control manager does not survive a dispatcher that it did not start.
in_folder relaylock.exe 2>&1 | tr -d '\r' | grep -q 'relaylock install'
report "without a verb, in a console, it prints help" $? "it does not"

# Held against the pages.
for page in README.md docs/*.md; do
    awk '/^ *```bat/ { on = 1; next } /^ *```/ { on = 0 } on' "$page" | sed 's/^ *//; s/ *$//'
    grep -v '^ *```' "$page" | grep -oE '`(relaylock|sc|net|reg) [^`]+`' | tr -d '`'
done | grep -v '^$' | sort -u >"$prefix.documented"
printf '%s\n' "${typed[@]}" | sort -u >"$prefix.typed"
difference=$(diff "$prefix.documented" "$prefix.typed")
report "every documented command was typed, and no other" $? "$difference"
exit $failed
