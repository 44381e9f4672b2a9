"""A long transaction holds the table while its schema is to change: psql, and capo, which is not to let others queue up behind it."""
import dataclasses
import os
import subprocess
import time

import online
from measure import show

# So many seconds ago it began; nobody takes it for one of those that come and go.
OLD = 1.5
STATEMENT = "ALTER TABLE items ADD COLUMN due date;"


class Holder:
    """A transaction that has read the table and then does nothing: for so many seconds after this gives it."""

    def __init__(self, server, seconds):
        # The server itself ends it, so that whatever becomes of us it is no longer than that.
        self.process = subprocess.Popen(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "online"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"BEGIN;\nSELECT count(*) FROM items WHERE id < 10;\nSELECT pg_backend_pid();\nSELECT pg_sleep({OLD + seconds});\nCOMMIT;\n")
        self.process.stdin.close()
        self.process.stdout.readline()
        self.pid = self.process.stdout.readline().strip()
        time.sleep(OLD)

    def wait(self):
        self.process.stdout.read()
        self.process.wait()


@dataclasses.dataclass
class Contender:
    name: str
    argv: list
    changes: bool = True       # whether the column is to be there at the end
    is_capo: bool = True


def problems(server, contender, project, trial, holder, rows):
    """What is not as it should be."""
    found = []
    output = trial.ran.stdout + trial.ran.stderr
    if contender.changes != (trial.ran.returncode == 0):
        found.append(f"ended with {trial.ran.returncode}: {output.strip()[-1000:]}")
    there = server.sql("online", "SELECT count(*) FROM pg_attribute WHERE attrelid = 'items'::regclass AND attname = 'due'") == "1"
    if there != contender.changes:
        found.append("the column is " + ("there" if there else "not there"))
    if contender.is_capo and f"pid {holder}" not in output:
        found.append(f"pid {holder}, which holds the table, is not named: {output.strip()[-1000:]}")
    if not contender.changes:
        # Nothing that was given up is in the way afterwards.
        again = subprocess.run(contender.argv, cwd=project, capture_output=True, text=True, check=False, timeout=online.LONGEST)
        if again.returncode != 0:
            found.append(f"the next run ended with {again.returncode}: {again.stderr.strip()[-1000:]}")
    online.check(server, trial, rows)
    return [f"{contender.name}: {text}" for text in [*found, *trial.complaints]]


def long_transaction(server, folder, capo, rows=200000, runs=3, hold=5.0, seconds=2.0):
    """Markdown of the section, and what is wrong."""
    online.make_template(server, rows)
    project = online.make_project(folder / "long", STATEMENT)
    url = server.url("online")
    upgrade = [str(capo), "--url", url, "upgrade", "head"]
    contenders = [Contender("psql -c", ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", STATEMENT, url], is_capo=False),
                  Contender("capo upgrade", upgrade),
                  Contender(f"capo upgrade --max-wait {hold / 2:g}s", [*upgrade, "--max-wait", f"{int(hold * 500)}ms"], changes=False)]
    complaints, lines = [], ["| what runs | longest wait: reader alone | reader | writer alone | writer | takes | ends with | names who holds the table |",
                             "|---|---|---|---|---|---|---|---|"]
    for contender in contenders:
        trials = []
        named = 0
        for _ in range(runs):
            online.make_database(server)
            holders = []
            trial = online.carry_out(server, folder, rows, contender.argv, project, seconds, lambda: holders.append(Holder(server, hold)))
            holders[0].wait()
            holder = holders[0].pid
            trials.append(trial)
            complaints += problems(server, contender, project, trial, holder, rows)
            named += f"pid {holder}" in trial.ran.stdout + trial.ran.stderr
        cells = [f"`{contender.name}`"]
        for who in ("reader", "writer"):
            cells += [online.spread([trial.wait(who, trial.baseline) for trial in trials]),
                      online.spread([trial.wait(who, trial.migration) for trial in trials])]
        cells += [online.spread([trial.migration.seconds for trial in trials]),
                  ", ".join(sorted({str(trial.ran.returncode) for trial in trials})), f"{named} of {runs}" if contender.is_capo else "–"]
        lines.append("| " + " | ".join(cells) + " |")
    head = f"A transaction that has read the table stays open for {show(hold)}; {rows:,} rows, {runs} runs of each. " \
           f"Load average at the end: {os.getloadavg()[0]:.1f}. "
    return head + online.verdict(complaints) + "\n\n" + "\n".join(lines), complaints
