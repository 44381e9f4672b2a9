"""What must stand in the tables of bench/online.py after a writer has been at work: its log is the oracle."""
import collections
import re
import uuid

OWNERS = 1000
COLUMNS = "id, owner_id, code, title, price, notes = repeat('x', 150)"
Entry = collections.namedtuple("Entry", "begin end what outcome key values")
# At most so many complaints of a kind are told; the number is told in any case.
TOLD = 5


def read_log(path):
    """The entries of a log of bench/traffic.py, oldest first."""
    entries = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            begin, end, what, outcome, key, *values = line.rstrip("\n").split("\t")
            entries.append(Entry(int(begin), int(end), what, outcome, key, values))
    return entries


def first_row(key):
    """The row that `make` of bench/online.py writes; in the order of COLUMNS."""
    return [str(key), str(1 + key % OWNERS), f"code {key}", f"item {key}", str(key * 7 % 1000), "t"]


class Expected:
    """The tables as the writer has left them."""

    def __init__(self, rows, entries):
        self.changed, self.inserted_at, self.owners = {}, {}, {key: f"owner {key}" for key in range(1, OWNERS + 1)}
        self.rows, self.last = rows, rows
        for entry in entries:
            # What failed was rolled back; that it failed is a complaint of its own.
            if entry.outcome == "ok":
                self.apply(entry, int(entry.key))

    def apply(self, entry, key):
        if entry.what == "owner":
            self.owners[key] = entry.values[0]
        elif entry.what == "delete":
            self.changed[key] = None
        elif entry.what == "insert":
            title, price, owner = entry.values
            self.changed[key] = [str(key), owner, f"code {key}", title, price, "t"]
            self.inserted_at[key] = entry.end
            self.last = max(self.last, key)
        else:
            row = list(self.changed.get(key) or first_row(key))
            row[3:5] = entry.values
            self.changed[key] = row

    def items(self):
        """Each row that must be there, by its key."""
        for key in range(1, self.last + 1):
            row = self.changed[key] if key in self.changed else first_row(key) if key <= self.rows else None
            if row is not None:
                yield row


class Complaints:
    def __init__(self):
        self.texts, self.number = [], 0

    def add(self, text):
        self.number += 1
        if self.number <= TOLD:
            self.texts.append(text)


def compare(expected, actual, complaints, judge=None):
    """`actual`: the rows of the table by key, each a list of text, in the order of COLUMNS and then what the migration has added, which is
    `judge`d: given the row, gives what is wrong, or None."""
    actual = iter(actual)
    found = next(actual, None)
    for row in expected:
        while found is not None and int(found[0]) < int(row[0]):
            complaints.add(f"row {found[0]} is there and must not be: {found}")
            found = next(actual, None)
        if found is None or found[0] != row[0]:
            complaints.add(f"row {row[0]} is lost: {row}")
            continue
        if found[:len(row)] != row:
            complaints.add(f"row {row[0]} is wrong: {found}, not {row}")
        elif judge and (wrong := judge(found)):
            complaints.add(f"row {row[0]}: {wrong}")
        found = next(actual, None)
    while found is not None:
        complaints.add(f"row {found[0]} is there and must not be: {found}")
        found = next(actual, None)


def check_traffic(entries, who, complaints):
    for entry in entries:
        if entry.outcome != "ok":
            complaints.add(f"{who}: {entry.what} of {entry.key}: {entry.outcome}")


class Tokens:
    """Of a column whose default is gen_random_uuid(): each row has one, and no two have the same."""

    def __init__(self):
        self.seen = set()

    def __call__(self, row):
        token = row[-1]
        if not re.fullmatch(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", token):
            return f"token {token}"
        number = uuid.UUID(token).int
        if number in self.seen:
            return f"token {token} for the second time"
        self.seen.add(number)
        return None


class Label:
    """Of a column that was filled in by `upper(code)`. The writer does not know it: rows that it inserted while the migration was at work or
    later may be without, and only those."""

    def __init__(self, expected, begun):
        self.late = {str(key) for key, end in expected.inserted_at.items() if end > begun}

    def __call__(self, row):
        label = row[-1]
        if label == row[2].upper() or (label == r"\N" and row[0] in self.late):
            return None
        return f"label {label}"
