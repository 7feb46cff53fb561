"""Files of the field, in every format, whole or with something wrong."""

import json
import zipfile

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from fieldproof.adapters.exchange.mapping import ColumnMapping
from fieldproof.adapters.register import Register
from fieldproof.errors import InputError, MappingError, UnknownFormatError
from fieldproof.workflows.import_files import ImportOptions, import_files
from fieldproof.workflows.mend_quarantine import hand_out, take_in
from fieldproof.workflows.schema_docs import write_workbook

HEAD = "find_id,latitude,longitude,found_on,device_class\n"
GOOD = HEAD + "F-1,39.8,46.7,2023-05-01,AP\nF-2,39.81,46.71,02.05.2023,av_mine\n"
SQUARE = shapely.box(46.70, 39.80, 46.71, 39.81)


@pytest.fixture
def register(tmp_path):
    with Register.create(tmp_path / "register") as made:
        yield made


def write(tmp_path, name, text, encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def one(register, path, **options):
    (result,) = import_files(register, [path], ImportOptions(stated_by="OP-1", **options))
    return result


def test_a_csv_goes_in_with_its_provenance(register, tmp_path):
    result = one(register, write(tmp_path, "finds.csv", GOOD))

    assert result.counts == (2, 0, 0)
    told = register.provenance("finds", "F-2")["found_on"]
    assert told.values["found_on"] == "2023-05-02"
    assert (told.file_name, told.row, told.stated_by) == ("finds.csv", 2, "OP-1")
    assert (register.path / "files" / told.file_sha256[:2] / told.file_sha256).read_text() == GOOD


def test_the_same_file_twice_adds_nothing(register, tmp_path):
    path = write(tmp_path, "finds.csv", GOOD)
    one(register, path)
    head = register.head()

    again = one(register, path)

    assert again.already is not None
    assert register.head() == head


@pytest.mark.parametrize(("encoding", "delimiter"), [
    ("utf-8-sig", ";"), ("cp1251", "\t"), ("utf-16", ","),
])
def test_encodings_and_delimiters(register, tmp_path, encoding, delimiter):
    text = GOOD.replace("find_id", "find_id").replace("AP", "противопехотная")
    path = write(tmp_path, "finds.csv", text.replace(",", delimiter), encoding)

    assert one(register, path).counts.new == 2


def test_bad_rows_wait_and_good_ones_go_in(register, tmp_path):
    path = write(tmp_path, "finds.csv", GOOD + "F-3,139.8,46.7,2023-05-01,AP\nF-4,39.8,46.7,,AP\n")

    result = one(register, path)

    assert (result.counts.new, result.rejected) == (2, 2)
    found = {(p.row, p.field): p for p in result.problems}
    assert "too large" in found[3, "latitude"].problem
    assert found[4, "found_on"].problem == "missing"
    assert all(p.right for p in result.problems)
    assert [r.raw["find_id"] for r in register.quarantined()] == ["F-3", "F-4"]


def test_strict_takes_nothing_of_a_file_with_an_error(register, tmp_path):
    path = write(tmp_path, "finds.csv", GOOD + "F-3,139.8,46.7,2023-05-01,AP\n")
    head = register.head()

    result = one(register, path, strict=True)

    assert result.refused
    assert register.head() == head
    assert register.quarantined() == []


def test_a_dry_run_changes_nothing(register, tmp_path):
    result = one(register, write(tmp_path, "finds.csv", GOOD), dry_run=True)

    assert result.rows == 2
    assert register.count("finds") == 0
    assert not list((register.path).glob("files/*"))


def test_a_mended_row_goes_in_and_both_files_are_kept(register, tmp_path):
    one(register, write(tmp_path, "finds.csv", HEAD + "F-3,139.8,46.7,2023-05-01,AP\n"
                                                      "F-4,39.8,46.7,someday,AP\n"))
    (handed,) = hand_out(register, tmp_path / "out")
    handed.write_text(handed.read_text().replace("139.8", "39.8"))

    take_in(register, handed, ImportOptions(stated_by="OP-1"))

    assert [r.entity_id for r in register.rows("finds")] == ["F-3"]
    (waiting,) = register.quarantined()
    assert waiting.raw["find_id"] == "F-4"
    settled = [r for r in register.quarantined(open_only=False) if r.resolved]
    assert settled[0].raw["latitude"] == "139.8"
    assert register.statements("finds", "F-3")[0].file_name == handed.name


def test_columns_that_lead_nowhere_are_kept(register, tmp_path):
    path = write(tmp_path, "finds.csv", GOOD.replace("device_class", "device_class,team")
                 .replace(",AP", ",AP,Team 7").replace(",av_mine", ",av_mine,Team 8"))

    result = one(register, path)

    assert result.mapping.unmapped == ("team",)
    assert register.statements("finds", "F-1")[0].extras == {"team": "Team 7"}


def test_columns_of_people_that_lead_nowhere_stay_out_of_the_ledger(register, tmp_path):
    path = write(tmp_path, "victims.csv",
                 "victim_id,accident_id,outcome,name,father\nV-1,A-1,killed,Example,Parent\n")

    one(register, path)

    assert register.statements("victims", "V-1")[0].extras == {}
    text = (register.path / "register.db").read_bytes()
    assert b"Parent" not in text


def test_a_personal_value_is_withheld_from_problems(register, tmp_path):
    path = write(tmp_path, "victims.csv",
                 "victim_id,accident_id,outcome,date_of_birth\nV-1,A-1,killed,17 May 1961\n")

    (problem,) = one(register, path).problems

    assert "1961" not in json.dumps(problem.to_dict())


def test_headings_in_other_words_and_a_saved_mapping(register, tmp_path):
    path = write(tmp_path, "stuff.csv", "Item ID;Enlem;Boylam;Date found;Class;Number\n"
                                        "F-1;39,8;46,7;01.05.2023;AP;7\n")

    result = one(register, path, table="finds", mapping={"Number": "quantity"})

    (row,) = register.rows("finds")
    assert row.values["quantity"] == 7
    assert row.geometry == shapely.Point(46.7, 39.8)
    again = ColumnMapping.from_json(result.mapping.to_json())
    assert again.columns == result.mapping.columns


def test_missing_columns_say_which_and_what_would_be_right(register, tmp_path):
    with pytest.raises(MappingError, match="found_on"):
        one(register, write(tmp_path, "finds.csv", "find_id,latitude,longitude\nF-1,39.8,46.7\n"))


@pytest.mark.parametrize(("name", "text", "error"), [
    ("finds.pdf", "x", UnknownFormatError), ("finds.csv", "", InputError),
    ("finds.csv", "a,a\n1,2\n", InputError), ("finds.geojson", "{", InputError),
])
def test_files_that_cannot_be_read_at_all(register, tmp_path, name, text, error):
    head = register.head()

    with pytest.raises(error):
        one(register, write(tmp_path, name, text))
    assert register.head() == head


@pytest.mark.parametrize("name", ["searches.gpkg", "searches.shp", "searches.geojson",
                                  "searches.kml", "searches.zip"])
def test_polygons_of_gis_formats(register, tmp_path, name):
    path = tmp_path / name
    target = tmp_path / "searches.shp" if name.endswith(".zip") else path
    field = "Name" if name.endswith(".kml") else "search_id"
    pyogrio.raw.write(
        str(target), geometry=np.array([shapely.to_wkb(SQUARE)], dtype=object),
        field_data=[np.array(["S-1"], dtype=object), np.array(["manual"], dtype=object)],
        fields=np.array([field, "method"]), geometry_type="Polygon", crs="EPSG:4326",
        driver="KML" if name.endswith(".kml") else None,
    )
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as bundle:
            for part in tmp_path.glob("searches.*"):
                if part.suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg"}:
                    bundle.write(part, part.name)
    mapping = {"Name": "search_id"} if name.endswith(".kml") else {}

    result = one(register, path, table="searches", mapping=mapping)

    assert result.problems == []
    (row,) = register.rows("searches")
    assert row.entity_id == "S-1"
    assert row.values["method"] == "manual_clearance"
    assert row.geometry.equals_exact(SQUARE, 1e-9) or row.geometry.equals(SQUARE)


def test_features_in_sk42_go_through_the_pinned_operation(register, tmp_path):
    path = tmp_path / "searches.gpkg"
    grid = shapely.box(8_646_000, 4_408_000, 8_646_300, 4_408_200)  # easting, northing, zone 8
    pyogrio.raw.write(
        str(path), geometry=np.array([shapely.to_wkb(grid)], dtype=object),
        field_data=[np.array(["S-1"], dtype=object), np.array(["manual"], dtype=object)],
        fields=np.array(["search_id", "method"]), geometry_type="Polygon", crs="EPSG:28408",
    )

    one(register, path)

    (row,) = register.rows("searches")
    assert (row.geometry.bounds[0], row.geometry.bounds[1]) == pytest.approx(
        (46.70333, 39.79279), abs=2e-4)


def test_a_shapefile_without_its_system_is_not_guessed(register, tmp_path):
    path = tmp_path / "searches.shp"
    pyogrio.raw.write(
        str(path), geometry=np.array([shapely.to_wkb(SQUARE)], dtype=object),
        field_data=[np.array(["S-1"], dtype=object), np.array(["manual"], dtype=object)],
        fields=np.array(["search_id", "method"]), geometry_type="Polygon", crs="EPSG:4326",
    )
    path.with_suffix(".prj").unlink()

    with pytest.raises(InputError, match="prj"):
        one(register, path)
    assert one(register, path, crs="EPSG:4326").counts.new == 1


def test_a_polygon_that_crosses_itself_waits_and_is_not_repaired(register, tmp_path):
    text = ('search_id,method,wkt\nS-1,manual,"POLYGON ((46.7 39.8, 46.71 39.81, 46.71 39.8, '
            '46.7 39.81, 46.7 39.8))"\n')

    result = one(register, write(tmp_path, "searches.csv", text))

    assert result.rejected == 1
    assert "Self-intersection" in result.problems[0].problem


@pytest.mark.parametrize(("given", "expected"), [
    ("4408210 8646030,sk42_gk6,", (46.70371, 39.79467)),
    ("38N 508301 4602512,wgs84_utm,", (45.09957, 41.57425)),
    ("18NXL0251208301,mgrs,", (-74.07583, 4.59807)),
    ("39°48'04.32\"N 46°42'37.8\"E,wgs84,", (46.7105, 39.8012)),
])
def test_written_coordinates(register, tmp_path, given, expected):
    quoted = given.replace('"', '""')
    coordinates, system, sheet = quoted.split(",")
    path = write(tmp_path, "finds.csv",
                 "find_id,coordinates,coordinate_system,map_sheet,found_on,device_class\n"
                 f'F-1,"{coordinates}",{system},{sheet},2023-05-01,AP\n')

    one(register, path)

    (row,) = register.rows("finds")
    assert (row.geometry.x, row.geometry.y) == pytest.approx(expected, abs=2e-5)


def test_bearing_and_distance_from_a_landmark_that_is_known(register, tmp_path):
    write_points = ("record_id,point_id,point_type,latitude,longitude\n"
                    "R-1,LM-1,landmark,39.8,46.7\n")
    one(register, write(tmp_path, "record_points.csv", write_points))
    path = write(tmp_path, "finds.csv",
                 "find_id,from_landmark,bearing,bearing_unit,bearing_north,bearing_distance_m,"
                 "found_on,device_class\nF-1,LM-1,90,degree,true,100,2023-05-01,AP\n"
                 "F-2,LM-9,90,degree,true,100,2023-05-01,AP\n")

    result = one(register, path)

    (row,) = register.rows("finds")
    assert (row.geometry.x, row.geometry.y) == pytest.approx((46.701168, 39.8), abs=1e-5)
    assert "LM-9" in result.problems[0].problem


def test_a_workbook_made_by_the_program_comes_back_through_it(register, tmp_path):
    path = tmp_path / "form.xlsx"
    write_workbook(path, ["minefield_records", "record_legs"])
    book = openpyxl.load_workbook(path)
    for name, row in (
        ("minefield_records", {"record_id": "R-1", "legal_duty": "none_stated", "rows": 3,
                               "angle_unit": "mil_6000", "north_reference": "magnetic",
                               "coordinate_system": "sk42_gk6", "laid_on": "1993-06-01"}),
        ("record_legs", {"record_id": "R-1", "part": 1, "kind": "tie", "sequence": 1,
                         "azimuth": 4315, "distance_m": 429.5, "from_point": "LM-1"}),
    ):
        sheet = book[name]
        for cell in sheet[1]:
            if cell.value in row:
                sheet.cell(2, cell.column, row[cell.value])
    book.save(path)

    results = import_files(register, [path])

    assert [r.mapping.table for r in results] == ["minefield_records", "record_legs"]
    assert [p for r in results for p in r.problems] == []
    (leg,) = register.rows("record_legs")
    assert (leg.values["azimuth"], leg.values["distance_m"]) == (4315.0, 429.5)


def test_dates_in_the_wrong_order_wait(register, tmp_path):
    result = one(register, write(
        tmp_path, "searches.csv",
        "search_id,method,started_on,ended_on\nS-1,manual,2023-05-02,2023-05-01\n"))

    assert "before" in result.problems[0].problem
    assert result.rejected == 1
