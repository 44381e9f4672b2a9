#!/usr/bin/env python3
"""tools/check_clang.py BUILD_FOLDER [CLANG_BUILD_FOLDER]: every source of a CMake build, as Clang 16 sees it, with the same warnings as errors.

Nothing is compiled to code: that takes a third of the time, and what the second compiler adds is a second opinion. What it has compiled in
another build already is left out.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys


def commands(build):
    for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text(encoding="utf-8")):
        yield entry, shlex.split(entry["command"])


def sources(file):
    """The file, or what it puts together if a build compiles several as one."""
    if "/Unity/" not in file:
        return [file]
    return re.findall(r'^#include "(.+)"$', pathlib.Path(file).read_text(encoding="utf-8"), re.MULTILINE)


compiled = set()
for folder in sys.argv[2:]:
    for entry, words in commands(folder):
        output = pathlib.Path(entry["directory"]) / words[words.index("-o") + 1]
        if not any("clang" in word for word in words[:2]) or not output.exists():
            continue
        for source in sources(entry["file"]):
            if output.stat().st_mtime > pathlib.Path(source).stat().st_mtime:
                compiled.add(source)

seen = {}
for entry, words in commands(sys.argv[1]):
    if entry["file"] in compiled:
        continue
    start = next(i for i, word in enumerate(words) if word.startswith("-"))
    output = words.index("-o")
    words = words[start:output] + words[output + 2:]
    words.remove("-c")
    seen[entry["file"]] = (["clang++-16", "-fsyntax-only", "-fno-caret-diagnostics", *words], entry["directory"])


def check(command):
    words, directory = command
    return subprocess.run(words, cwd=directory, capture_output=True, text=True, errors="replace", check=False)


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    failed = [result for result in pool.map(check, seen.values()) if result.returncode != 0]
for result in failed:
    print(result.stderr, file=sys.stderr)
print(f"check_clang: {len(seen)} sources, {len(failed)} with complaints; {len(compiled)} were compiled")
sys.exit(1 if failed else 0)
