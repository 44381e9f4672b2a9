#!/usr/bin/env python3
"""autogenerate.py CAPO TEST_SERVER CASES [--write FILE]: what Alembic's autogenerate finds, capo finds too.

Each pair of schemas in tests/loop/*.cases is built in two databases. Alembic compares the old one with what SQLAlchemy reflects
of the new one, capo compares the two. A case where Alembic finds a difference and capo finds none fails. --write puts a table of
what each finds, by kind of case, into FILE.

Alembic can be told less by reflection than by models (no names of columns that were renamed, no rewritten types), but what it
compares is the same.
"""
import argparse
import collections
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
import warnings

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

RESET = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def read_cases(path):
    cases, part = [], None
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            cases.append(collections.defaultdict(str, name=line[3:]))
            part = None
        elif line.startswith("-- "):
            part = line[3:]
        elif part:
            cases[-1][part] += line + "\n"
    return cases


class Side:
    def __init__(self, server, name):
        self.url = f"{server}{name}"
        driver = make_url(self.url).set(drivername="postgresql+psycopg2")
        # SQLAlchemy wants the socket's directory among the parameters.
        host = urllib.parse.unquote(driver.host)
        self.engine = create_engine(driver.set(host=None).update_query_dict({"host": host}), poolclass=NullPool)

    def build(self, sql):
        connection = self.engine.raw_connection()
        with connection.cursor() as cursor:
            cursor.execute(RESET)
            if sql.strip():
                cursor.execute(sql)
        connection.commit()
        connection.close()


def alembic_finds(old, new):
    metadata = MetaData()
    metadata.reflect(new.engine)
    with old.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)


def capo_finds(capo, old, new, folder):
    done = subprocess.run([capo, "diff", "--json", old.url, new.url], capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(f"capo diff: {done.stderr}")
    return json.loads(done.stdout)["operations"]


# The first words of names of cases.
KINDS = {
    "columns": ("column", "columns", "generated", "order", "a"),
    "types": ("type", "kind"),
    "keys and other constraints": ("constraint", "foreign", "primary", "circle", "same"),
    "indexes": ("index", "indexes"),
    "enums": ("enum",),
    "sequences and defaults from them": ("sequence", "default"),
    "views": ("view", "materialised", "whole"),
    "functions": ("function", "overloaded", "procedure", "variadic", "name"),
    "triggers": ("trigger",),
    "policies and row security": ("policy", "row", "restrictive"),
    "comments": ("comment",),
}


def kind_of(name):
    if name.startswith(("default of an argument", "column under a standard")):
        return "functions"
    if name.startswith(("view becomes table", "table becomes view")):
        return "views"
    first = name.replace(":", " ").replace(",", " ").split(" ")[0]
    return next((kind for kind, words in KINDS.items() if first in words), "tables, and several things at once")


def table(found):
    lines = ["| kind of case | pairs that differ | capo finds a difference | Alembic finds a difference |", "|---|---|---|---|"]
    total = [0, 0, 0]
    for kind, rows in sorted(found.items()):
        cells = [len(rows), sum(row[0] for row in rows), sum(row[1] for row in rows)]
        total = [a + b for a, b in zip(total, cells)]
        lines.append(f"| {kind} | {cells[0]} | {cells[1]} | {cells[2]} |")
    lines.append("| **all** | " + " | ".join(f"**{number}**" for number in total) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("capo")
    parser.add_argument("test_server")
    parser.add_argument("cases")
    parser.add_argument("--write")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    missed, found, errors = [], collections.defaultdict(list), 0
    with tempfile.TemporaryDirectory(prefix="capo-differential-") as folder:
        os.chmod(folder, 0o755)  # the server may be another user's
        where = f"{folder}/server"
        server = subprocess.run([arguments.test_server, "start", where], capture_output=True, text=True, check=True).stdout.strip()
        try:
            admin = Side(server, "postgres")
            with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for name in ("old", "new"):
                    connection.execute(text(f"CREATE DATABASE {name}"))
            old, new = Side(server, "old"), Side(server, "new")
            for case in read_cases(arguments.cases):
                old.build(case["old"])
                new.build(case["new"])
                ours = capo_finds(arguments.capo, old, new, folder)
                try:
                    theirs = alembic_finds(old, new)
                except Exception:  # pylint: disable=broad-except
                    # It stumbles over what it cannot reflect: then it finds nothing.
                    theirs, errors = [], errors + 1
                if theirs and not ours:
                    missed.append(f"{case['name']}: Alembic finds {theirs}")
                if ours or theirs:
                    found[kind_of(case["name"])].append((bool(ours), bool(theirs)))
        finally:
            subprocess.run([arguments.test_server, "stop", where], check=False)
    text_of_table = table(found)
    print(text_of_table)
    print(f"Alembic stumbled over {errors} pairs")
    if arguments.write:
        pathlib.Path(arguments.write).write_text(text_of_table + "\n", encoding="utf-8")
    if missed:
        sys.exit("capo misses what Alembic finds:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
