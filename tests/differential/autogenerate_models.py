#!/usr/bin/env python3
"""autogenerate_models.py CAPO TEST_SERVER [--write FILE]: what Alembic's autogenerate finds between a database and models, capo finds too.

SQLAlchemy creates the old models of each pair (model_pairs.py) in one database and the new ones in another. Alembic compares the old
database with the new models, capo the two databases: where Alembic finds a difference, capo must find one. Then there is nothing to
find: Alembic compares the new database with the models that it was made of, capo with the statements that made it.

Done on PostgreSQL and on SQLite. Fails if capo misses a difference, or finds one where there is none. Prints what each finds, by kind of
pair, and which pairs only capo tells apart.
"""
import argparse
import collections
import logging
import os
import pathlib
import sys
import tempfile
import warnings

from sqlalchemy import create_mock_engine

from autogenerate import Sqlite, alembic_finds, capo_finds, two_databases
from model_pairs import KINDS, all_pairs


def statements(metadata, dialect):
    """What create_all() says, as a script."""
    lines = []

    def take(sql, *_multiparams, **_params):
        lines.append(str(sql.compile(dialect=engine.dialect)).strip() + ";")

    engine = create_mock_engine(f"{dialect}://", take)
    metadata.create_all(engine, checkfirst=False)
    return "\n".join(lines) + "\n"


class Outcome:
    def __init__(self):
        self.found = collections.defaultdict(list)  # (capo, Alembic) of pairs that differ
        self.false = collections.defaultdict(list)  # of those that don't
        self.only_capo, self.only_alembic, self.neither, self.wrong = [], [], [], []
        self.errors = 0  # of Alembic, which then finds nothing

    def table(self):
        lines = ["| kind of pair | pairs | capo finds a difference | Alembic finds a difference | "
                 "false ones of capo | false ones of Alembic |", "|---|---|---|---|---|---|"]
        total = [0] * 5
        for kind, _ in KINDS:
            rows, false = self.found[kind], self.false[kind]
            cells = [len(rows)] + [sum(row[i] for row in part) for part in (rows, false) for i in (0, 1)]
            total = [x + y for x, y in zip(total, cells)]
            lines.append(f"| {kind} | " + " | ".join(map(str, cells)) + " |")
        lines.append("| **all** | " + " | ".join(f"**{number}**" for number in total) + " |")
        lines.append(f"\nAlembic stumbled {self.errors} times. Only capo finds: " + "; ".join(self.only_capo))
        lines.append("Neither finds: " + "; ".join(self.neither))
        return "\n".join(lines) + "\n"


def try_pair(capo, pair, old, new, folder, outcome):
    name = f"{pair.kind}: {pair.name}"
    for side, metadata in ((old, pair.old), (new, pair.new)):
        side.build()
        metadata.create_all(side.engine)
    ours, theirs = capo_finds(capo, old.url, new.url, folder), alembic_finds(old, lambda: pair.new, include_schemas=True)
    outcome.errors += theirs is None
    outcome.found[pair.kind].append((bool(ours), bool(theirs)))
    if ours and not theirs:
        outcome.only_capo.append(name)
    if not ours and not theirs:
        outcome.neither.append(name)
    if theirs and not ours:
        outcome.only_alembic.append(f"{name}: Alembic finds {theirs}")
    script = pathlib.Path(folder) / "new.sql"
    script.write_text(statements(pair.new, new.engine.dialect.name), encoding="utf-8")
    ours, theirs = capo_finds(capo, new.url, str(script), folder), alembic_finds(new, lambda: pair.new, include_schemas=True)
    outcome.errors += theirs is None
    outcome.false[pair.kind].append((bool(ours), bool(theirs)))
    if ours:
        outcome.wrong.append(f"{name}: capo finds {ours}")


def try_all(capo, old, new, folder):
    outcome = Outcome()
    for pair in all_pairs():
        if old.engine.dialect.name in pair.dialects:
            try_pair(capo, pair, old, new, folder, outcome)
    return outcome


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("capo")
    parser.add_argument("test_server")
    parser.add_argument("--write")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="capo-differential-") as folder:
        os.chmod(folder, 0o755)  # the server may be another user's
        (pathlib.Path(folder) / "alembic.ini").write_text("[alembic]\nscript_location = .\ninclude_schemas = other\n", encoding="utf-8")
        with two_databases(arguments.test_server, folder) as (old, new):
            postgresql = try_all(arguments.capo, old, new, folder)
        sqlite = try_all(arguments.capo, Sqlite(folder, "old"), Sqlite(folder, "new"), folder)
    result = f"PostgreSQL\n\n{postgresql.table()}\nSQLite\n\n{sqlite.table()}"
    print(result)
    if arguments.write:
        pathlib.Path(arguments.write).write_text(result, encoding="utf-8")
    for outcome in (postgresql, sqlite):
        if outcome.errors * 20 > sum(map(len, outcome.found.values())):
            sys.exit("Alembic stumbles too often: nothing is compared")
    for what, lists in (("capo misses what Alembic finds", (postgresql.only_alembic, sqlite.only_alembic)),
                        ("capo finds what is not there", (postgresql.wrong, sqlite.wrong))):
        for dialect, lines in zip(("PostgreSQL", "SQLite"), lists):
            if lines:
                print(f"{what}, on {dialect}:\n" + "\n".join(lines), file=sys.stderr)
    return 1 if postgresql.only_alembic or sqlite.only_alembic or postgresql.wrong or sqlite.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
