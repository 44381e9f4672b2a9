"""Pairs of models in SQLAlchemy: what a database has, and what it is to become. autogenerate_models.py asks Alembic and capo for the
difference."""
import collections

from sqlalchemy import (ARRAY, JSON, BigInteger, Boolean, CheckConstraint, Column, Computed, Date, DateTime, Enum, Float, ForeignKey,
                        ForeignKeyConstraint, Identity, Index, Integer, Interval, LargeBinary, MetaData, Numeric, PrimaryKeyConstraint,
                        Sequence, SmallInteger, String, Table, Text, Time, UniqueConstraint, func, text)
from sqlalchemy.dialects import postgresql

BOTH = ("postgresql", "sqlite")
POSTGRESQL = ("postgresql",)

Pair = collections.namedtuple("Pair", "kind name old new dialects")


def t(*items, name="t", to=None, **options):
    """MetaData with a table that has an id, and these; or `to` with one more."""
    metadata = MetaData() if to is None else to
    Table(name, metadata, Column("id", Integer, primary_key=True), *items, **options)
    return metadata


def bare(*items, name="t", to=None, **options):
    metadata = MetaData() if to is None else to
    Table(name, metadata, *items, **options)
    return metadata


def a(kind=Integer, *items, **options):
    return Column("a", kind, *items, **options)


def b(kind=Text, *items, **options):
    return Column("b", kind, *items, **options)


def parent(**options):
    return t(Column("code", String(8), unique=True), Column("x", Integer), Column("y", Integer), UniqueConstraint("x", "y"), name="p", **options)


def child(*items, **options):
    return t(*items, name="c", to=parent(), **options)


def columns():
    yield "text comes", t(a()), t(a(), b()), BOTH
    yield "not null with a default comes", t(a()), t(a(), b(String(20), nullable=False, server_default="x")), BOTH
    yield "goes", t(a(), b()), t(a()), BOTH
    yield "two come, two go", t(a(), b()), t(Column("c", Date), Column("d", Float)), BOTH
    yield "name in mixed case comes", t(a()), t(a(), Column("createdAt", DateTime)), BOTH
    yield "name of a key word, with a quote, comes", t(a()), t(a(), Column("select", Integer), Column('x"y', Integer)), BOTH
    yield "name in another case", t(Column("Title", Text)), t(Column("title", Text)), POSTGRESQL
    yield "order", t(a(), b()), t(b(), a()), BOTH
    yield "array comes", t(a()), t(a(), b(ARRAY(Integer))), POSTGRESQL
    yield "generated comes", t(a()), t(a(), Column("g", Integer, Computed("a * 2", persisted=True))), BOTH
    yield "generated goes", t(a(), Column("g", Integer, Computed("a * 2", persisted=True))), t(a()), BOTH
    yield "generated from something else", (t(a(), Column("g", Integer, Computed("a * 2", persisted=True)))), (
        t(a(), Column("g", Integer, Computed("a * 3", persisted=True)))), BOTH
    yield "generated is no more", t(a(), Column("g", Integer, Computed("a * 2", persisted=True))), t(a(), Column("g", Integer)), BOTH
    yield "becomes generated", t(a(), Column("g", Integer)), t(a(), Column("g", Integer, Computed("a * 2", persisted=True))), BOTH
    yield "identity comes", t(a()), t(a(), Column("n", BigInteger, Identity(always=True, start=10))), POSTGRESQL
    yield "identity always", t(Column("n", Integer, Identity())), t(Column("n", Integer, Identity(always=True))), POSTGRESQL
    yield "identity counts otherwise", t(Column("n", Integer, Identity(increment=1))), t(
        Column("n", Integer, Identity(increment=5, cache=10))), POSTGRESQL
    yield "becomes identity", t(Column("n", Integer, nullable=False)), t(Column("n", Integer, Identity())), POSTGRESQL
    yield "identity is no more", t(Column("n", Integer, Identity())), t(Column("n", Integer, nullable=False)), POSTGRESQL


def nullability():
    yield "not null", t(a(nullable=True)), t(a(nullable=False)), BOTH
    yield "nullable", t(a(nullable=False)), t(a(nullable=True)), BOTH
    yield "not null and another type", t(a()), t(a(BigInteger, nullable=False)), BOTH


