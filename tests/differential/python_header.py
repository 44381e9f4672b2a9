#!/usr/bin/env python3
"""Compares capo's reader of Python revisions with Python's own parser.

usage: python_header.py DUMP_PROGRAM [--seed N] [--count N]

The modules are generated headers in every spelling that Python allows, each among code of the standard library. What capo
reads must be what Python's ast says. Where the header is literal through and through capo must read it; where it is
not, capo may refuse but never answer something else.
"""
import argparse
import ast
import json
import os
import pathlib
import random
import subprocess
import sys
import sysconfig
import tempfile
import warnings

KEYS = ("revision", "down_revision", "branch_labels", "depends_on")
UNKNOWN = object()


def literal(node):
    """None, a string or a list of strings; UNKNOWN for everything else."""
    if isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str)):
        return node.value
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        items = [literal(x) for x in node.elts]
        return items if all(isinstance(x, str) for x in items) else UNKNOWN
    return UNKNOWN


def names_in(node):
    return {x.id for x in ast.walk(node) if isinstance(x, ast.Name)}


def expected(text):
    """What Python's parser says of a module: a dictionary, or None if it is not literal."""
    tree = ast.parse(text)
    found = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            if not statement.simple and names_in(statement.target) & set(KEYS):
                return None  # (name): type = value
            targets, value = [statement.target], statement.value
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        else:
            stored = {x.id for x in ast.walk(statement) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)}
            if isinstance(statement, ast.AnnAssign):
                stored = set()
            if stored & set(KEYS):
                return None
            continue
        for target in targets:
            if isinstance(target, ast.Name) and target.id in KEYS:
                found[target.id] = literal(value)
                if found[target.id] in (UNKNOWN, "") or target.id == "revision" and not isinstance(found[target.id], str):
                    return None
            elif names_in(target) & set(KEYS):
                return None
    if "revision" not in found or "down_revision" not in found:
        return None
    many = lambda x: [] if x is None else [x] if isinstance(x, str) else x
    result = {"revision": found["revision"]}
    for key in KEYS[1:]:
        result[key] = many(found.get(key))
    if not all(result[key] if isinstance(result[key], str) else all(result[key]) for key in KEYS):
        return None  # an empty string names nothing
    doc = ast.get_docstring(tree, clean=False) or ""
    result["doc"] = doc.strip(" \t\n\v\f\r")
    return result


class Generator:
    """Spells random headers in random ways."""

    def __init__(self, rng):
        self.rng = rng

    def pick(self, *choices):
        return self.rng.choice(choices)

    def string(self):
        body = "".join(self.pick("a", "b1", "-", ".", " ", "\u00fc", "\\'", "\\\"", "\\\\", "\\n", "\\t", "\\x41",
                                 "\\u00e9", "\\U0001F3B8", "\\101", "\\q", "#", "(", "{", "}") for _ in range(self.rng.randint(1, 6)))
        prefix = self.pick("", "", "", "", "r", "R", "u", "U")
        quote = self.pick("'", '"', "'''", '"""')
        if prefix in ("r", "R"):
            body = body.replace("\\", "")
        if quote[0] in body.replace("\\" + quote[0], ""):
            body = "x"
        return prefix + quote + body + "x" + quote

    def space(self, bracketed):
        return self.pick("", " ", "  ", "\t", "\\\n" if not bracketed else "\n", *(["  # it's [a] comment\n", "\r\n"] if bracketed else []))

    def one(self, bracketed):
        parts = [self.string() for _ in range(self.pick(1, 1, 1, 2, 3))]
        if bracketed or len(parts) == 1:
            text = self.space(bracketed).join(parts)
        else:
            text = " ".join(parts)
        if self.rng.random() < 0.1:
            text = "(" + self.space(True) + text + self.space(True) + ")"
        return text

    def many(self):
        opener, closer = self.pick("()", "[]", "{}")
        items = [self.one(True) for _ in range(self.rng.randint(0 if opener != "{" else 1, 3))]
        text = ("," + self.space(True)).join(items)
        if items and (opener == "(" and len(items) == 1 or self.rng.random() < 0.3):
            text += self.space(True) + ","
        return opener + self.space(True) + text + self.space(True) + closer

    def value(self):
        x = self.rng.random()
        if x < 0.2:
            return self.pick("None", "(None)")
        if x < 0.6:
            return self.one(False)
        if x < 0.9:
            return self.many()
        if x < 0.95:
            return self.string() + ", " + self.string()
        return self.pick("f'a{1}'", "b'a'", "x", "make()", "'a' + 'b'", "['a', 1]", "5", "''", "('a', None)", "not 'a'",
                         "'a' if x else 'b'", "[a for a in 'ab']", "'a'.strip()", "{}", "{'a': 1}", "[['a']]", "*'a',", "...")

    def statement(self, key):
        annotation = self.pick("", "", "", ": str", ": Union[str, Sequence[str], None]", ": 'revision = 1'")
        name = key if not annotation or self.rng.random() < 0.9 else "(" + key + ")"
        value = self.one(False) if key == "revision" and self.rng.random() < 0.95 else self.value()
        chain = self.pick("", "", "", "", "alias = ") if not annotation else ""
        text = chain + name + annotation + self.space(False) + "=" + self.space(False) + value
        x = self.rng.random()
        if x < 0.02:
            text = "if True:\n    " + text
        elif x < 0.03:
            text = "if True: " + text
        elif x < 0.04:
            text = "def f():\n    " + text + "\n" + text
        elif x < 0.05:
            text = key + ", other = " + self.string() + ", 1"
        return text

    def header(self):
        keys = [k for k in KEYS if self.rng.random() < (0.99 if k in ("revision", "down_revision") else 0.7)]
        if self.rng.random() < 0.2:
            self.rng.shuffle(keys)
        if self.rng.random() < 0.05:
            keys.append(self.rng.choice(KEYS))
        text = ""
        for key in keys:
            text += self.statement(key) + self.pick("\n", "\n", "\n\n", "  # note\n", ";\n", "; ", "\r\n")
        return text.rstrip(" ") + "\n"

    def docstring(self):
        return self.pick("", '"""message\n\nRevision ID: a\nRevises: b\nCreate Date: 2026\n\n"""\n', "'''it\\'s\n\n'''\n",
                         "('a' 'b')\n", "# comment\n\n'doc'\n", self.string() + "\n", "b'x'\n", "f'x'\n", "'a' 'b';")


