"""Rows that could not be taken: hand them out to be mended, take the mended ones in."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from fieldproof.adapters.exchange.check import RAW_WKB
from fieldproof.adapters.exchange.mapping import WKT_FIELD, ColumnMapping, fields_of
from fieldproof.adapters.exchange.readers import read_file
from fieldproof.adapters.register import ImportInfo, QuarantinedRow, Register
from fieldproof.errors import InputError
from fieldproof.model.tables import TABLES
from fieldproof.workflows.import_files import ImportOptions, ImportResult, import_files

#: Columns that go with a row to the person who mends it, and come back with it.
ID_COLUMN, PROBLEM_COLUMN = "quarantine_id", "quarantine_problem"
_NOT_TOLD = ImportOptions().stated_by


def hand_out(register: Register, folder: Path) -> list[Path]:
    """Write the open rows as one CSV for each table of each file, with their problems.

    Values stand as they were typed, under the names of the fields that their columns lead to.
    Features have their outline as well-known text in WGS 84.
    """
    groups: defaultdict[tuple[str, str], list[QuarantinedRow]] = defaultdict(list)
    for row in register.quarantined():
        groups[row.table, row.file_sha256].append(row)
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, rows, _fields(_import_of(register, rows[0])))
            for rows in groups.values()]


def _import_of(register: Register, row: QuarantinedRow) -> ImportInfo:
    return [info for info in register.imports()
            if (info.source.sha256, info.table) == (row.file_sha256, row.table)][-1]


def _fields(info: ImportInfo) -> dict[str, str]:
    """Column -> field, as the file was read."""
    _, _, text = info.source.mapping.partition(": {")
    return dict(json.loads("{" + text)["columns"])


def _write(folder: Path, rows: Sequence[QuarantinedRow], fields: Mapping[str, str]) -> Path:
    first = rows[0]
    path = folder / f"{first.table}-{Path(first.file_name).stem}-{first.file_sha256[:8]}.csv"
    columns = dict.fromkeys(name for row in rows for name in row.raw if name != RAW_WKB)
    taken = {*fields.values(), WKT_FIELD}
    names = {c: fields.get(c) or (c if c not in taken or c == WKT_FIELD else f"{c} (as typed)")
             for c in columns}
    part = path.with_name(f".part-{path.name}")
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [ID_COLUMN, PROBLEM_COLUMN, *names.values()])
        writer.writeheader()
        for row in rows:
            problems = "; ".join(f"{p['field']}: {p['problem']} (right: {p['right']})"
                                 for p in row.problems)
            writer.writerow({ID_COLUMN: row.id, PROBLEM_COLUMN: problems,
                             **{names[c]: v for c, v in row.raw.items() if c in names}})
    part.replace(path)
    return path


def take_in(
    register: Register, path: Path, options: ImportOptions | None = None
) -> list[ImportResult]:
    """Take mended rows in; those that are right now are settled, the others wait on.

    The mended file is kept like any other, and its statements name it; the quarantine keeps each
    row as it was first typed, with the line of the import that settled it. Who states the rows,
    when it was known, and that they are simulated come from the first file unless they are given.

    Raises:
        InputError: a file that this program did not hand out, or whose rows are not open.

    """
    options = options or ImportOptions()
    ids = _ids(path)
    open_rows = {row.id: row for row in register.quarantined()}
    closed = [str(i) for i in ids.values() if i not in open_rows]
    if closed:
        raise InputError(f"{path.name}: {', '.join(closed)} are not open in the quarantine")
    origins = {(open_rows[i].table, open_rows[i].file_sha256) for i in ids.values()}
    if len(origins) != 1:
        raise InputError(f"{path.name} mixes rows of {len(origins)} tables or files; each in a "
                         "file of its own, as they were handed out, would be right")
    origin = _import_of(register, open_rows[next(iter(ids.values()))])
    results = import_files(register, [path], _options(path, origin, options))
    for result in results:
        line = result.import_seq or result.already
        # rows that are still wrong are in the quarantine a second time, under this file's name
        bad = {r.row for r in register.quarantined() if r.file_sha256 == result.sha256}
        good = [i for row, i in ids.items() if row not in bad]
        if line is not None and good:
            register.resolve_quarantine(good, f"mended by the import on line {line}")
        register.drop_quarantine_of(result.sha256)
    return results


def _ids(path: Path) -> dict[int, int]:
    """Row of the mended file -> number in the quarantine."""
    ids: dict[int, int] = {}
    for sheet in read_file(path):
        if ID_COLUMN not in sheet.columns:
            continue
        for chunk in sheet.chunks():
            texts = chunk.columns[ID_COLUMN]
            for row, text in zip(chunk.row_numbers, texts, strict=True):
                ids[row] = _id(path, row, text)
    if not ids:
        raise InputError(f"{path.name}: no rows with a column {ID_COLUMN}; mend the file that "
                         "`fieldproof quarantine export` wrote")
    return ids


def _id(path: Path, row: int, text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError as error:
        raise InputError(f"{path.name}, row {row}, {ID_COLUMN}: {text!r} is no number of the "
                         "quarantine; leave that column as it was") from error


def _options(path: Path, origin: ImportInfo, options: ImportOptions) -> ImportOptions:
    """Terms of the mended file: those of the first, under the names of fields."""
    names = {f.name for f in fields_of(TABLES[origin.table])} | {WKT_FIELD}
    sheet = read_file(path)[0]
    told = options.stated_by != _NOT_TOLD
    return ImportOptions(
        template=ColumnMapping(origin.table, {c: c for c in sheet.columns if c in names}),
        stated_by=options.stated_by if told else origin.source.stated_by,
        known_on=options.known_on or origin.source.known_on,
        simulated=options.simulated or origin.source.simulated,
        date_order=options.date_order, leave_out=(ID_COLUMN, PROBLEM_COLUMN),
    )
