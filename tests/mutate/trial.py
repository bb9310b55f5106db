"""Puts a broken source before the tests: compiles it, links it in place of the sound one, runs."""

import contextlib
import functools
import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

# A test may take so much more than it takes on the sound source, then it hangs. Processor time,
# since others may use the machine; real time only for one that waits for ever.
CPU_FACTOR, CPU_MORE = 4, 2
WALL_FACTOR, WALL_MORE = 40, 120
FILE_MAX = 1 << 30  # bytes


@dataclass
class Test:
    name: str
    object: Path
    lines: dict  # {file: {line: whether it is run}}
    cpu: float = 0  # s, on the sound source

    def runs(self, file, line):
        """Whether it may notice: a line that is no code, such as a table's, is met by whoever
        runs anything of the file."""
        numbers = self.lines.get(file, {})
        return numbers.get(line, any(numbers.values()))

    def nearness(self, file):
        """Sorts first whoever is likely to notice: the file's own test, its kin, the quick."""
        noun = Path(file).stem
        own = self.name == f"test_{noun}"
        kin = self.name.split("_")[1] == noun.split("_")[0]
        return (not own, not kin, self.cpu, self.name)


def lines_run(path):
    """{file: {line: whether it was run}} of what coverage.py kept of a test."""
    counts = json.loads(path.read_text())
    return {file: {int(line): count > 0 for line, (count, _) in lines.items()}
            for file, lines in counts.items()}


class Suite:
    """The tests of one flavour of the build, to be run with a broken object in place of the sound
    one. `folder` is that of the flavour: *.a, tests/*.a, tests/core/*.o."""

    def __init__(self, compiler, linker, folder, names, coverage, scratch):
        self.compiler = shlex.split(compiler)
        self.linker = shlex.split(linker)
        self.libraries = [*sorted(folder.glob("tests/*.a")), *sorted(folder.glob("*.a"))]
        self.tests = [Test(path.stem, path,
                           lines_run(coverage / f"{path.stem}.json") if coverage else {})
                      for path in sorted(folder.glob(f"tests/core/{names}.o"))]
        self.scratch = scratch / folder.name
        self.environment = dict(os.environ, CCACHE_DISABLE="1")

    def hash(self):
        return hash_of([*(test.object for test in self.tests), *self.libraries])

    def asked(self, file, line):
        """The tests that may notice, the likeliest first. All, where nothing is known of a file:
        it holds nothing but tables, or what the tests run was not measured."""
        is_known = any(file in test.lines for test in self.tests)
        return sorted((test for test in self.tests if not is_known or test.runs(file, line)),
                      key=lambda test: test.nearness(file))

    def worker_folder(self):
        """One for each thread."""
        folder = self.scratch / f"worker-{threading.get_ident()}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def compile(self, file, source):
        """The object's bytes; None if it does not compile. Through standard input, so that equal
        code makes equal objects."""
        to = self.worker_folder() / "broken.o"
        done = subprocess.run([*self.compiler, "-w", "-g0", f"-iquote{Path(file).parent}",
                               "-x", "c", "-c", "-", "-o", to],
                              input=source, text=True, env=self.environment,
                              stderr=subprocess.DEVNULL)
        return to.read_bytes() if done.returncode == 0 else None

    @functools.lru_cache(maxsize=None)
    def sound_object(self, file):
        return self.compile(file, Path(file).read_text())

    def run(self, test, object_code):
        """How the test fails with this object in place of the sound one: "failed", "crashed",
        "hung", or None if it passes; and the processor time it took."""
        folder = self.worker_folder()
        broken, program, temporary = folder / "broken.o", folder / "test", folder / "tmp"
        given = []
        if object_code is not None:
            broken.write_bytes(object_code)
            given = [broken]
        subprocess.run([*self.linker, test.object, *given, *self.libraries, "-o", program,
                        "-lcmocka"], check=True, env=self.environment)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        return self.watch(program, temporary, test.cpu)

    def watch(self, program, temporary, cpu):
        cpu_max = int(CPU_FACTOR * cpu) + CPU_MORE
        # cpu is 0 while it is being measured.
        limits = ["prlimit", "--core=0", f"--fsize={FILE_MAX}:",
                  f"--cpu={cpu_max if cpu else 3600}"]
        child = subprocess.Popen([*limits, program], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env=dict(self.environment, TMPDIR=str(temporary.resolve())),
                                 start_new_session=True)
        is_late = threading.Event()

        def kill():
            is_late.set()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

        timer = threading.Timer(WALL_FACTOR * cpu + WALL_MORE if cpu else 3600, kill)
        timer.start()
        _, status, used = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = used.ru_utime + used.ru_stime
        if child.returncode == 0:
            return None, seconds
        if is_late.is_set() or child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return "hung", seconds
        return "crashed" if child.returncode < 0 else "failed", seconds

    def measure(self, test):
        """Sets the test's processor time; it must pass."""
        how, seconds = self.run(test, None)
        if how:
            raise SystemExit(f"{test.name} {how} on the sound source")
        test.cpu = max(seconds, 0.01)


def hash_of(paths, *words):
    """Changes whenever one of the files or words does."""
    digest = hashlib.sha256(repr(words).encode())
    for path in sorted(map(str, paths)):
        digest.update(path.encode() + b"\0" + Path(path).read_bytes())
    return digest.hexdigest()