def library_files(rng, count):
    """Some of Python's own source: every spelling of strings, comments and brackets that people write."""
    files = []
    paths = sorted(pathlib.Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    rng.shuffle(paths)
    for path in paths:
        if len(files) == count:
            break
        if "bad" in path.name or "lib2to3" in path.parts:
            continue
        try:
            text = path.read_bytes().decode("utf-8")
            if len(text) > 200_000 or "\0" in text or "\\N{" in text.split('"""', 2)[1 if '"""' in text else 0]:
                continue
            ast.parse(text)
        except (UnicodeDecodeError, SyntaxError, ValueError):
            continue
        files.append(text.lstrip("\ufeff"))
    return files


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--library", type=int, default=100, help="files of the standard library to put headers behind")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rng = random.Random(options.seed)
    generator = Generator(rng)
    modules = []
    while len(modules) < options.count:
        text = generator.docstring() + generator.header() + "\n\ndef upgrade():\n    revision = 1\n"
        try:
            modules.append((text, expected(text)))
        except (SyntaxError, ValueError):
            continue
    for text in library_files(rng, options.library):
        text = text + "\n" + generator.header()
        try:
            modules.append((text, expected(text)))
        except (SyntaxError, ValueError):
            continue

    with tempfile.TemporaryDirectory() as directory:
        paths = []
        for i, (text, _) in enumerate(modules):
            paths.append(os.path.join(directory, "%d.py" % i))
            pathlib.Path(paths[-1]).write_bytes(text.encode("utf-8"))
        run = subprocess.run([options.program], input="".join(p + "\n" for p in paths), capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit("%s failed: %s" % (options.program, run.stderr))
        answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(modules):
        sys.exit("%d modules, %d answers" % (len(modules), len(answers)))
    wrong = read = refused = 0
    for (text, want), got in zip(modules, answers):
        refused += "error" in got
        read += "error" not in got
        bad = want is not None and got != want or want is None and "error" not in got
        if not bad:
            continue
        wrong += 1
        if wrong <= 3:
            shown = text if len(text) < 3000 else "..." + text[-1000:]
            print("MODULE\n%s\nPYTHON %s\nCAPO   %s\n" % (shown, want, got))
    print("%d modules: %d read, %d refused, %d wrong" % (len(modules), read, refused, wrong))
    return 1 if wrong or not read or not refused else 0


if __name__ == "__main__":
    sys.exit(main())
