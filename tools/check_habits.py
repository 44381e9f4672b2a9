#!/usr/bin/env python3
"""Fails where the project has fallen out of one of its habits: sizes of files and functions, tests that do not run,
sources that no build file names, things that only exist on one machine, and what public headers cost.

    check_habits.py [--compiler g++] [--build FOLDER] [ROOT]
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

MAX_SOURCE, MAX_HEADER, MAX_FUNCTION = 600, 300, 60
MAX_TEST = 120  # A table of cases may be long.
FOLDERS = ["src", "include", "tests", "examples", "bench", "tools"]

# Everything that a revision file includes is paid for by every revision.
PUBLIC_INCLUDES = {"exception", "initializer_list", "optional", "string", "string_view", "variant", "vector"}
MAX_PREPROCESSED_LINES = 27_000
# What programs include, once, and revisions do not.
PROGRAM_HEADERS = {"migrator.hpp", "tenant.hpp"}
# Of assembly, without optimisation, for tests/header_cost/revision.cpp. 0.5 s of CPU is the budget of such a file; lines
# are what can be counted on any machine. 36,000 lines took 0.86 s, 8,300 take 0.4 s.
MAX_ASSEMBLY_LINES = 9_500

FORBIDDEN = [
    (re.compile(r"\bDISABLED_\w|\bGTEST_SKIP\b"), "a test that does not run: fix it, or delete it"),
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work belongs in an issue"),
    (re.compile(r"(?<![\w.$}])/(work|root)/\w"), "a path of one machine"),
]
FORBIDDEN_IN_CPP = [
    (re.compile(r"#\s*include\s*<(regex|iostream|sstream|iomanip|locale)>"), "costly, or not the same in every locale: not used here"),
    (re.compile(r"\b(stoi|stol|stoll|stoul|stoull|stod|atoi|atol|atof)\s*\("), "locale or silent zero: std::from_chars"),
    (re.compile(r"\busing namespace std\s*;"), "names are written out"),
]
FORBIDDEN_IN_SRC = [
    (re.compile(r'fmt::format(_to)?\([^"]*"(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|BEGIN|SET)\b'),
     "SQL is written by SqlWriter"),
]
# What a line that looks like a function may begin with and still be none.
CONTROL = {"if", "for", "while", "switch", "catch", "constexpr"}


def without_text(source):
    """The source with the insides of comments, strings and characters blanked out; lines and columns stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), source)


def long_functions(source, limit):
    """(line, number of lines) of each function that is longer than this. A lambda counts for the function it stands in."""
    text = without_text(source)
    opened, braces = [], []
    last_call = None  # the word before the last parenthesis that was closed
    i = 0
    for i, c in enumerate(text):
        if c == "(":
            word = re.search(r"([\w~]+|[\]>=\-+*/<!&|^\[])\s*$", text[max(0, i - 80):i])
            opened.append((word.group(1) if word else "", i))
        elif c == ")":
            last_call = opened.pop() if opened else None
        elif c == "{":
            before = re.search(r"\)\s*((const|noexcept|override|final|mutable|&&?|->\s*[\w:<>,&*\s]+)\s*)*$", text[max(0, i - 200):i])
            is_function = before and last_call and last_call[0] not in CONTROL and last_call[0] not in ("]", "")
            braces.append(last_call[1] if is_function else None)
        elif c == "}" and braces:
            begin = braces.pop()
            if begin is not None:
                first, last = text.count("\n", 0, begin) + 1, text.count("\n", 0, i) + 1
                if last - first + 1 > limit:
                    yield first, last - first + 1


