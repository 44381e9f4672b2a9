"""The service of examples/guitar_practice as a process, on a database of Server's: for its benchmark, and for the tests that kill it."""
import http.client
import json
import os
import pathlib
import subprocess

# Who connects for each part of the service, and is a member of that part's role alone.
LOGINS = {"APP": ("gpra_bench_app", "gpra_app"), "ACCOUNTS": ("gpra_bench_accounts", "gpra_accounts"),
          "WEBHOOK": ("gpra_bench_webhook", "gpra_webhook"), "EXPORT": ("gpra_bench_export", "gpra_export")}
PASSWORD = "correct horse battery"


class Gpra:
    """`build` is the build folder; what is `more` goes into the environment of the service."""

    def __init__(self, build, server, database, **more):
        self.program = pathlib.Path(build) / "examples/guitar_practice/service/gpra-service"
        self.server, self.database, self.process, self.port = server, database, None, 0
        self.log = pathlib.Path(server.folder) / f"{database}.log"  # what the service says, of all its starts
        self.environment = {"PATH": os.environ["PATH"], "DATABASE_URL": server.url(database), "PASSWORD_COST": "lowest", "LOGIN_LIMIT": "1000000", **more}
        for part, (login, _) in LOGINS.items():
            self.environment[f"{part}_DATABASE_URL"] = f"postgresql://{login}@/{database}?host={server.folder}"

    def make_database(self):
        self.server.fresh(self.database)
        for login, role in LOGINS.values():
            for statement in (f"DROP ROLE IF EXISTS {login}", f"DROP ROLE IF EXISTS {role}", f"CREATE ROLE {role} NOLOGIN",
                              f"CREATE ROLE {login} LOGIN IN ROLE {role}"):
                self.server.sql("postgres", statement)

    def start(self):
        """On the port that it had before, if it had one."""
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([str(self.program), "--migrate"], stdout=subprocess.PIPE, text=True, cwd=self.server.folder,
                                            env={**self.environment, "PORT": str(self.port)}, stderr=log)
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{self.program} did not start:\n{self.log.read_text(encoding='utf-8')[-2000:]}")
        self.port = int(line.rstrip("/").rsplit(":", 1)[1])
        return self

    def end(self, kill=False):
        """How it ended."""
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        status = self.process.wait(30)
        self.process.stdout.close()
        return status

    def ask(self, method, path, body=None, headers=None):
        """Status and body, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            text = response.read()
            return response.status, json.loads(text) if text else None
        finally:
            connection.close()

    def user(self, name, tier="unlimited"):
        """Registers, subscribes and logs in: the id and a token."""
        account = {"username": name, "email": f"{name}@example.com", "first_name": name, "last_name": "Bench", "password": PASSWORD}
        status, made = self.ask("POST", "/api/accounts", account)
        if status != 201:
            raise RuntimeError(f"{name} is not registered: {made}")
        self.server.sql(self.database, f"INSERT INTO subscriptions (user_id, tier) VALUES ({made['id']}, '{tier}')")
        _, session = self.ask("POST", "/api/sessions", {"username": name, "password": PASSWORD})
        return made["id"], session["token"]
