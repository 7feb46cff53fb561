"""Put an audit's verdicts into the register, as statements of their own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import orjson

from fieldproof import __version__
from fieldproof.adapters.register import Counts, Register
from fieldproof.model.rows import RowBatch, SourceFile, Value
from fieldproof.workflows.audit_batch import AuditResult


def record_findings(
    register: Register, audit: AuditResult, *, stated_by: str, recorded_at: str
) -> Counts:
    """Record each verdict as a finding, stated by a named person or body.

    What the audit rests on (head of the ledger, seed, priors, thresholds, error budget) is kept
    as a file, and every finding names it. A later audit adds findings; it changes none.
    """
    basis = {
        "ledger_line": audit.head[0], "ledger_hash": audit.head[1], "seed": audit.seed,
        "fieldproof": __version__, "priors": [p.to_dict() for p in audit.priors],
        "error_budget": audit.budget.to_dict(),
    }
    content = orjson.dumps(
        {"basis": basis, "figure": audit.figure.to_dict(),
         "verdicts": [v.to_dict() for _, v in audit.records]},
        option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.json"
        path.write_bytes(content)
        sha256, size = register.keep_file(path)
    source = SourceFile(sha256, "audit.json", size, stated_by, recorded_at[:10], audit.simulated)
    known = register.find_import(source, "findings")
    if known is not None:
        return Counts(0, 0, len(audit.records))
    with register.importing(source, "findings", recorded_at=recorded_at) as session:
        return session.add(_rows(audit, sha256, basis))


def _rows(audit: AuditResult, sha256: str, basis: dict[str, object]) -> RowBatch:
    verdicts = [v for _, v in audit.records]
    limits = orjson.dumps(audit.thresholds.to_dict()).decode()
    columns: dict[str, list[Value]] = {
        "finding_id": [f"{sha256[:12]}:{v.record_id}" for v in verdicts],
        "record_id": [v.record_id for v in verdicts],
        "status": [str(v.status) for v in verdicts],
        "probabilities": [
            orjson.dumps({str(s): round(p, 6) for s, p in v.probabilities.items()}).decode()
            for v in verdicts
        ],
        "thresholds": [limits] * len(verdicts),
        "basis": [orjson.dumps(basis).decode()] * len(verdicts),
    }
    return RowBatch("findings", range(1, len(verdicts) + 1), dict(columns))
