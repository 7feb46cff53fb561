import numpy as np
import pytest
from pyproj import CRS
from pyproj.crs import BoundCRS
from pyproj.crs.coordinate_operation import ToWGS84Transformation

from fieldproof.adapters.exchange.crs import to_wgs84
from fieldproof.adapters.exchange.landmarks import Landmarks
from fieldproof.errors import CoordinateError, InputError
from fieldproof.geo.datum import sk42_to_wgs84

CORNER = np.array([[8_646_000.0, 4_408_000.0]])


def test_parameters_that_a_file_brings_do_not_replace_the_pinned_operation():
    zone = CRS(28408)
    shift = ToWGS84Transformation(zone.geodetic_crs, 500, -130, -95)

    bound = to_wgs84(BoundCRS(zone, "EPSG:4326", shift).to_wkt())(CORNER)

    assert bound == pytest.approx(to_wgs84("EPSG:28408")(CORNER), abs=1e-12)


def test_geographic_sk42_is_the_pinned_operation_itself():
    lon, lat = map(float, sk42_to_wgs84(46.7, 39.8))

    assert to_wgs84("EPSG:4284")(np.array([[46.7, 39.8]]))[0] == pytest.approx((lon, lat))


@pytest.mark.parametrize("code", ["EPSG:4179", "EPSG:4178"])
def test_the_datums_of_1958_and_1983_are_others(code):
    other = to_wgs84(code)(np.array([[24.0, 47.0]]))[0]

    assert other != pytest.approx(np.ravel(sk42_to_wgs84(24.0, 47.0)), abs=1e-6)


def test_a_modern_system_needs_no_datum_name():
    lon, lat = to_wgs84("+proj=utm +zone=38 +ellps=WGS84")(np.array([[500_000.0, 4_400_000.0]]))[0]

    assert lon == pytest.approx(45.0)
    assert 39 < lat < 40


@pytest.mark.parametrize("crs", ["", "EPSG:99999", "local grid", "+proj=longlat +ellps=krass"])
def test_what_leads_nowhere_is_refused(crs):
    with pytest.raises(InputError):
        to_wgs84(crs)


def test_landmarks_are_found_by_record_by_full_name_and_alone_where_that_is_clear():
    known = Landmarks()
    known.add("R-1", "LM-1", (46.0, 39.0))
    known.add("R-2", "LM-1", (47.0, 40.0))
    known.add("R-2", "LM-2", (47.5, 40.5))

    assert known.find("R-2", "LM-1") == (47.0, 40.0)
    assert known.find(None, "R-1/LM-1") == (46.0, 39.0)
    assert known.find(None, "LM-2") == (47.5, 40.5)
    with pytest.raises(CoordinateError, match="R-1/LM-1"):
        known.find(None, "LM-1")
    with pytest.raises(CoordinateError, match="not known"):
        known.find("R-1", "LM-2")
