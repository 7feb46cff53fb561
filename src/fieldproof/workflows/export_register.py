"""Take the register's tables, and an audit's outlines, away in open formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fieldproof.adapters.exchange.export import PROVENANCE, write_layers
from fieldproof.adapters.register import Register
from fieldproof.adapters.register.schema import stored_fields
from fieldproof.errors import RegisterError
from fieldproof.model.rows import Statement
from fieldproof.model.tables import TABLES
from fieldproof.workflows.audit_batch import AuditResult
from fieldproof.workflows.progress_port import Progress, silent

Layers = dict[str, tuple[list[str], list[dict[str, Any]]]]
VERDICT_FIELDS = ["record_id", "status", "words", "imsma_class", "searched_share", "finds_inside",
                  "finds_in_reach", "devices_recorded", "ledger_line", "ledger_hash", "seed",
                  "simulated", "model_warning"]


def export_register(
    register: Register, path: Path, *, tables: Sequence[str] | None = None,
    as_of: str | None = None, audit: AuditResult | None = None, progress: Progress = silent,
) -> dict[str, int]:
    """Write tables with the provenance of each row; table -> rows written.

    Args:
        register: what to write.
        path: `.gpkg`, `.geojson`, or a folder of CSV files.
        tables: which; None: all that hold something.
        as_of: what was known on this day, `YYYY-MM-DD`.
        audit: adds its outlines and verdicts as layers of their own.
        progress: told how far it is.

    """
    unknown = set(tables or ()) - set(TABLES)
    if unknown:
        raise RegisterError(f"no table {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")
    chosen = list(tables) if tables else register.tables_present()
    layers: Layers = {}
    for i, table in enumerate(chosen):
        progress(i, len(chosen), "exporting")
        layers[table] = _table(register, table, as_of)
    if audit is not None:
        layers |= _verdicts(audit)
    write_layers(path, layers)
    progress(len(chosen), len(chosen), "exporting")
    return {name: len(rows) for name, (_, rows) in layers.items()}


def _table(register: Register, table: str, as_of: str | None
           ) -> tuple[list[str], list[dict[str, Any]]]:
    fields = [f.name for f in stored_fields(TABLES[table])]
    names = ["entity_id", *(_column(f) for f in fields), *PROVENANCE]
    rows = []
    for row in register.rows(table, as_of=as_of):
        statement = register.statement(row.seq)
        rows.append({
            "entity_id": row.entity_id, "geometry": row.geometry,
            **{_column(f): row.values.get(f) for f in fields},
            **_provenance(statement), "simulated": row.simulated,
        })
    return names, rows


def _column(field: str) -> str:
    """Name of a field's column: apart from the columns of provenance."""
    return f"{field}_" if field in PROVENANCE else field


def _provenance(statement: Statement) -> dict[str, Any]:
    return {
        "stated_by": statement.stated_by, "known_on": statement.known_on,
        "valid_from": statement.valid_from, "valid_to": statement.valid_to,
        "recorded_at": statement.recorded_at, "file_name": statement.file_name,
        "file_sha256": statement.file_sha256, "row": statement.row, "ledger_line": statement.seq,
    }


def _verdicts(audit: AuditResult) -> Layers:
    best, contain = [], []
    for ground, verdict in audit.records:
        row = {**verdict.to_dict(), "ledger_line": audit.head[0], "ledger_hash": audit.head[1],
               "seed": audit.seed, "simulated": ground.located.simulated}
        best.append({**row, "geometry": ground.outline})
        contain.append({**row, "geometry": ground.containment})
    return {"audit_recorded_areas": (VERDICT_FIELDS, best),
            "audit_containment_95": (VERDICT_FIELDS, contain)}
