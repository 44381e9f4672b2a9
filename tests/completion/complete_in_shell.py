#!/usr/bin/env python3
"""complete_in_shell.py bash|zsh|fish CAPO: types command lines at an interactive shell and presses Tab.

bash and zsh run on a pseudo-terminal with their own line editor; fish is asked through its `complete -C`, which answers
what Tab would. Fails if a shell is not installed, and says how to install it.
"""
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time

# What is typed, and what the line is after Tab. The last character of a line that is complete is a space.
CASES = [
    ("capo upgr", "capo upgrade "),
    ("capo upgrade --dr", "capo upgrade --dry-run "),
    ("capo --color=nev", "capo --color=never "),
    ("capo upgrade 27c", "capo upgrade 27c6a30d7c24 "),
    ("capo upgrade shop@ba", "capo upgrade shop@base "),
    ("capo upgrade sh", "capo upgrade shop"),
    ("capo history -r base:27", "capo history -r base:27c6a30d7c24 "),
    ("capo history --rev-range=base:27", "capo history --rev-range=base:27c6a30d7c24 "),
    ("capo -c al", "capo -c alembic.ini "),
    ("capo stamp head 1975", "capo stamp head 1975ea83b712 "),
    ("capo stamp -c alembic.ini 1975", "capo stamp -c alembic.ini 1975ea83b712 "),
    ("capo completion fi", "capo completion fish "),
]
PROMPT = "READY> "
# In the place of capo: shows its arguments, and lets the questions of the completion script through.
SHOW = """capo() { if [[ $1 == __complete ]]; then command capo "$@"; else printf '<%s>' "$@"; echo; fi; }; """


def revision(revision_id, parents, labels):
    return (f"-- a table\n--\n-- Revision ID: {revision_id}\n-- Revises: {parents}\n{labels}\n"
            "-- capo:upgrade\nSELECT 1;\n")


def make_project(capo):
    root = tempfile.mkdtemp(prefix="capo_completion_")
    os.makedirs(root + "/project/versions")
    os.makedirs(root + "/bin")
    os.makedirs(root + "/home")
    os.symlink(capo, root + "/bin/capo")
    files = {"alembic.ini": "[alembic]\nscript_location = .\n",
             "versions/a.sql": revision("1975ea83b712", "", ""),
             "versions/b.sql": revision("27c6a30d7c24", "1975ea83b712", "-- Branch Labels: shop\n")}
    for name, text in files.items():
        with open(f"{root}/project/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    return root


class Shell:
    """An interactive shell on a pseudo-terminal."""

    def __init__(self, argv, root):
        self.seen = ""
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(root + "/project")
            environment = {"PATH": root + "/bin:" + os.environ["PATH"], "TERM": "dumb", "PS1": PROMPT,
                           "HOME": root + "/home", "ZDOTDIR": root + "/home", "LC_ALL": "C.UTF-8"}
            for name in ("LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"):
                if name in os.environ:
                    environment[name] = os.environ[name]
            os.execvpe(argv[0], argv, environment)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read_until(self, wanted, seconds=20.0):
        """What came until `wanted` was in it; fails with what came instead."""
        end = time.monotonic() + seconds
        seen = ""
        while wanted not in seen:
            if time.monotonic() > end:
                return seen, False
            if select.select([self.terminal], [], [], 0.1)[0]:
                seen += os.read(self.terminal, 65536).decode("utf-8", "replace")
        return seen, True


def on_a_terminal(argv, setup, root):
    shell = Shell(argv, root)
    shell.type(SHOW + setup + "; echo SET''UP\n")
    seen, ready = shell.read_until("SETUP")
    if not ready:
        sys.exit(f"{argv[0]} did not start: {seen!r}")
    failed = 0
    for typed, expected in CASES:
        # What follows Tab is a word of its own where the word before it was completed.
        shell.type(typed + "\t")
        time.sleep(0.4)
        shell.type("END\n")
        wanted = "".join(f"<{word}>" for word in (expected + "END").split(" ")[1:])
        seen, _ = shell.read_until("END>")
        if wanted not in seen:
            failed += 1
            print(f"after {typed!r} and Tab: wanted {expected!r}; the terminal showed {seen!r}")
    shell.type("exit\n")
    return failed


def in_fish(root):
    failed = 0
    environment = dict(os.environ, PATH=root + "/bin:" + os.environ["PATH"], HOME=root + "/home")
    for typed, expected in CASES:
        script = f"capo completion fish | source; complete -C '{typed}'"
        answer = subprocess.run(["fish", "-c", script], cwd=root + "/project", env=environment,
                                capture_output=True, text=True, check=False)
        offered = [line.split("\t")[0] for line in answer.stdout.splitlines()]
        word = expected.rstrip().split(" ")[-1]
        fits = word in offered if expected.endswith(" ") else any(o.startswith(word) for o in offered)
        if not fits:
            failed += 1
            print(f"after {typed!r} and Tab: wanted {word!r}, offered {offered}, {answer.stderr}")
    return failed


def main():
    name, capo = sys.argv[1], os.path.abspath(sys.argv[2])
    if shutil.which(name) is None:
        sys.exit(f"{name} is not installed: apt-get install {name}")
    root = make_project(capo)
    try:
        if name == "bash":
            failed = on_a_terminal(
                ["bash", "--norc", "--noprofile", "-i"],
                "bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; source <(command capo completion bash)",
                root)
        elif name == "zsh":
            failed = on_a_terminal(
                ["zsh", "-f", "-i"],
                "unsetopt beep; bindkey -e; unset zle_bracketed_paste; autoload -U compinit; compinit -D -u; "
                "source <(command capo completion zsh)", root)
        else:
            failed = in_fish(root)
    finally:
        shutil.rmtree(root)
    print(f"{len(CASES) - failed} of {len(CASES)} lines completed in {name}")
    sys.exit(1 if failed else 0)


main()
