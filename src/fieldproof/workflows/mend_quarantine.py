"""Rows that could not be taken: list them, hand them out to be mended, take the mended ones in."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from fieldproof.adapters.register import QuarantinedRow, Register
from fieldproof.errors import InputError
from fieldproof.workflows.import_files import ImportOptions, ImportResult, import_files

#: Columns that go with a row to the person who mends it, and come back with it.
ID_COLUMN, PROBLEM_COLUMN = "quarantine_id", "quarantine_problem"


def hand_out(register: Register, folder: Path) -> list[Path]:
    """Write the open rows as one CSV for each table, as they were typed, with their problems."""
    groups: defaultdict[str, list[QuarantinedRow]] = defaultdict(list)
    for row in register.quarantined():
        groups[row.table].append(row)
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"quarantine-{table}.csv", rows) for table, rows in groups.items()]


def _write(path: Path, rows: Sequence[QuarantinedRow]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row.raw))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [ID_COLUMN, PROBLEM_COLUMN, *names])
        writer.writeheader()
        for row in rows:
            problems = "; ".join(f"{p['field']}: {p['problem']} (right: {p['right']})"
                                 for p in row.problems)
            writer.writerow({ID_COLUMN: row.id, PROBLEM_COLUMN: problems, **row.raw})
    return path


def take_in(register: Register, path: Path, options: ImportOptions) -> list[ImportResult]:
    """Take mended rows in; those that are right now are settled, the others wait on.

    The mended file is kept like any other, and its statements name it; the quarantine keeps each
    row as it was first typed, with the line of the import that settled it.

    Raises:
        InputError: a file that this program did not hand out, or whose rows are not open.

    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or ID_COLUMN not in rows[0]:
        raise InputError(f"{path.name}: no rows with a column {ID_COLUMN}; mend the file that "
                         "`fieldproof quarantine export` wrote")
    open_rows = {row.id: row for row in register.quarantined()}
    ids = [_id(path, number, row) for number, row in enumerate(rows, start=1)]
    closed = [str(i) for i in ids if i not in open_rows]
    if closed:
        raise InputError(f"{path.name}: {', '.join(closed)} are not open in the quarantine")
    tables = {open_rows[i].table for i in ids}
    if len(tables) != 1:
        raise InputError(f"{path.name} mixes {', '.join(sorted(tables))}; one would be right")
    results = import_files(
        register, [path],
        ImportOptions(
            table=tables.pop(), stated_by=options.stated_by, known_on=options.known_on,
            simulated=options.simulated, date_order=options.date_order,
            leave_out=(ID_COLUMN, PROBLEM_COLUMN),
        ),
    )
    for result in results:
        bad = {p.row for p in result.problems if p.severity == "error"}
        good = [i for number, i in enumerate(ids, start=1) if number not in bad]
        if result.import_seq is not None and good:
            register.resolve_quarantine(good, f"mended by the import on line {result.import_seq}")
            # rows that are still wrong wait under their old number, not twice
            register.drop_quarantine_of(result.sha256)
    return results


def _id(path: Path, number: int, row: dict[str, str]) -> int:
    try:
        return int(row[ID_COLUMN])
    except (TypeError, ValueError) as error:
        raise InputError(f"{path.name}, row {number}, {ID_COLUMN}: {row[ID_COLUMN]!r} is no number "
                         "of the quarantine; leave that column as it was") from error
