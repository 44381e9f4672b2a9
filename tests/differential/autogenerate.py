#!/usr/bin/env python3
"""autogenerate.py CAPO TEST_SERVER CASES SQLITE_CASES_DUMP [--write FILE]: what Alembic's autogenerate finds, capo finds too.

Each pair of schemas in tests/loop/*.cases, and each of tests/loop_sqlite, which SQLITE_CASES_DUMP prints, is built in two databases.
Alembic compares the old one with what SQLAlchemy reflects of the new one, capo compares the two. A case where Alembic finds a
difference and capo finds none fails. --write puts a table of what each finds, by kind of case, into FILE.

Alembic can be told less by reflection than by models (no names of columns that were renamed, no rewritten types), but what it
compares is the same. autogenerate_models.py gives it models.
"""
import argparse
import collections
import contextlib
import json
import logging
import os
import pathlib
import sqlite3
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

RESET = "DROP SCHEMA IF EXISTS public, other CASCADE; CREATE SCHEMA public; CREATE SCHEMA other"


def read_cases(text):
    cases, part = [], None
    for line in text.splitlines():
        if line.startswith("== "):
            cases.append(collections.defaultdict(str, name=line[3:]))
            part = None
        elif line.startswith("-- "):
            part = line[3:]
        elif part:
            cases[-1][part] += line + "\n"
    return cases


class Postgresql:
    """An empty database of a server that runs."""
    def __init__(self, server, name):
        self.url = f"{server}{name}"
        driver = make_url(self.url).set(drivername="postgresql+psycopg2")
        # SQLAlchemy wants the socket's directory among the parameters.
        host = urllib.parse.unquote(driver.host)
        self.engine = create_engine(driver.set(host=None).update_query_dict({"host": host}), poolclass=NullPool)

    def build(self, sql=""):
        """Makes it what this makes of an empty one."""
        connection = self.engine.raw_connection()
        with connection.cursor() as cursor:
            cursor.execute(RESET + ";" + sql)
        connection.commit()
        connection.close()


class Sqlite:
    """The same in a file."""
    def __init__(self, folder, name):
        self.path = pathlib.Path(folder) / f"{name}.db"
        self.url = f"sqlite:///{self.path}"
        self.engine = create_engine(self.url, poolclass=NullPool)

    def build(self, sql=""):
        self.path.unlink(missing_ok=True)
        connection = sqlite3.connect(self.path)
        connection.executescript(sql)
        connection.close()


@contextlib.contextmanager
def two_databases(test_server, folder):
    """On a server of their own."""
    where = f"{folder}/server"
    server = subprocess.run([test_server, "start", where], capture_output=True, text=True, check=True).stdout.strip()
    try:
        admin = Postgresql(server, "postgres")
        with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("old", "new"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        yield Postgresql(server, "old"), Postgresql(server, "new")
    finally:
        subprocess.run([test_server, "stop", where], check=False)


def alembic_finds(old, metadata, **options):
    """`metadata` is a function: to reflect may fail. None if it stumbles: then it finds nothing."""
    try:
        with old.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True, **options})
            return compare_metadata(context, metadata())
    except Exception:  # pylint: disable=broad-except
        return None


def reflected(side):
    metadata = MetaData()
    metadata.reflect(side.engine)
    return metadata


def capo_finds(capo, old, new, folder):
    """Both are what `capo diff` takes."""
    done = subprocess.run([capo, "diff", "--json", old, new], capture_output=True, text=True, cwd=folder, check=False)
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


def kind_of(case):
    if case["kind"]:
        return case["kind"].strip()
    name = case["name"]
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
        total = [x + y for x, y in zip(total, cells)]
        lines.append(f"| {kind} | {cells[0]} | {cells[1]} | {cells[2]} |")
    lines.append("| **all** | " + " | ".join(f"**{number}**" for number in total) + " |")
    return "\n".join(lines)


def compare_all(capo, cases, old, new, folder):
    """(a table of what is found, what capo misses)"""
    missed, found, errors = [], collections.defaultdict(list), 0
    for case in cases:
        old.build(case["old"])
        new.build(case["new"])
        ours = capo_finds(capo, old.url, new.url, folder)
        theirs = alembic_finds(old, lambda: reflected(new))
        errors += theirs is None
        if theirs and not ours:
            missed.append(f"{case['name']}: Alembic finds {theirs}")
        if ours or theirs:
            found[kind_of(case)].append((bool(ours), bool(theirs)))
    return f"{table(found)}\nAlembic stumbled over {errors} pairs\n", missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("capo")
    parser.add_argument("test_server")
    parser.add_argument("cases")
    parser.add_argument("sqlite_cases_dump")
    parser.add_argument("--write")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="capo-differential-") as folder:
        os.chmod(folder, 0o755)  # the server may be another user's
        cases = read_cases(pathlib.Path(arguments.cases).read_text(encoding="utf-8"))
        with two_databases(arguments.test_server, folder) as (old, new):
            on_postgresql, missed = compare_all(arguments.capo, cases, old, new, folder)
        dump = subprocess.run([arguments.sqlite_cases_dump], capture_output=True, text=True, check=True).stdout
        on_sqlite, more = compare_all(arguments.capo, read_cases(dump), Sqlite(folder, "old"), Sqlite(folder, "new"), folder)
    result = f"PostgreSQL\n\n{on_postgresql}\nSQLite\n\n{on_sqlite}"
    print(result)
    if arguments.write:
        pathlib.Path(arguments.write).write_text(result, encoding="utf-8")
    if missed or more:
        sys.exit("capo misses what Alembic finds:\n" + "\n".join(missed + more))


if __name__ == "__main__":
    main()
