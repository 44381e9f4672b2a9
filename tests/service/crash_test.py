#!/usr/bin/env python3
"""kill -9 of the service and of PostgreSQL while clients write: what was acknowledged is there afterwards, what was not is there whole or not
at all, and both come back by themselves. And SIGTERM, which ends the service when what it was asked is answered."""
import http.client
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
from start_service import ROOT, Client, build_folder  # noqa: E402

sys.path.insert(0, str(ROOT / "bench"))
from gpra import Gpra  # noqa: E402
from server import Server  # noqa: E402

BUILD = build_folder()
GONE = "is not there"
WRITERS = 6


class Writer(threading.Thread):
    """A user who makes, changes and deletes items, and notes what each may be: acknowledged, it is that; else that or what it was."""

    def __init__(self, url, token):
        super().__init__()
        self.client, self.stopped = Client(url, token, timeout=60), threading.Event()
        self.allowed, self.ids, self.acknowledged, self.failed, self.wrong = {}, {}, 0, 0, []
        self.last, self.random = 0.0, random.Random(token)

    def run(self):
        number = 0
        while not self.stopped.is_set():
            number += 1
            known = [title for title, states in self.allowed.items() if title in self.ids and GONE not in states]
            choice = self.random.random()
            if choice < 0.5 or not known:
                self.create(f"item {number}")
            elif choice < 0.85:
                self.change(self.random.choice(known), f"note {number}")
            else:
                self.delete(self.random.choice(known))

    def send(self, title, state, good, *request, **headers):
        """The answer if it was acknowledged."""
        self.allowed.setdefault(title, {GONE}).add(state)
        try:
            answer = self.client.ask(*request, **headers)
        except (OSError, http.client.HTTPException):
            answer = None
        if answer is not None and answer.status == good:
            self.allowed[title] = {state}
            self.acknowledged, self.last = self.acknowledged + 1, time.monotonic()
            return answer
        self.failed += 1
        if answer is not None and answer.status != 503:
            self.wrong.append(f"{request[:2]} was answered {answer.status} {answer.text}")
        self.stopped.wait(0.05)
        return None

    def create(self, title):
        answer = self.send(title, "", 201, "POST", "/api/items", {"title": title, "notes": ""})
        if answer:
            self.ids[title] = answer.body["id"]

    def change(self, title, note):
        self.send(title, note, 200, "PATCH", f"/api/items/{self.ids[title]}", {"notes": note}, If_Match="*")

    def delete(self, title):
        self.send(title, GONE, 204, "DELETE", f"/api/items/{self.ids[title]}")

    def check(self):
        """What is wrong with what is there now."""
        rows, offset = [], 0
        while offset is not None:
            page = self.client.ask("GET", f"/api/items?limit=200&offset={offset}").body
            rows, offset = rows + page["rows"], page["next"]
        found = {}
        for row in rows:
            if row["title"] in found:
                self.wrong.append(f"{row['title']} is there twice")
            found[row["title"]] = row["notes"]
        for title in found.keys() - self.allowed.keys():
            self.wrong.append(f"{title} is nothing that was sent")
        for title, states in self.allowed.items():
            if found.get(title, GONE) not in states:
                self.wrong.append(f"{title}: {found.get(title, GONE)!r}, and may be {states}")
        return self.wrong


