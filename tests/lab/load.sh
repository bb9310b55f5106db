# load.sh [EVENTS NAMES SECONDS]: so many sign-ins at once, so many different names at once, and so
# many seconds of 10,000 sign-ins each while SMTP and the domain controllers hang, through either
# reader (load.c). Sourced by run_lab.sh, which has made the host.

lab='C:\lab\lab.exe'
events=${1:-200000} names=${2:-20000} seconds=${3:-12}
failed=0

load() { # WORD...
    WINE_LIMIT=3600 wine_in_folder load.exe "$@" | tr -d '\r' || {
        echo "not ok load $*"
        failed=1
        in_folder "$lab" fault clear
    }
}

in_folder relaylock.exe install >/dev/null
for name in abused first second; do
    in_folder "$lab" user add $name --domain
done
# Of as many bytes as 3,000,000 sign-ins take.
in_folder "$lab" log size $((768 << 20))

for story in "$events 500" "$names $names"; do
    load write $story 'LAB\abused'
    for reader in modern classic; do
        load find $reader ${story% *} 'LAB\abused'
    done
done
for reader in modern classic; do
    load siege $reader "$seconds" 'LAB\first' 'LAB\second' \
        'C:\lab\lab.exe fault net_delay_ms=30000 lookup_delay_ms=30000' \
        'C:\lab\lab.exe fault net_delay_ms=0 lookup_delay_ms=0'
done
exit $failed
