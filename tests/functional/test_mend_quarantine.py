"""Rows that wait go out as they were typed, and come back as what they are."""

import csv
import json

import pytest

from fieldproof.adapters.register import Register
from fieldproof.errors import InputError
from fieldproof.workflows.import_files import ImportOptions, import_files
from fieldproof.workflows.mend_quarantine import hand_out, take_in

HEAD = "find_id,latitude,longitude,found_on,device_class\n"


@pytest.fixture
def register(tmp_path):
    with Register.create(tmp_path / "register") as made:
        yield made


def take(register, tmp_path, name, text, **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    import_files(register, [path], ImportOptions(**options))


def mend(path, **changes):
    """Change cells of every row, and leave a blank line, as people do."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], delimiter=";")
        writer.writeheader()
        for row in rows:
            stream.write("\r\n")
            writer.writerow(row | changes)


def test_headings_that_were_mapped_by_hand_come_back_as_fields(register, tmp_path):
    take(register, tmp_path, "stuff.csv",
         "Sıra;Enlem;Boylam;Tarix;Class;team\nF-1;39,8;46,7;someday;AP;Team 7\n",
         table="finds", mapping={"Sıra": "find_id", "Tarix": "found_on"}, stated_by="OP-9",
         known_on="2023-06-01")
    (path,) = hand_out(register, tmp_path / "out")
    mend(path, found_on="2023-05-01")

    take_in(register, path)

    (told,) = register.statements("finds", "F-1")
    assert told.values["found_on"] == "2023-05-01"
    assert (told.stated_by, told.known_on) == ("OP-9", "2023-06-01")
    assert told.extras == {"team": "Team 7"}
    assert register.quarantined() == []


def test_rows_of_a_simulated_file_stay_simulated(register, tmp_path):
    take(register, tmp_path, "finds.csv", HEAD + "F-1,39.8,46.7,someday,AP\n", simulated=True)
    (path,) = hand_out(register, tmp_path / "out")
    mend(path, found_on="2023-05-01")

    take_in(register, path)

    assert [r.simulated for r in register.rows("finds")] == [True]


def test_a_feature_comes_back_with_its_place(register, tmp_path):
    ring = [[46, 39], [46.1, 39], [46.1, 39.1], [46, 39]]
    feature = {"type": "Feature", "properties": {"search_id": "S-1", "method": "by hand"},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}
    take(register, tmp_path, "searches.geojson",
         json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (path,) = hand_out(register, tmp_path / "out")
    mend(path, method="manual")

    take_in(register, path)

    (row,) = register.rows("searches")
    assert [list(xy) for xy in row.geometry.exterior.coords] == ring


def test_what_is_still_wrong_waits_once_under_its_old_number(register, tmp_path):
    take(register, tmp_path, "finds.csv", HEAD + "F-1,39.8,46.7,someday,AP\n"
                                                 "F-2,39.8,46.7,someday,AP\n")
    first, second = (r.id for r in register.quarantined())
    (path,) = hand_out(register, tmp_path / "out")
    text = path.read_text(encoding="utf-8").replace("F-2,39.8,46.7,someday",
                                                    "F-2,39.8,46.7,2023-05-01")
    path.write_text(text, encoding="utf-8")

    take_in(register, path)

    assert [r.id for r in register.quarantined()] == [first]
    (settled,) = [r for r in register.quarantined(open_only=False) if r.resolved]
    assert settled.id == second
    assert settled.raw["found_on"] == "someday"
    assert settled.file_name == "finds.csv"


def test_a_kill_between_the_import_and_the_settling_is_made_good(register, tmp_path, monkeypatch):
    take(register, tmp_path, "finds.csv", HEAD + "F-1,39.8,46.7,someday,AP\n"
                                                 "F-2,39.8,46.7,someday,AP\n")
    (path,) = hand_out(register, tmp_path / "out")
    text = path.read_text(encoding="utf-8").replace("F-2,39.8,46.7,someday",
                                                    "F-2,39.8,46.7,2023-05-01")
    path.write_text(text, encoding="utf-8")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Register, "resolve_quarantine", killed)
        with pytest.raises(KeyboardInterrupt):
            take_in(register, path)

    take_in(register, path)

    assert [r.raw["find_id"] for r in register.quarantined()] == ["F-1"]
    assert [r.entity_id for r in register.rows("finds")] == ["F-2"]


def test_rows_of_two_files_do_not_mix(register, tmp_path):
    take(register, tmp_path, "finds.csv", HEAD + "F-1,39.8,46.7,someday,AP\n")
    take(register, tmp_path, "more_finds.csv", HEAD + "F-2,39.8,46.7,someday,AP\n")
    one, two = hand_out(register, tmp_path / "out")
    one.write_text(one.read_text() + two.read_text().splitlines()[1] + "\n")

    with pytest.raises(InputError, match="mixes"):
        take_in(register, one)


@pytest.mark.parametrize("text", ["find_id\nF-1\n", "quarantine_id,find_id\nx,F-1\n",
                                  "quarantine_id,find_id\n99,F-1\n"])
def test_a_file_that_was_not_handed_out_is_refused(register, tmp_path, text):
    path = tmp_path / "mended.csv"
    path.write_text(text)

    with pytest.raises(InputError, match="quarantine"):
        take_in(register, path)
