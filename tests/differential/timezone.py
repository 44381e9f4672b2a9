#!/usr/bin/env python3
"""Compares capo's reader of time zones with Python's, for every zone of the system's database.

usage: timezone.py DUMP_PROGRAM [--seed N] [--count N]
"""
import argparse
import datetime
import random
import subprocess
import sys
import zoneinfo


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100, help="moments of each zone")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    names = sorted(zoneinfo.available_timezones())
    if not names:
        sys.exit("no time zone database (Debian: apt-get install tzdata)")
    asked, expected = [], []
    for name in names:
        zone = zoneinfo.ZoneInfo(name)
        offset = lambda s: int((epoch + datetime.timedelta(seconds=s)).astimezone(zone).utcoffset().total_seconds())
        moments = []
        for _ in range(options.count):
            # Most changes are between 1900 and 2037; later ones follow a rule.
            low, high = rng.choice([(-3_000_000_000, 2_200_000_000), (2_100_000_000, 7_000_000_000)])
            a, b = rng.randint(low, high), 0
            b = a + rng.randint(1, 300 * 86400)
            moments += [a]
            if offset(a) != offset(b):  # a change between them: find its second
                while b - a > 1:
                    middle = (a + b) // 2
                    if offset(middle) == offset(a):
                        a = middle
                    else:
                        b = middle
                moments += [a, b]
        for moment in moments:
            asked.append("%s %d" % (name, moment))
            expected.append(str(offset(moment)))
    for name in ("Nowhere/City", "../etc/passwd", "europe/berlin", "tzdata.zi"):
        asked.append(name + " 0")
        expected.append("none")
    run = subprocess.run([options.program], input="\n".join(asked) + "\n", capture_output=True, text=True, check=True)
    got = run.stdout.split()
    if len(got) != len(asked):
        sys.exit("%d questions, %d answers" % (len(asked), len(got)))
    wrong = [(q, e, g) for q, e, g in zip(asked, expected, got) if e != g]
    for question, want, answer in wrong[:10]:
        print("%s: Python says %s, capo %s" % (question, want, answer))
    print("%d zones, %d moments, %d wrong" % (len(names), len(asked), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
