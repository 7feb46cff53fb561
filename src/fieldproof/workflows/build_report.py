"""Put an audit, the register behind it and the public figures into one report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

from fieldproof import __version__
from fieldproof.adapters.register import Register
from fieldproof.adapters.report.ground import frame_of
from fieldproof.adapters.report.html import render_report, report_json
from fieldproof.audit import Verdict
from fieldproof.model.codes import RecordStatus
from fieldproof.workflows.audit_batch import AuditResult
from fieldproof.workflows.locate_records import RecordOnGround

Shapes = dict[str, list[dict[str, Any]]]
PLACED = {RecordStatus.ACCURATE, RecordStatus.DISPLACED, RecordStatus.INCOMPLETE}
MINE_CLASSES = {"ap_mine", "av_mine"}


def write_report(
    folder: Path, register: Register, audit: AuditResult, progress: dict[str, Any] | None, *,
    title: str, generated_at: str,
) -> tuple[Path, Path]:
    """Write `report.html` and `report.json` into a folder; the same input gives the same bytes."""
    data, shapes = report_data(register, audit, progress, title=title, generated_at=generated_at)
    folder.mkdir(parents=True, exist_ok=True)
    page, content = folder / "report.html", folder / "report.json"
    page.write_text(render_report(data, shapes), encoding="utf-8")
    content.write_bytes(report_json(data))
    return page, content


def report_data(
    register: Register, audit: AuditResult, progress: dict[str, Any] | None, *,
    title: str, generated_at: str,
) -> tuple[dict[str, Any], Shapes]:
    """Content of the report, JSON-ready, and the layers of its map."""
    shapes = map_shapes(register, audit)
    middle = frame_of([i["shape"] for items in shapes.values() for i in items])
    data = {
        "title": title, "generated_at": generated_at, "version": __version__,
        "simulated": audit.simulated, "seed": audit.seed,
        "head": {"seq": audit.head[0], "hash": audit.head[1]},
        "centre": f"{middle.lat0:.4f}, {middle.lon0:.4f} (WGS 84)",
        "figure": audit.figure.to_dict(),
        "parameters": {
            "threshold": audit.thresholds.to_dict(),
            **{f"prior {p.name}": {k: v for k, v in p.to_dict().items() if k != "name"}
               for p in audit.priors},
            "error budget": audit.budget.to_dict(),
        },
        "records": [_record(register, ground, verdict) for ground, verdict in audit.records],
        "files": [
            {"name": i.source.name, "table": i.table, "stated_by": i.source.stated_by,
             "simulated": i.source.simulated, "sha256": i.source.sha256}
            for i in register.imports() if not i.retracted
        ],
        "progress": progress,
    }
    return data, shapes


def _record(register: Register, ground: RecordOnGround, verdict: Verdict) -> dict[str, Any]:
    located, form = ground.located, ground.assembled.row.values
    source = register.statements("minefield_records", located.record_id)[-1]
    closures = [p.closure.p_value for p in located.parts if p.closure is not None]
    return {
        **verdict.to_dict(),
        "batch_id": form.get("batch_id"), "laid_by_unit": form.get("laid_by_unit"),
        "laid_on": form.get("laid_on"), "form_type": form.get("form_type"),
        "simulated": located.simulated,
        "shift_length_m": _shift_length_m(verdict),
        "declination_deg": located.declination_deg, "convergence_deg": located.convergence_deg,
        "datum_operation": located.datum_operation, "datum_sigma_m": located.datum_sigma_m,
        "closure_p": min(closures) if closures else None,
        "problems": list(dict.fromkeys((*located.problems, *verdict.problems))),
        "assumptions": list(dict.fromkeys((*located.assumptions, *verdict.assumptions))),
        "file": source.file_name, "row": source.row, "stated_by": source.stated_by,
        "outline": _geojson(ground.outline), "containment_95": _geojson(ground.containment),
    }


def _shift_length_m(verdict: Verdict) -> float | None:
    """Length of the shift, where the verdict says that the record is there at all."""
    if verdict.shift is None or verdict.status not in PLACED:
        return None
    return verdict.shift.length_m


def _geojson(shape: Any) -> Any:
    return None if shape is None else shapely.geometry.mapping(shape)


def map_shapes(register: Register, audit: AuditResult) -> Shapes:
    """Layer -> items with their WGS 84 shape, for the map."""
    shapes: Shapes = {"hazard": [], "search": [], "contain": [], "tie": [], "record": [],
                      "find": [], "accident": []}
    for row in register.rows("hazard_areas"):
        kind = "cha" if row.values.get("land_class") == "cha" else "sha"
        _add(shapes["hazard"], row.geometry, f"hazard {kind}", f"{row.entity_id}, {kind.upper()}")
    for row in register.rows("searches"):
        pod = row.values.get("pod")
        _add(shapes["search"], row.geometry, "search",
             f"{row.entity_id}, {row.values['method']}, POD {'not stated' if pod is None else pod}")
    for row in register.rows("finds"):
        kind = str(row.values["device_class"])
        _add(shapes["find"], row.geometry, f"find {kind if kind in MINE_CLASSES else 'other'}",
             f"{row.entity_id}, {kind}, {row.values['found_on']}")
    for row in register.rows("accidents"):
        _add(shapes["accident"], row.geometry, "accident",
             f"{row.entity_id}, {row.values['occurred_on']}")
    for ground, verdict in audit.records:
        _add_record(shapes, ground, verdict)
    return shapes


def _add_record(shapes: Shapes, ground: RecordOnGround, verdict: Verdict) -> None:
    if ground.outline is None:
        return
    name = verdict.record_id
    shapes["record"].append({
        "shape": ground.outline, "record_id": name, "status": str(verdict.status),
        "title": f"Record {name}: {str(verdict.status).replace('_', ' ')}",
    })
    _add(shapes["contain"], ground.containment, "outline95", f"95% outline of {name}")
    first = ground.located.frame.to_lonlat(ground.located.parts[0].vertices[0])
    for point in ground.assembled.paper.points:
        if point.point_type == "landmark":
            line = shapely.linestrings([point.lonlat, tuple(map(float, first))])
            _add(shapes["tie"], line, "tie", f"tie of {name}")
            _add(shapes["tie"], shapely.Point(point.lonlat), "landmark",
                 f"landmark {point.point_id} of {name}")


def _add(layer: list[dict[str, Any]], shape: Any, kind: str, title: str) -> None:
    if shape is not None:
        layer.append({"shape": shape, "class": kind, "title": title})
