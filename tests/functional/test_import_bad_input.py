"""What is wrong with a file is said; it is never read past, shifted, moved or relabelled."""

import json

import numpy as np
import openpyxl
import pyogrio
import pyproj
import pytest
import shapely
from typer.testing import CliRunner

from fieldproof.adapters.exchange.mapping import ColumnMapping
from fieldproof.adapters.register import Register
from fieldproof.cli import build_app
from fieldproof.errors import InputError, MappingError
from fieldproof.workflows.import_files import ImportOptions, import_files

HEAD = "find_id,latitude,longitude,found_on,device_class\n"
ROW = "F-1,39.8,46.7,2023-05-01,AP\n"
GRID = shapely.box(8_646_000, 4_408_000, 8_646_300, 4_408_200)  # easting, northing, zone 8


@pytest.fixture
def register(tmp_path):
    with Register.create(tmp_path / "register") as made:
        yield made


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def one(register, path, **options):
    (result,) = import_files(register, [path], ImportOptions(stated_by="OP-1", **options))
    return result


def errors(result):
    return [(p.row, p.field, p.problem) for p in result.problems if p.severity == "error"]


def areas(path, shape=GRID, crs="EPSG:28408"):
    pyogrio.raw.write(
        str(path), geometry=np.array([shapely.to_wkb(shape)], dtype=object),
        field_data=[np.array(["S-1"], dtype=object), np.array(["manual"], dtype=object)],
        fields=np.array(["search_id", "method"]), geometry_type="Polygon", crs=crs,
    )
    return path


def test_a_row_with_more_cells_than_headings_is_not_read_as_if_it_were_whole(register, tmp_path):
    """Decimal commas in a file with commas between cells shift every value."""
    shifted = "F-2,39,8,46,7,2023-05-01,AP\n"

    result = one(register, write(tmp_path, "finds.csv", HEAD + ROW + shifted))

    assert result.counts.new == 1
    assert (2, "", "7 cells under 5 headings") in errors(result)
    (waiting,) = register.quarantined()
    assert waiting.raw["cells beyond the headings"] == "2023-05-01 | AP"


def test_empty_cells_behind_the_last_heading_do_no_harm(register, tmp_path):
    result = one(register, write(tmp_path, "finds.csv", HEAD + ROW.replace("AP", "AP,,")))

    assert (result.counts.new, result.problems) == (1, [])


@pytest.mark.parametrize("text", [HEAD, HEAD + "\n\n"])
def test_a_file_without_rows_adds_none(register, tmp_path, text):
    result = one(register, write(tmp_path, "finds.csv", text))

    assert (result.rows, result.problems) == (0, [])


def test_a_quote_that_nobody_closed_is_named_with_its_line(register, tmp_path):
    head = register.head()

    with pytest.raises(InputError, match=r"finds.csv, line 3"):
        one(register, write(tmp_path, "finds.csv", HEAD + ROW + 'F-2,39.8,46.7,2023-05-01,"AP\n'))
    assert register.head() == head


def test_an_outline_longer_than_any_cell_is_read(register, tmp_path):
    ring = shapely.Point(46.7, 39.8).buffer(0.01, quad_segs=2000)
    text = f'search_id,method,wkt\nS-1,manual,"{ring.wkt}"\n'
    assert len(text) > 131_072

    assert one(register, write(tmp_path, "searches.csv", text)).counts.new == 1


def test_columns_without_a_heading_shift_nothing_and_are_kept(register, tmp_path):
    path = tmp_path / "finds.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["find_id", None, "latitude", "longitude", "found_on", "device_class", None])
    book.active.append(["F-1", "a note", 39.8, 46.7, "2023-05-01", "AP", None])
    book.save(path)

    result = one(register, path)

    assert errors(result) == []
    assert register.statements("finds", "F-1")[0].extras == {"column 2": "a note"}


def test_a_template_that_does_not_fit_the_file_is_refused(register, tmp_path):
    path = write(tmp_path, "finds.csv", "find_id,latitude,longitude,device_class\nF-1,39,46,AP\n")
    template = ColumnMapping("finds", {"find_id": "find_id", "Tarix": "found_on",
                                       "device_class": "device_class"})

    with pytest.raises(MappingError, match=r"found_on.*Tarix"):
        one(register, path, template=template)
    with pytest.raises(MappingError, match="mines"):
        one(register, path, template=ColumnMapping("mines", {}))
    with pytest.raises(MappingError, match="colour"):
        one(register, path, template=ColumnMapping("finds", {"find_id": "colour"}))


