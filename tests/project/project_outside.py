#!/usr/bin/env python3
"""A project outside of the tree, as its makers would work on it: against an installed capo, found by CMake and by
pkg-config; a revision written, built and applied; the program alone in an empty folder; and what goes wrong on the way.

    project_outside.py --build FOLDER --cmake CMAKE --compiler CXX [--sanitize LIST]
"""
import argparse
import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time


class Failure(Exception):
    pass


class Answer:
    def __init__(self, argv, result):
        self.argv, self.code, self.out, self.error = argv, result.returncode, result.stdout, result.stderr

    def __str__(self):
        return f"$ {' '.join(map(str, self.argv))}\nexit code {self.code}\n{self.out}{self.error}"


class Place:
    """A folder and the environment that commands run with in it."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, dict(environment)

    def run(self, *argv, code=0, says=(), timeout=300):
        answer = Answer(argv, subprocess.run(argv, cwd=self.folder, env=self.environment, capture_output=True, text=True,
                                             timeout=timeout, check=False))
        if answer.code != code:
            raise Failure(f"must end with {code}:\n{answer}")
        for text in [says] if isinstance(says, str) else says:
            if text not in answer.out + answer.error:
                raise Failure(f"must say {text!r}:\n{answer}")
        return answer

    def file(self, pattern):
        found = list(self.folder.glob(pattern))
        if len(found) != 1:
            raise Failure(f"{pattern} in {self.folder}: {found}")
        return found[0]


@contextlib.contextmanager
def open_folder(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def require(condition, what):
    if not condition:
        raise Failure(what)


def fill_in(path, up, down):
    """What somebody types into a new revision."""
    text = path.read_text(encoding="utf-8")
    for function, body in (("upgrade", up), ("downgrade", down)):
        text, count = re.subn(rf"(static void {function}\(.*\{{\n)", lambda m: m.group(1) + f"  {body}\n", text)
        require(count == 1, f"no {function} in {text}")
    path.write_text(text, encoding="utf-8")


def columns(database, table):
    connection = sqlite3.connect(database)
    try:
        return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    finally:
        connection.close()


def make_project(place):
    place.folder.mkdir(parents=True)
    place.run("capo", "init", "-t", "cpp", "alembic")
    # Without any revision it builds, too.
    place.run("capo", "history", says="Built build/shop-migrate in ")
    require(place.run("capo", "heads").error == "", "a program that is up to date was not built in silence")


def write_and_apply(place):
    begin = time.monotonic()
    place.run("capo", "revision", "-m", 'add "items"\\', "--rev-id", "000")
    fill_in(place.file("alembic/versions/000_*.cpp"), 'op.execute("CREATE TABLE items (id integer PRIMARY KEY)");',
            'op.execute("DROP TABLE items");')
    place.run("capo", "upgrade", "head", says=["Built build/shop-migrate in ", 'Running upgrade  -> 000, add "items"\\'])
    print(f"from `capo revision` to upgraded: {time.monotonic() - begin:.1f} s")
    require(columns(place.folder / "shop.db", "items") == ["id"], "the table is not there")
    place.run("capo", "current", says="000 (head)")


def more_revisions(place):
    """An id that is no C++ word, a branch and its merge, SQL beside C++, an argument."""
    place.run("capo", "revision", "-m", "owner", "--rev-id", "001.a")
    fill_in(place.file("alembic/versions/001.a_*.cpp"),
            'op.execute("ALTER TABLE items ADD COLUMN " + op.argument("name").value_or("nobody") + " integer");',
            'op.execute("ALTER TABLE items DROP COLUMN owner_id");')
    place.run("capo", "revision", "-m", "side", "--rev-id", "002", "--head", "000", "--splice", "--branch-label", "side")
    place.run("capo", "merge", "heads", "-m", "join", "--rev-id", "003")
    place.run("capo", "revision", "-m", "in SQL; \"quoted\" ?\u00e9", "--rev-id", "004", "--kind", "sql")
    sql = place.file("alembic/versions/004_*.sql")
    sql.write_text(sql.read_text(encoding="utf-8") + "INSERT INTO items (id) VALUES (4); -- \u00e9 \\ \"\n", encoding="utf-8")
    text = sql.read_text(encoding="utf-8")
    sql.write_text(text.replace("-- capo:downgrade\n", "") + "\n-- capo:downgrade\nDELETE FROM items;\n", encoding="utf-8")
    answer = place.run("capo", "upgrade", "head", "-x", "name=owner_id")
    require("nothing reads it" not in answer.error, str(answer))
    require(columns(place.folder / "shop.db", "items") == ["id", "owner_id"], "the argument was not read")
    place.run("capo", "show", "001.a", says=f"Path: {place.folder}/alembic/versions/001.a_owner.cpp")
    place.run("capo", "history", "--json", says=['"kind": "cpp"', '"kind": "sql"'])
    place.environment["EDITOR"] = "cat"
    place.run("capo", "edit", "000", says="CAPO_REVISION(000,")


def alone(place, folder):
    """The program in an empty folder, with only DATABASE_URL."""
    folder.mkdir()
    shutil.copy(place.folder / "build/shop-migrate", folder)
    home = Place(folder, {"DATABASE_URL": "sqlite:///alone.db", "PATH": "/nowhere"})
    program = str(folder / "shop-migrate")
    home.run(program, "history", says=["003 -> 004 (side) (head), in SQL", "<base> -> 000 (branchpoint), add \"items\"\\"])
    home.run(program, "upgrade", "head", "--sql", says=["CREATE TABLE items", "-- Running upgrade 003 -> 004"])
    home.run(program, "upgrade", "head", "-x", "name=owner_id")
    home.run(program, "current", says="004 (head)")
    home.run(program, "show", "004", says="Path: alembic/versions/004_")
    home.run(program, "downgrade", "base")
    require(columns(folder / "alone.db", "items") == [], "the table is still there")
    home.run(program, "stamp", "head")
    home.run(program, "current", says="004 (head)")
    home.run(program, "revision", "-m", "x", code=1, says="there is no project here")
    left = sorted(path.name for path in folder.iterdir())
    require(left == ["alone.db", "shop-migrate"], f"it left files: {left}")


def broken_file(place):
    path = place.folder / "alembic/versions/005_broken.cpp"
    path.write_text('#include <capo/migration.hpp>\nnamespace rev_005 {\nstatic void upgrade(capo::Operations& op) { op.nosuch(); }\n'
                    'static void downgrade(capo::Operations&) {}\n'
                    'CAPO_REVISION(005, .down_revision = {"004"});\n}\n', encoding="utf-8")
    place.run("capo", "upgrade", "head", code=1,
              says=["005_broken.cpp:3:", "nosuch", "FAILED: build/shop-migrate was not built", "capo_build in alembic.ini"])
    place.run("capo", "--no-build", "current", says="004 (head)")
    path.write_text("int x;\n", encoding="utf-8")
    place.run("capo", "heads", code=1, says=["a C++ file among the revisions, without CAPO_REVISION", "write CAPO_REVISION(001,"])
    path.write_text("CAPO_REVISION(a-b);\n", encoding="utf-8")
    place.run("capo", "heads", code=1, says=["005_broken.cpp:1:15", "'a-b' cannot be a part of a C++ name"])
    path.write_text("CAPO_REVISION(000);\n", encoding="utf-8")
    place.run("capo", "heads", code=1, says=["Revision 000 is present more than once", "The first is in "])
    path.unlink()
    place.run("capo", "heads", says="004 (side) (head)")


def missing_tools(place):
    before = place.environment["PATH"]
    capo = shutil.which("capo", path=before)
    tools = place.folder.parent / "tools"
    tools.mkdir()
    (tools / "sh").symlink_to("/bin/sh")
    place.environment["PATH"] = str(tools)
    place.run(capo, "heads", code=1, says=["cmake: not found", "ended with 127", "install what is missing"])
    place.run(capo, "heads", "--no-build", says="004 (side) (head)")
    place.environment["PATH"] = before
    (place.folder / "build/shop-migrate").rename(place.folder / "kept")
    place.run("capo", "heads", "--no-build", code=1, says="there is no program ")
    (place.folder / "kept").rename(place.folder / "build/shop-migrate")


def interrupted_build(place):
    """Killed at any moment, the next build goes on from there."""
    source = place.file("alembic/versions/002_*.cpp")
    for number, delay in enumerate((0.05, 0.3, 0.8, 1.5)):
        source.write_text(source.read_text(encoding="utf-8") + f"// {number}\n", encoding="utf-8")
        process = subprocess.Popen(["capo", "heads"], cwd=place.folder, env=place.environment, start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    place.run("capo", "heads", says="004 (side) (head)")
    require(place.run("capo", "heads").error == "", "it is built again and again")


def half_a_program(place):
    """What a killed linker leaves is newer than its inputs: the build tool alone would never make it again."""
    program = place.folder / "build/shop-migrate"
    program.chmod(0o644)
    place.run("capo", "heads", says=["Built build/shop-migrate in ", "004 (side) (head)"])
    program.write_bytes(b"")
    place.run("capo", "heads", says=["Built build/shop-migrate in ", "004 (side) (head)"])
    require([path.name for path in program.parent.glob("shop-migrate.*")] == ["shop-migrate.capo"], "it left files")
    # A slip in the ini file must cost nobody a source.
    ini, source = place.folder / "alembic.ini", place.folder / "alembic/env.cpp"
    text, code = ini.read_text(encoding="utf-8"), source.read_bytes()
    ini.write_text(text.replace("capo_program = build/shop-migrate", "capo_program = alembic/env.cpp"), encoding="utf-8")
    place.run("capo", "heads", code=1, says=["/alembic/env.cpp: Permission denied", "see capo_program in alembic.ini"])
    ini.write_text(text, encoding="utf-8")
    require(source.read_bytes() == code, "the source is gone")


def two_at_once(place):
    """While one builds the other waits, and then has nothing to build."""
    with open_folder(place.folder) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        second = subprocess.Popen(["capo", "heads"], cwd=place.folder, env=place.environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
        line = second.stderr.readline()
        require(line == "Waiting for another capo, which builds build/shop-migrate\n", f"it said {line!r}")
    out, error = second.communicate(timeout=300)
    require((second.returncode, out, error) == (0, "004 (side) (head)\n", ""), f"{second.returncode}\n{out}{error}")

    source = place.file("alembic/versions/002_*.cpp")
    source.write_text(source.read_text(encoding="utf-8") + "// for both\n", encoding="utf-8")
    both = [subprocess.Popen(["capo", "heads"], cwd=place.folder, env=place.environment, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    require([out for out, _ in said] == ["004 (side) (head)\n"] * 2, f"{said}")
    require(sum(error.count("Built build/shop-migrate in ") for _, error in said) == 1, f"{said}")


def without_a_program(place):
    """The ini names no program: a revision in C++ must not be passed over in silence."""
    ini = place.folder / "alembic.ini"
    text = ini.read_text(encoding="utf-8")
    ini.write_text(text.replace("capo_program =", "# capo_program ="), encoding="utf-8")
    place.run("capo", "heads", code=1, says=["a revision in C++, which only the program that it is compiled into can read",
                                            "capo_program = build/"])
    ini.write_text(text, encoding="utf-8")


def with_pkg_config(place, folder, compiler, flags):
    """The same revisions, built by hand."""
    shutil.copytree(place.folder / "alembic", folder / "alembic")
    shutil.copy(place.folder / "alembic.ini", folder)
    home = Place(folder, place.environment)
    files = sorted(str(path.relative_to(folder)) for path in (folder / "alembic/versions").iterdir())
    home.run("capo", "embed", "-o", "table.cpp", "--ini", "alembic.ini", *files)
    first = (folder / "table.cpp").stat().st_mtime_ns
    home.run("capo", "embed", "-o", "table.cpp", "--ini", "alembic.ini", *files)
    require((folder / "table.cpp").stat().st_mtime_ns == first, "the table was written again though nothing changed")
    pc = home.run("pkg-config", "--cflags", "--libs", "capo").out.split()
    home.run(compiler, "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", *flags, "alembic/env.cpp", "table.cpp",
             *[name for name in files if name.endswith(".cpp")], *pc, "-o", "migrate")
    home.environment["DATABASE_URL"] = "sqlite:///by_hand.db"
    home.run("./migrate", "upgrade", "head", "-x", "name=owner_id")
    home.run("./migrate", "current", says="004 (head)")


def check_installed(prefix):
    for pattern in ("bin/capo", "lib*/**/libcapo.a", "lib*/**/cmake/capo/capoConfig.cmake", "lib*/**/pkgconfig/capo.pc",
                    "include/capo/migration.hpp", "share/man/man1/capo.1", "share/bash-completion/completions/capo",
                    "share/zsh/site-functions/_capo", "share/fish/vendor_completions.d/capo.fish"):
        require(list(prefix.glob(pattern)), f"not installed: {pattern}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--build", "--cmake", "--compiler"):
        parser.add_argument(name, required=True)
    parser.add_argument("--sanitize", default="")
    arguments = parser.parse_args()
    for tool in ("pkg-config", arguments.compiler):
        require(shutil.which(tool), f"{tool} is missing: scripts/install build")
    flags = [f"-fsanitize={arguments.sanitize}"] if arguments.sanitize else []

    with tempfile.TemporaryDirectory(prefix="capo-project-") as name:
        root = pathlib.Path(name).resolve()
        prefix = root / "prefix"
        subprocess.run([arguments.cmake, "--install", arguments.build, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        check_installed(prefix)
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith(("CMAKE_", "CAPO_", "PG")) and key not in ("DATABASE_URL", "ALEMBIC_CONFIG")}
        tools = pathlib.Path(arguments.cmake).parent
        pkg_config = ":".join(str(path.parent) for path in prefix.glob("lib*/**/capo.pc"))
        environment |= {"PATH": f"{prefix}/bin:{tools}:{environment['PATH']}", "CMAKE_PREFIX_PATH": str(prefix),
                        "PKG_CONFIG_PATH": pkg_config, "CXX": arguments.compiler, "CXXFLAGS": " ".join(flags),
                        "DATABASE_URL": "sqlite:///shop.db", "LC_ALL": "C"}
        place = Place(root / "a shop" / "shop", environment)
        make_project(place)
        write_and_apply(place)
        more_revisions(place)
        alone(place, root / "alone")
        broken_file(place)
        missing_tools(place)
        without_a_program(place)
        half_a_program(place)
        two_at_once(place)
        interrupted_build(place)
        by_hand = root / "by_hand"
        by_hand.mkdir()
        with_pkg_config(place, by_hand, arguments.compiler, flags)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"FAILED: {failure}")
