"""Expected corrections: the table of declinations and convergences of the geodesy page."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from fieldproof.geo.magnetism import declination_deg
from fieldproof.locate import ErrorBudget
from fieldproof.locate.directions import clockwise_deg, corrections
from fieldproof.locate.types import PaperRecord
from fieldproof.model.codes import (
    AngleSense,
    AngleUnit,
    CoordinateSystem,
    DeclinationSource,
    NorthReference,
)

PLACE = (46.7, 39.8)
MAGNETIC = PaperRecord(
    "R", AngleUnit.MIL_6000, NorthReference.MAGNETIC, CoordinateSystem.SK42_GK6,
    laid_on=date(1993, 6, 1),
)


def correct(record, place=PLACE, budget=None):
    return corrections([record], [place], budget or ErrorBudget())[0]


@pytest.mark.parametrize(("azimuth", "unit", "degrees"), [
    (4500, AngleUnit.MIL_6000, 270.0),
    (4500, AngleUnit.MIL_6400, 253.125),
    (100, AngleUnit.GON, 90.0),
    (12.5, AngleUnit.DEGREE, 12.5),
])
def test_units(azimuth, unit, degrees):
    assert clockwise_deg(azimuth, unit, AngleSense.CLOCKWISE) == pytest.approx(degrees)
    assert clockwise_deg(azimuth, unit, AngleSense.ANTICLOCKWISE) == pytest.approx(-degrees)


def test_mils_of_the_other_kind_are_16_9_degrees_off_at_45_00():
    soviet = clockwise_deg(4500, AngleUnit.MIL_6000, AngleSense.CLOCKWISE)
    nato = clockwise_deg(4500, AngleUnit.MIL_6400, AngleSense.CLOCKWISE)

    assert soviet - nato == pytest.approx(16.875)


def test_magnetic_angles_take_the_declination_of_the_day_of_laying():
    then = correct(MAGNETIC)
    now = correct(replace(MAGNETIC, laid_on=date(2020, 10, 1)))

    assert then.add_deg == pytest.approx(4.594, abs=0.002)
    assert now.add_deg == pytest.approx(6.252, abs=0.002)
    assert then.declination_deg == then.add_deg
    assert then.convergence_deg is None
    assert then.assumptions == ()


def test_true_angles_take_nothing():
    assert correct(replace(MAGNETIC, north_reference=NorthReference.TRUE)).add_deg == 0.0


def test_grid_angles_take_the_convergence_of_their_zone():
    grid = correct(replace(MAGNETIC, north_reference=NorthReference.GRID))

    assert grid.add_deg == pytest.approx(1.088, abs=0.001)
    assert grid.sigma_deg == 0.0
    assert grid.declination_deg is None


def test_grid_angles_of_3_degree_zones_count_from_another_meridian():
    record = replace(MAGNETIC, north_reference=NorthReference.GRID,
                     coordinate_system=CoordinateSystem.SK42_GK3)

    assert correct(record).add_deg == pytest.approx(-1.3 * np.sin(np.radians(39.8)), abs=0.001)


def test_a_grid_that_the_form_does_not_name_is_said_to_be_assumed():
    record = replace(MAGNETIC, north_reference=NorthReference.GRID,
                     coordinate_system=CoordinateSystem.WGS84)

    assert "6° zones" in correct(record).assumptions[0]


def test_a_printed_declination_is_used_and_named():
    record = replace(MAGNETIC, declination_source=DeclinationSource.MAP_MARGIN,
                     declination_deg=4.2)

    found = correct(record)

    assert found.add_deg == 4.2
    assert found.sigma_deg == ErrorBudget().printed_declination_deg
    assert "margin" in found.assumptions[0]


def test_a_printed_declination_that_is_missing_comes_from_the_model():
    found = correct(replace(MAGNETIC, declination_source=DeclinationSource.MAP_MARGIN))

    assert found.add_deg == pytest.approx(4.594, abs=0.002)
    assert "not given" in found.assumptions[0]


@pytest.mark.parametrize("source", [DeclinationSource.NONE, DeclinationSource.UNKNOWN])
def test_a_form_that_names_no_declination_still_has_a_magnetic_north(source):
    assert correct(replace(MAGNETIC, declination_source=source)).add_deg == correct(
        MAGNETIC).add_deg


@pytest.mark.parametrize("laid_on", [None, date(1893, 6, 1), date(2093, 6, 1)])
def test_an_unknown_date_spreads_the_declination_over_the_years_it_may_be(laid_on):
    found = correct(replace(MAGNETIC, laid_on=laid_on))
    first, last = (declination_deg(*PLACE, d) for d in (date(1988, 1, 1), date(2020, 12, 31)))

    assert found.add_deg == pytest.approx((first + last) / 2, abs=0.001)
    spread = (last - first) / 12**0.5
    assert found.sigma_deg == pytest.approx(np.hypot(correct(MAGNETIC).sigma_deg, spread), abs=0.01)
    assert "1988 to 2020" in found.assumptions[0]


def test_the_years_of_an_unknown_date_are_a_parameter():
    narrow = ErrorBudget(unknown_date_first_year=1992, unknown_date_last_year=1994)

    assert correct(replace(MAGNETIC, laid_on=None), budget=narrow).add_deg == pytest.approx(
        4.59, abs=0.03)


def test_an_unknown_north_lies_half_way_and_covers_both():
    found = correct(replace(MAGNETIC, north_reference=NorthReference.UNKNOWN))
    magnetic, grid = 4.594, 1.088

    assert found.add_deg == pytest.approx((magnetic + grid) / 2, abs=0.002)
    assert found.sigma_deg > max((magnetic - grid) / 2, ErrorBudget().unknown_north_deg)
    assert "half-way" in found.assumptions[0]


def test_an_unknown_sense_is_clockwise_and_said_so():
    found = correct(replace(MAGNETIC, angle_sense=AngleSense.UNKNOWN))

    assert found.add_deg == correct(MAGNETIC).add_deg
    assert "clockwise" in found.assumptions[0]


def test_records_are_corrected_together_as_alone():
    records = [
        replace(MAGNETIC, laid_on=day, north_reference=north)
        for day in (date(1989, 2, 3), date(2016, 4, 2), None) for north in NorthReference
    ]
    places = [(45.0 + i / 10, 39.0 + i / 20) for i in range(len(records))]

    together = corrections(records, places, ErrorBudget())

    for record, place, found in zip(records, places, together, strict=True):
        alone = correct(record, place)
        assert found.add_deg == pytest.approx(alone.add_deg, abs=1e-9)
        assert found.assumptions == alone.assumptions
