# hostile.sh: what somebody plants where RelayLock looks: DLLs beside the exe and in the current
# directory, links in the place of its folder and its journal. Sourced by run_lab.sh, which has made
# the host.

. tests/lab/typing.sh

drive=$prefix/drive_c
state=$drive/ProgramData/RelayLock

# RelayLock's events of an id that say PATTERN, since the last call of forget.
says() { # ID PATTERN
    for _ in $(seq 40); do
        if in_folder 'C:\lab\lab.exe' log show 200 RelayLock | tr -d '\r' | tr '\n' ' ' |
            sed 's/  *\([0-9][0-9][0-9]\)  /\n\1  /g' | grep -E "^$1 " | grep -qE -- "$2"; then
            report "$3" 0
            return
        fi
        sleep 0.5
    done
    report "$3" 1 "$(in_folder 'C:\lab\lab.exe' log show 6 RelayLock | tr '\r\n' '  ')"
}

says_not() { # PATTERN NAME
    local said
    said=$(in_folder 'C:\lab\lab.exe' log show 200 RelayLock | tr '\r\n' '  ') && ! grep -q "$1" <<<"$said"
    report "$2" $? "$said"
}

start_anew() { # with an empty log
    in_folder 'C:\lab\lab.exe' log clear
    start_service
}

# The journal in force is not one in which the service may write.
is_refused() { # NAME CHECK
    start_anew
    says 120 "RelayLock cannot keep its journal in .*$2 failed with error" "$1 is refused: $2"
    stop_service
}

set +e
in_folder relaylock.exe install >/dev/null
in_folder reg add 'HKLM\SYSTEM\CurrentControlSet\Services\RelayLock' /v Start /t REG_DWORD /d 3 /f \
    >/dev/null

# ---- DLLs -----------------------------------------------------------------------------------------

names='netapi32 wevtapi wldap32 shell32 samcli logoncli netutils srvcli wkscli dsrole version secur32
    sspicli cryptbase cryptsp rsaenh userenv profapi ntdsapi dnsapi ws2_32 ole32 user32 rpcrt4'
planted=
for name in $names; do
    cp build/lab/planted.dll "$folder/$name.dll"
    cp build/lab/planted.dll "$drive/$name.dll"
    planted="$planted $folder/$name.dll $drive/$name.dll"
done
rm -f "$drive/planted.txt"
mkdir -p "$drive/Inetpub/Mailroot/Queue"
in_folder reg add 'HKLM\SYSTEM\CurrentControlSet\Services\MSExchangeTransport\Diagnostics' \
    /v '7 SMTP Protocol' /t REG_DWORD /d 5 /f >/dev/null
start_anew
in_folder 'C:\lab\lab.exe' log report 60 MSExchangeTransport 0x400006ac pc LOGIN 'LAB\nobody'
in_folder 'C:\lab\lab.exe' log report 60 MSExchangeTransport 0x400006ac pc LOGIN 'Guest'
says 4[01][0-9] 'crossed the limit' "the service works with DLLs planted beside it"
stop_service
# Each verb does its work, and says so.
while IFS='|' read -r expected pattern words; do
    status=0
    (folder=$drive && in_folder 'C:\hostile\relaylock.exe' $words) >"$prefix.words" 2>&1 </dev/null || status=$?
    [ $status = "$expected" ] && grep -qE -- "$pattern" "$prefix.words"
    report "relaylock $words, with DLLs planted beside it" $? "exit status $status: $(cat "$prefix.words")"
done <<'end'
2|PROBLEM|doctor
0|^Limits |settings
2|PROBLEM|doctor --account Administrator
0|^Accounts locked: 0|incidents
0|TarpitTime|harden
0|Queue: 0 messages|queue
0|SMTP Protocol|logging
1|matched 120, malformed 0|replay channel:Application
0|relaylock install|help
end
[ ! -e "$drive/planted.txt" ]
report "no DLL beside the exe or in the current directory is loaded" $? "$(cat "$drive/planted.txt" 2>/dev/null)"
# That they would tell: a program that imports netapi32 as any does.
cp build/lab/net.exe "$folder/net.exe"
in_folder net.exe user >/dev/null 2>&1
grep -qi 'net.exe loads .*netapi32.dll' "$drive/planted.txt"
report "they tell on a program that loads them" $? "$(cat "$drive/planted.txt" 2>/dev/null)"
rm -f $planted "$drive/planted.txt"

# ---- sign-ins of another computer -------------------------------------------------------------------

build/native/make_history 1 "$(date +%s)" "$folder/history.evt" >/dev/null # all of MAIL1
in_folder 'C:\lab\lab.exe' log clear
in_folder 'C:\lab\lab.exe' log load history.evt
in_folder sc.exe start RelayLock >/dev/null
says 306 'come from another computer, .* from "MAIL1", record.s. [0-9, ]+ of the log "Application"' \
    "sign-ins of another computer are told"
says_not 'crossed the limit' "and none of them counts"
stop_service

# ---- the folder and the journal ------------------------------------------------------------------

[ -e "$state/journal" ]
report "there is a journal" $? "$(ls -l "$state")"
mkdir -p "$drive/elsewhere"
mode=$(stat -c %a "$state")
chmod 777 "$state" # Wine makes Everyone of others
is_refused "a folder in which others may write" "checking the rights of S-1-1-0"
chmod "$mode" "$state"

mode=$(stat -c %a "$state/journal")
chmod 666 "$state/journal"
is_refused "a journal that others may write" "checking the rights of S-1-1-0"
chmod "$mode" "$state/journal"

ln "$state/journal" "$drive/elsewhere/second"
is_refused "a journal with a second name" "checking for hard links"
rm "$drive/elsewhere/second"

mv "$state/journal" "$state/real"
mkdir "$state/journal"
is_refused "a folder in the place of the journal" "CreateFileW"
rmdir "$state/journal" && mv "$state/real" "$state/journal"

start_anew
says 100 'is watching the log' "with all as it was, it works"
says_not 'cannot keep its journal' "and keeps its journal"
# While it works, nobody moves its folder away.
in_folder cmd /c 'move C:\ProgramData\RelayLock C:\ProgramData\Away' >"$prefix.said" 2>&1
[ $? != 0 ] && [ -e "$state/journal" ]
report "the folder of a running service stays where it is" $? "$(cat "$prefix.said")"
stop_service

chmod 777 "$state"
in_folder relaylock.exe incidents >"$prefix.said" 2>&1
[ $? -ne 0 ] && grep -q 'checking the rights of S-[0-9-]* failed with error 1338: it cannot be believed' "$prefix.said"
report "what others may have written is not shown" $? "$(cat "$prefix.said")"
in_folder relaylock.exe uninstall >"$prefix.said" 2>&1
[ $? -ne 0 ] && grep -q 'checking the rights .* (nothing in it is believed)' "$prefix.said" && [ -e "$state/journal" ]
report "and uninstall leaves it as it is, and says so" $? "$(cat "$prefix.said")"
exit $failed
