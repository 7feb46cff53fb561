"""A strip of 200 m by 60 m with 40 devices, and what a test searches and finds there."""

from datetime import date

import numpy as np
import pytest
import shapely

from fieldproof.audit import FindInput, SearchInput
from fieldproof.geo.frame import LocalFrame
from fieldproof.locate.types import LocatedPart, LocatedRecord
from fieldproof.model.codes import SearchMethod

FRAME = LocalFrame(46.7, 39.8)
STRIP = np.array([(-100.0, -30.0), (-100.0, 30.0), (100.0, 30.0), (100.0, -30.0)])
BUDGET_M = 20.0


def located(record_id="R-1", parts=(STRIP,), sigma_m=BUDGET_M, **more):
    """A record whose corners share one error of `sigma_m` and have 2 m of their own."""
    made = []
    for k, corners in enumerate(parts):
        n = len(corners)
        shared = np.tile(np.eye(2), (n, n)) * sigma_m**2
        made.append(LocatedPart(k + 1, np.asarray(corners, float), shared + np.eye(2 * n) * 4.0))
    return LocatedRecord(record_id, FRAME, tuple(made), np.eye(2) * sigma_m**2, **more)


def search(area, search_id="S-1", pod=0.9, **more):
    return SearchInput(search_id, FRAME.shape_to_lonlat(area),
                       more.pop("method", SearchMethod.MANUAL_CLEARANCE), pod, **more)


def box(west, south, east, north):
    return shapely.box(west, south, east, north)


def finds_at(points, **more):
    return [FindInput(f"F-{i}", tuple(p), more.get("sigma_m", 2.0), more.get("found_on"),
                      more.get("device_class"))
            for i, p in enumerate(FRAME.to_lonlat(np.asarray(points, float).reshape(-1, 2)))]


def spread(n, area=(-100, -30, 100, 30), shift=(0, 0), seed=1):
    """(n, 2) points at random in a box, moved."""
    rng = np.random.default_rng(seed)
    return rng.uniform(area[:2], area[2:], (n, 2)) + shift


class World:
    """The makers above, for tests."""

    frame, strip, day = FRAME, STRIP, date(1993, 6, 1)
    located, search, box = staticmethod(located), staticmethod(search), staticmethod(box)
    finds_at, spread = staticmethod(finds_at), staticmethod(spread)


@pytest.fixture(scope="session")
def world():
    return World
