import numpy as np
import pytest
import shapely
from pyproj import Proj

from fieldproof.geo.frame import LocalFrame
from fieldproof.geo.grid import Grid, inside_fraction


def test_scale_within_30_km_is_that_of_the_docstring():
    frame = LocalFrame(46.7, 39.8)
    angle = np.linspace(0, 2 * np.pi, 73)
    ring = frame.to_lonlat(30_000 * np.stack([np.sin(angle), np.cos(angle)], axis=-1))
    proj = Proj(proj="tmerc", lon_0=46.7, lat_0=39.8, k=1.0, ellps="WGS84")
    scale = np.asarray(proj.get_factors(ring[:, 0], ring[:, 1]).meridional_scale)
    assert 1.0e-5 < np.abs(scale - 1).max() < 1.2e-5


@pytest.mark.parametrize("lonlat", [(46.9, 39.9), (46.5, 39.7)])
def test_true_azimuth_is_plane_azimuth_plus_convergence(lonlat):
    frame = LocalFrame(46.7, 39.8)
    lon, lat = lonlat
    gamma = float(frame.convergence_deg(lonlat))
    assert gamma == pytest.approx((lon - 46.7) * np.sin(np.radians(lat)), abs=1e-5)
    assert np.sign(gamma) == np.sign(lon - 46.7)
    step = frame.to_xy((lon, lat + 1e-4)) - frame.to_xy((lon, lat))  # to true north
    plane_azimuth = np.degrees(np.arctan2(step[0], step[1]))
    assert plane_azimuth + gamma == pytest.approx(0, abs=1e-5)


def test_shapes_walk_there_and_back():
    frame = LocalFrame(46.7, 39.8)
    shape = shapely.box(-100, -50, 100, 50)
    back = frame.shape_to_xy(frame.shape_to_lonlat(shape))
    assert back.equals_exact(shape, 1e-6)


def test_shape_off_the_grid_is_nowhere_on_it():
    grid = Grid(0, 0, 10, 5, 4)
    for shape in (shapely.box(-90, 0, -50, 40), shapely.box(60, 0, 90, 40), shapely.Polygon()):
        assert inside_fraction(shape, grid).sum() == 0
    assert (inside_fraction(shapely.box(-90, -90, 90, 90), grid) == 1).all()
