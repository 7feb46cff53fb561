"""Records judged in a second, and how right, beside two rules that people use by hand.

The overlap rule calls a record accurate where the hull of the finds covers half of what hull and
plotted area cover together; centroid difference takes the middle of the finds less the middle of
the plotted area for the displacement. All three see the same simulated records. `make bench` runs
400; as a plain test it runs few, to show that it works.
"""

import importlib.util
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import shapely

from fieldproof.audit import build_evidence, judge
from fieldproof.model.codes import RecordStatus

HERE = Path(__file__).parent


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


tools = load("bench_tools", HERE / "bench_tools.py")
world = load("audit_world", HERE.parent / "tests" / "properties" / "test_audit_calibration.py")
RECORDS = 400 if tools.FULL else 6


@pytest.fixture(scope="module")
def cases():
    rng = np.random.default_rng(99)
    return [world.make_case(rng, f"R{i}") for i in range(RECORDS)]


def plotted(case):
    return shapely.Polygon(case.located.parts[0].vertices)


def finds_of(case):
    return world.FRAME.to_xy(np.array([f.lonlat for f in case.finds]).reshape(-1, 2))


def overlap_rule(case):
    """Whether the hull of the finds and the plotted area overlap by half; None without finds."""
    if len(case.finds) < 3:
        return None
    hull, area = shapely.MultiPoint(finds_of(case)).convex_hull, plotted(case)
    return hull.intersection(area).area >= 0.5 * hull.union(area).area


def centroid_difference(case):
    return finds_of(case).mean(axis=0) - np.array(plotted(case).centroid.coords[0])


def timed(function, items):
    start = time.perf_counter()
    out = [function(item) for item in items]
    return out, (time.perf_counter() - start) / len(items)


def test_judging_beside_the_rules_of_thumb(cases):
    def evidence_of(case):
        return build_evidence(case.located, case.searches, case.finds, case.n)

    evidence, build_s = timed(evidence_of, cases)
    judge(evidence[0])
    verdicts, judge_s = timed(judge, evidence)
    rule, rule_s = timed(overlap_rule, cases)

    accurate = np.array([c.truth is RecordStatus.ACCURATE for c in cases])
    decided = np.array([v.decided for v in verdicts])
    right = np.array([v.status is c.truth for v, c in zip(verdicts, cases, strict=True)])
    spoken = [i for i, r in enumerate(rule) if r is not None]
    rule_right = np.mean([rule[i] == accurate[i] for i in spoken]) if spoken else float("nan")
    present = (RecordStatus.ACCURATE, RecordStatus.DISPLACED, RecordStatus.INCOMPLETE)
    seen = [i for i, c in enumerate(cases) if c.truth in present and len(c.finds) >= 3
            and verdicts[i].shift is not None]
    ours = [np.hypot(verdicts[i].shift.east_m - cases[i].shift[0],
                     verdicts[i].shift.north_m - cases[i].shift[1]) for i in seen]
    theirs = [np.hypot(*(centroid_difference(cases[i]) - cases[i].shift)) for i in seen]
    sys.stdout.write(
        f"\n{RECORDS} records: judge {judge_s * 1e3:.0f} ms a record ({1 / judge_s:.0f}/s), its "
        f"evidence {build_s * 1e3:.0f} ms; overlap rule {rule_s * 1e3:.2f} ms\n"
        f"judge decides {decided.mean():.0%}, right in {right[decided].mean():.1%} of these; "
        f"overlap rule speaks on {len(spoken) / RECORDS:.0%}, accurate or not right in "
        f"{rule_right:.1%}\n"
        f"displacement, {len(seen)} records: median error {np.median(ours):.1f} m, "
        f"centroid difference {np.median(theirs):.1f} m\n"
        f"truly accurate {accurate.mean():.1%}; overlap rule calls accurate "
        f"{np.mean([rule[i] for i in spoken]):.1%} of those it speaks on\n"
    )
    assert len(verdicts) == RECORDS
    if tools.FULL:
        assert judge_s + build_s <= 0.1
        assert np.median(ours) < np.median(theirs)
