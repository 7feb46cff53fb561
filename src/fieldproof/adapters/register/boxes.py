"""The boxes of a spatial index, packed, so that a million of them fit in a few megabytes."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa


class Boxes:
    """What the R*Tree of a table holds; each box is taken once."""

    def __init__(self, connection: sa.Connection, table: str) -> None:
        """Read the whole index."""
        rows = connection.exec_driver_sql(
            f"SELECT row_id, west, south, east, north FROM rtree_{table}"  # noqa: S608
        )
        packed = np.fromiter((tuple(row) for row in rows), dtype="i8,f8,f8,f8,f8")
        packed.sort(order="f0")
        self._row_ids = packed["f0"]
        self._packed = packed
        self._taken = np.zeros(len(packed), dtype=bool)

    @property
    def left(self) -> int:
        """How many boxes nobody took."""
        return int(np.count_nonzero(~self._taken))

    def take(self, row_id: int) -> tuple[float, float, float, float] | None:
        """West, south, east and north of a row's box, in degrees; None where there is none."""
        at = int(np.searchsorted(self._row_ids, row_id))
        if at == len(self._row_ids) or self._row_ids[at] != row_id:
            return None
        self._taken[at] = True
        _, w, s, e, n = self._packed[at].item()
        return float(w), float(s), float(e), float(n)
