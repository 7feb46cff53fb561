"""Speed of locating, beside the plain way of doing the same.

Run in full by `make bench`; small and untimed otherwise. Targets: 5,000 records/s with analytic
covariance, 200 records/s with outlines of 1,000 draws, one process.
"""

import os
import statistics
import time
from datetime import date, timedelta

import numpy as np
import pytest
import shapely

from fieldproof.locate import containment_outline, draw_vertices, locate, locate_many
from fieldproof.locate.monte_carlo import part_shape
from fieldproof.locate.types import PaperLeg, PaperPoint, PaperRecord
from fieldproof.model.codes import (
    AngleUnit,
    CoordinateSystem,
    LegKind,
    NorthReference,
    PointType,
)

FULL = bool(os.environ.get("FIELDPROOF_BENCH_FULL"))
N_RECORDS = 5_000 if FULL else 50
N_PLAIN = 200 if FULL else 5
N_OUTLINES = 500 if FULL else 5
N_DRAWS = 1_000 if FULL else 100
ROUNDS = 5 if FULL else 1
LOCATE_TARGET = 5_000
OUTLINE_TARGET = 200


def record(i, n_sides=4, n_marks=1):
    """A made-up record: magnetic, mils, a ring of `n_sides`, a tie from each landmark."""
    rng = np.random.default_rng(i)
    lon, lat = 46.7 + rng.uniform(-0.5, 0.5), 39.8 + rng.uniform(-0.5, 0.5)
    marks = tuple(
        PaperPoint(f"R{i}-LM{k}", PointType.LANDMARK, (lon + 0.003 * k, lat), 25.0)
        for k in range(n_marks)
    )
    ties = [
        PaperLeg(LegKind.TIE, k + 1, float(rng.uniform(0, 6000)), 450.0, 1, mark.point_id, "1")
        for k, mark in enumerate(marks)
    ]
    turn = rng.uniform(0, 6000)
    sides = [
        PaperLeg(LegKind.PERIMETER, k + 1, float((turn + 6000 * k / n_sides) % 6000),
                 float(1200 / n_sides), 1, None, str((k + 1) % n_sides + 1))
        for k in range(n_sides)
    ]
    return PaperRecord(
        f"R{i}", AngleUnit.MIL_6000, NorthReference.MAGNETIC, CoordinateSystem.SK42_GK6,
        laid_on=date(1988, 1, 1) + timedelta(days=int(rng.integers(0, 3000))), points=marks,
        legs=(*ties, *sides),
    )


def bent(i):
    """A ring that is not convex: 300 by 300 m, with the inner corner at 60 m."""
    base = record(i)
    sides = [(0, 300), (1500, 60), (3000, 240), (1500, 240), (3000, 60), (4500, 300)]
    legs = [PaperLeg(LegKind.PERIMETER, k + 1, float(a), float(d), 1, None, str((k + 1) % 6 + 1))
            for k, (a, d) in enumerate(sides)]
    return PaperRecord(base.record_id, base.angle_unit, base.north_reference,
                       base.coordinate_system, laid_on=base.laid_on, points=base.points,
                       legs=(base.legs[0], *legs))


def seconds(call, rounds=ROUNDS):
    """Median wall time."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def naive_outline(located, rng):
    """The plain way: every corner of every draw, one by one, by shapely."""
    part = located.parts[0]
    best = part_shape(part.vertices)
    reach = [
        max(shapely.Point(*corner).distance(best) for corner in corners)
        for corners in draw_vertices(located, N_DRAWS, rng)[0]
    ]
    k = min(int(np.ceil(0.95 * (N_DRAWS + 1))), N_DRAWS) - 1
    return best.buffer(sorted(reach)[k], quad_segs=16)


def show(what, **figures):
    print(f"\n{what}: " + ", ".join(f"{k} {v:,.0f}/s" for k, v in figures.items()))


@pytest.mark.parametrize("n_marks", [1, 2], ids=["one landmark", "two landmarks"])
def test_locate_with_analytic_covariance(benchmark, n_marks):
    records = [record(i, n_marks=n_marks) for i in range(N_RECORDS)]
    located = benchmark.pedantic(locate_many, (records,), rounds=ROUNDS, warmup_rounds=1)

    assert all(place.located and not place.problems for place in located if n_marks == 1)
    for together, alone in zip(located[:N_PLAIN], map(locate, records[:N_PLAIN]), strict=True):
        np.testing.assert_allclose(together.covariance, alone.covariance, rtol=1e-9)
    if FULL:
        plain = N_PLAIN / seconds(lambda: [locate(r) for r in records[:N_PLAIN]], 1)
        fast = N_RECORDS / benchmark.stats.stats.median
        benchmark.extra_info |= {"records_per_s": fast, "plain_records_per_s": plain}
        show(f"locate, {n_marks} landmark(s)", together=fast, one_by_one=plain)
        assert fast >= LOCATE_TARGET


@pytest.mark.parametrize("make", [record, bent], ids=["convex", "bent"])
def test_containment_outlines(benchmark, make):
    located = locate_many([make(i) for i in range(N_OUTLINES)])

    def outlines():
        rng = np.random.default_rng(1)
        return [containment_outline(place, n_draws=N_DRAWS, rng=rng) for place in located]

    made = benchmark.pedantic(outlines, rounds=ROUNDS, warmup_rounds=1)

    n_naive = max(N_OUTLINES // 25, 2)
    rng = np.random.default_rng(1)
    for ours, place in zip(made[:n_naive], located[:n_naive], strict=True):
        naive = naive_outline(place, rng)
        # the plain way looks at corners only, so out of a bent area it says too little
        assert ours.area >= naive.area * (1 - 1e-6)
        assert ours.area <= naive.area * (1.01 if make is record else 1.3)
    if FULL:
        plain = n_naive / seconds(
            lambda: [naive_outline(p, np.random.default_rng(1)) for p in located[:n_naive]], 1)
        fast = N_OUTLINES / benchmark.stats.stats.median
        benchmark.extra_info |= {"records_per_s": fast, "plain_records_per_s": plain}
        show("containment outlines", vectorised=fast, corner_by_corner=plain)
        assert fast >= OUTLINE_TARGET


def test_cost_by_legs():
    """Twice the sides may cost four times as much (a covariance has their square), not more."""
    n = 500 if FULL else 20
    cost = {}
    for n_sides in (4, 8, 16, 32):
        records = [record(i, n_sides) for i in range(n)]
        located = locate_many(records)
        assert all(len(place.parts[0].vertices) == n_sides for place in located)
        assert all(place.parts[0].closure.p_value > 0.99 for place in located)
        cost[n_sides] = seconds(lambda records=records: locate_many(records)) / n
    if FULL:
        show("locate by sides", **{str(k): 1 / v for k, v in cost.items()})
        assert all(cost[2 * k] <= 4.5 * cost[k] for k in (4, 8, 16))