def types():
    changes = [(Integer, BigInteger), (SmallInteger, Integer), (Integer, Text), (String(20), String(50)), (String(50), String(20)),
               (String(20), Text), (Text, String), (Numeric(10, 2), Numeric(12, 2)), (Numeric(10, 2), Numeric(10, 4)), (Float, Numeric(8, 2)),
               (Integer, Boolean), (Date, DateTime), (Text, LargeBinary), (Text, JSON), (DateTime, Time)]
    for old, new in changes:
        yield f"{old} to {new}".replace("<class 'sqlalchemy.sql.sqltypes.", "").replace("'>", ""), t(b(old)), t(b(new)), BOTH
    yield "time zone", t(b(DateTime)), t(b(DateTime(timezone=True))), POSTGRESQL
    yield "precision of a timestamp", t(b(postgresql.TIMESTAMP(precision=6))), t(b(postgresql.TIMESTAMP(precision=3))), POSTGRESQL
    yield "json to jsonb", t(b(postgresql.JSON)), t(b(postgresql.JSONB)), POSTGRESQL
    yield "array of another type", t(b(ARRAY(Integer))), t(b(ARRAY(BigInteger))), POSTGRESQL
    yield "interval", t(b(Text)), t(b(Interval)), POSTGRESQL
    yield "uuid", t(b(Text)), t(b(postgresql.UUID)), POSTGRESQL
    yield "text to inet", t(b(Text)), t(b(postgresql.INET)), POSTGRESQL
    yield "collation", t(b(Text)), t(b(Text(collation="C"))), POSTGRESQL
    yield "collation of SQLite", t(b(Text)), t(b(Text(collation="NOCASE"))), ("sqlite",)


def defaults():
    yield "comes", t(a()), t(a(server_default="5")), BOTH
    yield "goes", t(a(server_default="5")), t(a()), BOTH
    yield "another number", t(a(server_default="5")), t(a(server_default="6")), BOTH
    yield "another text", t(b(server_default="it's")), t(b(server_default="it's not")), BOTH
    yield "text to expression", t(b(DateTime, server_default=text("'2020-01-01'"))), t(b(DateTime, server_default=func.current_timestamp())), BOTH
    yield "another expression", t(a(server_default=text("(1 + 2)"))), t(a(server_default=text("(1 + 3)"))), BOTH
    yield "of a boolean", t(a(Boolean, server_default=text("'0'"))), t(a(Boolean, server_default=text("'1'"))), BOTH
    yield "of json", t(b(postgresql.JSONB, server_default="{}")), t(b(postgresql.JSONB, server_default="[]")), POSTGRESQL
    yield "of an array", t(b(ARRAY(Integer), server_default="{}")), t(b(ARRAY(Integer), server_default="{1}")), POSTGRESQL
    yield "with another type", t(a(server_default="1")), t(a(BigInteger, server_default="2")), BOTH


def keys():
    yield "primary key of two", bare(a(primary_key=True, autoincrement=False), b()), (
        bare(a(primary_key=True, autoincrement=False), b(primary_key=True))), BOTH
    yield "primary key of another column", bare(a(primary_key=True), b(nullable=False)), bare(a(nullable=False), b(primary_key=True)), BOTH
    yield "primary key comes", bare(a(nullable=False), b()), bare(a(primary_key=True, autoincrement=False), b()), BOTH
    yield "primary key gets a name", bare(a(), b(), PrimaryKeyConstraint("a", name="pk_old")), (
        bare(a(), b(), PrimaryKeyConstraint("a", name="pk_new"))), BOTH
    yield "unique comes", t(a()), t(a(), UniqueConstraint("a", name="uq")), BOTH
    yield "unique goes", t(a(), UniqueConstraint("a", name="uq")), t(a()), BOTH
    yield "unique without a name comes", t(a(), b()), t(a(), b(), UniqueConstraint("a", "b")), BOTH
    yield "unique over other columns", t(a(), b(), UniqueConstraint("a", name="uq")), t(a(), b(), UniqueConstraint("a", "b", name="uq")), BOTH
    yield "unique gets another name", t(a(), UniqueConstraint("a", name="uq")), t(a(), UniqueConstraint("a", name="uq_t_a")), BOTH
    yield "unique deferrable", t(a(), UniqueConstraint("a", name="uq")), (
        t(a(), UniqueConstraint("a", name="uq", deferrable=True, initially="DEFERRED"))), POSTGRESQL
    yield "check comes", t(a()), t(a(), CheckConstraint("a > 0", name="ck")), BOTH
    yield "check goes", t(a(), CheckConstraint("a > 0", name="ck")), t(a()), BOTH
    yield "another check", t(a(), CheckConstraint("a > 0", name="ck")), t(a(), CheckConstraint("a > 1", name="ck")), BOTH
    yield "check without a name comes", t(a()), t(a(), CheckConstraint("a IN (1, 2)")), BOTH
    yield "exclude comes", t(b(postgresql.INT4RANGE)), t(b(postgresql.INT4RANGE), postgresql.ExcludeConstraint(("b", "&&"), name="ex")), POSTGRESQL


