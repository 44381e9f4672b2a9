#!/usr/bin/env python3
"""Fails if a file in src/ includes a room that tools/layers.txt does not allow it."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
allowed = {}
for line in (root / "tools/layers.txt").read_text().splitlines():
    line = line.split("#")[0].strip()
    if line:
        room, below = line.split(":")
        allowed[room.strip()] = set(below.split())

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]')
# The driver of a database is visible in one file of its room only; the same for the costly libraries.
CONFINED = {
    "pg_query": {"lint/postgresql/tree.hpp", "lint/postgresql/tree.cpp"},
    "nlohmann/": {"base/json.cpp"},
    "libpq-fe.h": {"dialect/postgresql/libpq.hpp", "capo/tenant.hpp"},
    "dialect/postgresql/libpq.hpp": {"dialect/postgresql/borrow.cpp", "dialect/postgresql/cancellation.cpp", "dialect/postgresql/connection.cpp",
                                      "dialect/postgresql/libpq.cpp"},
    "sqlite3.h": {"dialect/sqlite/connection.cpp"},
    "sodium": {"base/hash.cpp"},
    "unicase.h": {"base/unicode.cpp"},
    "unictype.h": {"base/unicode.cpp"},
    "unistr.h": {"base/unicode.cpp"},
}
# The one file of the contract that names every database.
REGISTRY = "dialect/registry.cpp"


def room_of(path):
    parts = path.split("/")
    if len(parts) >= 3 and parts[0] == "dialect":
        return "/".join(parts[:2])
    return parts[0]


errors = []
for path in sorted([*root.glob("src/**/*.[ch]pp"), *root.glob("include/**/*.hpp")]):
    public = path.is_relative_to(root / "include")
    name = str(path.relative_to(root / ("include" if public else "src")))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(1)
        where = f"{path.relative_to(root)}:{number}"
        for header, files in CONFINED.items():
            if target.startswith(header) and name not in files and not name.endswith("_test.cpp"):
                errors.append(f"{where}: <{target}> belongs in {', '.join(sorted(files))} only")
        to = room_of(target)
        if to not in allowed:
            continue
        if public:
            errors.append(f"{where}: a public header includes src/{target}")
            continue
        at = room_of(name)
        if at == to or to in allowed[at] or name == REGISTRY and to.startswith("dialect/"):
            continue
        errors.append(f"{where}: {at} may not include {to}")

print("\n".join(errors) if errors else "layers: every include points down")
sys.exit(1 if errors else 0)
