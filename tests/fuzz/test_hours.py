#!/usr/bin/env python3
"""Tests of the account of the fuzzers' hours: what counts, what begins anew, who is next."""

import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import hours

HOURS = Path(__file__).with_name("hours.py")
# What fuzz.sh starts in place of a fuzzer: takes 0.3 s of processor time, and finds something where
# there is a file "fault"; "interrupt": is told to end. Without the trap, bash would go on when what
# it waits for has ended just before a signal.
FUZZER = """#!/bin/bash
trap 'exit 72' INT
folder=$(dirname "$0")
echo "$(basename "$0") $*" >>"$folder/started"
timeout --foreground -s KILL 0.3 sh -c 'while :; do :; done' 2>/dev/null
while test -e "$folder/long"; do sleep 0.05; done
test ! -e "$folder/interrupt" || exit 72
test ! -e "$folder/fault"
"""


class Hash(unittest.TestCase):
    def test_comments_and_blanks_do_not_count(self):
        self.assertEqual(hours.bare("int a; // one\n/* two\n */\tint  b;"), "int a; int b;")

    def test_what_is_in_quotes_does(self):
        source = 's = "// no /* comment"; c = \'"\'; d = "\\"//";'
        self.assertEqual(hours.bare(source), source)

    def test_any_change_of_code_does(self):
        with tempfile.TemporaryDirectory() as folder:
            source, other = Path(folder, "a.c"), Path(folder, "b.h")
            source.write_text("int a = 1; // one\n")
            other.write_text("int b;\n")
            first = hours.hash_of([source, other])
            source.write_text("int a = 1; // another\n")
            self.assertEqual(hours.hash_of([other, source]), first)
            other.write_text("int c;\n")
            self.assertNotEqual(hours.hash_of([source, other]), first)


class Run(unittest.TestCase):
    """Two fuzzers, a and b, which share text.c; json.c is only in b."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.account = self.folder / "hours.tsv"
        for noun in ("text", "json", "fuzz_a", "fuzz_b"):
            (self.folder / f"{noun}.c").write_text(f"int {noun};\n")
            (self.folder / f"{noun}.h").write_text(f"extern int {noun};\n")
            (self.folder / f"{noun}.d").write_text(
                f"build/{noun}.o: {noun}.c \\\n {noun}.h /usr/include/stdio.h\n{noun}.h:\n")
        for name, members in (("fuzz_a", "text"), ("fuzz_b", "text json")):
            fuzzer = self.folder / name
            fuzzer.write_text(FUZZER)
            fuzzer.chmod(0o755)
            fuzzer.with_suffix(".map").write_text(
                "".join(f"build/librelaylock.a({noun}.o)\n   build/{name}.o (used)\n"
                        for noun in members.split()) +
                f"LOAD build/{name}.o\nLOAD /usr/lib/libcmocka.so\n")

    def start_hours(self, seconds):
        (self.folder / "started").write_text("")
        return subprocess.Popen([HOURS.resolve(), "--account", self.account, "--seconds",
                                 str(seconds), "--slice", "1", self.folder / "fuzz_a",
                                 self.folder / "fuzz_b"], cwd=self.folder, text=True,
                                start_new_session=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def run_hours(self, seconds):
        """(exit status, what it said)."""
        with self.start_hours(seconds) as running:
            said, complaints = running.communicate()
        self.assertEqual(complaints, "")
        return running.returncode, said

    def started(self):
        """Which were, in the order of their names."""
        return sorted(line.split()[0][-1]
                      for line in (self.folder / "started").read_text().splitlines())

    def seconds(self):
        return {name: int(seconds) for name, seconds, _ in
                (line.split("\t") for line in self.account.read_text().splitlines()[1:])}

    def test_what_is_linked_is_known_with_its_headers(self):
        linked = hours.sources_of(self.folder / "fuzz_a")
        self.assertEqual({str(path) for path in linked},
                         {"text.c", "text.h", "fuzz_a.c", "fuzz_a.h"})

    def test_each_runs_until_it_has_had_its_time_and_no_more(self):
        self.assertEqual(self.run_hours(1)[0], 0)
        self.assertEqual(set(self.started()), {"a", "b"})
        self.assertEqual(set(self.seconds()), {"a", "b"})
        self.assertTrue(all(seconds >= 1 for seconds in self.seconds().values()))
        self.assertEqual(self.run_hours(1)[0], 0)
        self.assertEqual(self.started(), [])

    def test_what_has_changed_begins_anew(self):
        self.run_hours(1)
        (self.folder / "text.h").write_text("extern int text; // a comment\n")
        self.run_hours(1)
        self.assertEqual(self.started(), [])
        (self.folder / "json.c").write_text("int json = 1;\n")
        self.run_hours(1)
        self.assertEqual(set(self.started()), {"b"})

    def test_whoever_finds_something_gets_no_seconds_and_is_told(self):
        self.run_hours(1)
        before = self.account.read_text()
        (self.folder / "fault").write_text("")
        status, said = self.run_hours(2)
        self.assertEqual(status, 1)
        self.assertEqual(self.account.read_text(), before)
        started = self.started()
        self.assertEqual(started, ["a", "b"][:os.cpu_count()])  # at once, one on each processor
        told = [line for line in said.splitlines() if "has found something" in line]
        self.assertEqual(sorted(told), [f"{name} has found something: "
                                        f"{self.folder / f'fuzz_{name}.log'}" for name in started])

    def test_whoever_is_interrupted_has_found_nothing_and_lacks_its_time(self):
        (self.folder / "interrupt").write_text("")
        self.assertEqual(self.run_hours(1), (1, ""))
        self.assertFalse(self.account.exists())

    def test_it_can_be_interrupted(self):
        (self.folder / "long").write_text("")
        # In the background of a shell it is ignored, and so would it be by what is started here.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with self.start_hours(1) as running:
            while not self.started():
                time.sleep(0.05)
            os.killpg(running.pid, signal.SIGINT)
            self.assertEqual(running.communicate(), ("", ""))
        self.assertEqual(running.returncode, 130)
        self.assertFalse(self.account.exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
