"""Take files of the field into the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import shapely

from fieldproof.adapters.clock import now_iso
from fieldproof.adapters.exchange.check import Checked, Terms, check_chunk
from fieldproof.adapters.exchange.crs import to_wgs84
from fieldproof.adapters.exchange.landmarks import Landmarks
from fieldproof.adapters.exchange.mapping import ColumnMapping, apply_template, guess
from fieldproof.adapters.exchange.problems import Problem
from fieldproof.adapters.exchange.readers import Chunk, Sheet, read_file
from fieldproof.adapters.exchange.synonyms import held_back, is_made_up_column
from fieldproof.adapters.exchange.values import YES, DateOrder
from fieldproof.adapters.register import Counts, QuarantinedRow, Register
from fieldproof.adapters.register.files import sha256_of
from fieldproof.errors import InputError
from fieldproof.model.rows import SourceFile
from fieldproof.model.tables import TABLES
from fieldproof.workflows.progress_port import Progress, silent

#: Problems that are kept one by one; beyond, they are counted only.
MOST_PROBLEMS = 10_000


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Terms on which files are taken in.

    Attributes:
        table: the table of every file; None: guessed for each.
        template: mapping to use; None: guessed.
        mapping: column -> field, overruling the guess.
        stated_by: who states rows that do not say it themselves.
        known_on: when they knew, for rows that do not say it themselves, `YYYY-MM-DD`.
        simulated: the rows are made up; a file whose rows all say so need not be told of.
        date_order: of dates with slashes.
        crs: of features whose file does not state it, or not its datum.
        dry_run: check, and take nothing in.
        leave_out: columns that are not part of the data.
        strict: take nothing of a file in which a row has an error.

    """

    table: str | None = None
    template: ColumnMapping | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    stated_by: str = "unknown"
    known_on: str | None = None
    simulated: bool = False
    date_order: DateOrder = None
    crs: str | None = None
    dry_run: bool = False
    strict: bool = False
    leave_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a day that is none; the ledger compares days as text."""
        if self.known_on is not None and not _is_day(self.known_on):
            raise InputError(f"known on {self.known_on!r}; a day such as 2024-05-01 would be right")


@dataclass(slots=True)
class ImportResult:
    """What became of one table of a file.

    Attributes:
        file: its name.
        sheet: sheet or layer.
        mapping: how its columns were read.
        sha256: of the file.
        counts: entities new, changed and unchanged.
        rows: rows read.
        rejected: rows quarantined.
        problems: the first of them, at most `MOST_PROBLEMS`.
        n_problems: how many there were.
        import_seq: ledger line of the import; None where nothing was taken in.
        already: ledger line of an earlier import of the same file; then nothing was added.
        dry_run: nothing was to be taken in.
        refused: nothing was taken in because of errors.

    """

    file: str
    sheet: str
    mapping: ColumnMapping
    sha256: str
    counts: Counts = field(default_factory=Counts)
    rows: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    n_problems: int = 0
    import_seq: int | None = None
    already: int | None = None
    dry_run: bool = False
    refused: bool = False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class _RefusedError(Exception):
    """Undoes the transaction of a file that is not to be taken in part."""


def import_files(
    register: Register, paths: Sequence[Path], options: ImportOptions | None = None, *,
    progress: Progress = silent,
) -> list[ImportResult]:
    """Take files in, each table of each in one transaction of its own.

    The same file on the same terms is taken in once. Tables that others refer to go first, so the
    order of the files does not matter.

    Raises:
        InputError: a file that cannot be read at all; those before it are in.

    """
    options = options or ImportOptions()
    jobs = []
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path} is no file")
        jobs += [(path, sheet, _mapping(path, sheet, options))
                 for sheet in (_without(s, options.leave_out) for s in read_file(path))]
    order = {name: i for i, name in enumerate(TABLES)}
    jobs.sort(key=lambda job: order[job[2].table])
    results = [_import(register, path, sheet, mapping, options, progress)
               for path, sheet, mapping in jobs]
    for result in results:
        if result.import_seq is not None:
            _note_orphans(register, result)
    return results


def _note_orphans(register: Register, result: ImportResult) -> None:
    """Say which things the rows refer to that the register does not hold; they may come later."""
    table = TABLES[result.mapping.table]
    for name, parent in table.parents.items():
        missing = register.orphans(table.name, name, parent)
        if missing:
            shown = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
            result.problems.append(Problem(
                result.file, 0, name, f"{len(missing)} not in {parent}: {shown}",
                f"take in the file of {parent}, before or after", severity="warning",
            ))
            result.n_problems += 1


def _without(sheet: Sheet, left_out: tuple[str, ...]) -> Sheet:
    if not left_out:
        return sheet

    def chunks() -> Iterator[Chunk]:
        for chunk in sheet.chunks():
            columns = {c: v for c, v in chunk.columns.items() if c not in left_out}
            yield replace(chunk, columns=columns)

    kept = tuple(c for c in sheet.columns if c not in left_out)
    return replace(sheet, columns=kept, chunks=chunks)


def _mapping(path: Path, sheet: Sheet, options: ImportOptions) -> ColumnMapping:
    if options.template is not None:
        return apply_template(options.template, path.name, sheet.columns)
    name = path.stem if sheet.name in {"Sheet1", "Sheet"} else f"{path.stem} {sheet.name}"
    if sheet.name in TABLES and options.table is None:
        return guess(name, sheet.columns, table=sheet.name, given=options.mapping)
    return guess(name, sheet.columns, has_geometry=sheet.crs is not None, table=options.table,
                 given=options.mapping)


def _import(
    register: Register, path: Path, sheet: Sheet, mapping: ColumnMapping,
    options: ImportOptions, progress: Progress,
) -> ImportResult:
    sha256, size = sha256_of(path) if options.dry_run else register.keep_file(path)
    result = ImportResult(path.name, sheet.name, mapping, sha256, dry_run=options.dry_run)
    people = bool(TABLES[mapping.table].personal_fields)
    held = held_back(mapping.unmapped, people=people)
    simulated = options.simulated or _says_made_up(sheet)
    source = SourceFile(
        sha256, path.name, size, options.stated_by, options.known_on, simulated,
        f"{sheet.name}: {mapping.to_json()}", people or bool(held),
    )
    result.already = register.find_import(source, mapping.table)
    if result.already is not None:
        return result
    _note_reading(result, sheet, held, simulated=simulated and not options.simulated)
    # landmarks are read now: once the transaction writes, the register cannot be read beside it
    terms = Terms(path.name, sha256, mapping, _crs(sheet, options), options.date_order,
                  landmarks_of(register) if _by_bearing(mapping) else Landmarks(),
                  None if options.simulated else simulated)
    if options.dry_run:
        for chunk in sheet.chunks():
            _count(result, chunk, check_chunk(chunk, terms), progress)
        return result
    try:
        _take(register, source, sheet, terms, result, options, progress)
    except _RefusedError:
        result.refused, result.import_seq, result.counts = True, None, Counts()
    return result


def _take(
    register: Register, source: SourceFile, sheet: Sheet, terms: Terms, result: ImportResult,
    options: ImportOptions, progress: Progress,
) -> None:
    with register.importing(source, terms.mapping.table, recorded_at=now_iso()) as session:
        for chunk in sheet.chunks():
            checked = check_chunk(chunk, terms)
            _count(result, chunk, checked, progress)
            if options.strict and result.rejected:
                raise _RefusedError
            result.counts = result.counts.plus(session.add(checked.batch))
            session.quarantine(_quarantined(checked, terms))
        result.import_seq = session.import_seq


def _count(result: ImportResult, chunk: Chunk, checked: Checked, progress: Progress) -> None:
    result.rows += len(chunk.row_numbers)
    result.rejected += len(checked.rejected)
    result.n_problems += len(checked.problems)
    room = MOST_PROBLEMS - len(result.problems)
    result.problems += checked.problems[:room]
    progress(result.rows, None, f"reading {result.file}")


def _quarantined(checked: Checked, terms: Terms) -> list[QuarantinedRow]:
    return [
        QuarantinedRow(
            terms.mapping.table, row, raw,
            [p.to_dict() for p in checked.problems if p.row == row and p.severity == "error"],
        )
        for row, raw in checked.rejected.items()
    ]


def _says_made_up(sheet: Sheet) -> bool:
    """Whether the first rows of a file all say that they are simulated."""
    column = next((c for c in sheet.columns if is_made_up_column(c)), None)
    first = next(sheet.chunks(), None) if column is not None else None
    if column is None or first is None:
        return False
    return all((text or "").strip().lower() in YES for text in first.columns[column])


def _crs(sheet: Sheet, options: ImportOptions) -> str | None:
    """System of a sheet's features: its own, or the one given where that leads nowhere."""
    if sheet.crs is None or options.crs is None:
        return sheet.crs
    try:
        to_wgs84(sheet.crs)
    except InputError:
        return options.crs
    return sheet.crs


def _note_reading(
    result: ImportResult, sheet: Sheet, held: Sequence[str], *, simulated: bool
) -> None:
    """Say what concerns the file as a whole."""
    notes = [(note, "the file saved as UTF-8, if letters look wrong") for note in sheet.notes]
    if held:
        notes.append((f"{', '.join(held)}: may be on people, kept in the file alone",
                      "a mapping to a field, where there is one"))
    if simulated:
        notes.append(("its rows say that they are simulated, and are taken so", "--simulated"))
    for problem, right in notes:
        result.problems.append(Problem(result.file, 0, "", problem, right, severity="warning"))
    result.n_problems += len(notes)


def _by_bearing(mapping: ColumnMapping) -> bool:
    return "from_landmark" in mapping.columns.values()


def landmarks_of(register: Register) -> Landmarks:
    """Every point of a record that has a place."""
    known = Landmarks()
    for row in register.rows("record_points"):
        if row.geometry is not None:
            x, y = shapely.get_coordinates(row.geometry)[0]
            known.add(str(row.values["record_id"]), str(row.values["point_id"]),
                      (float(x), float(y)))
    return known
