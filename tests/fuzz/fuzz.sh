#!/bin/bash
# fuzz.sh FUZZER SECONDS: lets it run, from an empty corpus. An input that it fails on is left in
# build/fuzz/, and its last line names it.
set -eu
exec "$1" -max_total_time="$2" -max_len=8192 -len_control=0 -timeout=10 -artifact_prefix=build/fuzz/ \
    -print_final_stats=1
