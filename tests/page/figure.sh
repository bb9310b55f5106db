#!/bin/bash
# figure.sh FILE.png: the picture in docs/replay.md, of the page of a generated log.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build/native/make_office "$folder/mail1.evt"
(cd "$folder" && "$OLDPWD/build/native/relaylock" replay --sweep --html page.html mail1.evt >text) || [ $? = 1 ]
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --user-data-dir="$folder/profile" --window-size=1080,1060 --screenshot="$folder/page.png" \
    "file://$folder/page.html" 2>"$folder/log" || { cat "$folder/log" >&2; exit 1; }
mkdir -p "$(dirname "$1")"
cp "$folder/page.png" "$1"
