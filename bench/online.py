"""The gentle way on a live table: while a writer and a reader are at work, each revision is carried out as it is written, and with
`capo upgrade --online`; how long did the two have to wait, and is every row what the writer left?"""
import dataclasses
import difflib
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import oracle
from measure import show

TRAFFIC = pathlib.Path(__file__).with_name("traffic.py")
# Debian's, because psycopg2 is Debian's.
PYTHON = "/usr/bin/python3"
# Seconds between two of its statements.
PAUSE = {"writer": 0.005, "reader": 0.005, "watcher": 0.05}
ALLOWED_MORE = 0.200
# Whoever takes longer hangs.
LONGEST = 600


@dataclasses.dataclass
class Form:
    name: str
    statements: str
    before: str = ""             # what the table must have for it
    added: str = ""              # a column that it adds and the oracle looks at
    judge: object = None         # given Expected and when capo began: what judges that column
    is_in_six: bool = False      # "six of these" does it too; not tried alone when it is to be quick
    gentle: str = ""             # the revision that is the gentle form, where --online does not make it


INDEX = "CREATE INDEX items_title ON items (title);"
FOREIGN_KEY = "ALTER TABLE items ADD CONSTRAINT items_owner FOREIGN KEY (owner_id) REFERENCES owners (id);"
CHECK = "ALTER TABLE items ADD CONSTRAINT items_title_form CHECK (title ~ '^item [0-9]+( v[0-9]+)?$');"
NOT_NULL = "ALTER TABLE items ALTER COLUMN owner_id SET NOT NULL;"
UNIQUE = "ALTER TABLE items ADD CONSTRAINT items_code UNIQUE (code);"
TOKEN = "ALTER TABLE items ADD COLUMN token uuid DEFAULT gen_random_uuid();"


def tokens(_expected, _begun):
    return oracle.Tokens()


FORMS = [
    Form("CREATE INDEX", INDEX, is_in_six=True),
    Form("DROP INDEX", "DROP INDEX items_price;", before="CREATE INDEX items_price ON items (price)"),
    Form("ADD FOREIGN KEY", FOREIGN_KEY, is_in_six=True),
    Form("ADD CHECK", CHECK, is_in_six=True),
    Form("SET NOT NULL", NOT_NULL, is_in_six=True),
    Form("ADD UNIQUE", UNIQUE, is_in_six=True),
    Form("ADD PRIMARY KEY", "ALTER TABLE items ADD CONSTRAINT items_key PRIMARY KEY (id);",
         before="CREATE UNIQUE INDEX items_id ON items (id); ALTER TABLE items DROP CONSTRAINT items_pkey; "
                "ALTER TABLE items ALTER COLUMN id DROP NOT NULL"),
    Form("ADD COLUMN, volatile default", TOKEN, added="token", judge=tokens, is_in_six=True),
    Form("ADD COLUMN NOT NULL, volatile default", TOKEN.replace("uuid DEFAULT", "uuid NOT NULL DEFAULT"), added="token", judge=tokens),
    Form("six of these in one revision", "\n".join([INDEX, FOREIGN_KEY, CHECK, NOT_NULL, UNIQUE, TOKEN]), added="token", judge=tokens),
    Form("UPDATE of all rows", "ALTER TABLE items ADD COLUMN label text;\nUPDATE items SET label = upper(code);",
         added="label", judge=oracle.Label,
         gentle="ALTER TABLE items ADD COLUMN label text;\n"
                "-- capo:backfill batch=500 duty=60\nUPDATE items SET label = upper(code) WHERE label IS NULL;"),
]


def make_template(server, rows):
    server.fresh("online_template")
    server.sql("online_template", f"""
        CREATE TABLE owners (id integer PRIMARY KEY, name text NOT NULL);
        INSERT INTO owners SELECT i, 'owner ' || i FROM generate_series(1, {oracle.OWNERS}) AS i;
        CREATE TABLE items (id bigint PRIMARY KEY, owner_id integer, code text, title text, price integer, notes text);
        INSERT INTO items SELECT i, 1 + i % {oracle.OWNERS}, 'code ' || i, 'item ' || i, i * 7 % 1000, repeat('x', 150)
        FROM generate_series(1, {rows}) AS i""")
    server.sql("online_template", "VACUUM ANALYZE items, owners")


def make_database(server, before=""):
    server.sql("postgres", "DROP DATABASE IF EXISTS online")
    # Large ones are copied as files; of small ones the log of each page is quicker than the checkpoints of that.
    large = int(server.sql("postgres", "SELECT pg_database_size('online_template')")) > 10**8
    choice = " STRATEGY file_copy" if large and int(server.sql("postgres", "SHOW server_version_num")) >= 150000 else ""
    server.sql("postgres", f"CREATE DATABASE online TEMPLATE online_template{choice}")
    if before:
        server.sql("online", before)
    # Or the checkpoint of this falls into what is measured.
    server.sql("postgres", "CHECKPOINT")


