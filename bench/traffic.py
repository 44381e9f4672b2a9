#!/usr/bin/python3
"""traffic.py writer|reader|watcher URL ROWS LOG PAUSE: a program that is at work while a schema changes. bench/online.py starts it.

Goes on until its standard input ends; writes "ready" when it has begun. Times are nanoseconds of CLOCK_MONOTONIC. A line of
LOG is separated by tabs: begin, end, what it did, whether that was as it should be ("ok", else the error), and

    writer  the key, and what stands there now: nothing for a row that is gone
    reader  the key
    watcher whom it saw waiting, for what, and behind which statements; for its own the times are those of the sample

Debian's Python, whose psycopg2 is a package of group bench.
"""
import random
import select
import sys
import time

import psycopg2

SEED = 20261128
OWNERS = 1000


class Log:
    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")

    def write(self, begin, end, *fields):
        clean = [str(field).replace("\t", " ").replace("\n", " ") for field in fields]
        self.file.write("\t".join([str(begin), str(end), *clean]) + "\n")


class Writer:
    """Inserts, updates and deletes single rows, each in a transaction of its own, and knows what it has left where. Rows of the
    lower half are never deleted."""

    def __init__(self, cursor, rows, log):
        self.cursor, self.rows, self.log = cursor, rows, log
        self.random = random.Random(SEED)
        self.next_key, self.deleted, self.number = rows + 1, set(), 0

    def existing(self, lowest):
        while True:
            key = self.random.randrange(lowest, self.next_key)
            if key not in self.deleted:
                return key

    def run(self, what, key, values, statement, parameters):
        begin, outcome = time.monotonic_ns(), "ok"
        try:
            self.cursor.execute(statement, parameters)
            if self.cursor.rowcount != 1:
                outcome = f"{self.cursor.rowcount} rows"
        except psycopg2.Error as error:
            outcome = f"{error.pgcode} {error}"
        self.log.write(begin, time.monotonic_ns(), what, outcome, key, *values)
        return outcome == "ok"

    def step(self):
        self.number += 1
        chance = self.random.random()
        price = self.random.randrange(1000)
        if chance < 0.45:
            key = self.existing(1)
            title = f"item {key} v{self.number}"
            self.run("update", key, (title, price), "UPDATE items SET title = %s, price = %s WHERE id = %s", (title, price, key))
        elif chance < 0.70:
            key, owner = self.next_key, self.random.randrange(1, OWNERS + 1)
            title = f"item {key}"
            if self.run("insert", key, (title, price, owner),
                        "INSERT INTO items (id, owner_id, code, title, price, notes) VALUES (%s, %s, %s, %s, %s, repeat('x', 150))",
                        (key, owner, f"code {key}", title, price)):
                self.next_key += 1
        elif chance < 0.85:
            key = self.existing(self.rows // 2 + 1)
            if self.run("delete", key, (), "DELETE FROM items WHERE id = %s", (key,)):
                self.deleted.add(key)
        else:
            key = self.random.randrange(1, OWNERS + 1)
            name = f"owner {key} v{self.number}"
            self.run("owner", key, (name,), "UPDATE owners SET name = %s WHERE id = %s", (name, key))


class Reader:
    """Reads rows of the lower half, which are always there: one with its owner, now and then a range."""

    def __init__(self, cursor, rows, log):
        self.cursor, self.rows, self.log = cursor, rows, log
        self.random = random.Random(SEED + 1)

    def step(self):
        if self.random.random() < 0.9:
            key = self.random.randrange(1, self.rows // 2 + 1)
            self.read("row", key, 1, "SELECT i.*, o.name FROM items i JOIN owners o ON o.id = i.owner_id WHERE i.id = %s", (key,))
        else:
            key = self.random.randrange(1, self.rows // 2 - 198)
            self.read("range", key, 200, "SELECT id, title, price FROM items WHERE id BETWEEN %s AND %s", (key, key + 199))

    def read(self, what, key, expected, statement, parameters):
        begin, outcome = time.monotonic_ns(), "ok"
        try:
            self.cursor.execute(statement, parameters)
            found = len(self.cursor.fetchall())
            if found != expected:
                outcome = f"{found} rows"
        except psycopg2.Error as error:
            outcome = f"{error.pgcode} {error}"
        self.log.write(begin, time.monotonic_ns(), what, outcome, key)


class Watcher:
    """Looks what writer and reader wait for, so that a wait for a lock is told from one for the disk."""

    def __init__(self, cursor, _rows, log):
        self.cursor, self.log = cursor, log

    def step(self):
        begin = time.monotonic_ns()
        self.cursor.execute("""
            SELECT a.application_name, a.wait_event_type || '/' || a.wait_event,
                   (SELECT string_agg(CASE b.backend_type WHEN 'client backend' THEN '' ELSE b.backend_type || ' ' END || left(b.query, 100), ' | ') FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids(a.pid)))
            FROM pg_stat_activity a
            WHERE a.application_name IN ('writer', 'reader') AND a.state = 'active' AND a.wait_event IS NOT NULL
                  AND clock_timestamp() - a.query_start > interval '20 ms'""")
        for who, event, behind in self.cursor.fetchall():
            self.log.write(begin, time.monotonic_ns(), "waits", "ok", who, event, behind or "")


def main():
    role, url, rows, path, pause = sys.argv[1:]
    connection = psycopg2.connect(url, application_name=role)
    connection.autocommit = True
    log = Log(path)
    worker = {"writer": Writer, "reader": Reader, "watcher": Watcher}[role](connection.cursor(), int(rows), log)
    worker.step()
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], float(pause))[0]:
        worker.step()
    log.file.close()


if __name__ == "__main__":
    main()
