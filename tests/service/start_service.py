"""What the tests of the running service share: starting it by examples/guitar_practice/service/start, and asking it."""
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
START = ROOT / "examples/guitar_practice/service/start"


def clean_environment():
    """Nothing of whoever runs the tests, who may have databases of his own."""
    mine = ("PG", "DATABASE_URL", "APP_", "ACCOUNTS_", "WEBHOOK_", "EXPORT_", "LISTEN", "STRIPE_", "POSTHOG_")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(mine)}, "PASSWORD_COST": "lowest"}


class Started:
    """The service as `start` runs it; `build` is the build folder. What it makes for itself is in `folder`."""

    def __init__(self, build, *arguments):
        self.said = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.holder = tempfile.TemporaryDirectory(prefix="gpra-test-")
        self.folder = pathlib.Path(self.holder.name)
        self.folder.chmod(0o755)
        # A group of its own: what is sent to it reaches this script and its children only.
        self.process = subprocess.Popen([str(START), "--build", str(build), "--port", "0", *arguments], stdout=self.said,
                                        stderr=subprocess.STDOUT, env={**clean_environment(), "TMPDIR": str(self.folder)}, start_new_session=True)
        try:
            self.url = self.wait_for_url()
        except BaseException:
            self.stop()
            raise

    def text(self):
        self.said.seek(0)
        return self.said.read()

    def wait_for_url(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.text().splitlines():
                if line.startswith("Guitar Practice is at "):
                    return line.split()[-1].rstrip("/")
            time.sleep(0.1)
        raise RuntimeError(f"the service did not start:\n{self.text()}")

    def stop(self, number=signal.SIGTERM):
        """How it ended."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.said.close()
        self.holder.cleanup()


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.text = response.status, response.headers, body

    @property
    def body(self):
        return json.loads(self.text)


class Client:
    """Asks over one connection, which it opens again when it has broken. With a token, as a program does."""

    def __init__(self, url, token=None, timeout=30):
        self.address, self.token, self.timeout, self.connection = url.removeprefix("http://"), token, timeout, None

    def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address, timeout=self.timeout)
        try:
            self.connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = self.connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if response.will_close:
            self.close()
        return Answer(response, text)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def __del__(self):
        self.close()

    def log_in(self, username, password):
        answer = self.ask("POST", "/api/sessions", {"username": username, "password": password})
        if answer.status != 201:
            raise RuntimeError(f"{username} is not let in: {answer.text}")
        self.token = answer.body["token"]
        return self

    def register(self, username, password="correct horse battery"):
        answer = self.ask("POST", "/api/accounts", {"username": username, "email": f"{username}@example.com", "first_name": username,
                                                    "last_name": "Test", "password": password})
        if answer.status != 201:
            raise RuntimeError(f"{username} is not registered: {answer.text}")
        return self.log_in(username, password)


def build_folder():
    """The first argument of the test; unittest gets the rest."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BUILD [TEST…]")
    return pathlib.Path(sys.argv.pop(1)).resolve()
