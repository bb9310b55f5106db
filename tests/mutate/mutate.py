#!/usr/bin/env python3
"""Breaks sources in small ways, one at a time, and tells which of them no test notices.

The code lines that can be broken are divided into as many stretches as there are to be mutations;
in each stretch a line, and on it a mutation, is drawn by the seed. One that does not compile, or
makes no difference to the code, is replaced by another of the stretch. Then the tests that run the
line are asked, the likeliest first, until one fails; then those of the next suite.

What is known is kept in OUT/results.jsonl. A run that was stopped goes on there; while the sources
stay the same, a run with changed tests asks them only about what was not noticed before.

Exit status 0 if at least FLOOR per cent are noticed and EXPLAINED says of each other one why.
"""

import argparse
import json
import os
import random
import re
import sys
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import mutations
import trial

FLOOR = 95.0


@dataclass
class Line:
    file: str
    number: int
    mutations: list


def breakable_lines(files):
    lines = []
    for file in files:
        source = Path(file).read_text()
        found = defaultdict(list)
        for mutation in mutations.mutations(source):
            found[mutations.line_of(source, mutation)].append(mutation)
        lines += [Line(file, number, found[number]) for number in sorted(found)]
    return lines


def drawn(lines, index, count, seed):
    """(line, mutation) of the stretch in the order of the draw. Kinds are drawn before mutations,
    so that a line of many constants is not always broken in a constant."""
    dice = random.Random(f"{seed} {index}")
    stretch = lines[len(lines) * index // count:len(lines) * (index + 1) // count]
    for line in dice.sample(stretch, len(stretch)):
        kinds = sorted({mutation.kind for mutation in line.mutations})
        for kind in dice.sample(kinds, len(kinds)):
            same = [mutation for mutation in line.mutations if mutation.kind == kind]
            for mutation in dice.sample(same, len(same)):
                yield line, mutation


class Run:
    def __init__(self, options):
        self.options = options
        self.lines = breakable_lines(sorted(options.sources))
        self.suites = [trial.Suite(compiler, linker, Path(folder), options.tests, options.coverage,
                                   options.out)
                       for compiler, linker, folder in options.suite]
        self.journal = options.out / "results.jsonl"
        headers = {header for file in options.sources for header in Path(file).parent.glob("*.h")}
        self.about = {"sources": trial.hash_of({*options.sources, *headers}, options.suite,
                                               options.mutations, options.seed)}
        self.tests_hash = " ".join(suite.hash() for suite in self.suites)
        self.writing = threading.Lock()

    def known(self):
        """{index: result} that still holds; the journal is begun anew when none does."""
        kept = {}
        if self.journal.exists():
            # The last line may be torn.
            about, *results, _ = self.journal.read_text().split("\n")
            if json.loads(about) == self.about:
                kept = {result["index"]: result for result in map(json.loads, results)}
        kept = {index: result for index, result in kept.items()
                if result["by"] or result["tests"] == self.tests_hash}
        self.options.out.mkdir(parents=True, exist_ok=True)
        self.journal.write_text("".join(json.dumps(line) + "\n"
                                        for line in (self.about, *kept.values())))
        return kept

    def keep(self, result):
        with self.writing, open(self.journal, "a") as journal:
            journal.write(json.dumps(result) + "\n")

    def one(self, index):
        """Draws, breaks and asks; the result, or None where nothing could be broken."""
        passed_over = Counter()
        first = self.suites[0]
        for line, mutation in drawn(self.lines, index, self.options.mutations, self.options.seed):
            source = Path(line.file).read_text()
            changed = mutations.apply(source, mutation)
            broken = first.compile(line.file, changed)
            if broken is None:
                passed_over["uncompilable"] += 1
                continue
            if broken == first.sound_object(line.file):
                passed_over["same"] += 1
                continue
            by, how, asked = self.ask(line, changed)
            before, after = mutations.shown(source, mutation)
            result = {"index": index, "file": line.file, "line": line.number,
                      "function": mutation.function, "kind": mutation.kind, "before": before,
                      "after": after, "by": by, "how": how, "asked": asked,
                      "tests": self.tests_hash, **passed_over}
            self.keep(result)
            return result
        return None

    def ask(self, line, changed):
        """(the test that noticed or None, how, how many were asked), suite after suite."""
        asked = 0
        for suite in self.suites:
            broken = suite.compile(line.file, changed)
            for test in suite.asked(line.file, line.number):
                asked += 1
                if not test.cpu:
                    suite.measure(test)
                how, _ = suite.run(test, broken)
                if how:
                    return test.name, how, asked
        return None, None, asked

    def all(self):
        results = self.known()
        wanted = [index for index in range(self.options.mutations) if index not in results]
        if not wanted:
            return list(results.values())
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            try:
                # The others' tests, which few mutations come to, when they are first asked.
                list(workers.map(self.suites[0].measure, self.suites[0].tests))
                for number, done in enumerate(as_completed(
                        [workers.submit(self.one, index) for index in wanted]), 1):
                    result = done.result()
                    if result:
                        results[result["index"]] = result
                        print(f"{number} of {len(wanted)}: {told(result)}", flush=True)
            except BaseException:
                workers.shutdown(cancel_futures=True)
                raise
        return [results[index] for index in sorted(results)]


def told(result):
    place = f"{result['file']}:{result['line']}"
    if result["by"]:
        return f"{place} {result['kind']}: {result['by']} {result['how']}"
    return f"{place} {result['kind']}: NOT NOTICED by {result['asked']} tests"


def explained(path):
    """The headings in the list of survivors that have a text."""
    heading = re.compile(r"^### (.+)\n\n(?=[^#\s])", re.MULTILINE)
    return set(heading.findall(path.read_text())) if path else set()


def heading_of(result):
    where = f", {result['function']}" if result["function"] else ""
    return f"{result['file']}{where}: `{result['before']}` becomes `{result['after']}`"


def report(results, reasons):
    """Prints the table and what was not noticed; whether that will do."""
    by_file = defaultdict(list)
    for result in results:
        by_file[result["file"]].append(bool(result["by"]))
    print(f"{'':<36} {'mutations':>9} {'noticed':>8} {'not':>4}")
    for file, noticed in sorted(by_file.items()):
        print(f"{file:<36} {len(noticed):>9} {sum(noticed):>8} {len(noticed) - sum(noticed):>4}")
    survivors = [result for result in results if not result["by"]]
    unexplained = 0
    for result in survivors:
        is_known = heading_of(result) in reasons
        unexplained += not is_known
        print(f"line {result['line']}, {result['asked']} tests asked"
              f"{'' if is_known else ', not explained'}:\n### {heading_of(result)}")
    hung = sum(result["how"] == "hung" for result in results)
    noticed = len(results) - len(survivors)
    share = 100.0 * noticed / len(results) if results else 0.0
    print(f"{len(results)} mutations, {noticed} noticed ({share:.1f} %; {hung} by hanging),"
          f" {len(survivors)} not, {unexplained} of these not explained; passed over:"
          f" {sum(result.get('same', 0) for result in results)} of the same code,"
          f" {sum(result.get('uncompilable', 0) for result in results)} that did not compile")
    return share >= FLOOR and not unexplained


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for results and workers")
    parser.add_argument("--mutations", type=int, default=300)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--suite", nargs=3, action="append", required=True,
                        metavar=("COMPILER", "LINKER", "FOLDER"),
                        help="both with their flags, and the folder of the flavour that they build;"
                        " another suite is asked when the one before has not noticed")
    parser.add_argument("--tests", default="test_*", help="a pattern of their names")
    parser.add_argument("--coverage", type=Path,
                        help="coverage.py's runs; without it every test is asked about every line")
    parser.add_argument("--explained", type=Path, help="the list of survivors with their reasons")
    parser.add_argument("--sources", nargs="+", required=True)
    options = parser.parse_args()
    sys.exit(0 if report(Run(options).all(), explained(options.explained)) else 1)


if __name__ == "__main__":
    main()
