"""Write a made-up district as the files that would come from the field."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import shapely

from fieldproof.errors import InputError
from fieldproof.model.tables import TABLES
from fieldproof.simulate import District, simulate_district

README = """SIMULATED: everything in this folder is made up (seed {seed}).

The district lies on the open water of the Caspian Sea, so that nobody can take it for real
ground. No party, unit, operator, place or person in it exists. The folder `truth` says what is
true of each record; it is never imported, and the audit never sees it.
"""


def write_district(folder: Path, *, seed: int = 1, n_records: int = 60) -> list[Path]:
    """Make a district and write it; the files that `import_files` takes, in order.

    The same seed writes the same bytes.

    Raises:
        InputError: the folder is there and not empty.

    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; name a new folder")
    district = simulate_district(seed, n_records)
    (folder / "truth").mkdir(parents=True)
    (folder / "README.txt").write_text(README.format(seed=seed), encoding="utf-8")
    (folder / "truth" / "truth.json").write_text(
        json.dumps(district.truth, indent=1, sort_keys=True), encoding="utf-8"
    )
    (folder / "verification_sample.csv").write_text(
        "record_id\n" + "".join(f"{i}\n" for i in district.sampled), encoding="utf-8"
    )
    return [_write(folder, district, table) for table in TABLES if district.tables[table]]


def _write(folder: Path, district: District, table: str) -> Path:
    rows, shapes = district.tables[table], district.shapes.get(table)
    if shapes:
        path = folder / f"{table}.geojson"
        path.write_text(_geojson(rows, shapes, TABLES[table].key[0], district.seed), "utf-8")
        return path
    path = folder / f"{table}.csv"
    names = [f.name for f in TABLES[table] if any(f.name in row for row in rows)]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: _text(v) for k, v in row.items()} for row in rows)
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _geojson(rows: list[dict[str, Any]], shapes: dict[str, Any], key: str, seed: int) -> str:
    features = [
        {"type": "Feature", "properties": row,
         "geometry": shapely.geometry.mapping(shapely.set_precision(shapes[row[key]], 1e-8))}
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "name": "SIMULATED", "seed": seed,
                       "features": features}, ensure_ascii=False)


def read_sample(path: Path) -> frozenset[str]:
    """Record ids of a verification sample, one in a line under the heading `record_id`."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        if rows.fieldnames is None or "record_id" not in rows.fieldnames:
            raise InputError(f"{path}: no column record_id; one id in a line would be right")
        return frozenset(row["record_id"] for row in rows if row["record_id"])
