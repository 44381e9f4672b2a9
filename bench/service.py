"""The service of examples/guitar_practice under wrk, and as the floor the statements of the same requests sent by pgbench: no HTTP, no JSON,
the same transactions on as many connections."""
import os
import pathlib
import re
import statistics
import subprocess
import sys

from gpra import Gpra

CONNECTIONS = 8
COLUMNS = 'id, item_id, title, notes, duration, description, "order", tuning, songbook, created_via, created_at, updated_at'
SESSION = ("SELECT s.user_id FROM sessions AS s JOIN ab_user AS u ON u.id = s.user_id WHERE s.token_hash = :hash AND s.expires_at > now() "
           "AND u.active IS NOT FALSE;")
# What libpq sends for capo::TenantTransaction; a GET reads one moment.
BEGIN = {"item": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;", "list": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;",
         "create": "BEGIN;", "change": "BEGIN;"}
SET_TENANT = """SELECT pg_catalog.current_setting('app.current_user_id', true),
pg_catalog.set_config('app.current_user_id', (:tenant)::text, true),
pg_catalog.current_setting('app.current_user_id', true);""".replace("\n", " ")
ITEM = f"SELECT {COLUMNS} FROM items WHERE id = :item"

# What is asked, and what the service asks the database for it.
WORKS = {
    "item": ("GET an item", f"{ITEM};"),
    "list": ("GET a list of 20", f"""SELECT {COLUMNS} FROM items WHERE (:search = '' OR lower(title) LIKE lower(:pattern) ESCAPE '\\')
ORDER BY "order", id LIMIT 21 OFFSET 0;""".replace("\n", " ")),
    "create": ("POST an item", f"""SELECT pg_advisory_xact_lock(7209, :tenant);
SELECT tier, status, cancel_at_period_end, current_period_end FROM subscriptions;
INSERT INTO items (title, created_via, notes) VALUES ('New', 'manual', 'Slowly') RETURNING {COLUMNS};"""),
    "change": ("PATCH an item", f"""{ITEM} FOR UPDATE;
UPDATE items SET notes = 'Slowly; clean before fast' WHERE id = :item;
{ITEM};"""),
}


