# report.sh: how a test that is a script tells what came of it. Sourced; the test exits with $failed.

failed=0
about= # what the names below are of, where one is done several times

report() { # NAME EXIT-STATUS DETAIL
    if [ "$2" = 0 ]; then
        echo "ok ${about:+$about: }$1"
    else
        echo "not ok ${about:+$about: }$1: $3"
        failed=1
    fi
}
