"""Which table a file holds, and which column leads to which field.

A guess is always shown, can be saved as a named template, and can be overruled. Columns that
lead to no field are kept beside the row as they are.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fieldproof.adapters.exchange.synonyms import plain
from fieldproof.errors import MappingError
from fieldproof.model.schema import Field, GeometryKind, Table
from fieldproof.model.tables import FINDINGS, STATEMENT_FIELDS, TABLES

#: Pseudo-field of a column that holds geometry as well-known text.
WKT_FIELD: Final = "geometry_wkt"
_WKT_COLUMNS: Final = frozenset({"wkt", "geometrywkt", "geom", "geometry", "thegeom"})
#: How alike a column must be to a name to be guessed for it; 1 is the same.
ALIKE: Final = 0.87


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How the columns of a file are read.

    Attributes:
        table: the table that its rows go to.
        columns: column -> field.
        guessed: columns whose field was guessed by likeness, not by name.
        unmapped: columns that lead to no field; kept as they are.
        score: share of the columns that lead to a field.

    """

    table: str
    columns: dict[str, str]
    guessed: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    score: float = 1.0

    def to_json(self) -> str:
        """The template: table and columns, sorted, so that equal mappings have equal text."""
        return json.dumps({"table": self.table, "columns": self.columns}, ensure_ascii=False,
                          sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ColumnMapping:
        """Read a template."""
        try:
            content = json.loads(text)
            return cls(str(content["table"]), dict(content["columns"]))
        except (ValueError, KeyError, TypeError) as error:
            raise MappingError(
                f"not a template: {error!r}; right would be an object with table and columns"
            ) from error


def apply_template(template: ColumnMapping, name: str, columns: Sequence[str]) -> ColumnMapping:
    """Read a file by a saved mapping; columns that the template does not know are kept.

    Raises:
        MappingError: the template does not fit the schema, or the file not the template.

    """
    if template.table not in TABLES:
        raise MappingError(f"the template is for a table {template.table!r}; there are "
                           f"{', '.join(TABLES)}")
    table = TABLES[template.table]
    fields = {f.name for f in fields_of(table)} | {WKT_FIELD}
    unknown = sorted(set(template.columns.values()) - fields)
    if unknown:
        raise MappingError(f"the template leads to {', '.join(unknown)}, which {table.name} does "
                           "not have; see docs/reference/tables.md")
    found = {c: f for c, f in template.columns.items() if c in columns}
    mapping = ColumnMapping(table.name, found, (), tuple(c for c in columns if c not in found),
                            len(found) / max(len(columns), 1))
    missing = missing_fields(table, mapping)
    if missing:
        headings = [c for c, f in template.columns.items() if f in missing]
        raise MappingError(
            f"{name}: no column for {', '.join(missing)}; the template wants "
            f"{', '.join(headings) or 'none for it'}. Columns: {', '.join(columns)}"
        )
    return mapping


def fields_of(table: Table) -> tuple[Field, ...]:
    """Every field that a file of a table can carry."""
    return (*table.fields, *STATEMENT_FIELDS)


def guess(
    name: str, columns: Sequence[str], *, has_geometry: bool = False,
    table: str | None = None, given: MappingABC[str, str] | None = None,
) -> ColumnMapping:
    """Guess table and mapping.

    Args:
        name: of the file or layer; its words help to tell tables apart.
        columns: of the file.
        has_geometry: the file has features with geometry.
        table: the table, where it is known.
        given: column -> field, which overrules the guess.

    Raises:
        MappingError: no table fits, or a required field has no column.

    """
    if table is not None and table not in TABLES:
        raise MappingError(f"no table {table!r}; there are {', '.join(TABLES)}")
    candidates = [TABLES[table]] if table else [t for t in TABLES.values() if t is not FINDINGS]
    ranked = sorted(
        ((_fit(t, name, columns, given or {}, has_geometry), t) for t in candidates),
        key=lambda pair: -pair[0],
    )
    score, best = ranked[0]
    mapping = map_columns(best, columns, given or {})
    missing = missing_fields(best, mapping)
    if missing or (table is None and score <= 0):
        raise MappingError(
            f"{name}: the columns do not lead to {best.title.lower()}: no column for "
            f"{', '.join(missing)}. Right would be one of that name, --map COLUMN=FIELD, or "
            f"another --table. Columns: {', '.join(columns)}"
        )
    return mapping


def _fit(table: Table, name: str, columns: Sequence[str], given: MappingABC[str, str],
         has_geometry: bool) -> float:
    """How well columns and name fit a table; below 0 where a required field is missing."""
    mapping = map_columns(table, columns, given)
    named = plain(table.name)[:-1] in plain(name) or plain(name) == plain(table.name)
    geometry = 0.3 if has_geometry and table.geometry is not GeometryKind.NONE else 0.0
    covered = len(set(mapping.columns.values()) - {f.name for f in STATEMENT_FIELDS})
    return (
        mapping.score + covered / len(table.fields) + (1.5 if named else 0.0) + geometry
        - 5.0 * len(missing_fields(table, mapping))
    )


def missing_fields(table: Table, mapping: ColumnMapping) -> list[str]:
    """Required fields that no column leads to; a single id is derived, so it is not required."""
    derived = set(table.key) if len(table.key) == 1 and derives_id(table) else set()
    return [f.name for f in table if f.required and f.name not in derived
            and f.name not in mapping.columns.values()]


def derives_id(table: Table) -> bool:
    """Whether rows without an id get one from file and row. What others refer to by id does not."""
    referred = {t for other in TABLES.values() for t in other.parents.values()}
    return len(table.key) == 1 and table.name not in (referred - {"searches", "accidents"})


def map_columns(
    table: Table, columns: Sequence[str], given: MappingABC[str, str]
) -> ColumnMapping:
    """Lead each column to the field whose name or alias it bears, then to one that is alike."""
    known = {f.name for f in fields_of(table)} | {WKT_FIELD}
    for column, name in given.items():
        if column not in columns or name not in known:
            raise MappingError(f"--map {column}={name}: no such column in the file, or no such "
                               f"field in {table.name}")
    words = _words(table)
    found = dict(given)
    for column in columns:
        field = words.get(plain(column))
        if column not in found and field and field not in found.values():
            found[column] = field
    guessed = []
    for column in columns:
        if column in found:
            continue
        alike = difflib.get_close_matches(plain(column), words, n=1, cutoff=ALIKE)
        if alike and words[alike[0]] not in found.values():
            found[column] = words[alike[0]]
            guessed.append(column)
    ordered = {c: found[c] for c in columns if c in found}
    unmapped = tuple(c for c in columns if c not in found)
    return ColumnMapping(table.name, ordered, tuple(guessed), unmapped,
                         len(found) / max(len(columns), 1))


def _words(table: Table) -> dict[str, str]:
    """Every plain name of a field -> the field. A field's own name goes before any alias."""
    words = {plain(alias): f.name for f in reversed(fields_of(table)) for alias in f.aliases}
    words |= {plain(f.name): f.name for f in fields_of(table)}
    if table.geometry is not GeometryKind.NONE:
        words |= dict.fromkeys(_WKT_COLUMNS, WKT_FIELD)
    return words