def make_project(folder, statements):
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True, exist_ok=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/alembic\n", encoding="utf-8")
    (versions / "001.sql").write_text(f"-- the change\n--\n-- Revision ID: 001\n-- capo:upgrade\n{statements}\n", encoding="utf-8")
    return folder


class Traffic:
    """Writer, reader and watcher at work on the database `online`."""

    def __init__(self, server, folder, rows):
        self.logs = {role: folder / f"{role}.log" for role in PAUSE}
        self.processes = [subprocess.Popen([PYTHON, str(TRAFFIC), role, server.url("online"), str(rows), str(path), str(PAUSE[role])],
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                          for role, path in self.logs.items()]
        for process in self.processes:
            if process.stdout.readline() != b"ready\n":
                self.stop()
                sys.exit(f"bench/run: traffic.py did not begin. It needs {PYTHON} and its psycopg2: scripts/install bench")

    def stop(self):
        """Lets each end what it is at; gives what they have logged."""
        for process in self.processes:
            process.stdin.close()
        codes = [process.wait() for process in self.processes]
        if any(codes):
            sys.exit(f"bench/run: traffic.py ended with {codes}")
        return {role: oracle.read_log(path) for role, path in self.logs.items()}


@dataclasses.dataclass
class Window:
    """A stretch of time. What was under way when it began or ended counts in full; not if it is `closed`."""
    begin: int
    end: int = 0
    closed: bool = False

    def longest(self, entries):
        """The one that took longest; None if there was none."""
        if self.closed:
            during = [entry for entry in entries if entry.begin >= self.begin and entry.end <= self.end]
        else:
            during = [entry for entry in entries if entry.end >= self.begin and entry.begin <= self.end]
        return max(during, key=lambda entry: entry.end - entry.begin, default=None)

    @property
    def seconds(self):
        return (self.end - self.begin) / 1e9


class Trial:
    """One revision carried out once while writer and reader are at work."""

    def __init__(self, baseline, migration, logs, ran):
        self.baseline, self.migration, self.logs, self.ran = baseline, migration, logs, ran
        self.complaints, self.schema = [], ""

    def wait(self, who, window):
        entry = window.longest(self.logs[who])
        return (entry.end - entry.begin) / 1e9 if entry else 0.0

    def locked(self, who):
        """The longest wait of the migration in which the watcher saw `who` wait for a lock; 0 if it never did."""
        seen = [sample.begin for sample in self.logs["watcher"] if sample.key == who and sample.values[0].startswith("Lock/")]
        return max(((entry.end - entry.begin) / 1e9 for entry in self.logs[who]
                    if entry.end >= self.migration.begin and entry.begin <= self.migration.end
                    and any(entry.begin <= sample <= entry.end for sample in seen)), default=0.0)

    def reason(self, who):
        """What the longest wait of the migration was for, as the watcher saw it, and which statements it was behind."""
        entry = self.migration.longest(self.logs[who])
        seen = [sample.values for sample in self.logs["watcher"]
                if entry and sample.key == who and entry.begin <= sample.begin <= entry.end]
        return ", ".join(sorted({event + (f" behind `{behind}`" if behind else "") for event, behind in seen})).replace("|", "/")


def carry_out(server, folder, rows, argv, cwd, seconds, before=lambda: None):
    """Runs `argv` once after `seconds` of nothing but writer and reader. `before` is called when these are over."""
    traffic = Traffic(server, folder, rows)
    # What is read for the first time is no baseline.
    time.sleep(seconds / 4)
    baseline = Window(time.monotonic_ns(), closed=True)
    time.sleep(seconds)
    baseline.end = time.monotonic_ns()
    before()
    migration = Window(time.monotonic_ns())
    ran = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False, timeout=LONGEST)
    migration.end = time.monotonic_ns()
    # Whoever still waits is to have his answer.
    time.sleep(seconds / 8)
    return Trial(baseline, migration, traffic.stop(), ran)


def rows_of(server, columns):
    """The rows of items by key, as lists of text."""
    process = subprocess.Popen(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "online", "-c",
                                f"COPY (SELECT {columns} FROM items ORDER BY id) TO STDOUT"], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        yield line.rstrip("\n").split("\t")
    if process.wait() != 0:
        sys.exit("bench/run: the rows of items cannot be read")


def check(server, trial, rows, added="", judge=None):
    """Everything that is there against everything that the writer has done."""
    complaints = oracle.Complaints()
    for who in ("writer", "reader"):
        oracle.check_traffic(trial.logs[who], who, complaints)
        if trial.migration.longest(trial.logs[who]) is None:
            complaints.add(f"{who}: did nothing while capo ran; nothing is shown")
    expected = oracle.Expected(rows, trial.logs["writer"])
    columns = oracle.COLUMNS + (f", {added}" if added else "")
    oracle.compare(expected.items(), rows_of(server, columns), complaints, judge and judge(expected, trial.migration.begin))
    owners = dict(line.split("|") for line in server.sql("online", "SELECT id, name FROM owners ORDER BY id").splitlines())
    if owners != {str(key): name for key, name in expected.owners.items()}:
        complaints.add("the rows of owners are not what the writer left")
    trial.complaints = complaints.texts + ([f"and {complaints.number - len(complaints.texts)} more"]
                                           if complaints.number > len(complaints.texts) else [])


