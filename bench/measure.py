"""Runs programs by turns and takes their wall time and their largest memory."""
import os
import statistics
import subprocess
import sys
import time

# What a process has taken at most counts from before it became another program: a child of ours would have as much as we
# do. A small process in between starts it.
SMALL = """import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet), 0)
print(usage.ru_maxrss // 1024)
sys.exit(os.waitstatus_to_exitcode(status))"""


class Contender:
    """A command line, and what to do before each of its runs (not timed)."""

    def __init__(self, name, argv, prepare=lambda: None, cwd=None, stdin=None, runs=None):
        self.name, self.argv, self.prepare, self.cwd, self.stdin, self.runs = name, argv, prepare, cwd, stdin, runs
        self.seconds, self.memory = [], 0

    def take_memory(self):
        """The first run, which is not timed."""
        self.prepare()
        argv = [sys.executable, "-I", "-S", "-c", SMALL, *self.argv]
        with open(self.stdin or "/dev/null", encoding="utf-8") as stdin:
            ran = subprocess.run(argv, cwd=self.cwd, stdin=stdin, capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            sys.exit(f"{self.name}: {' '.join(self.argv)} ended with {ran.returncode}\n{ran.stderr}")
        self.memory = int(ran.stdout)

    def run(self):
        self.prepare()
        actions = [(os.POSIX_SPAWN_OPEN, 0, self.stdin or "/dev/null", os.O_RDONLY, 0),
                   (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
        errors = os.memfd_create("errors")
        actions.append((os.POSIX_SPAWN_DUP2, errors, 2))
        here = os.getcwd()
        os.chdir(self.cwd or here)
        start = time.perf_counter()
        child = os.posix_spawnp(self.argv[0], self.argv, os.environ, file_actions=actions)
        _, status = os.waitpid(child, 0)
        seconds = time.perf_counter() - start
        os.chdir(here)
        if status != 0:
            os.lseek(errors, 0, os.SEEK_SET)
            sys.exit(f"{self.name}: {' '.join(self.argv)} ended with {os.waitstatus_to_exitcode(status)}\n"
                     + os.read(errors, 4000).decode(errors="replace"))
        os.close(errors)
        self.seconds.append(seconds)

    @property
    def median(self):
        return statistics.median(self.seconds)

    def __str__(self):
        return f"{show(min(self.seconds))} / **{show(self.median)}** / {show(max(self.seconds))}"


def show(seconds):
    """Three significant digits: 0.0123 s is "12.3 ms"."""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1000:.3g} ms"


def by_turns(contenders, runs):
    """Each runs once for its memory, then all of them in turn, so that whatever else the machine does hits all alike."""
    for contender in contenders:
        contender.take_memory()
    for number in range(runs):
        for contender in contenders:
            if contender.runs is None or number < contender.runs:
                contender.run()