class ServiceBench:
    def __init__(self, server, folder, build, rows, users, seconds):
        self.server, self.folder, self.seconds = server, folder, seconds
        self.users, self.each = users, rows // users
        self.gpra = Gpra(build, server, "service", CONNECTIONS=str(CONNECTIONS))
        self.complaints, self.tokens = [], folder / "tokens"

    def prepare(self):
        self.gpra.make_database()
        self.gpra.start()
        users = [self.gpra.user(f"user{i}") for i in range(self.users)]
        sql = self.server.sql
        first = int(sql("service", f"""
            INSERT INTO items (title, notes, "order", tuning, user_id)
            SELECT 'Item ' || i, repeat('x', 60), i * 7 % 1000, 'EADGBE', {users[0][0]} + i / {self.each}
            FROM generate_series(0, {self.users * self.each - 1}) AS i;
            SELECT min(id) FROM items""").splitlines()[-1])
        self.tokens.write_text("".join(f"{token} {first + n * self.each} {first + (n + 1) * self.each - 1}\n" for n, (_, token) in enumerate(users)),
                               encoding="utf-8")
        # As a member of both roles pgbench may ask on one connection what the service asks on two.
        sql("service", "DROP ROLE IF EXISTS gpra_bench_floor; CREATE ROLE gpra_bench_floor LOGIN IN ROLE gpra_app, gpra_accounts")
        # Its scripts cannot hold a list of tokens: a session whose hash is made of the user's number does as well.
        sql("service", """INSERT INTO sessions (token_hash, user_id, expires_at)
            SELECT md5(user_id::text) || md5(user_id::text), user_id, now() + interval '1 day' FROM sessions""")
        sql("service", "VACUUM ANALYZE")
        return users[0][0], first

    def scripts(self, first_user, first_item):
        for work, (_, statements) in WORKS.items():
            lines = [rf"\set tenant {first_user} + random(0, {self.users - 1})", rf"\set item {first_item} + (:tenant - {first_user}) * {self.each} "
                     rf"+ random(0, {self.each - 1})",
                     SESSION.replace(":hash", "md5((:tenant)::text) || md5((:tenant)::text)"), BEGIN[work], SET_TENANT,
                     statements.replace(":search", "''").replace(":pattern", "'%'"), "COMMIT;", ""]
            path = self.folder / f"{work}.sql"
            path.write_text("\n".join(lines), encoding="utf-8")

    def by_wrk(self, work):
        """Requests a second, and milliseconds of p50 and p99."""
        script = pathlib.Path(__file__).with_name("service.wrk.lua")
        ran = subprocess.run(["wrk", "-t", "2", "-c", str(CONNECTIONS), "-d", str(max(1, round(self.seconds))), "-s", str(script),
                              f"http://127.0.0.1:{self.gpra.port}", "--", work, str(self.tokens)], capture_output=True, text=True, check=False)
        found = re.search(r"^result (\d+) (\S+) (\d+) (\S+) (\S+)$", ran.stdout, re.M)
        if ran.returncode != 0 or not found:
            sys.exit(f"wrk: {ran.stdout}\n{ran.stderr}")
        requests, seconds, failed, p50, p99 = (float(text) for text in found.groups())
        if failed or not requests:
            self.complaints.append(f"{work}: {failed:.0f} of {requests:.0f} requests were not answered as they should be")
        return requests / seconds, p50, p99

    def by_pgbench(self, work):
        log = self.folder / f"pgbench-{work}"
        ran = subprocess.run(["pgbench", "-n", "-M", "extended", "-c", str(CONNECTIONS), "-j", "2", "-T", str(max(1, round(self.seconds))), "-l",
                              f"--log-prefix={log}", "-f", str(self.folder / f"{work}.sql"), "-U", "gpra_bench_floor", "service"],
                             capture_output=True, text=True, check=False, cwd=self.folder)
        rate = re.search(r"tps = ([0-9.]+)", ran.stdout)
        if ran.returncode != 0 or not rate:
            sys.exit(f"pgbench: {ran.stdout}\n{ran.stderr}")
        times = []
        for path in self.folder.glob(f"{log.name}.*"):
            times += [int(line.split()[2]) / 1000 for line in path.read_text(encoding="utf-8").splitlines()]
            path.unlink()
        cuts = statistics.quantiles(times, n=100)
        return float(rate.group(1)), cuts[49], cuts[98]

    def row(self, work, runs):
        mine, floor = [], []
        for run in range(runs + 1):
            self.server.sql("postgres", "CHECKPOINT")
            turns = [(mine, self.by_wrk), (floor, self.by_pgbench)]
            for results, measure in turns if run % 2 else reversed(turns):
                results.append(measure(work))
        kept = slice(1, None)  # the first run warms up
        ratios = [a[0] / b[0] for a, b in zip(mine[kept], floor[kept])]
        cells = [WORKS[work][0], show(floor[kept]), show(mine[kept]), f"{min(ratios):.2f} / **{statistics.median(ratios):.2f}** / {max(ratios):.2f}"]
        return "| " + " | ".join(cells) + " |"


def show(results):
    rates, p50, p99 = zip(*results)
    return f"**{statistics.median(rates):,.0f}**/s, p50 {statistics.median(p50):.2f} ms, p99 {statistics.median(p99):.2f} ms"


def service(server, folder, capo, rows=100000, runs=5, users=100, seconds=10.0):
    """Markdown of the section, and what is wrong: an answer that is none."""
    os.chmod(folder, 0o755)
    build = pathlib.Path(capo).parents[2]
    if not (build / "examples/guitar_practice/service/gpra-service").exists():
        sys.exit(f"bench/run: gpra-service is missing: cmake --build {build} --target gpra-service (configured with -DGPRA_SERVICE=ON)")
    work = ServiceBench(server, folder, build, rows, users, seconds)
    try:
        work.scripts(*work.prepare())
        load = [os.getloadavg()[0]]
        lines = ["| request | pgbench | service, by wrk | ratio |", "|---|---|---|---|"]
        for name in WORKS:
            lines.append(work.row(name, runs))
            print(lines[-1], file=sys.stderr, flush=True)
        load.append(os.getloadavg()[0])
    finally:
        if work.gpra.process:
            work.gpra.end()
    verdict = f"**{len(work.complaints)} things are wrong.**" if work.complaints else "Each request was answered as it should be."
    head = (f"{work.each * users:,} items of {users:,} users, {CONNECTIONS} connections each, {runs} runs of {seconds:.0f} s, by turns. "
            f"Load average from beginning to end: {load[0]:.1f} to {load[1]:.1f}. {verdict}")
    return head + "\n\n" + "\n".join(lines), work.complaints
