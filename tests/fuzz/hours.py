#!/usr/bin/env python3
"""Lets each fuzzer run until it has had its hour on the code as it is, and keeps account of it.

The account, ACCOUNT, has a line a fuzzer: its name, the seconds of processor time that it has run
without a finding, and the hash of what it was built from. When a source that is linked into it
changes by more than its comments, its time begins anew. A run may be stopped and goes on later,
from where the corpus in build/fuzz/corpus/ was.

Exit status 0 when each has had its hour, else 1; 130 when interrupted. One that finds something gets no seconds for that
run, and its log and the input are in build/fuzz/; nor does one that is interrupted.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\')|//[^\n]*|/\*.*?\*/', re.DOTALL)
MEMBER = re.compile(r"^\S+\.a\(([^)\s]+)\.o\)$", re.MULTILINE)
OBJECT = re.compile(r"^LOAD (\S+)\.o$", re.MULTILINE)
INTERRUPTED = 72  # libFuzzer's exit status, by SIGINT or SIGTERM
HEAD = "# fuzzer, seconds of processor time without a finding, hash of its sources: see hours.py\n"


def bare(source):
    """Without comments, and each run of blanks as one."""
    return " ".join(COMMENT.sub(lambda found: found[1] or " ", source).split())


def sources_of(fuzzer):
    """What is linked into it of the project's own, headers included: by the linker's map, and the
    dependencies that the compiler wrote of each object."""
    written = {path.stem: path for path in sorted(fuzzer.parent.rglob("*.d"))}
    link = fuzzer.with_suffix(".map").read_text()
    nouns = set(MEMBER.findall(link)) | {Path(path).name for path in OBJECT.findall(link)}
    return {Path(os.path.normpath(path))
            for noun in nouns & written.keys()
            for path in written[noun].read_text().replace("\\\n", " ").split(":")[1].split()
            if not path.startswith("/")}


def hash_of(sources):
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(f"{path}\0{bare(path.read_text())}\0".encode())
    return digest.hexdigest()[:16]


class Account:
    """{fuzzer: seconds} that hold for the code as it is; every change is written at once. One that
    was handed out is not again until it has added what it ran."""

    def __init__(self, path, hashes):
        self.path = path
        self.hashes = hashes
        self.seconds = dict.fromkeys(hashes, 0.0)
        self.running = set()
        self.lock = threading.Lock()
        lines = path.read_text().splitlines() if path.exists() else []
        for name, seconds, known in (line.split("\t") for line in lines if line[:1] != "#"):
            if hashes.get(name) == known:
                self.seconds[name] = float(seconds)

    def lacking(self, wanted):
        return [name for name in self.seconds if self.seconds[name] < wanted]

    def next(self, wanted):
        """Whoever has run least and is not running, with what it lacks; None if nobody lacks."""
        with self.lock:
            lacking = [name for name in self.lacking(wanted) if name not in self.running]
            if not lacking:
                return None, 0
            name = min(lacking, key=self.seconds.get)
            self.running.add(name)
            return name, wanted - self.seconds[name]

    def add(self, name, seconds):
        with self.lock:
            self.running.discard(name)
            self.seconds[name] += seconds
            self.path.write_text(HEAD + "".join(
                f"{name}\t{self.seconds[name]:.0f}\t{self.hashes[name]}\n"
                for name in sorted(self.seconds)))


def run(fuzzer, seconds):
    """(exit status, seconds of processor time)."""
    with open(fuzzer.with_suffix(".log"), "wb") as log:
        child = subprocess.Popen([HERE / "fuzz.sh", fuzzer, str(seconds)],
                                 stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, used.ru_utime + used.ru_stime


def work(account, fuzzers, options):
    """One after the other until none lacks anything; the name of one that found something, None
    when none did or one was interrupted."""
    while True:
        name, lacking = account.next(options.seconds)
        if name is None:
            return None
        status, seconds = run(fuzzers[name], min(int(lacking) + 1, options.slice))
        if status != 0:
            return None if status == INTERRUPTED else name
        account.add(name, seconds)
        print(f"{name}: {account.seconds[name]:.0f} of {options.seconds} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--account", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=3600, help="of processor time, for each")
    parser.add_argument("--slice", type=int, default=600, help="seconds at a time")
    parser.add_argument("fuzzers", nargs="+", type=Path)
    options = parser.parse_args()
    fuzzers = {fuzzer.name.removeprefix("fuzz_"): fuzzer for fuzzer in options.fuzzers}
    account = Account(options.account, {name: hash_of(sources_of(fuzzer))
                                        for name, fuzzer in fuzzers.items()})
    count = os.cpu_count()
    with ThreadPoolExecutor(count) as workers:
        found = [name for name in workers.map(lambda _: work(account, fuzzers, options),
                                              range(count)) if name]
    for name in found:
        print(f"{name} has found something: {fuzzers[name].with_suffix('.log')}")
    sys.exit(1 if account.lacking(options.seconds) else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # the fuzzers, in the same process group, have ended by it as well
        sys.exit(130)