class Crash(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gpra-crash-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        environment = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(environment)))
        self.server = Server(self.folder)
        self.addCleanup(self.server.stop)
        self.gpra = Gpra(BUILD, self.server, "crash")
        self.gpra.make_database()
        self.gpra.start()
        self.addCleanup(lambda: self.gpra.process.poll() is not None or self.gpra.end(kill=True))
        self.url = f"http://127.0.0.1:{self.gpra.port}"

    def write(self):
        writers = [Writer(self.url, self.gpra.user(f"user{i}")[1]) for i in range(WRITERS)]
        for writer in writers:
            writer.start()
        self.addCleanup(lambda: [writer.stopped.set() for writer in writers])
        return writers

    def wait_for_all(self, writers, seconds=60):
        """Each has been acknowledged something since now."""
        begin = time.monotonic()
        while any(writer.last <= begin for writer in writers):
            self.assertLess(time.monotonic() - begin, seconds, "nothing is acknowledged any more")
            time.sleep(0.05)

    def judge(self, writers):
        self.wait_for_all(writers)
        for writer in writers:
            writer.stopped.set()
        for writer in writers:
            writer.join()
        wrong = [text for writer in writers for text in writer.check()]
        acknowledged, failed = sum(writer.acknowledged for writer in writers), sum(writer.failed for writer in writers)
        print(f"{acknowledged} writes acknowledged, {failed} not", file=sys.stderr)
        self.assertEqual(wrong[:10], [], "the service says:\n" + self.gpra.log.read_text(encoding="utf-8")[-5000:])
        self.assertGreater(acknowledged, 100)
        return failed

    def kill_server(self):
        main = int((self.folder / "data/postmaster.pid").read_text(encoding="utf-8").split()[0])
        os.kill(main, signal.SIGSTOP)  # so that it starts no other one meanwhile
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(main)], capture_output=True, text=True, check=True).stdout
        for process in (main, *map(int, children.split())):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def start_server(self):
        """As its administrator would: again, until the system has taken away what was killed."""
        for _ in range(20):
            time.sleep(0.5)
            try:
                self.server.call("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-s", "-o",
                                 f"-k {self.folder} -c listen_addresses=''", "start")
                return
            except subprocess.CalledProcessError:
                continue
        self.fail((self.folder / "log").read_text(encoding="utf-8")[-2000:])

    def test_the_service_is_killed(self):
        writers = self.write()
        for _ in range(6):
            self.wait_for_all(writers)
            time.sleep(random.uniform(0.2, 0.8))
            self.assertEqual(self.gpra.end(kill=True), -signal.SIGKILL)
            self.gpra.start()
        self.assertGreater(self.judge(writers), 0)

    def test_postgresql_is_killed(self):
        writers = self.write()
        for _ in range(3):
            self.wait_for_all(writers)
            time.sleep(random.uniform(0.2, 0.8))
            self.kill_server()
            self.start_server()
        self.assertGreater(self.judge(writers), 0)
        self.assertIsNone(self.gpra.process.poll(), "the service is another one")

    def test_a_connection_of_postgresql_is_killed(self):
        """Then it ends all others, and recovers by itself."""
        writers = self.write()
        for _ in range(3):
            self.wait_for_all(writers)
            time.sleep(random.uniform(0.2, 0.8))
            of_service = self.server.sql("crash", "SELECT pid FROM pg_stat_activity WHERE usename = 'gpra_bench_app' LIMIT 1")
            os.kill(int(of_service), signal.SIGKILL)
        self.assertGreater(self.judge(writers), 0)
        self.assertIsNone(self.gpra.process.poll(), "the service is another one")

    def test_what_is_lost_would_be_seen(self):
        writers = self.write()
        self.wait_for_all(writers)
        for change, said in (("DELETE FROM items WHERE id = (SELECT max(id) FROM items)", GONE), ("UPDATE items SET notes = 'old'", "old")):
            for writer in writers:
                writer.stopped.set()
                writer.join()
            self.server.sql("crash", change)
            self.assertIn(said, str([writer.check() for writer in writers]))

    def test_sigterm_ends_it_when_all_is_answered(self):
        user, token = self.gpra.user("ada")
        client = Client(self.url, token)
        item = client.ask("POST", "/api/items", {"title": "Scales"}).body["id"]
        holder = subprocess.Popen(["psql", "-XAtq", "crash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(holder.kill)
        holder.stdin.write(f"BEGIN;\nSELECT id FROM items WHERE id = {item} FOR UPDATE;\n")
        holder.stdin.flush()
        self.assertEqual(holder.stdout.readline().strip(), str(item))
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(client.ask("PATCH", f"/api/items/{item}", {"notes": "slowly"}, If_Match="*")))
        waiting.start()
        self.wait_for_lock(user)
        self.gpra.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        self.assertIsNone(self.gpra.process.poll(), "it did not wait for what it was asked")
        holder.stdin.write("COMMIT;\n")
        holder.stdin.close()
        holder.wait(30)
        holder.stdout.close()
        waiting.join(30)
        self.assertEqual([(answer.status, json.loads(answer.text)["notes"]) for answer in answers], [(200, "slowly")])
        self.assertEqual(self.gpra.process.wait(30), 0)
        self.gpra.process.stdout.close()
        self.assertEqual(self.server.sql("crash", f"SELECT notes FROM items WHERE id = {item}"), "slowly")

    def wait_for_lock(self, user):
        deadline = time.monotonic() + 30
        while self.server.sql("crash", "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == "0":
            self.assertLess(time.monotonic(), deadline, f"the request of user {user} waits for nothing")
            time.sleep(0.05)


if __name__ == "__main__":
    unittest.main(verbosity=2)