@pytest.mark.parametrize("day", ["yesterday", "01.05.2024", "2024-5-1", "2024-02-30"])
def test_a_day_that_is_none_is_refused_before_anything_is_read(day):
    with pytest.raises(InputError, match="2024-05-01"):
        ImportOptions(known_on=day)


def test_the_second_row_of_an_id_does_not_overrule_the_first_unseen(register, tmp_path):
    """Two mines under one number would be one mine less on the map."""
    rows = ROW + "F-1,39.9,46.9,2023-05-02,AV\n"

    result = one(register, write(tmp_path, "finds.csv", HEAD + rows))

    assert errors(result) == [(2, "find_id", "stands in this file before")]
    (row,) = register.rows("finds")
    assert row.geometry == shapely.Point(46.7, 39.8)


def test_an_id_counts_across_chunks(register, tmp_path, monkeypatch):
    monkeypatch.setattr("fieldproof.adapters.exchange.readers.CHUNK_ROWS", 2)
    rows = "".join(ROW.replace("F-1", f"F-{i}") for i in (1, 2, 3, 1))

    result = one(register, write(tmp_path, "finds.csv", HEAD + rows))

    assert [e[0] for e in errors(result)] == [4]
    assert register.count("finds") == 3


def test_an_id_may_stand_twice_with_the_days_on_which_it_was_known(register, tmp_path):
    text = ("hazard_id,land_class,known_on\nH-1,sha,2023-01-01\nH-1,cha,2023-06-01\n")

    result = one(register, write(tmp_path, "hazard_areas.csv", text))

    assert errors(result) == []
    (then,) = register.rows("hazard_areas", as_of="2023-03-01")
    (now,) = register.rows("hazard_areas")
    assert (then.values["land_class"], now.values["land_class"]) == ("sha", "cha")


@pytest.mark.parametrize("rings", [[[46, 39], [46.1, 39.1], [46, 39.1]],
                                   [[46, 39], [46.1, 39.1], [46, 39]]])
