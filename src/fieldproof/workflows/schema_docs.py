"""The documentation of the default schema, its table schemas and its fill-in workbook.

All three are made from `model.tables`, so they cannot say anything else than the program does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from fieldproof.errors import RegisterError
from fieldproof.model.codelist import CODE_LISTS
from fieldproof.model.schema import Field, FieldType, Table
from fieldproof.model.tables import FINDINGS, STATEMENT_FIELDS, TABLES

_FRICTIONLESS: Final = {
    FieldType.TEXT: "string", FieldType.CODE: "string", FieldType.DATE: "date",
    FieldType.INTEGER: "integer", FieldType.NUMBER: "number", FieldType.BOOLEAN: "boolean",
}
PAGE_HEAD: Final = """# Tables

Made from the schema by `fieldproof schema docs`; a test compares it.

Every row of every table is a statement. A file may say in columns of its own when its maker knew
it, when it holds, and who states it:
"""
CODES_HEAD: Final = """## Code lists

A list that could not be read in its source is marked *unverified*: check it before you rely on it.
"""
#: Rows of the workbook for which a list of codes is offered.
OFFERED_ROWS: Final = 2000


def tables_page() -> str:
    """The reference page of all tables and code lists, Markdown."""
    out = [PAGE_HEAD, *_rows(STATEMENT_FIELDS), ""]
    for table in TABLES.values():
        out += [f"## {table.title} (`{table.name}`)", "", table.description, ""]
        out += [f"Key: {', '.join(f'`{k}`' for k in table.key)}. Geometry: {table.geometry}."
                + (f" Answers to: {table.imas}." if table.imas else ""), ""]
        out += [*_rows(table.fields), ""]
    out.append(CODES_HEAD)
    for codes in CODE_LISTS.values():
        mark = "" if codes.verified else " *Unverified.*"
        out += [f"### `{codes.name}`", "", f"{codes.title} Source: {codes.source}.{mark}", "",
                ", ".join(f"`{v}`" for v in codes.values()), ""]
    return "\n".join(out)


def _rows(fields: Sequence[Field]) -> list[str]:
    head = ["| field | type | required | what it is | example | other headings |",
            "|---|---|---|---|---|---|"]
    return head + [
        f"| `{f.name}` | {f'`{f.codes}`' if f.codes else f.type} | {'yes' if f.required else ''} | "
        f"{f.description}{' **Personal data.**' if f.personal else ''} | {f.example} | "
        f"{', '.join(f.aliases)} |"
        for f in fields
    ]


def table_schema(table: Table) -> dict[str, Any]:
    """A table's schema in the manner of Frictionless Table Schema 1."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": table.name, "title": table.title, "description": table.description,
        "fields": [_field_schema(f) for f in (*table.fields, *STATEMENT_FIELDS)],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": [name], "reference": {"resource": parent, "fields": [name]}}
            for name, parent in table.parents.items()
        ],
        "missingValues": [""],
    }


def _field_schema(f: Field) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if f.required:
        limits["required"] = True
    if f.codes:
        limits["enum"] = list(f.code_list.values())
    if f.type in {FieldType.NUMBER, FieldType.INTEGER}:
        both = {"minimum": f.minimum, "maximum": f.maximum}
        limits |= {name: value for name, value in both.items() if value is not None}
    out: dict[str, Any] = {"name": f.name, "type": _FRICTIONLESS[f.type],
                           "description": f.description}
    if f.example:
        out["example"] = f.example
    if f.personal:
        out["personal"] = True
    return out | ({"constraints": limits} if limits else {})


def write_schema_docs(folder: Path) -> list[Path]:
    """Write the reference page and the table schemas into a folder of documentation."""
    page = folder / "tables.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(tables_page(), encoding="utf-8")
    written = [page]
    schemas = folder / "tableschema"
    schemas.mkdir(exist_ok=True)
    for table in TABLES.values():
        path = schemas / f"{table.name}.json"
        text = json.dumps(table_schema(table), indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    return written


def write_workbook(path: Path, names: Sequence[str]) -> None:
    """Write a workbook to fill in, a sheet for each table; `fieldproof import` reads it.

    Required fields are bold; each heading says what goes below it; codes are offered as lists.

    Raises:
        RegisterError: a table that is not in the schema.

    """
    unknown = [n for n in names if n not in TABLES]
    if unknown:
        raise RegisterError(f"no table {', '.join(unknown)}; there are {', '.join(TABLES)}")
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    codes = book.create_sheet("codes")
    for name in names or [n for n in TABLES if n != FINDINGS.name]:
        _sheet(book, codes, TABLES[name])
    codes.sheet_state = "hidden"
    book.move_sheet(codes, len(book.sheetnames))
    book.active = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _sheet(book: Any, codes: Any, table: Table) -> None:
    sheet = book.create_sheet(table.name)
    for column, f in enumerate((*table.fields, *STATEMENT_FIELDS), start=1):
        cell = sheet.cell(1, column, f.name)
        cell.font = Font(bold=f.required)
        cell.comment = Comment(f"{f.description}\nExample: {f.example or 'none'}", "Fieldproof")
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = max(14, len(f.name) + 2)
        if f.codes:
            offer = DataValidation(type="list", formula1=_code_range(codes, f), allow_blank=True)
            sheet.add_data_validation(offer)
            offer.add(f"{letter}2:{letter}{OFFERED_ROWS}")
    sheet.freeze_panes = "A2"


def _code_range(codes: Any, f: Field) -> str:
    """Cells of the hidden sheet that hold a code list; written once for each list."""
    headings = [c.value for c in codes[1]] if codes.max_row else []
    if f.codes in headings:
        column = headings.index(f.codes) + 1
    else:
        column = len([h for h in headings if h]) + 1
        for row, value in enumerate((f.codes, *f.code_list.values()), start=1):
            codes.cell(row, column, value)
    letter = get_column_letter(column)
    return f"codes!${letter}$2:${letter}${len(f.code_list.values()) + 1}"
