#!/usr/bin/python3
"""oracle_test.py BENCH: the oracle of bench/online.py finds each kind of row that is wrong, and no other."""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))
import oracle  # noqa: E402

LOG = """100\t110\tupdate\tok\t3\titem 3 v1\t17
120\t130\tinsert\tok\t11\titem 11\t5\t7
140\t150\tdelete\tok\t8
160\t170\towner\tok\t2\towner 2 v4
180\t190\tinsert\tok\t12\titem 12\t6\t8
200\t210\tdelete\tok\t12
220\t230\tinsert\tok\t13\titem 13\t6\t8
"""


class Oracle(unittest.TestCase):
    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "writer.log"
            path.write_text(LOG, encoding="utf-8")
            self.entries = oracle.read_log(path)
        self.expected = oracle.Expected(10, self.entries)
        rows = {key: oracle.first_row(key) for key in range(1, 11)}
        rows[3][3:5] = ["item 3 v1", "17"]
        del rows[8]
        rows[11] = ["11", "7", "code 11", "item 11", "5", "t"]
        rows[13] = ["13", "8", "code 13", "item 13", "6", "t"]
        self.rows = rows

    def complaints(self, rows, judge=None):
        found = oracle.Complaints()
        oracle.compare(self.expected.items(), rows.values(), found, judge)
        self.assertEqual(found.number, len(found.texts))
        return found.texts

    def test_what_the_writer_left_is_right(self):
        self.assertEqual(self.complaints(self.rows), [])
        self.assertEqual(self.expected.owners[2], "owner 2 v4")
        self.assertEqual(self.expected.owners[3], "owner 3")

    def test_a_lost_row(self):
        for key in (1, 3, 7, 11, 13):
            rows = {number: row for number, row in self.rows.items() if number != key}
            [text] = self.complaints(rows)
            self.assertTrue(text.startswith(f"row {key} is lost"), text)

    def test_a_row_too_many(self):
        for key in (0, 8, 12, 14):
            rows = dict(sorted({**self.rows, key: oracle.first_row(key)}.items()))
            [text] = self.complaints(rows)
            self.assertTrue(text.startswith(f"row {key} is there and must not be"), text)

    def test_a_row_twice(self):
        rows = [self.rows[key] for key in (1, 2, 3, 3, 4, 5, 6, 7, 9, 10, 11, 13)]
        [text] = self.complaints(dict(enumerate(rows)))
        self.assertTrue(text.startswith("row 3 is there and must not be"), text)

    def test_a_value_that_was_not_written(self):
        for key in self.rows:
            for column in range(1, 6):
                rows = {number: list(row) for number, row in self.rows.items()}
                rows[key][column] += "?"
                [text] = self.complaints(rows)
                self.assertTrue(text.startswith(f"row {key} is wrong"), text)

    def test_an_update_that_is_undone(self):
        [text] = self.complaints({**self.rows, 3: oracle.first_row(3)})
        self.assertTrue(text.startswith("row 3 is wrong"), text)

    def test_what_failed_is_told_and_did_nothing(self):
        entries = [*self.entries, oracle.Entry(240, 250, "delete", "40P01 deadlock detected", "5", [])]
        self.expected = oracle.Expected(10, entries)
        self.assertEqual(self.complaints(self.rows), [])
        found = oracle.Complaints()
        oracle.check_traffic(entries, "writer", found)
        self.assertEqual(found.texts, ["writer: delete of 5: 40P01 deadlock detected"])

    def test_tokens(self):
        tokens = {key: f"{key:08x}-0000-4000-8000-000000000000" for key in self.rows}
        with_tokens = {key: [*row, tokens[key]] for key, row in self.rows.items()}
        self.assertEqual(self.complaints(with_tokens, oracle.Tokens()), [])
        for wrong, told in ((r"\N", r"row 4: token \N"), (tokens[2], f"row 4: token {tokens[2]} for the second time")):
            self.assertEqual(self.complaints({**with_tokens, 4: [*self.rows[4], wrong]}, oracle.Tokens()), [told])

    def test_labels(self):
        with_labels = {key: [*row, row[2].upper()] for key, row in self.rows.items()}
        judge = oracle.Label(self.expected, 200)
        self.assertEqual(self.complaints(with_labels, judge), [])
        # Only a row that came while the migration was at work or later may have none.
        self.assertEqual(self.complaints({**with_labels, 13: [*self.rows[13], r"\N"]}, judge), [])
        for key, label in ((11, r"\N"), (1, r"\N"), (3, "CODE 4"), (13, "CODE 1")):
            self.assertEqual(self.complaints({**with_labels, key: [*self.rows[key], label]}, judge), [f"row {key}: label {label}"])


if __name__ == "__main__":
    unittest.main()
