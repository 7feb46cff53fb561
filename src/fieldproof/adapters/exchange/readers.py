"""Files become tables of text, with the geometry of their features where they have any.

Every value is given as the text that stood there, so that what a person typed is what is judged
and, where it is wrong, what is kept.
"""

from __future__ import annotations

import csv
import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyogrio
import python_calamine

from fieldproof.errors import InputError, UnknownFormatError

CHUNK_ROWS: Final = 50_000
CSV_ENCODINGS: Final = ("utf-8-sig", "cp1251")
#: An outline in one cell can be long; a quote that nobody closed is longer.
LONGEST_CELL: Final = 64 << 20
#: A sheet that explains a workbook and holds no rows.
NOTES_SHEET: Final = "read me"

Chunks = Callable[[], "Iterator[Chunk]"]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file.

    Attributes:
        row_numbers: (n,) first data row is 1.
        columns: column -> (n,) texts; None where the cell is empty.
        geometry: (n,) WKB in the file's own system, or None.
        surplus: index of a row -> its cells beyond the last heading; such a row may be shifted.

    """

    row_numbers: Sequence[int]
    columns: dict[str, Sequence[str | None]]
    geometry: Sequence[bytes | None] | None = None
    surplus: Mapping[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file: a CSV, a sheet of a workbook, a layer.

    Attributes:
        name: of the sheet or layer; the file's name where it has just one.
        columns: their names.
        chunks: makes an iterator over the rows; may be called again.
        crs: coordinate system of the geometry as the file states it; None: there is no geometry.
            An empty text: there is geometry, and no system is stated.
        notes: what a person should know of how it was read.

    """

    name: str
    columns: tuple[str, ...]
    chunks: Chunks
    crs: str | None = None
    notes: tuple[str, ...] = ()


