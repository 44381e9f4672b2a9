"""Projects of any number of revisions, the same for every tool: capo's SQL files, Alembic's Python files, and the plain
script that does the same work in a database's own client."""
import hashlib
import pathlib
import subprocess


def identifier(number):
    return hashlib.sha256(f"revision {number}".encode()).hexdigest()[:12]


def message(number):
    words = ["create the table", "add a column", "add a column", "index it", "fill it", "add a column", "correct what is there",
             "add a column", "one more index", "fill it again"]
    return f"{words[number % 10]} of work {number}"


def statements(number):
    """What revision `number` does: ten revisions make and change one table, in SQL that PostgreSQL and SQLite share."""
    table = f"work_{number // 10}"
    step = number % 10
    if step == 0:
        up = [f"CREATE TABLE {table} (id integer PRIMARY KEY, name varchar(50) NOT NULL, created_at timestamp)",
              f"CREATE INDEX idx_{table}_name ON {table} (name)"]
        return up, [f"DROP TABLE {table}"]
    if step in (1, 2, 5, 7):
        return [f"ALTER TABLE {table} ADD COLUMN c{step} varchar(100)"], [f"ALTER TABLE {table} DROP COLUMN c{step}"]
    if step in (3, 8):
        index, column = f"idx_{table}_c{step - 1}", f"c{step - 1}"
        return [f"CREATE INDEX {index} ON {table} ({column})"], [f"DROP INDEX {index}"]
    if step in (4, 9):
        rows = ", ".join(f"({10 * step + i}, 'row {i}; with a semicolon')" for i in range(5))
        return [f"INSERT INTO {table} (id, name) VALUES {rows}"], [f"DELETE FROM {table} WHERE id >= {10 * step}"]
    return [f"UPDATE {table} SET c1 = name, c2 = 'it''s corrected' WHERE id > 40"], [f"UPDATE {table} SET c1 = NULL"]


def make_capo(folder, count):
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/alembic\n", encoding="utf-8")
    for number in range(count):
        up, down = statements(number)
        parent = identifier(number - 1) if number else ""
        text = (f"-- {message(number)}\n--\n-- Revision ID: {identifier(number)}\n-- Revises: {parent}\n"
                f"-- Create Date: 2026-11-22 06:21:00\n\n-- capo:upgrade\n" + ";\n".join(up) + ";\n\n-- capo:downgrade\n"
                + ";\n".join(down) + ";\n")
        (versions / f"{identifier(number)}_{message(number).replace(' ', '_')}.sql").write_text(text, encoding="utf-8")


MAIN = """#include <capo/capo.hpp>
int main(int argc, char** argv) { return capo::run(argc, argv, capo::embedded_project()); }
"""


def make_program(folder, program, root, capo):
    """The revisions of a project of make_capo(), in one program with the release library."""
    files = sorted(map(str, (folder / "alembic/versions").glob("*.sql")))
    (folder / "files.txt").write_text("\n".join(files), encoding="utf-8")
    (folder / "main.cpp").write_text(MAIN, encoding="utf-8")
    subprocess.run([capo, "embed", "-o", folder / "table.cpp", "--files", folder / "files.txt", "--ini", folder / "alembic.ini"],
                   cwd=folder, check=True)
    subprocess.run(["g++", "-std=c++20", "-I", root / "include", folder / "main.cpp", folder / "table.cpp",
                    root / "build/release/libcapo.a", "-lfmt", "-lsodium", "-lunistring", "-lpq", "-lsqlite3", "-o", program],
                   check=True)


ENV = """from alembic import context
from sqlalchemy import create_engine, pool

config = context.config
url = config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""


def make_alembic(folder, count, url):
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(
        f"[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = {url.replace('%', '%%')}\n", encoding="utf-8")
    (folder / "alembic/env.py").write_text(ENV, encoding="utf-8")
    for number in range(count):
        up, down = statements(number)
        parent = repr(identifier(number - 1)) if number else None
        lines = [f'"""{message(number)}\n\nRevision ID: {identifier(number)}\nCreate Date: 2026-11-22 06:21:00\n"""',
                 "from alembic import op\n", f"revision = {identifier(number)!r}", f"down_revision = {parent}",
                 "branch_labels = None", "depends_on = None\n\n", "def upgrade():"]
        lines += [f"    op.execute({sql!r})" for sql in up] + ["\n", "def downgrade():"]
        lines += [f"    op.execute({sql!r})" for sql in down]
        name = f"{identifier(number)}_{message(number).replace(' ', '_')}.py"
        (versions / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def plain_script(path: pathlib.Path, count, transaction_each):
    """The same statements and the same version rows, for psql or sqlite3."""
    out = ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
           "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));"]
    for number in range(count):
        if transaction_each:
            out.append("BEGIN IMMEDIATE;")
        out += [sql + ";" for sql in statements(number)[0]]
        if number == 0:
            out.append(f"INSERT INTO alembic_version (version_num) VALUES ('{identifier(0)}');")
        else:
            out.append(f"UPDATE alembic_version SET version_num='{identifier(number)}' "
                       f"WHERE alembic_version.version_num = '{identifier(number - 1)}';")
        if transaction_each:
            out.append("COMMIT;")
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
