# install.sh: RelayLock's whole life by its installer, on an Exchange host in miniature: each command
# of docs/install.md, every property, upgrade, repair and removal. Sourced by run_lab.sh.

. tests/lab/typing.sh
. tests/lab/says.sh

base=$folder
# Where a command is typed: relaylock's in the folder of the program.
in_program_folder() { # COMMAND...: a function, there
    folder=$program_files
    "$@"
    rm -f "$program_files/typed.cmd"
    folder=$base
}

logged() { # NAME PATTERN: in the installer's log
    LC_ALL=C grep -aqE -- "$2" "$folder/log.txt"
    report "$1" $? "$(tail -n 5 "$folder/log.txt")"
}

sign_ins() { # N ACCOUNT
    in_folder 'C:\lab\lab.exe' log report "$1" MSExchangeTransport 0x400006ac pc LOGIN "$2"
}

incidents() {
    in_folder 'C:\Program Files\RelayLock\relaylock.exe' incidents | tr -d '\r' | grep '^#'
}

# Seconds of the day when RelayLock last wrote the event.
time_of() { # ID
    in_folder 'C:\lab\lab.exe' log show 1000 RelayLock | tr -d '\r' |
        awk -v id="$1" '$4 == "RelayLock" && $6 == id { split($3, t, ":"); at = t[1] * 3600 + t[2] * 60 + t[3] }
            END { print at }'
}

set +e +o pipefail
in_folder sc.exe create SMTPSVC binPath= 'C:\install\stand_in.exe SMTPSVC' >/dev/null
in_folder sc.exe start SMTPSVC >/dev/null
service_is SMTPSVC RUNNING
for name in expendable mallory; do
    in_folder 'C:\lab\lab.exe' user add $name >/dev/null
done
sleep 1
host before

# ---- a wrong property: named, and nothing is changed -----------------------------------------

