#!/usr/bin/env python3
"""Compares the names that capo gives to constraints and indexes with SQLAlchemy's: patterns x constraints x tables, with and
without names, long and short.

usage: naming.py DUMP_PROGRAM
"""
import itertools
import json
import subprocess
import sys
import warnings

try:
    import sqlalchemy as sa
except ImportError:
    sys.exit("no SQLAlchemy for this Python (Debian: apt-get install python3-sqlalchemy, and /usr/bin/python3)")
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.naming import conv

COMMON = ["", "%(table_name)s", "p_%(column_0_name)s", "%(column_0_label)s", "p_%(column_0_key)s_100%%", "%(column_0N_name)s",
          "%(table_name)s_%(column_0_N_name)s", "%(column_0_N_label)s", "%(column_0N_label)s", "%(column_1_name)s|",
          "%(column_2_label)s|%(column_0_N_key)s", "%(table_name)s_%(constraint_name)s", "%(constraint_name)s", "fixed",
          "%(nothing)s", "%(column_name)s", "%(column_0_nothing)s", "%(column_0)s"]
# SQLAlchemy overlooks these where there are no columns; capo refuses them everywhere.
WRONG = ["%(column_1_N_name)s", "%(column_0_N)s"]
FOREIGN = ["%(referred_table_name)s", "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
           "%(referred_column_0_name)s", "%(referred_column_0_N_name)s", "%(referred_column_0N_name)s"]
TABLES = [("items", ""), ("items", "reports"), ("Order \"x\"", "a.b"), ("t" * 60, "")]
COLUMNS = [["id"], ["user_id", "order"], ["c" * 63, "d" * 20, "e"]]
NAMES = [("", False), ("mine", False), ("mine", True), ("m" * 60, False), ("m" * 80, True)]


def cases():
    for kind in ("ix", "uq", "ck", "fk", "pk"):
        for pattern, (table, schema), columns, (name, final), longest in itertools.product(
                COMMON + WRONG + (FOREIGN if kind == "fk" else []), TABLES, COLUMNS, NAMES, (63, 0)):
            if kind == "ix":
                # An index over expressions alone counts no columns.
                yield from ([dict(kind=kind, pattern=pattern, table=table, schema=schema, columns=some, name=name, final=final,
                                  longest=longest, referred_table="", referred_columns=[]) for some in (columns, [])])
                continue
            yield dict(kind=kind, pattern=pattern, table=table, schema=schema, columns=[] if kind == "ck" else columns,
                       name=name, final=final, longest=longest, referred_table="users" if kind == "fk" else "",
                       referred_columns=["r_" + c[:5] for c in columns] if kind == "fk" else [])


def expected(case):
    """SQLAlchemy's name, as it would write it; None where there is no such thing."""
    dialect = postgresql.dialect() if case["longest"] else sqlite.dialect()
    name = conv(case["name"]) if case["final"] else case["name"] or None
    # Another key beside it, because an empty dictionary means the default.
    naming = {"xx": ""} | ({case["kind"]: case["pattern"]} if case["pattern"] else {})
    try:
        metadata = sa.MetaData(naming_convention=naming)
        columns = [sa.Column(c, sa.Integer) for c in case["columns"] or ["id"]]
        table = sa.Table(case["table"], metadata, *columns, schema=case["schema"] or None)
        if case["kind"] == "fk":
            sa.Table(case["referred_table"], metadata, *[sa.Column(c, sa.Integer) for c in case["referred_columns"]])
        made = {
            "ix": lambda: sa.Index(name, *(case["columns"] or [sa.text("1 + 1")])),
            "uq": lambda: sa.UniqueConstraint(*case["columns"], name=name),
            "ck": lambda: sa.CheckConstraint("1 > 0", name=name),
            "fk": lambda: sa.ForeignKeyConstraint(case["columns"],
                                                  ["users." + c for c in case["referred_columns"]], name=name),
            "pk": lambda: sa.PrimaryKeyConstraint(*case["columns"], name=name),
        }[case["kind"]]()
        made._set_parent_with_dispatch(table)
        if made.name is None:
            return ""
        if not isinstance(made.name, conv):
            return str(made.name)  # Too long a one is refused, by capo when it writes the SQL.
        return str(dialect.identifier_preparer.format_constraint(made, _alembic_quote=False))
    except (sa.exc.SQLAlchemyError, KeyError, IndexError):
        return "error"


def main():
    warnings.simplefilter("ignore")
    asked = [case for case in cases() if case["columns"] or case["pattern"] not in WRONG]
    wanted = [expected(case) for case in asked]
    # SQLAlchemy also names the key that every table has before it is told of another one, and fails at that already.
    pairs = [(c, w) for c, w in zip(asked, wanted) if c["kind"] != "pk" or not c["name"] or w != "error"]
    asked, wanted = [c for c, _ in pairs], [w for _, w in pairs]
    run = subprocess.run([sys.argv[1]], input="\n".join(map(json.dumps, asked)) + "\n", capture_output=True, text=True, check=True)
    got = run.stdout.split("\n")[:-1]
    if len(got) != len(asked):
        sys.exit("%d questions, %d answers" % (len(asked), len(got)))
    wrong = [(c, w, g) for c, w, g in zip(asked, wanted, got) if w != g]
    for case, want, answer in wrong[:10]:
        print("%s\n    SQLAlchemy: %s\n    capo:       %s" % (json.dumps(case), want, answer))
    errors, cut = wanted.count("error"), sum(1 for c, w in zip(asked, wanted) if c["longest"] and len(w) == 60 and w[-5] == "_")
    print("%d names, %d of them cut, %d refused, %d wrong" % (len(asked), cut, errors, len(wrong)))
    if not cut or not errors:
        sys.exit("the cases no longer show what they are for")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
