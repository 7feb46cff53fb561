"""Rows out of the register, into the formats that the field opens, with their provenance.

A file is written beside its target and put in its place when it is whole. Personal data never
leaves this way: the register's projections do not hold it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from fieldproof.errors import UnknownFormatError

PROVENANCE = ("stated_by", "known_on", "valid_from", "valid_to", "recorded_at", "file_name",
              "file_sha256", "row", "ledger_line", "simulated")

Row = Mapping[str, Any]


def write_layers(path: Path, layers: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> None:
    """Write tables to a GeoPackage, a GeoJSON file, or a folder of CSV files, by the ending.

    Args:
        path: `x.gpkg`, `x.geojson`, or a folder.
        layers: table -> (names of its columns, rows); a row's `geometry` is WGS 84 or None.

    """
    writers = {".gpkg": _geopackage, ".geojson": _geojson, "": _csv_folder}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UnknownFormatError(
            f"{path.name}: no writer for {path.suffix}; .gpkg, .geojson or a folder for CSV "
            "would be right"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    writer(path, layers)


def _geopackage(path: Path, layers: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> None:
    part = path.with_name(f".part-{path.name}")
    part.unlink(missing_ok=True)
    for table, (names, rows) in layers.items():
        if rows:
            _layer(part, table, names, rows)
    if not part.exists():
        _layer(part, "empty", ["note"], [{"note": "the register holds nothing of these tables"}])
    part.replace(path)


def _layer(path: Path, table: str, names: Sequence[str], rows: Sequence[Row]) -> None:
    shapes = [row.get("geometry") for row in rows]
    placed = any(s is not None for s in shapes)
    kinds = {s.geom_type for s in shapes if s is not None}
    if kinds == {"Polygon", "MultiPolygon"}:
        shapes = [shapely.MultiPolygon([s]) if s is not None and s.geom_type == "Polygon" else s
                  for s in shapes]
        kinds = {"MultiPolygon"}
    pyogrio.raw.write(
        str(path),
        geometry=np.array([None if s is None else shapely.to_wkb(s) for s in shapes],
                          dtype=object) if placed else None,
        field_data=[_column([row.get(n) for row in rows]) for n in names],
        fields=np.array(list(names)), driver="GPKG", layer=table,
        geometry_type=(kinds.pop() if len(kinds) == 1 else "Unknown") if placed else None,
        crs="EPSG:4326" if placed else None, append=path.exists(),
    )


def _column(values: list[Any]) -> Any:
    """A column as GDAL takes it: numbers where all that is known are numbers, else text."""
    known = [v for v in values if v is not None]
    if known and all(isinstance(v, bool) for v in known) and len(known) == len(values):
        return np.array(values, dtype=bool)
    if known and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in known):
        if len(known) == len(values) and all(isinstance(v, int) for v in known):
            return np.array(values, dtype=np.int64)
        return np.array([np.nan if v is None else float(v) for v in values])
    return np.array([None if v is None else str(v) for v in values], dtype=object)


def _geojson(path: Path, layers: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> None:
    features = [
        {"type": "Feature",
         "geometry": None if row.get("geometry") is None
         else shapely.geometry.mapping(row["geometry"]),
         "properties": {"table": table, **{n: row.get(n) for n in names}}}
        for table, (names, rows) in layers.items() for row in rows
    ]
    part = path.with_name(f".part-{path.name}")
    part.write_text(json.dumps({"type": "FeatureCollection", "features": features},
                               ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def _csv_folder(path: Path, layers: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> None:
    path.mkdir(parents=True, exist_ok=True)
    for table, (names, rows) in layers.items():
        part = path / f".part-{table}.csv"
        with part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*names, "geometry_wkt"])
            writer.writerows(_csv_rows(names, rows))
        part.replace(path / f"{table}.csv")


def _csv_rows(names: Sequence[str], rows: Iterable[Row]) -> Iterable[list[Any]]:
    for row in rows:
        shape = row.get("geometry")
        yield [*("" if row.get(n) is None else row[n] for n in names),
               "" if shape is None else shapely.to_wkt(shape, rounding_precision=9)]
