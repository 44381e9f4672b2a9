"""A PostgreSQL server of one's own, on a socket in a folder of one's own, with the settings of a fresh initdb; `durable`: and with
fsync, as is usual."""
import os
import pathlib
import pwd
import shutil
import subprocess
import sys


class Server:
    def __init__(self, folder, durable=True):
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        if not programs:
            sys.exit("bench/run: no PostgreSQL server. Debian: apt-get install postgresql")
        self.programs, self.folder, self.user = programs[-1], folder, pwd.getpwuid(os.getuid()).pw_name
        # Not /usr/bin/psql: that is a Perl script of Debian's that looks for this one, which takes longer than psql itself.
        os.environ["PATH"] = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        self.prefix = []
        if os.getuid() == 0:
            # PostgreSQL refuses to run as root.
            self.user, self.prefix = "postgres", ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")
        self.call("initdb", "-D", folder / "data", "-A", "trust", "-U", self.user, "-E", "UTF8", "--locale=C")
        self.call("pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o",
                  f"-k {folder} -c listen_addresses=''" + ("" if durable else " -c fsync=off"), "start")
        os.environ.update(PGHOST=str(folder), PGUSER=self.user, PGPORT="5432")

    def call(self, program, *arguments):
        subprocess.run([*self.prefix, str(self.programs / program), *map(str, arguments)], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)

    def url(self, database):
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def sql(self, database, text):
        return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text], check=True, text=True,
                              capture_output=True).stdout.strip()

    def fresh(self, database):
        self.sql("postgres", f"DROP DATABASE IF EXISTS {database}")
        self.sql("postgres", f"CREATE DATABASE {database}")
        # Or the checkpoint of the run before falls into this one.
        self.sql("postgres", "CHECKPOINT")

    def stop(self):
        self.call("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
