"""The map of a report as one SVG, in the metres of a local plane; it works without a script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from fieldproof.geo.frame import LocalFrame

#: Statuses in colours that a colour-blind reader can tell apart [okabe-2008]; the table and the
#: card give the words.
STATUS_COLOURS: Final = {
    "accurate": "#009E73", "displaced": "#D55E00", "incomplete": "#E69F00",
    "depleted": "#CC79A7", "unsupported": "#0072B2", "not_yet_verifiable": "#6b737b",
}


def path_of(shape: BaseGeometry) -> str:
    """SVG path of a geometry in metres; y grows downward on the screen. Decimetres are kept."""
    parts = []
    for ring in _lines(shape):
        xy = shapely.get_coordinates(ring)
        parts.append("M" + "L".join(f"{x:.1f} {-y:.1f}" for x, y in xy) + (
            "Z" if ring.geom_type == "LinearRing" else ""))
    return "".join(parts)


def _lines(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from shapely.get_rings(part)
        elif part.geom_type.startswith(("Multi", "GeometryCollection")):
            yield from _lines(part)
        elif part.geom_type == "LineString":
            yield part


def ground_svg(data: dict[str, Any], shapes: dict[str, list[dict[str, Any]]]) -> str:
    """The whole map.

    Args:
        data: of the report, for its records.
        shapes: layer -> items with `shape` (WGS 84) and properties: hazard, search, contain,
            record, tie, landmark, find, accident.

    """
    every = [item["shape"] for items in shapes.values() for item in items]
    frame = frame_of(every)
    bounds = shapely.total_bounds([frame.shape_to_xy(s) for s in every]) if every else (0, 0, 1, 1)
    west, south, east, north = (float(v) for v in bounds)
    margin = 0.03 * max(east - west, north - south, 100.0)
    view = (west - margin, -north - margin, east - west + 2 * margin, north - south + 2 * margin)
    layers = "".join(
        f'<g id="l-{name}">{"".join(_item(name, item, frame) for item in shapes.get(name, []))}</g>'
        for name in ("hazard", "search", "contain", "tie", "record", "find", "accident")
    )
    title = f"Map of {len(data['records'])} records"
    return (
        f'<svg class="ground" viewBox="{" ".join(f"{v:.1f}" for v in view)}" '
        f'xmlns="http://www.w3.org/2000/svg" role="group" aria-label="{title}">'
        '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45) scale({view[2] / 900:.2f})"><path d="M0 0V8" '
        'stroke="#4b6b8a" stroke-width="1.4"/></pattern></defs>'
        f"{layers}</svg>"
    )


def frame_of(shapes: Sequence[BaseGeometry]) -> LocalFrame:
    """A plane around the middle of some WGS 84 geometries."""
    if not shapes:
        return LocalFrame(0.0, 0.0)
    west, south, east, north = shapely.total_bounds(list(shapes))
    return LocalFrame(float((west + east) / 2), float((south + north) / 2))


def _item(layer: str, item: dict[str, Any], frame: LocalFrame) -> str:
    shape = frame.shape_to_xy(item["shape"])
    title = f"<title>{escape(str(item.get('title', '')))}</title>"
    if shape.geom_type == "Point":
        x, y = np.asarray(shapely.get_coordinates(shape))[0]
        return (f'<circle class="{escape(str(item["class"]))}" cx="{x:.1f}" cy="{-y:.1f}" '
                f'r="6">{title}</circle>')
    if layer == "record":
        colour, name = STATUS_COLOURS[item["status"]], escape(str(item["record_id"]))
        return (
            f'<path class="record" tabindex="0" role="button" data-record="{name}" '
            f'aria-label="{escape(str(item["title"]))}" fill="{colour}66" stroke="{colour}" '
            f'd="{path_of(shape)}">{title}</path>'
        )
    return f'<path class="{escape(str(item["class"]))}" d="{path_of(shape)}">{title}</path>'
