#!/usr/bin/env python3
"""What is written wrong does not compile, and the compiler says so in words that help; what is written right compiles.

usage: check.py COMPILER INCLUDE_FOLDER CASES

The header is compiled once, into a precompiled one, and each wrong case against that by itself: an error may hide the next.
"""
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HEADER = "#include <capo/metadata.hpp>\n#include <capo/migration.hpp>\n"
BODY = "[[maybe_unused]] static void body(capo::Operations& op, const capo::Table& table) {\n  using namespace capo;\n  (void)op; (void)table;\n  %s\n}\n"


def read_cases(path):
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("--- "):
            cases.append({"name": line[4:], "line": number})
        elif line.startswith("says: "):
            cases[-1]["says"] = line[6:]
        elif line.startswith("only: "):
            cases[-1]["only"] = line[6:]
        elif line.startswith("+ "):
            cases[-1]["right"] = line[2:]
        elif line and not line.startswith("#"):
            cases[-1]["wrong"] = line
    return cases


def code(text):
    return text[5:] + "\n" if text.startswith("top: ") else BODY % text


def main():
    compiler, include, cases = sys.argv[1], sys.argv[2], read_cases(pathlib.Path(sys.argv[3]))
    if not shutil.which(compiler):
        sys.exit(f"there is no {compiler} (Debian: apt-get install g++ clang-16)")
    failures = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        flags = ["-std=c++20", "-I", include, "-Wall", "-Wextra", "-Wno-unused-value"]
        (folder / "all.hpp").write_text(HEADER, encoding="utf-8")
        is_clang = "clang" in subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
        subprocess.run([compiler, *flags, "-x", "c++-header", "all.hpp", "-o", "all.hpp.pch" if is_clang else "all.hpp.gch"],
                       cwd=folder, check=True)
        use = ["-include-pch", "all.hpp.pch"] if is_clang else ["-include", "all.hpp"]

        def compile_it(text):
            return subprocess.run([compiler, *flags, *use, "-fsyntax-only", "-x", "c++", "-"], cwd=folder, input=text,
                                  capture_output=True, text=True)

        # What is right compiles together, a namespace each.
        together = "".join(f"namespace case_{c['line']} {{\n{code(c['right'])}}}\n" for c in cases if not c["right"].startswith("top:"))
        right = [together] + sorted({code(c["right"]) for c in cases if c["right"].startswith("top:")})
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for text, result in zip(right, pool.map(compile_it, right)):
                if result.returncode != 0:
                    failures.append("this should compile:\n" + text + result.stderr[:2000])
            wrong = [c for c in cases if c.get("only") in (None, "clang" if is_clang else "g++")]
            for case, result in zip(wrong, pool.map(lambda c: compile_it(code(c["wrong"])), wrong)):
                first = next((line for line in result.stderr.splitlines() if " error: " in line), "")
                if result.returncode == 0:
                    failures.append(f"{case['name']}: it compiles: {case['wrong']}")
                elif not re.search(case["says"], first.split(" error: ", 1)[-1]):
                    failures.append(f"{case['name']}: the first error does not mention {case['says']}: {first}")
    print("\n".join(failures) if failures else f"{len(wrong)} cases, none of them compiles")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