def foreign_keys():
    yield "comes", child(a()), child(a(Integer, ForeignKey("p.id", name="fk"))), BOTH
    yield "goes", child(a(Integer, ForeignKey("p.id", name="fk"))), child(a()), BOTH
    yield "without a name comes", child(a()), child(a(Integer, ForeignKey("p.id"))), BOTH
    yield "with its column", child(), child(a(Integer, ForeignKey("p.id", name="fk"))), BOTH
    yield "to another column", child(a(Integer, ForeignKey("p.id", name="fk"))), child(a(Integer, ForeignKey("p.code", name="fk"))), ("sqlite",)
    yield "of two columns", child(a(), b(Integer)), child(a(), b(Integer), ForeignKeyConstraint(["a", "b"], ["p.x", "p.y"], name="fk")), BOTH
    for old, new in ((None, "CASCADE"), ("CASCADE", "SET NULL"), ("RESTRICT", None)):
        yield f"on delete {old} to {new}", child(a(Integer, ForeignKey("p.id", name="fk", ondelete=old))), (
            child(a(Integer, ForeignKey("p.id", name="fk", ondelete=new)))), BOTH
    yield "on update", child(a(Integer, ForeignKey("p.id", name="fk"))), child(a(Integer, ForeignKey("p.id", name="fk", onupdate="CASCADE"))), BOTH
    yield "deferred", child(a(Integer, ForeignKey("p.id", name="fk"))), (
        child(a(Integer, ForeignKey("p.id", name="fk", deferrable=True, initially="DEFERRED")))), BOTH
    yield "match full", child(a(Integer, ForeignKey("p.id", name="fk"))), child(a(Integer, ForeignKey("p.id", name="fk", match="FULL"))), POSTGRESQL
    yield "to itself", t(a()), t(a(Integer, ForeignKey("t.id", name="fk"))), BOTH
    yield "gets another name", child(a(Integer, ForeignKey("p.id", name="fk"))), child(a(Integer, ForeignKey("p.id", name="fk_c_a"))), BOTH


def indexes():
    yield "comes", t(a()), t(a(index=True)), BOTH
    yield "goes", t(a(index=True)), t(a()), BOTH
    yield "unique", t(a(), Index("ix", "a")), t(a(), Index("ix", "a", unique=True)), BOTH
    yield "over other columns", t(a(), b(), Index("ix", "a")), t(a(), b(), Index("ix", "b", "a")), BOTH
    yield "gets another name", t(a(), Index("ix", "a")), t(a(), Index("ix_t_a", "a")), BOTH
    yield "over an expression comes", t(b()), t(b(), Index("ix", text("lower(b)"))), BOTH
    yield "over an expression goes", t(b(), Index("ix", text("lower(b)"))), t(b()), BOTH
    yield "over another expression", t(b(), Index("ix", text("lower(b)"))), t(b(), Index("ix", text("upper(b)"))), BOTH
    yield "descending", t(a(), Index("ix", "a")), t(a(), Index("ix", text("a DESC"))), BOTH
    yield "partial comes", t(a()), t(a(), Index("ix", "a", postgresql_where=text("a > 0"), sqlite_where=text("a > 0"))), BOTH
    yield "becomes partial", t(a(), Index("ix", "a")), t(a(), Index("ix", "a", postgresql_where=text("a > 0"), sqlite_where=text("a > 0"))), BOTH
    yield "of another part", t(a(), Index("ix", "a", postgresql_where=text("a > 0"), sqlite_where=text("a > 0"))), (
        t(a(), Index("ix", "a", postgresql_where=text("a > 1"), sqlite_where=text("a > 1")))), BOTH
    yield "of another method", t(a(), Index("ix", "a")), t(a(), Index("ix", "a", postgresql_using="hash")), POSTGRESQL
    yield "gin comes", t(b(postgresql.JSONB)), t(b(postgresql.JSONB), Index("ix", "b", postgresql_using="gin")), POSTGRESQL
    yield "of another operator class", t(b(), Index("ix", "b")), t(b(), Index("ix", "b", postgresql_ops={"b": "text_pattern_ops"})), POSTGRESQL
    yield "carries another column", t(a(), b(), Index("ix", "a")), t(a(), b(), Index("ix", "a", postgresql_include=["b"])), POSTGRESQL