def schema_of(server):
    """What pg_dump writes, without what it makes anew each time."""
    dump = subprocess.run([str(server.programs / "pg_dump"), "-s", "-t", "items", "-t", "owners", server.url("online")], check=True,
                          capture_output=True, text=True).stdout
    return re.sub(r"(?m)^(\\(un)?restrict .*|--.*)\n", "", dump)


class Online:
    def __init__(self, server, folder, capo, rows, runs, seconds):
        self.server, self.folder, self.capo, self.rows, self.runs, self.seconds = server, folder, capo, rows, runs, seconds
        self.complaints = []

    def trial(self, form, gentle):
        make_database(self.server, form.before)
        project = make_project(self.folder / ("gentle" if gentle else "plain"), gentle and form.gentle or form.statements)
        argv = [str(self.capo), "--url", self.server.url("online"), "upgrade", "head"]
        if gentle and not form.gentle:
            argv.append("--online")
        trial = carry_out(self.server, self.folder, self.rows, argv, project, self.seconds)
        if trial.ran.returncode != 0:
            trial.complaints = [f"capo ended with {trial.ran.returncode}: {trial.ran.stderr.strip()[-2000:]}"]
        else:
            check(self.server, trial, self.rows, form.added, form.judge)
            trial.schema = schema_of(self.server)
        for text in trial.complaints:
            self.complaints.append(f"{form.name}, {'gentle' if gentle else 'plain'}: {text}")
        return trial

    def form(self, form):
        """The rows of the table of results of that form."""
        plain, gentle = [], []
        for _ in range(self.runs):
            plain.append(self.trial(form, False))
            gentle.append(self.trial(form, True))
            if plain[-1].schema and gentle[-1].schema and plain[-1].schema != gentle[-1].schema:
                self.complaints.append(f"{form.name}: the gentle way leads to another schema:\n" + "\n".join(difflib.unified_diff(
                    plain[-1].schema.splitlines(), gentle[-1].schema.splitlines(), "plain", "gentle", lineterm="", n=1)))
        return [self.row(form, who, plain, gentle) for who in ("writer", "reader")]

    def row(self, form, who, plain, gentle):
        alone = [trial.wait(who, trial.baseline) for trial in plain + gentle]
        of_plain = [trial.wait(who, trial.migration) for trial in plain]
        of_gentle = [trial.wait(who, trial.migration) for trial in gentle]
        locked = max(trial.locked(who) for trial in gentle)
        late = [trial for trial in gentle if trial.wait(who, trial.migration) > trial.wait(who, trial.baseline) + ALLOWED_MORE]
        failed = sum(trial.ran.returncode != 0 for trial in gentle)
        verdict = f"**failed** in {failed} of {len(gentle)}" if failed else "✓" if not late else f"**missed** in {len(late)} of {len(gentle)}: " + (
            "; ".join(sorted({trial.reason(who) or "not seen waiting" for trial in late})))
        cells = [form.name, who, spread(alone), spread(of_plain), spread(of_gentle), show(locked) if locked else "–", verdict]
        first = who == "writer"
        cells += [spread([trial.migration.seconds for trial in trials]) if first else "" for trials in (plain, gentle)]
        return "| " + " | ".join(cells) + " |"


def spread(values):
    if len(values) == 1:
        return show(values[0])
    return f"{show(min(values))} / **{show(statistics.median(values))}** / {show(max(values))}"


def verdict(complaints):
    if complaints:
        return f"**{len(complaints)} things are wrong**; what `bench/run` wrote to standard error tells them."
    return "Each row is what the writer left, in every run."


def online(server, folder, capo, rows=2000000, runs=3, seconds=4.0, quick=False):
    """Markdown of the section, and what is wrong: rows, errors, another schema than that of the plain form."""
    make_template(server, rows)
    work = Online(server, folder, capo, rows, runs, seconds)
    load = [os.getloadavg()[0]]
    lines = ["| revision | who | longest wait: alone | plain | `--online` | seen waiting for a lock | ≤ alone + 200 ms | plain takes | `--online` takes |",
             "|---|---|---|---|---|---|---|---|---|"]
    for form in FORMS:
        if quick and form.is_in_six:
            continue
        lines += work.form(form)
        print("\n".join(lines[-2:]), file=sys.stderr, flush=True)
    load.append(os.getloadavg()[0])
    size = server.sql("online_template", "SELECT pg_size_pretty(pg_total_relation_size('items'))")
    head = (f"{rows:,} rows ({size}), {runs} runs of each. Load average from beginning to end: {load[0]:.1f} to {load[1]:.1f}. ")
    return head + verdict(work.complaints) + "\n\n" + "\n".join(lines), work.complaints