def test_a_ring_that_is_none_waits_and_the_others_go_in(register, tmp_path, rings):
    good = [[46, 39], [46.1, 39], [46.1, 39.1], [46, 39]]
    features = [
        {"type": "Feature", "properties": {"search_id": f"S-{i}", "method": "manual"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for i, ring in enumerate((rings, good), start=1)
    ]
    path = write(tmp_path, "searches.geojson",
                 json.dumps({"type": "FeatureCollection", "features": features}))

    result = one(register, path)

    assert [r.entity_id for r in register.rows("searches")] == ["S-2"]
    ((row, name, problem),) = errors(result)
    assert (row, name) == (1, "geometry")
    assert "ring" in problem.lower() or "too few points" in problem.lower()


def test_a_system_without_a_datum_is_not_taken_for_wgs84(register, tmp_path):
    """PROJ would take Krassovsky's ellipsoid for WGS 84 in silence: 100 m off."""
    bare = "+proj=tmerc +lat_0=0 +lon_0=45 +k=1 +x_0=8500000 +ellps=krass +units=m"
    path = areas(tmp_path / "searches.shp", crs=bare)

    with pytest.raises(InputError, match="datum"):
        one(register, path)

    assert one(register, path, crs="EPSG:28408").counts.new == 1
    (row,) = register.rows("searches")
    assert row.geometry.bounds[0] == pytest.approx(46.703316, abs=1e-6)


def test_sk42_in_the_words_of_esri_goes_through_the_pinned_operation(tmp_path):
    esri = areas(tmp_path / "a_searches.shp")
    esri.with_suffix(".prj").write_text(pyproj.CRS(28408).to_wkt("WKT1_ESRI"))
    corners = []
    for path in (esri, areas(tmp_path / "b_searches.gpkg")):
        with Register.create(tmp_path / f"register of {path.stem}") as store:
            one(store, path)
            (row,) = store.rows("searches")
            corners.append(row.geometry.bounds)

    assert corners[0] == pytest.approx(corners[1], abs=1e-9)


def test_a_system_that_nobody_knows_is_named(register, tmp_path):
    path = areas(tmp_path / "searches.shp")
    path.with_suffix(".prj").unlink()

    with pytest.raises(InputError, match="EPSG:99999"):
        one(register, path, crs="EPSG:99999")


POINTS = "record_id,point_id,point_type,latitude,longitude\n"
BEARING = ("find_id,from_landmark,bearing,bearing_unit,bearing_north,bearing_distance_m,found_on,"
           "device_class\n")


def test_a_landmark_that_stands_in_two_records_is_not_chosen_between(register, tmp_path):
    one(register, write(tmp_path, "record_points.csv", POINTS + "R-1,LM-1,landmark,39.8,46.7\n"
                                                                "R-2,LM-1,landmark,39.9,46.9\n"))
    path = write(tmp_path, "finds.csv", BEARING + "F-1,LM-1,90,degree,true,100,2023-05-01,AP\n"
                                                  "F-2,R-2/LM-1,90,degree,true,100,2023-05-01,AP\n")

    result = one(register, path)

    ((row, _, problem),) = errors(result)
    assert row == 1
    assert "2 records" in problem
    (find,) = register.rows("finds")
    assert find.geometry.x == pytest.approx(46.90117, abs=1e-5)


def test_a_landmark_of_the_same_file_serves_in_any_order(register, tmp_path):
    path = write(
        tmp_path, "record_points.csv",
        "record_id,point_id,point_type,latitude,longitude,from_landmark,bearing,bearing_unit,"
        "bearing_north,bearing_distance_m\n"
        "R-1,T-1,turning_point,,,LM-1,0,degree,true,1000\nR-1,LM-1,landmark,39.8,46.7,,,,,\n")

    result = one(register, path)

    assert errors(result) == []
    places = {r.values["point_id"]: r.geometry for r in register.rows("record_points")}
    assert places["T-1"].y == pytest.approx(39.8 + 1000 / 111_031, abs=1e-5)


@pytest.mark.parametrize("word", ["True", "yes", "1"])
def test_rows_that_say_they_are_simulated_stay_so(register, tmp_path, word):
    """A file that the program itself gave out does not come back as real."""
    text = HEAD.replace("\n", ",simulated\n") + ROW.replace("\n", f",{word}\n")

    result = one(register, write(tmp_path, "finds.csv", text))

    assert [r.simulated for r in register.rows("finds")] == [True]
    assert any("simulated" in p.problem for p in result.problems)


def test_made_up_rows_do_not_slip_in_among_others(register, tmp_path):
    text = HEAD.replace("\n", ",simulated\n") + ROW.replace("\n", ",\n") + \
        ROW.replace("F-1", "F-2").replace("\n", ",yes\n")

    result = one(register, write(tmp_path, "finds.csv", text))

    assert [e[0] for e in errors(result)] == [2]
    assert [(r.entity_id, r.simulated) for r in register.rows("finds")] == [("F-1", False)]


def test_columns_that_speak_of_people_stay_out_of_the_ledger(register, tmp_path):
    text = HEAD.replace("\n", ",Deminer name,Telefon,team\n") + \
        ROW.replace("\n", ",Somebody Unknown,555-0199,Team 7\n")

    result = one(register, write(tmp_path, "finds.csv", text))

    assert register.statements("finds", "F-1")[0].extras == {"team": "Team 7"}
    assert "Deminer name" in result.problems[0].problem
    (line,) = register.imports()
    assert line.source.restricted
    stored = (register.path / "register.db").read_bytes()
    assert b"Somebody" not in stored
    assert b"0199" not in stored


def test_the_encoding_that_was_guessed_is_told(register, tmp_path):
    path = tmp_path / "finds.csv"
    path.write_text(HEAD + ROW.replace("AP", "противопехотная"), encoding="cp1251")

    assert "Windows-1251" in one(register, path).problems[0].problem


def test_one_problem_is_told_once(register, tmp_path):
    result = one(register, write(tmp_path, "finds.csv", HEAD + ROW.replace("39.8", "139.8")))

    assert errors(result) == [(1, "latitude", "139.8 is too large")]


def test_values_that_look_like_markup_are_shown_as_they_are(tmp_path):
    path = write(tmp_path, "finds.csv", HEAD + ROW.replace("AP", "[/b] [red]"))

    asked = ["import", str(path), "-r", str(tmp_path / "register")]
    result = CliRunner().invoke(build_app(), asked)

    assert result.exit_code == 0, result.output
    assert "[/b]" in result.output