def read_file(path: Path) -> list[Sheet]:
    """All tables of a file.

    Raises:
        UnknownFormatError: no reader knows the ending.
        InputError: a reader knows it and cannot read the file.

    """
    readers: dict[str, Callable[[Path], list[Sheet]]] = {
        ".csv": _csv, ".tsv": _csv, ".txt": _csv, ".xlsx": _workbook, ".xlsm": _workbook,
        ".ods": _workbook, ".geojson": _layers, ".json": _layers, ".gpkg": _layers,
        ".shp": _layers, ".zip": _layers, ".kml": _layers, ".kmz": _layers,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnknownFormatError(
            f"{path.name}: no reader for {path.suffix or 'a file without an ending'}; right would "
            "be CSV, XLSX, GeoJSON, GeoPackage, Shapefile (or its zip) or KML"
        )
    try:
        sheets = reader(path)
    except _UNREADABLE as error:
        raise InputError(f"{path.name} cannot be read: {error}") from error
    return [replace(sheet, chunks=_named(path.name, sheet.chunks)) for sheet in sheets]


_UNREADABLE: Final = (OSError, UnicodeError, csv.Error, pyogrio.errors.DataSourceError,
                      pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
                      python_calamine.CalamineError)


def _named(name: str, chunks: Chunks) -> Chunks:
    """Name the file in errors that show only while its rows are read; leave out empty chunks."""
    def named() -> Iterator[Chunk]:
        try:
            for chunk in chunks():
                if len(chunk.row_numbers):
                    yield chunk
        except _UNREADABLE as error:
            raise InputError(f"{name} cannot be read: {error}") from error

    return named


def _csv(path: Path) -> list[Sheet]:
    csv.field_size_limit(LONGEST_CELL)
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        head = stream.readline()
        if not head.strip():
            raise InputError(
                f"{path.name} is empty; the first line would be the names of the columns")
        delimiter = max(",;\t", key=head.count)
        stream.seek(0)
        columns = _headings(path.name, next(csv.reader(stream, delimiter=delimiter, strict=True)))

    def chunks() -> Iterator[Chunk]:
        with path.open(encoding=encoding, newline="") as stream:
            rows = csv.reader(stream, delimiter=delimiter, strict=True)
            done = 0
            try:
                next(rows)
                while piece := list(itertools.islice(rows, CHUNK_ROWS)):
                    yield _chunk(columns, piece, done)
                    done += len(piece)
            except csv.Error as error:
                raise InputError(
                    f"{path.name}, line {rows.line_num}: {error}; a cell that starts with a quote "
                    "would end with one, and quotes inside it be doubled") from error

    notes = ("not UTF-8; read as Windows-1251",) if encoding == "cp1251" else ()
    return [Sheet(path.stem, columns, chunks, notes=notes)]


def _encoding(path: Path) -> str:
    """The encoding in which the whole file can be read; UTF-16 is known by its mark."""
    with path.open("rb") as stream:
        mark = stream.read(2)
    if mark in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    for encoding in CSV_ENCODINGS:
        try:
            with path.open(encoding=encoding) as text:
                while text.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise InputError(f"{path.name}: neither UTF-8 nor Windows-1251; save it as UTF-8")


def _chunk(columns: Sequence[str], rows: list[list[str]], done: int) -> Chunk:
    """Rows turned into columns; a short row is filled, blank rows are left out."""
    width = len(columns)
    numbers: Sequence[int] = range(done + 1, done + len(rows) + 1)
    surplus: dict[int, list[str]] = {}
    if any(len(row) != width for row in rows):
        kept = [(n, row) for n, row in zip(numbers, rows, strict=True) if any(row)]
        numbers = [n for n, _ in kept]
        surplus = {i: row[width:] for i, (_, row) in enumerate(kept) if any(row[width:])}
        rows = [[*row[:width], *[""] * (width - len(row))] for _, row in kept]
    turned = list(zip(*rows, strict=True)) or [()] * width
    return Chunk(numbers, {
        name: [v or None for v in column] if "" in column else column
        for name, column in zip(columns, turned, strict=True)
    }, surplus=surplus)


def _headings(name: str, cells: Sequence[Any]) -> tuple[str, ...]:
    """Names of the columns; one without a heading is called by its number."""
    columns = tuple(str(c).strip() or f"column {i}" for i, c in enumerate(cells, start=1))
    twice = {c for c in columns if columns.count(c) > 1}
    if twice:
        raise InputError(f"{name}: column {', '.join(sorted(twice))} stands twice; name them apart")
    return columns


def _workbook(path: Path) -> list[Sheet]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    sheets = []
    visible = python_calamine.SheetVisibleEnum.Visible
    for name in (s.name for s in book.sheets_metadata if s.visible == visible):
        rows = book.get_sheet_by_name(name).to_python()
        if name == NOTES_SHEET or len(rows) < 2 or not any(str(c).strip() for c in rows[0]):
            continue
        texts = [[_cell(v) for v in row] for row in rows]
        # formatted columns behind the last one are no columns
        used = [i for i in range(len(rows[0])) if any(row[i] for row in texts)]
        columns = _headings(f"{path.name}, sheet {name}", texts[0][:used[-1] + 1])
        below = [row[:len(columns)] for row in texts[1:]]
        if any(any(row) for row in below):
            sheets.append(Sheet(name, columns, _text_chunks(columns, below)))
    return sheets


def _text_chunks(columns: Sequence[str], texts: list[list[str]]) -> Chunks:
    def chunks() -> Iterator[Chunk]:
        for done in range(0, len(texts), CHUNK_ROWS):
            piece = texts[done:done + CHUNK_ROWS]
            numbers = [done + i + 1 for i, row in enumerate(piece) if any(row)]
            yield Chunk(numbers, _chunk(columns, [r for r in piece if any(r)], done).columns)

    return chunks


def _cell(value: Any) -> str:
    """The text of a spreadsheet's cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _layers(path: Path) -> list[Sheet]:
    source = f"/vsizip/{path}" if path.suffix.lower() == ".zip" else str(path)
    sheets = []
    for name, kind in pyogrio.list_layers(source):
        info = pyogrio.read_info(source, layer=name)
        columns = tuple(str(c) for c in info["fields"])
        crs = None if kind is None else str(info["crs"] or "")
        sheets.append(Sheet(str(name), columns, _layer_chunks(source, str(name), columns), crs))
    return sheets


def _layer_chunks(source: str, layer: str, columns: Sequence[str]) -> Chunks:
    def chunks() -> Iterator[Chunk]:
        done = 0
        while True:
            with warnings.catch_warnings():
                # such a ring is refused row by row, with its reason
                warnings.filterwarnings("ignore", message="Non closed ring")
                _, _, geometry, fields = pyogrio.raw.read(
                    source, layer=layer, skip_features=done, max_features=CHUNK_ROWS
                )
            n = len(geometry) if geometry is not None else len(fields[0]) if fields else 0
            if not n:
                return
            yield Chunk(
                range(done + 1, done + n + 1),
                {c: _column(v) for c, v in zip(columns, fields, strict=True)},
                None if geometry is None else [None if g is None else bytes(g) for g in geometry],
            )
            done += n
            if n < CHUNK_ROWS:
                return

    return chunks


def _column(values: Any) -> list[str | None]:
    if values.dtype.kind == "M":
        return [None if np.isnat(v) else str(v)[:10] for v in values]
    out = []
    for value in values:
        missing = value is None or (isinstance(value, (float, np.floating)) and np.isnan(value))
        out.append(None if missing else _cell(value.item() if hasattr(value, "item") else value))
    return [v or None for v in out]
