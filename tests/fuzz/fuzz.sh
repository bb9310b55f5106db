#!/bin/bash
# fuzz.sh FUZZER SECONDS: lets it run. It starts from the corpus in tests/fuzz/corpus/ that has its
# name, if there is one, and from what earlier runs have found, which is left in build/fuzz/corpus/.
# With FUZZ_SEED=N it draws the same random numbers every time, so that what fails in the tests is due
# to what was changed. An input that it fails on is left in build/fuzz/, and its last line names it.
set -eu
name=$(basename "$1")
mkdir -p "build/fuzz/corpus/$name"
seeds=()
if [ -d "tests/fuzz/corpus/$name" ]; then
    seeds=("tests/fuzz/corpus/$name")
fi
exec "$1" -seed="${FUZZ_SEED:-0}" -max_total_time="$2" -max_len=8192 -len_control=0 -timeout=10 \
    "-artifact_prefix=$PWD/build/fuzz/$name-" -print_final_stats=1 "build/fuzz/corpus/$name" "${seeds[@]}"
