#!/bin/bash
# run.sh: runs every test on what `make -f mingw.mk test` has built, from the project's folder.
#
# One line a test program; the log of each is in build/tests/. Its last line, "N passed, N failed",
# counts single tests and checks. Exit status 0 only if none failed.
set -u
version=$1
logs=build/tests
mkdir -p "$logs"
rm -f "$logs"/*.log "$logs"/*.status
passed=0 failed=0 skipped=0 again=()
export RELAYLOCK_TEST_DATA=tests/data
export RELAYLOCK_EXES='build/x86/relaylock.exe;build/x64/relaylock.exe'
export RELAYLOCK_SOURCE=service/windows/messages.mc
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1

count_of() { # PATTERN LOG: the sum of the numbers that stand where N is in the pattern
    sed -nE "s/$1/\1/p" "$2" | awk '{ n += $1 } END { print n + 0 }'
}

# execute NAME SECONDS COMMAND...: leaves the program's log in build/tests/, and beside it its exit
# status and how long it took.
execute() {
    local name=$1 seconds=$2 start=$SECONDS
    shift 2
    timeout -k 10 "$seconds" "$@" >"$logs/$name.log" 2>&1 </dev/null
    echo "$? $((SECONDS - start))" >"$logs/$name.status"
}

# judge NAME: counts what a program that was executed says has passed: cmocka's words, lines of "ok"
# and "not ok", or a closing "N passed, N failed". One that says nothing counts as one test. One of
# cmocka's that ends without its closing line has not run all, whatever its exit status.
judge() {
    local name=$1 log=$logs/$1.log status took good bad over
    read -r status took <"$logs/$name.status" || status=127 took=0
    tr -d '\r' <"$log" >"$log.unix" && mv "$log.unix" "$log"
    over=0
    if [[ $name =~ ^(native|asan|valgrind|wine)-test_ ]] || grep -qE 'Running [0-9]+ test\(s\)' "$log"; then
        good=$(count_of '.*\[  PASSED  \] ([0-9]+) test\(s\).*' "$log")
        bad=$(count_of '.*\[  FAILED  \] ([0-9]+) test\(s\).*' "$log")
        grep -qE 'test\(s\) run\.' "$log" || bad=$((bad + 1))
    elif grep -qE '^[0-9]+ passed, [0-9]+ failed' "$log"; then
        good=$(count_of '^([0-9]+) passed, [0-9]+ failed.*' "$log")
        bad=$(count_of '^[0-9]+ passed, ([0-9]+) failed.*' "$log")
        over=$(count_of '^[0-9]+ passed, [0-9]+ failed, ([0-9]+) skipped.*' "$log")
    elif grep -qE '^(not )?ok ' "$log"; then
        good=$(grep -cE '^ok ' "$log")
        bad=$(grep -cE '^not ok ' "$log")
    else
        good=$((status == 0)) bad=0
    fi
    # Here nothing has a reason to be skipped: the lab offers all that a host may lack.
    if [ "$over" != 0 ]; then
        bad=$((bad + over))
    fi
    # A program that fails without saying so, or that ran no test, has failed.
    if [ "$bad" = 0 ] && { [ $status != 0 ] || [ "$good" = 0 ]; }; then
        bad=1
    fi
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + over))
    if [ "$bad" = 0 ]; then
        printf 'ok %-44s %4d passed %4d s\n' "$name" "$good" "$took"
    else
        printf 'FAILED %-40s %4d passed, %d failed, exit status %d, log %s:\n' "$name" "$good" \
            "$bad" $status "$log"
        grep -aE '^not ok|FAILED|ERROR|rror:|LimitExceeded|runtime error|Test unit' "$log" | head -20
        tail -n 15 "$log"
        sed -n '/^not ok hung/,$p' "$log" | head -n 200
    fi
}

run() { # NAME SECONDS COMMAND...
    execute "$@"
    judge "$1"
}

# What a failed one leaves that ran under Wine is the product's for certain: one of its programs hung
# or crashed.
is_ours() { # LOG
    grep -qaiE 'unhandled (exception|page fault)|EXCEPTION_[A-Z]+' "$1" ||
        { grep -q '^not ok hung' "$1" && sed -n '/^not ok hung/,$p' "$1" |
            grep -qiE 'msiexec|relaylock[^/ ]*\.(exe|msi|dll)'; }
}

# As run, of what runs under Wine, whose programs now and then die or stand still on a busy machine:
# what failed is run once more, and told. What fails twice has failed; what is_ours, at once.
run_on_wine() { # NAME SECONDS COMMAND...
    local name=$1 log=$logs/$1.log told
    execute "$@"
    told=$(judge "$name")
    if [[ $told != ok* ]] && ! is_ours "$log"; then
        mv "$log" "$logs/$name.first.log"
        echo "once more: ${told//"$log"/"$logs/$name.first.log"}"
        again+=("$name")
        execute "$@"
    fi
    judge "$name"
}

run format 60 tests/check-format.sh
run exe-x86 60 tests/check-exe.sh build/x86/relaylock.exe x86 "$version"
run exe-x64 60 tests/check-exe.sh build/x64/relaylock.exe x64 "$version"
run exe-acceptance 60 tests/check-imports.sh build/acceptance/x86/acceptance.exe \
    build/acceptance/x86/stand_in.exe
run installer 60 tests/check-installer.sh "$version"
run signature 120 tests/check-signature.sh "$version"
run reproducible 900 tests/check-reproducible.sh "$version"
run docs 60 tests/check-docs.sh
run check-functions 60 tests/check/check-functions.sh
for tool in cppcheck tidy analyzer; do
    run "check-$tool" 1800 make -f mingw.mk -k -j"$(nproc)" "check-$tool"
done
run policy 60 tests/check-policy.sh

for source in tests/core/test_*.c; do
    name=$(basename "$source" .c)
    test=build/native/tests/core/$name.test
    run "native-$name" 300 "$test"
    run "asan-$name" 600 "build/asan/tests/core/$name.test"
    run "valgrind-$name" 900 env RELAYLOCK_HISTORIES=300 valgrind -q --error-exitcode=99 \
        --leak-check=full --errors-for-leak-kinds=definite "$test"
done
run coverage-self 60 tests/coverage/test_coverage.py
run coverage-core 600 make -f mingw.mk coverage-core
run mutate-self 300 make -f mingw.mk mutate-self
run fuzz-hours-self 180 tests/fuzz/test_hours.py
# As many at a time as there are processors.
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do
        wait -n
    done
    execute "${name/_/-}" 180 env FUZZ_SEED=1 tests/fuzz/fuzz.sh "build/fuzz/$name" 30 &
done
wait
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    judge "${name/_/-}"
done
run evtexport 300 tests/core/compare_evtexport.sh build/native/tests/core/test_saved_log.test \
    tests/data/SysEvent.Evt
# One host for all of them.
tests/wine-session.sh begin build/wine
tests/wine.sh build/wine wineboot >"$logs/wine.log" 2>&1
exec 8> >(tests/wine.sh build/wine cmd /c 'set /p line=' >/dev/null 2>&1)
for source in tests/core/test_*.c tests/windows/test_*.c tests/app/test_*.c; do
    run_on_wine "wine-$(basename "$source" .c)" 300 tests/wine.sh build/wine "build/x64/${source%.c}.exe"
done
run_on_wine replay-alike 300 tests/compare_replay.sh build/x64/relaylock.exe build/native/relaylock \
    build/native/make_log
exec 8>&-
tests/wine-session.sh end build/wine
run page 240 tests/page/page.sh
rm -f build/lab/probe.txt
run_on_wine lab-probe 300 bash -c 'make -f mingw.mk build/lab/probe.txt >&2 && cat build/lab/probe.txt'
run_on_wine lab-commands 300 tests/lab/run_lab.sh commands
run_on_wine lab-doctor 300 tests/lab/run_lab.sh doctor
run_on_wine lab-quarantine 900 tests/lab/run_lab.sh quarantine
run_on_wine lab-sight 600 tests/lab/run_lab.sh sight
run_on_wine lab-queue-watch 300 tests/lab/run_lab.sh queue_watch
run_on_wine lab-verdicts 900 tests/lab/run_lab.sh verdicts
run_on_wine lab-hostile 600 tests/lab/run_lab.sh hostile
run_on_wine lab-install 900 tests/lab/run_lab.sh install
run_on_wine lab-rollback 1500 tests/lab/run_lab.sh rollback
run_on_wine lab-load 600 tests/lab/run_lab.sh load
run_on_wine lab-crash 900 tests/lab/run_lab.sh crash
run_on_wine lab-demo 120 tests/lab/demo.sh
run_on_wine lab-acceptance 2400 tests/lab/run_lab.sh acceptance

if [ ${#again[@]} != 0 ]; then
    echo "run once more: ${again[*]}"
fi
if [ $skipped = 0 ]; then
    echo "$passed passed, $failed failed"
else
    echo "$passed passed, $failed failed, $skipped skipped"
fi
[ $failed = 0 ]
