#!/bin/bash
# wine-session.sh begin|end PREFIX: ends all that runs in a Wine prefix; with `begin`, Wine's server is
# up from then on, until `end`. By itself it goes a few seconds after the last program, and one that
# comes just then may fail, and say nothing.
set -eu
mkdir -p "$2"
WINEPREFIX=$(realpath "$2")
export WINEPREFIX
wineserver -k 2>/dev/null || true # there may be none
wineserver -w
[ "$1" = end ] || wineserver -p
