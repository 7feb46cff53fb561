import pytest

from fieldproof.errors import GeometryError
from fieldproof.locate import AngleInstrument, ErrorBudget
from fieldproof.locate.prior import point_sigma_m
from fieldproof.locate.types import PaperPoint
from fieldproof.model.codes import PointType

LANDMARK = PaperPoint("LM", PointType.LANDMARK, (46.7, 39.8))


def test_every_figure_is_printed_by_name():
    printed = ErrorBudget(landmark_m=40.0).to_dict()

    assert printed["landmark_m"] == 40.0
    assert set(printed) == set(ErrorBudget.__dataclass_fields__)


@pytest.mark.parametrize("wrong", [
    {"landmark_m": -1.0}, {"scale": float("nan")}, {"angle_deg": float("inf")},
    {"shared_point_share": 1.5}, {"unknown_date_first_year": 2021},
])
def test_a_figure_that_is_no_sigma_is_refused(wrong):
    with pytest.raises(GeometryError, match=r"error budget"):
        ErrorBudget(**wrong)


def test_a_tripod_is_steadier_than_a_hand():
    budget = ErrorBudget()

    assert budget.angle_deg == 1.5
    assert budget.with_instrument(AngleInstrument.ARTILLERY_COMPASS).angle_deg < 0.5
    assert budget.with_instrument(AngleInstrument.ARTILLERY_COMPASS).scale == budget.scale


@pytest.mark.parametrize(("point", "map_scale", "base_m"), [
    (LANDMARK, None, 25.0),
    (LANDMARK, 100_000, 50.0),
    (PaperPoint("LM", PointType.LANDMARK, (46.7, 39.8), sigma_m=8.0), 100_000, 8.0),
    (PaperPoint("LM", PointType.LANDMARK, (46.7, 39.8), surveyed=True), 100_000, 2.0),
])
def test_a_point_takes_its_own_error_then_the_survey_then_the_map(point, map_scale, base_m):
    sigma = point_sigma_m(point, map_scale, ErrorBudget(landmark_identity_m=0.0))

    assert sigma == pytest.approx(base_m)


def test_standing_at_the_wrong_corner_of_a_house_adds_to_any_point():
    assert point_sigma_m(LANDMARK, None, ErrorBudget()) == pytest.approx((25**2 + 3**2) ** 0.5)
