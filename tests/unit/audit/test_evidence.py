from datetime import date

import numpy as np
import pytest
import shapely

from fieldproof.audit import FindInput, build_evidence
from fieldproof.errors import ModelError
from fieldproof.model.codes import DeviceClass, SearchMethod

WIDE = (-300, -300, 300, 300)


def said(evidence, text):
    return [note for note in evidence.assumptions if text in note]


def test_detection_is_the_pod_inside_and_zero_outside(world):
    e = build_evidence(world.located(), [world.search(world.box(-300, -300, 0, 300), pod=0.8)],
                       [], 40)
    row, column = e.grid.index([(-50.0, 0.0)])[0]

    assert e.detection[row, column] == pytest.approx(0.8)
    assert e.detection[row, column + 10] == 0.0
    assert e.searched_share == pytest.approx(0.5, abs=0.03)


def test_two_searches_miss_what_both_miss(world):
    both = [world.search(world.box(*WIDE), "S-1", 0.8), world.search(world.box(*WIDE), "S-2", 0.5)]

    e = build_evidence(world.located(), both, [], 40)

    assert e.detection.max() == pytest.approx(1 - 0.2 * 0.5)


def test_membership_is_soft_at_the_edges_and_whole_inside(world):
    e = build_evidence(world.located(), [], [], 40)
    row, column = e.grid.index([(1.0, 1.0)])[0]

    assert e.membership[row, column] == 1.0
    assert e.membership.sum() * e.grid.cell_area_m2 == pytest.approx(200 * 60, rel=0.05)
    assert not e.searched


def test_the_same_seed_gives_the_same_evidence(world):
    a, b = (build_evidence(world.located(), [], [], 40, seed=4) for _ in range(2))

    assert np.array_equal(a.membership, b.membership)


@pytest.mark.parametrize(("pod", "expected", "words"), [
    (0.0, 0.0, "counts as not searched"),
    (1.0, 0.99, "no search finds everything"),
    (None, 0.90, "states no POD: 0.9 assumed"),
    (float("nan"), 0.90, "states no POD"),
])
def test_an_odd_pod_has_a_named_answer(world, pod, expected, words):
    e = build_evidence(world.located(), [world.search(world.box(*WIDE), pod=pod)], [], 40)

    assert e.detection.max() == pytest.approx(expected)
    assert said(e, words)
    assert (e.pod_spread > 0) == (pod is None or np.isnan(pod))


def test_a_pod_is_assumed_by_method(world):
    s = world.search(world.box(*WIDE), pod=None, method=SearchMethod.VISUAL_SEARCH)

    assert build_evidence(world.located(), [s], [], 40).detection.max() == pytest.approx(0.25)


def test_a_search_over_before_laying_does_not_count(world):
    early = world.search(world.box(*WIDE), started_on=date(1990, 1, 1), ended_on=date(1990, 2, 1))

    e = build_evidence(world.located(), [early], [], 40, laid_on=world.day)

    assert not e.searched
    assert said(e, "ended before the laying date")


@pytest.mark.parametrize(("dates", "words"), [
    ({}, "has no date"),
    ({"started_on": date(1993, 1, 1), "ended_on": date(1994, 1, 1)}, "began before the laying"),
    ({"started_on": date(2002, 5, 1), "ended_on": date(2002, 3, 1)}, "ends before it begins"),
])
def test_a_search_with_odd_dates_counts_and_is_named(world, dates, words):
    e = build_evidence(world.located(), [world.search(world.box(*WIDE), **dates)], [], 40,
                       laid_on=world.day)

    assert e.searched
    assert said(e, words)


def test_no_laying_date_is_named(world):
    assert said(build_evidence(world.located(), [], [], 40), "no laying date")


def test_finds_are_left_out_for_a_reason_that_is_counted(world):
    place = world.spread(1)
    finds = [
        *world.finds_at(place), *world.finds_at(place, found_on=date(1990, 1, 1)),
        *world.finds_at(place, device_class=DeviceClass.UXO), *world.finds_at([(0, 500)]),
    ]

    e = build_evidence(world.located(), [world.search(world.box(*WIDE))], finds, 40,
                       laid_on=world.day)

    assert len(e.finds_xy) == 1
    assert e.finds_left_out == {
        "before the laying date": 1, "of a class the record does not list": 1,
        "outside every search that counts": 1,
    }
    assert said(e, "1 items in reach left out: outside every search")


def test_a_find_beyond_reach_is_neither_used_nor_counted(world):
    e = build_evidence(world.located(), [world.search(world.box(*WIDE))],
                       world.finds_at([(0, 5000)]), 40)

    assert len(e.finds_xy) == 0
    assert e.finds_left_out == {}


def test_a_find_of_several_items_counts_as_several(world):
    lonlat = tuple(map(float, world.frame.to_lonlat((0.0, 0.0))))

    e = build_evidence(world.located(), [world.search(world.box(*WIDE))],
                       [FindInput("F", lonlat, 2.0, quantity=3)], 40)

    assert len(e.finds_xy) == 3
    assert e.finds_inside == 3


def test_a_search_for_one_class_counts_for_its_share_of_the_devices(world):
    s = world.search(world.box(*WIDE), pod=0.9, device_class=DeviceClass.AP_MINE)
    listed = {DeviceClass.AP_MINE: 10, DeviceClass.AV_MINE: 30}

    e = build_evidence(world.located(), [s], [], 40, device_classes=listed)

    assert e.detection.max() == pytest.approx(0.9 * 0.25)
    assert said(e, "counts for 25%")


def test_the_ground_of_another_record_takes_no_part(world):
    theirs = world.frame.shape_to_lonlat(world.box(150, -300, 300, 300))
    finds = world.finds_at([(0, 0), (200, 0)])

    e = build_evidence(world.located(), [world.search(world.box(*WIDE))], finds, 40,
                       others=[theirs])
    row, column = e.grid.index([(200.0, 0.0)])[0]

    assert e.detection[row, column] == 0.0
    assert e.finds_left_out == {"on the ground of another record": 1}
    # ground beside the record stays its own, whatever the other says
    row, column = e.grid.index([(155.0, 0.0)])[0]
    assert e.detection[row, column] > 0


def test_a_search_that_crosses_itself_is_taken_for_what_it_encloses(world):
    bow = shapely.Polygon([(-100, -100), (100, 100), (100, -100), (-100, 100)])

    e = build_evidence(world.located(), [world.search(bow)], [], 40)

    assert e.searched
    assert said(e, "crosses itself")


def test_a_point_record_and_a_line_record_cover_ground(world):
    for corners in ([(0.0, 0.0)], [(0.0, 0.0), (120.0, 0.0)]):
        e = build_evidence(world.located(parts=(corners,)), [], [], 3)
        assert e.membership.sum() >= 0.5


def test_a_record_of_two_parts_covers_both(world):
    second = np.add(world.strip, (300, 0))

    e = build_evidence(world.located(parts=(world.strip, second)), [], [], 80)

    assert e.membership.sum() * e.grid.cell_area_m2 == pytest.approx(2 * 200 * 60, rel=0.05)


def test_a_record_without_a_place_has_no_evidence(world):
    with pytest.raises(ModelError, match=r"R-1 was not located \(no landmark\)"):
        build_evidence(world.located(parts=(), problems=("no landmark",)), [], [], 40)
