"""Landmarks by name: where a bearing and a distance start."""

from __future__ import annotations

from collections import defaultdict

from fieldproof.errors import CoordinateError

LonLat = tuple[float, float]


class Landmarks:
    """Places of the points of records, WGS 84 longitude, latitude in degrees.

    Every record has a landmark 1, so a name alone counts only where a single record uses it.
    """

    def __init__(self) -> None:
        """Know none."""
        self._places: dict[tuple[str, str], LonLat] = {}
        self._records: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, record: str, point: str, place: LonLat) -> None:
        """Learn the place of a record's point."""
        self._places[record, point] = place
        self._records[point].add(record)

    def find(self, record: str | None, name: str) -> LonLat:
        """Place of a landmark.

        Args:
            record: the record that the row is part of; None where it is part of none.
            name: of the point, or `record/point`.

        Raises:
            CoordinateError: no such point, or several records have one of that name.

        """
        if record is not None and (record, name) in self._places:
            return self._places[record, name]
        own, sign, point = name.rpartition("/")
        if sign and (own, point) in self._places:
            return self._places[own, point]
        records = self._records.get(name, set()) if record is None else set()
        if len(records) > 1:
            raise CoordinateError(
                f"landmark {name} stands in {len(records)} records; with its record, such as "
                f"{min(records)}/{name}"
            )
        if not records:
            raise CoordinateError(f"landmark {name} is not known; take its points in first")
        return self._places[min(records), name]
