#!/usr/bin/env python3
"""examples/guitar_practice/service/start: from one command to a page, on each kind of database, and nothing left afterwards."""
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from start_service import START, Client, Started, build_folder, clean_environment  # noqa: E402

BUILD = build_folder()
SERVICE = BUILD / "examples/guitar_practice/service/gpra-service"


def run(*arguments, **environment):
    return subprocess.run([str(START), "--build", str(BUILD), *arguments], capture_output=True, text=True, check=False, timeout=60,
                          env={**clean_environment(), **environment})


def runs(process):
    """One that has ended, and that nobody has waited for, is still listed."""
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] not in "ZX"


class OwnServer(unittest.TestCase):
    def test_demo_data_is_served_and_all_is_taken_away(self):
        with Started(BUILD) as started:
            self.assertIn("Log in as admin with the password: six strings", started.text())
            admin = Client(started.url).log_in("admin", "six strings")
            account = admin.ask("GET", "/api/account").body
            self.assertEqual(account["subscription"]["used"], {"items": 340, "routines": 12})
            page = admin.ask("GET", "/")
            self.assertIn(b'data-users="many"', page.text)
            self.assertEqual(admin.ask("GET", "/", If_None_Match=page.headers["ETag"]).status, 304)
            self.check_files(admin)
            self.check_given_server(started)
            (server,) = started.folder.glob("gpra.*/data/postmaster.pid")
            server = int(server.read_text(encoding="utf-8").split()[0])
            self.assertEqual(started.stop(signal.SIGINT), 130)
            self.assertEqual(list(started.folder.iterdir()), [])
            self.assertFalse(runs(server), "PostgreSQL still runs")

    def check_files(self, client):
        types = {"app.js": "text/javascript; charset=utf-8", "style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
        for name, kind in types.items():
            answer = client.ask("GET", f"/page/{name}")
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, kind))
            self.assertIn("script-src 'self'", answer.headers["Content-Security-Policy"])
        self.assertEqual(client.ask("GET", "/page/routes.cpp").status, 404)

    def check_given_server(self, own):
        """A database on a server that is there, here that of the run itself."""
        (folder,) = own.folder.glob("gpra.*")
        owner = (folder / "data").owner()
        url = f"postgresql://{owner}@/{{}}?host={folder}"
        sql = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d"]
        subprocess.run([*sql, url.format("postgres"), "-c", "CREATE DATABASE other"], check=True)
        with Started(BUILD, "--postgresql", url.format("other")) as started:
            Client(started.url).register("ada")
            self.assertEqual(started.stop(), 143)
        logins = subprocess.run([*sql, url.format("other"), "-c", r"SELECT count(*) FROM pg_roles WHERE rolcanlogin AND rolname LIKE 'gpra\_app\_%'"],
                                check=True, capture_output=True, text=True).stdout.strip()
        self.assertEqual(logins, "1", "the other's login is left")
        refused = run("--postgresql", url.format("other"), "--demo")
        self.assertIn("--demo is for an empty database", refused.stderr)
        self.assertEqual(refused.returncode, 1)


class Sqlite(unittest.TestCase):
    def test_one_user_is_served_without_a_login(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "with space.db"
            for arguments, items in (["--demo"], 340), ([], 340):
                with Started(BUILD, "--sqlite", str(file), *arguments) as started:
                    self.assertIn("one user", started.text())
                    client = Client(started.url)
                    self.assertEqual(client.ask("GET", "/api/account").body["subscription"]["used"]["items"], items)
                    self.assertIn(b'data-users="one"', client.ask("GET", "/").text)
            self.assertIn("--demo is for a new database", run("--sqlite", str(file), "--demo").stderr)

    def test_a_new_file_has_a_user(self):
        with tempfile.TemporaryDirectory() as folder, Started(BUILD, "--sqlite", f"{folder}/new.db") as started:
            self.assertEqual(Client(started.url).ask("POST", "/api/items", {"title": "Scales"}).status, 201)


class Mistakes(unittest.TestCase):
    def test_are_named(self):
        for arguments, said in ((["--sqlite"], "--sqlite needs a value"), (["--colour"], "what is --colour?"),
                                (["--postgresql", "postgresql://nobody@127.0.0.1:1/x"], "cannot be reached")):
            refused = run(*arguments)
            self.assertIn(said, refused.stderr)
            self.assertNotEqual(refused.returncode, 0)
        self.assertIn("--sqlite FILE", run("--help").stdout)

    def test_a_short_password_is_refused(self):
        refused = subprocess.run([str(SERVICE), "--set-password", "admin"], input="short\n", capture_output=True, text=True, check=False,
                                 env=clean_environment())
        self.assertEqual(refused.returncode, 1)
        self.assertIn("at least 10 characters", refused.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