long=$(printf 'x%.0s' {1..300}) # 255 are allowed
for wrong in LOCKACTION=kill LIMITS=50 EXEMPT="$long" OBSERVE=yes STARTSERVICE=2; do
    name=${wrong%%=*} value=${wrong#*=}
    installer /i "$now" "$wrong"
    equals "a wrong $name is refused" $? $failure
    logged "a wrong $name is named" \
        "The property $name cannot be \"${value:0:200}.*\"; allowed: .*Nothing was changed"
done
refused() { # NAME ACTION WORD...: by that action of the package
    local name=$1 action=$2
    shift 2
    installer "$@"
    equals "$name is refused" $? $failure
    logged "$name is refused by $action" "Action start .*: $action"
}
refused "a wrong KEEPSTATE" RefuseKeepState /i "$now" KEEPSTATE=x
installer /i "$now" ACTION=flag
[ $? != 0 ]
report "ACTION is not ours" $? "it was installed"
host after
same_host "after all of these the host is as before" before after

# ---- docs/install.md, from the download to the first lock ------------------------------------

hash=$(sha256sum "build/$now" | cut -d' ' -f1)
grep -qx "$hash  $now" build/SHA256SUMS
report "SHA256SUMS has $now" $? "$(cat build/SHA256SUMS)"
type_in 0 "^$hash\$" "certutil -hashfile $now SHA256"
type_in 0 '' "start /wait msiexec /i $now /qn /l*v install.log OBSERVE=1"
service_is RelayLock RUNNING
type_in 0 'RUNNING' 'sc query RelayLock'
told 100
told 109
equals "the version" "$(installed_version)" "RelayLock $version"
equals "all that is in its folder" "$(ls "$program_files")" relaylock.exe
type_in 0 '' 'cd /d "%ProgramFiles%\RelayLock"'
in_program_folder type_in 1 'service +RelayLock is installed and runs' 'relaylock doctor'
in_program_folder type_in 0 'Observe +1 +registry' 'relaylock settings'
type_in 0 'RUNNING' 'sc control RelayLock 128'
told 104
sign_ins 60 expendable
says 411 1 expendable
in_folder net.exe user expendable | grep -q 'Account active *Yes'
report "it only watched" $? "the account is disabled"
in_program_folder type_in 0 'is installed' 'relaylock install --set Observe=0'
type_in 0 '' 'sc control RelayLock paramchange'
says 103 1 ''
sign_ins 60 mallory
says 500 1 mallory
in_folder net.exe user mallory | grep -q 'Account active *No'
report "it locks" $? "$(in_folder net.exe user mallory)"

# ---- the same version again: a repair, which takes no settings -------------------------------

own >"$prefix.whole"
for given in LOCKACTION=password LIMITS=80/10m EXEMPT=a OBSERVE=0 STARTSERVICE=0; do
    refused "${given%%=*} for what is installed" RefuseSettings /i "$now" "$given"
done
refused "a wrong KEEPSTATE of a removal" RefuseKeepState /x "$now" KEEPSTATE=x
equals "and all of these change nothing" "$(own | diff "$prefix.whole" -)" ''
installer /i "$now"
equals "the same package again" $? 0
equals "it changes nothing" "$(own | diff "$prefix.whole" -)" ''
stop_service
installer /i "$now"
equals "what was stopped" $?-"$(runs)" 0-STOPPED
start_service

# ---- repair -----------------------------------------------------------------------------------

own >"$prefix.whole"
repair() { # WHAT
    type_in 0 '' "start /wait msiexec /i $now /qn REINSTALL=ALL"
    equals "repair: $1" "$(own | diff "$prefix.whole" -)" ''
}
stop_service
rm "$program_files/relaylock.exe"
type_in 0 '' "start /wait msiexec /i $now /qn REINSTALL=ALL"
start_service
equals "repair: a file that is gone" "$(own | diff "$prefix.whole" -)" ''
cmp -s "$program_files/relaylock.exe" build/x64/relaylock.exe
report "repair: the file is ours" $? "it differs"
in_folder reg delete "$source_key" /f >/dev/null
repair "an event source that is gone"
in_folder reg add "$services\\RelayLock" /v ImagePath /d 'C:\nowhere.exe' /f >/dev/null
in_folder reg delete "$services\\RelayLock" /v Description /f >/dev/null
repair "a damaged service"
stop_service
in_folder sc.exe delete RelayLock >/dev/null
type_in 0 '' "start /wait msiexec /i $now /qn REINSTALL=ALL"
equals "repair: a service that is gone" "$(runs)" RUNNING

# ---- upgrade ----------------------------------------------------------------------------------

own >"$prefix.older"
installer /i "$next"
equals "upgrade" $? 0
equals "the new version" "$(installed_version)" 'RelayLock 99.0.0'
equals "settings, state and service are as they were" "$(own | diff "$prefix.older" -)" ''
down=$((($(time_of 100) - $(time_of 101) + 86400) % 86400)) # midnight may lie between
[ "$down" -lt 5 ]
report "the service was down for under 5 s ($down s)" $? "$down s"
incidents | grep -q 'mallory: locked'
report "the open incident stays open" $? "$(incidents)"
equals "one product is registered" "$(in_folder reg query \
    'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' | grep -c '{')" 1

# ---- removal, with an open incident -----------------------------------------------------------

installer /x "$next"
equals "removal with an open incident" $? 0
logged "the log names who stays locked" 'Stays locked: .*mallory'
says 130 1 mallory
[ -e "$state/journal" ]
report "the journal stays" $? "it is gone"
in_folder net.exe user mallory | grep -q 'Account active *No'
report "nobody is released" $? "$(in_folder net.exe user mallory)"
host after
same_host "all else is as before the installation" before after '^> \./ProgramData/RelayLock'
type_in 0 '' "start /wait msiexec /i $now /qn"
incidents | grep -q 'mallory: locked'
report "an installation goes on with the incident" $? "$(incidents)"
in_folder 'C:\Program Files\RelayLock\relaylock.exe' release --all >/dev/null
says 530 1 mallory
says 530 1 expendable
type_in 0 '' "start /wait msiexec /x $now /qn KEEPSTATE=1"
[ -e "$state/journal" ]
report "KEEPSTATE=1 keeps the journal" $? "it is gone"
installer /i "$now" STARTSERVICE=0
equals "an installation that does not start it" $?-"$(runs)" 0-STOPPED
type_in 0 '' "start /wait msiexec /x $now /qn"
told 131
host after
same_host "nothing at all is left" before after

# ---- removal of what is not whole -------------------------------------------------------------

in_folder 'C:\lab\lab.exe' log clear >/dev/null # the sign-ins would be counted again
for lost in "$program_files" "$program_files/relaylock.exe"; do
    installer /i "$now"
    rm -r "$lost"
    installer /x "$now"
    equals "removal without ${lost##*/}" $? 0
    host after
    same_host "nothing at all is left" before after
done

# ---- an upgrade with settings: those that are given, the rest stays ---------------------------

policy='HKLM\SOFTWARE\Policies\RelayLock'
installer /i "$now" OBSERVE=1 LIMITS=50/10m
stop_service
in_folder reg add "$policy" /v Limits /d 70/10m /f >/dev/null
installer /i "$next" LOCKACTION=password LIMITS=80/10m,300/1h 'EXEMPT=CONTOSO\news,svc-*'
equals "what was stopped" $?-"$(runs)" 0-STOPPED
equals "LOCKACTION" "$(setting Action)" 'password (registry)'
equals "EXEMPT" "$(setting Exempt)" 'CONTOSO\news, svc-* (registry)'
equals "Observe stays" "$(setting Observe)" '1 (registry)'
equals "a policy is stronger than a property" "$(setting Limits)" '70/10m (policy)'
in_folder reg delete "$policy" /f >/dev/null
equals "without it, LIMITS" "$(setting Limits)" '80/10m, 300/1h (registry)'
installer /x "$next"
installer /i "$now" STARTSERVICE=0
installer /i "$next" STARTSERVICE=1
equals "an upgrade with STARTSERVICE=1" $?-"$(runs)" 0-RUNNING
installer /x "$next"

# ---- an older one is refused ------------------------------------------------------------------

installer /i "$next"
own >"$prefix.newer"
installer /i "$now"
equals "a downgrade is refused" $? $failure
equals "and changes nothing" "$(own | diff "$prefix.newer" -)-$(installed_version)" '-RelayLock 99.0.0'
installer /x "$next"

# ---- by hand, and that both ways leave the same ----------------------------------------------

installer /i "$now" LOCKACTION=flag LIMITS=80/10m 'EXEMPT=CONTOSO\news,svc-*' OBSERVE=1
equals "a package with four settings is installed" $? 0
own >"$prefix.by-msi"
installer /x "$now"
type_in 0 '' 'mkdir "%ProgramFiles%\RelayLock"'
type_in 0 '' 'copy relaylock.exe "%ProgramFiles%\RelayLock"'
in_program_folder type_in 0 'is installed' 'relaylock install --set Observe=1'
type_in 0 'RUNNING|START_PENDING' 'sc start RelayLock'
in_folder 'C:\Program Files\RelayLock\relaylock.exe' install --set Action=flag --set Limits=80/10m \
    --set 'Exempt=CONTOSO\news,svc-*' >/dev/null
service_is RelayLock RUNNING
equals "the package and the verb leave the same" "$(own | diff "$prefix.by-msi" -)" ''
type_in 0 'stopped' 'net stop RelayLock'
process_ends
type_in 0 '' 'copy /y relaylock.exe "%ProgramFiles%\RelayLock"'
in_program_folder type_in 0 'is installed' 'relaylock install'
type_in 0 'RUNNING|START_PENDING' 'sc start RelayLock'

# A package takes over what was installed by hand, here from another folder.
stop_service
in_folder relaylock.exe install --set Limits=90/10m >/dev/null
installer /i "$now"
equals "a package over one installed by hand" $? 0
in_folder sc.exe qc RelayLock | grep -qF '"C:\Program Files\RelayLock\relaylock.exe"'
report "its service is the package's now" $? "$(in_folder sc.exe qc RelayLock)"
equals "its settings stay" "$(setting Limits)" '90/10m (registry)'
installer /x "$now"
host after
same_host "nothing at all is left" before after

in_folder relaylock.exe install >/dev/null
type_in 0 'Kept: C:' 'relaylock uninstall --keep-state'
type_in 0 'removed' 'relaylock uninstall'
host after
same_host "nothing is left of it by hand" before after
hold_against docs/install.md
exit $failed