def comments():
    yield "of a table comes", t(a()), t(a(), comment="of things"), POSTGRESQL
    yield "of a table changes", t(a(), comment="of things"), t(a(), comment="it's another"), POSTGRESQL
    yield "of a column comes", t(a()), t(a(comment="x")), POSTGRESQL
    yield "of a column goes", t(a(comment="x")), t(a()), POSTGRESQL


def enums():
    def mood(*values, name="mood"):
        return t(b(Enum(*values, name=name)))

    yield "column comes", t(a()), t(a(), b(Enum("x", "y", name="mood"))), BOTH
    yield "column goes", t(a(), b(Enum("x", "y", name="mood"))), t(a()), BOTH
    yield "gets a value", mood("x", "y"), mood("x", "y", "z"), POSTGRESQL
    yield "gets a value in the middle", mood("x", "y"), mood("x", "xx", "y"), POSTGRESQL
    yield "loses a value", mood("x", "y", "z"), mood("x", "z"), POSTGRESQL
    yield "gets another name", mood("x", "y"), mood("x", "y", name="temper"), POSTGRESQL
    yield "text becomes one", t(b(String(10))), mood("x", "y"), POSTGRESQL
    yield "gets a check", t(b(Enum("x", "y", name="mood", create_constraint=True))), (
        t(b(Enum("x", "y", "z", name="mood", create_constraint=True)))), ("sqlite",)


def sequences():
    def counted(**options):
        metadata = t(a())
        if options:
            Sequence("s", metadata=metadata, **options)
        return metadata

    yield "comes", counted(), counted(start=5), POSTGRESQL
    yield "goes", counted(start=5), counted(), POSTGRESQL
    yield "counts otherwise", counted(start=5), counted(start=5, increment=10), POSTGRESQL
    yield "becomes a default", t(a(server_default=text("1")), to=_with_sequence()), (
        t(a(server_default=text("nextval('s')")), to=_with_sequence())), POSTGRESQL


def _with_sequence():
    metadata = MetaData()
    Sequence("s", metadata=metadata)
    return metadata


def tables():
    yield "comes", t(a()), t(b(), name="u", to=t(a())), BOTH
    yield "goes", t(b(), name="u", to=t(a())), t(a()), BOTH
    yield "two that refer to each other come", MetaData(), _circle(), BOTH
    yield "comes with everything", MetaData(), t(
        a(nullable=False, index=True), b(String(9), server_default="x"), CheckConstraint("a > 0", name="ck"), UniqueConstraint("a", "b", name="uq")), BOTH
    yield "comes in another schema", t(a()), t(b(), name="u", schema="other", to=t(a())), POSTGRESQL
    yield "goes from another schema", t(b(), name="u", schema="other", to=t(a())), t(a()), POSTGRESQL
    yield "changes in another schema", t(a(), schema="other"), t(a(), b(), schema="other"), POSTGRESQL
    yield "refers to another schema", t(a(), to=t(name="u", schema="other")), (
        t(a(Integer, ForeignKey("other.u.id", name="fk")), to=t(name="u", schema="other"))), POSTGRESQL
    yield "becomes unlogged", t(a()), t(a(), prefixes=["UNLOGGED"]), POSTGRESQL
    yield "with AUTOINCREMENT", t(a()), t(a(), sqlite_autoincrement=True), ("sqlite",)


def _circle():
    metadata = t(a(Integer, ForeignKey("u.id", name="fk_t", use_alter=True)))
    return t(b(Integer, ForeignKey("t.id", name="fk_u")), name="u", to=metadata)


KINDS = [("columns", columns), ("nullability", nullability), ("types", types), ("defaults", defaults), ("keys and other constraints", keys),
         ("foreign keys", foreign_keys), ("indexes", indexes), ("comments", comments), ("enums", enums), ("sequences", sequences), ("tables", tables)]


def all_pairs():
    """Made anew each time: a MetaData belongs to whoever has it created."""
    for kind, make in KINDS:
        for name, old, new, dialects in make():
            yield Pair(kind, name, old, new, dialects)
