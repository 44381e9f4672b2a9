#!/usr/bin/env python3
"""The .deb that cpack makes: what it holds and asks for, and a project that is built against its contents.

    package.py --build FOLDER --cmake CMAKE --compiler CXX [--sanitize LIST]
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True
from project_outside import Failure, Place, fill_in, require  # noqa: E402

FILES = ("usr/bin/capo", "usr/lib/*libcapo.a", "usr/lib/*cmake/capo/capoConfig.cmake", "usr/lib/*cmake/capo/capo_add_migrations.cmake",
         "usr/lib/*pkgconfig/capo.pc", "usr/include/capo/migration.hpp", "usr/include/capo/capo.hpp", "usr/share/man/man1/capo.1",
         "usr/share/bash-completion/completions/capo", "usr/share/zsh/vendor-completions/_capo",
         "usr/share/fish/vendor_completions.d/capo.fish", "usr/share/doc/capo/copyright")


def output(*argv, **more):
    return subprocess.run(argv, check=True, capture_output=True, text=True, **more).stdout


def make_package(arguments, folder):
    cpack = shutil.which("cpack", path=str(pathlib.Path(arguments.cmake).parent)) or "cpack"
    result = subprocess.run([cpack, "-G", "DEB", "--config", f"{arguments.build}/CPackConfig.cmake", "-B", folder], cwd=arguments.build,
                            capture_output=True, text=True, check=False)
    require(result.returncode == 0, f"cpack ended with {result.returncode}:\n{result.stdout}{result.stderr}")
    packages = list(folder.glob("*.deb"))
    require(len(packages) == 1 and re.fullmatch(r"capo_[0-9.]+_[a-z0-9]+\.deb", packages[0].name), f"{packages}")
    return packages[0]


def check_what_it_asks_for(package):
    fields = dict(re.findall(r"^ (\S+): (.*)", output("dpkg-deb", "-I", package), re.MULTILINE))
    require((fields["Package"], fields["Section"]) == ("capo", "database"), f"{fields}")
    for name in ("libc6", "libstdc++6", "libfmt9", "libpq5", "libsodium23", "libsqlite3-0", "libunistring2"):
        require(re.search(rf"\b{re.escape(name)}( |,|$)", fields["Depends"]), f"it does not depend on {name}: {fields['Depends']}")
    for name in ("g++", "cmake", "pkg-config", "libfmt-dev", "libpq-dev", "libsodium-dev", "libsqlite3-dev", "libunistring-dev"):
        require(name in re.split(r"[ ,]+", fields["Recommends"]), f"it does not recommend {name}: {fields['Recommends']}")


def check_contents(package):
    lines = [line.split(maxsplit=5) for line in output("dpkg-deb", "-c", package).splitlines()]
    paths = [pathlib.PurePath(line[5]) for line in lines]
    for pattern in FILES:
        require(any(path.match(pattern) or re.fullmatch(pattern.replace("*", ".*"), str(path)) for path in paths), f"it lacks {pattern}")
    for line, path in zip(lines, paths):
        require(str(path) == "." or path.parts[0] == "usr", f"{path} does not belong into it")
        require(line[1] == "root/root", f"{path} belongs to {line[1]}")
        require(line[0][5] != "w" and line[0][8] != "w", f"{path} may be written to by others: {line[0]}")


def check_project(arguments, package, folder):
    """What a user does who has installed it; its contents lie elsewhere here, so that no root is needed."""
    subprocess.run(["dpkg-deb", "-x", package, folder / "root"], check=True)
    prefix = folder / "root/usr"
    for path in [*prefix.glob("lib/**/*.cmake"), *prefix.glob("lib/**/*.pc")]:
        require(str(arguments.build) not in path.read_text(encoding="utf-8"), f"{path} names the folder it was built in")
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith(("CMAKE_", "CAPO_", "PG")) and key not in ("DATABASE_URL", "ALEMBIC_CONFIG")}
    flags = f"-fsanitize={arguments.sanitize}" if arguments.sanitize else ""
    environment |= {"PATH": f"{prefix}/bin:{pathlib.Path(arguments.cmake).parent}:{environment['PATH']}",
                    "CMAKE_PREFIX_PATH": str(prefix), "CXX": arguments.compiler, "CXXFLAGS": flags,
                    "DATABASE_URL": "sqlite:///shop.db", "LC_ALL": "C"}
    place = Place(folder / "shop", environment)
    place.folder.mkdir()
    place.run("capo", "init", "-t", "cpp", "alembic")
    place.run("capo", "revision", "-m", "items", "--rev-id", "000")
    fill_in(place.file("alembic/versions/000_*.cpp"), 'op.create_table("items", {Column("id", Integer())});', 'op.drop_table("items");')
    place.run("capo", "upgrade", "head", says="Running upgrade  -> 000, items")
    place.run("capo", "current", says="000 (head)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--build", "--cmake", "--compiler"):
        parser.add_argument(name, required=True)
    parser.add_argument("--sanitize", default="")
    arguments = parser.parse_args()
    for tool, name in (("dpkg-deb", "dpkg"), ("dpkg-shlibdeps", "dpkg-dev"), ("file", "file")):
        require(shutil.which(tool), f"{tool} is missing: apt-get install {name}")
    with tempfile.TemporaryDirectory(prefix="capo-package-") as name:
        folder = pathlib.Path(name).resolve()
        package = make_package(arguments, folder)
        check_what_it_asks_for(package)
        check_contents(package)
        check_project(arguments, package, folder)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"FAILED: {failure}")
