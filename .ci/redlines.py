#!/usr/bin/env python3
"""Stores what other programs say of the redlines, where a build cannot have those programs.

usage: redlines.py FOLDER CHECKER [PYTHON]

FOLDER  what `FOLIO_REDLINES=FOLDER cargo test --release --test redlines -- --include-ignored` wrote
CHECKER redline_check.py
PYTHON  the interpreter that has its modules

Writes tests/redlines/results.txt: a line for each pair with its name, the digests of its three files, the characters that
are tracked and that would do, and what each program made of accepting and rejecting all.
"""
import hashlib
import json
import os
import pathlib
import subprocess
import sys

BATCH = 40  # pairs for one start of all programs


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()[:16]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder, checker = pathlib.Path(sys.argv[1]), os.path.abspath(sys.argv[2])
    python = sys.argv[3] if len(sys.argv) > 3 else sys.executable
    pairs = sorted({line for line in (folder / "list.tsv").read_text().splitlines() if line})
    lines = []
    for at in range(0, len(pairs), BATCH):
        part = folder / "part.tsv"
        part.write_text("\n".join(pairs[at : at + BATCH]) + "\n")
        command = [python, checker, "--list", str(part), "--max-ratio", "1.02", "--slack", "0", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=os.path.dirname(checker))
        for found in json.loads(done.stdout):
            files = [found["old"], found["new"], found["redline"]]
            name = pathlib.Path(files[2]).name.removesuffix(".redline.docx")
            facts = found["facts"]
            said = " ".join(
                f"{program}:{views['accept']['status']}/{views['reject']['status']}".replace(" ", "-")
                for program, views in found["resolvers"].items()
            )
            digests = " ".join(map(digest, files))
            lines.append(f"{name} {digests} {facts.get('tracked_chars')}/{facts.get('least_chars')} {said}")
    target = pathlib.Path(__file__).resolve().parent.parent / "tests" / "redlines" / "results.txt"
    target.write_text("\n".join(sorted(lines)) + "\n")
    print(f"{len(lines)} pairs in {target}")


if __name__ == "__main__":
    main()