def check_sources(root, complain):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root)
            if not path.is_file() or path.suffix not in {".cpp", ".hpp", ".py", ".txt", ".cmake", ".sh", ".sql", ""}:
                continue
            if "corpus" in path.parts or "golden" in path.parts or path.resolve() == pathlib.Path(__file__).resolve():
                continue
            try:
                source = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # A program, or data.
            rules = list(FORBIDDEN)
            if path.suffix in {".cpp", ".hpp"}:
                rules += FORBIDDEN_IN_CPP
                limit = MAX_HEADER if path.suffix == ".hpp" else MAX_SOURCE
                if source.count("\n") > limit:
                    complain(name, source.count("\n"), f"more than {limit} lines: split it by idea")
                longest = MAX_TEST if folder == "tests" or path.name.endswith("_test.cpp") else MAX_FUNCTION
                for line, length in long_functions(source, longest):
                    complain(name, line, f"a function of {length} lines, more than {longest}")
                if folder == "src" and not path.name.endswith("_test.cpp"):
                    rules += FORBIDDEN_IN_SRC
            for number, line in enumerate(source.splitlines(), 1):
                for pattern, why in rules:
                    if pattern.search(line):
                        complain(name, number, f"{why}: {line.strip()[:80]}")


def check_listed(root, build, complain):
    """Every source is named by a build file, or compiled under a name that one makes; a test that nobody builds finds
    nothing."""
    commands = build / "compile_commands.json" if build else None
    compiled = {command["file"] for command in json.loads(commands.read_text())} if commands and commands.exists() else set()
    build_files = [root / "CMakeLists.txt", *(root / "src").rglob("CMakeLists.txt"), *(root / "tests").rglob("CMakeLists.txt")]
    named = "\n".join(path.read_text(encoding="utf-8") for path in build_files)
    for folder in ("src", "tests"):
        for path in sorted((root / folder).rglob("*.cpp")):
            wanted = re.escape(path.name)
            if path.name.endswith("_fuzz.cpp"):
                wanted += r"|capo_fuzzer\(" + re.escape(path.name[: -len("_fuzz.cpp")]) + r"\)"
            if str(path) not in compiled and not re.search(rf"(?<![\w-])({wanted})", named):
                complain(path.relative_to(root), 1, "no CMakeLists.txt names this file")


def check_public_headers(root, compiler, complain):
    # tenant.hpp is for programs that have libpq.
    libpq = ["-I" + subprocess.run(["pg_config", "--includedir"], capture_output=True, text=True, check=True).stdout.strip()]
    for path in sorted((root / "include").rglob("*.hpp")):
        name = path.relative_to(root)
        costly = path.name in PROGRAM_HEADERS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if costly:
                break
            include = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if include and include.group(1) not in PUBLIC_INCLUDES and not include.group(1).startswith("capo/"):
                complain(name, number, f"a public header includes <{include.group(1)}>")
        result = subprocess.run([compiler, "-std=c++20", "-E", "-P", "-I", str(root / "include"), *libpq, "-x", "c++", str(path)],
                                capture_output=True, text=True)
        if result.returncode != 0:
            complain(name, 1, "does not compile alone: " + result.stderr.strip()[:200])
        elif not costly and result.stdout.count("\n") > MAX_PREPROCESSED_LINES:
            complain(name, 1, f"{result.stdout.count(chr(10))} preprocessed lines, more than {MAX_PREPROCESSED_LINES}")


def check_cost_of_a_revision(root, compiler, complain):
    path = root / "tests/header_cost/revision.cpp"
    result = subprocess.run([compiler, "-std=c++20", "-O0", "-S", "-I", str(root / "include"), str(path), "-o", "-"],
                            capture_output=True, text=True)
    lines = result.stdout.count("\n")
    if result.returncode != 0:
        complain(path.relative_to(root), 1, "does not compile: " + result.stderr.strip()[:200])
    elif lines > MAX_ASSEMBLY_LINES:
        complain(path.relative_to(root), 1, f"{lines} lines of assembly, more than {MAX_ASSEMBLY_LINES}: what a header "
                 "defines belongs into the library (src/schema/values.cpp)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--build", type=pathlib.Path, help="the build folder, with its compile_commands.json")
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    complaints = []
    complain = lambda name, line, why: complaints.append(f"{name}:{line}: {why}")
    check_sources(arguments.root, complain)
    check_listed(arguments.root, arguments.build, complain)
    check_public_headers(arguments.root, arguments.compiler, complain)
    check_cost_of_a_revision(arguments.root, arguments.compiler, complain)
    print("\n".join(complaints) if complaints else "habits: kept")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
