#!/usr/bin/env python3
"""Writes the generated vectors: `python3 tests/vectors/generate.py`, or with `--check` exits 1 when a file differs.

Needs Python 3.11 and its standard library only. Vectors of any other source (see README.md) stay as they are and where
they are, ahead of the generated ones. Nothing of the project itself is used here: a signer cannot prove itself.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from generator import attendee, audian, efficlose, first_recipes, github, meeting_baas, mobile_assistant, recipes  # noqa: E402
from generator.vector import SOURCE  # noqa: E402

HERE = Path(__file__).resolve().parent
PROVIDERS = {
    "attendee": attendee.vectors,
    "audian": audian.vectors,
    "efficlose": efficlose.vectors,
    "github": github.vectors,
    "meeting-baas": meeting_baas.vectors,
    "mobile-assistant": mobile_assistant.vectors,
} | first_recipes.PROVIDERS | recipes.PROVIDERS


def kept(path: Path) -> list:
    """The vectors of a file that this script did not make."""
    if not path.exists():
        return []
    return [record for record in json.loads(path.read_text("ascii")) if record["source"] != SOURCE]


def text_of(records: list) -> str:
    """One field a line, so that differences are easy to read; ASCII only, so that no editor changes a character."""
    blocks = []
    for record in records:
        fields = [f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in record.items()]
        blocks.append("  {\n" + ",\n".join(fields) + "\n  }")
    return "[\n" + ",\n".join(blocks) + "\n]\n"


def repeated_ids(files: dict) -> set:
    seen, twice = set(), set()
    for records in files.values():
        for record in records:
            (twice if record["id"] in seen else seen).add(record["id"])
    return twice


def main(arguments: list) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    files = {HERE / f"{provider}.json": make for provider, make in PROVIDERS.items()}
    files = {path: kept(path) + make() for path, make in files.items()}
    if twice := repeated_ids(files):
        print(f"ids used twice: {sorted(twice)}", file=sys.stderr)
        return 1
    differing = [path for path, records in files.items() if not path.exists() or path.read_text("ascii") != text_of(records)]
    for path in differing:
        if arguments:
            print(f"{path.name} differs from what generate.py makes", file=sys.stderr)
        else:
            path.write_text(text_of(files[path]), "ascii")
            print(f"{path.name}: {len(files[path])} vectors")
    return 1 if arguments and differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
