"""What every backend of the register must do. A backend's test class gives `make`."""

import shapely

from fieldproof.model.rows import RowBatch, SourceFile

AT = "2024-05-01T00:00:00.000000Z"


def source(name="finds.csv", *, sha="a" * 64, known_on="2024-01-01", by="OP-1", simulated=False):
    return SourceFile(sha, name, 10, by, known_on, simulated)


def finds(ids, *, lon=46.7, lat=39.8, fate=None, rows=None, **columns):
    n = len(ids)
    points = [shapely.Point(lon + i * 0.001, lat) for i in range(n)]
    values = {"find_id": list(ids), "found_on": ["2023-05-01"] * n, "device_class": ["ap_mine"] * n}
    if fate is not None:
        values["fate"] = [fate] * n
    return RowBatch(
        "finds", rows or range(1, n + 1), values, [shapely.to_wkb(p) for p in points],
        [p.bounds for p in points], **columns,
    )


class RegisterContract:
    def test_what_was_taken_in_comes_out(self, register):
        with register.importing(source(), "finds", recorded_at=AT) as session:
            counts = session.add(finds(["F-1", "F-2"]))

        rows = list(register.rows("finds"))

        assert counts == (2, 0, 0)
        assert [r.entity_id for r in rows] == ["F-1", "F-2"]
        assert rows[0].values["device_class"] == "ap_mine"
        assert rows[0].geometry == shapely.Point(46.7, 39.8)
        assert register.count("finds") == 2

    def test_each_value_says_who_when_which_file_and_row(self, register):
        with register.importing(source(), "finds", recorded_at=AT) as session:
            session.add(finds(["F-1"], rows=[7], valid_from=["2023-01-01"], stated_by=["OP-9"]))

        told = register.provenance("finds", "F-1")["device_class"]

        assert (told.stated_by, told.known_on, told.valid_from) == ("OP-9", "2024-01-01",
                                                                    "2023-01-01")
        assert (told.file_sha256, told.file_name, told.row) == ("a" * 64, "finds.csv", 7)
        assert told.recorded_at == AT

    def test_the_statement_known_last_wins_whatever_came_first(self, register):
        for name, known, fate in (("new.csv", "2024-03-01", "removed"),
                                  ("old.csv", "2023-03-01", "left_marked")):
            with register.importing(source(name, known_on=known), "finds", recorded_at=AT) as s:
                s.add(finds(["F-1"], fate=fate))

        (row,) = register.rows("finds")

        assert row.values["fate"] == "removed"
        assert len(register.statements("finds", "F-1")) == 2

    def test_what_a_statement_does_not_state_it_does_not_change(self, register):
        for known, fate in (("2023-01-01", "removed"), ("2024-01-01", None)):
            with register.importing(source(known_on=known), "finds", recorded_at=AT) as session:
                counts = session.add(finds(["F-1"], fate=fate))

        (row,) = register.rows("finds")

        assert row.values["fate"] == "removed"
        assert counts == (0, 0, 1)

    def test_an_entity_twice_in_one_file_is_two_statements(self, register):
        with register.importing(source(), "finds", recorded_at=AT) as session:
            counts = session.add(finds(["F-1", "F-2", "F-1"]))

        assert counts.new == 2
        assert len(register.statements("finds", "F-1")) == 2
        # the file of these rows is made up, so only it is missing
        assert [t.what for t in register.verify().touched] == ["the kept file is missing"]

    def test_as_of_shows_what_was_known_then(self, register):
        for known, fate in (("2023-01-01", "left_marked"), ("2024-01-01", "removed")):
            with register.importing(source(known_on=known), "finds", recorded_at=AT) as session:
                session.add(finds(["F-1"], fate=fate))

        then = [r.values["fate"] for r in register.rows("finds", as_of="2023-06-01")]

        assert then == ["left_marked"]
        assert list(register.rows("finds", as_of="2022-01-01")) == []
        assert list(register.rows("finds", as_of="2024-01-01", recorded=True)) == []

    def test_a_box_finds_exactly_what_lies_in_it(self, register):
        with register.importing(source(), "finds", recorded_at=AT) as session:
            session.add(finds([f"F-{i}" for i in range(50)]))

        box = (46.7095, 39.79, 46.7125, 39.81)
        found = [r.entity_id for r in register.rows("finds", bbox=box)]

        assert found == ["F-10", "F-11", "F-12"]

    def test_the_exact_shape_decides_not_the_rounded_box(self, register):
        lon = 46.7123456789
        with register.importing(source(), "finds", recorded_at=AT) as session:
            session.add(finds(["F-1"], lon=lon))

        assert not list(register.rows("finds", bbox=(lon + 1e-9, 39, 47, 40)))
        assert list(register.rows("finds", bbox=(lon, 39, 47, 40)))

    def test_an_error_leaves_nothing(self, register):
        head = register.head()
        try:
            with register.importing(source(), "finds", recorded_at=AT) as session:
                session.add(finds(["F-1"]))
                raise RuntimeError("halfway")
        except RuntimeError:
            pass

        assert register.head() == head
        assert register.count("finds") == 0

    def test_an_import_taken_back_no_longer_counts(self, register):
        seqs = []
        for known, fate in (("2023-01-01", "left_marked"), ("2024-01-01", "removed")):
            with register.importing(source(known_on=known), "finds", recorded_at=AT) as session:
                session.add(finds(["F-1", f"F-{known}"], fate=fate))
                seqs.append(session.import_seq)

        register.retract(seqs[1], reason="wrong file", by="test", at=AT)

        rows = {r.entity_id: r.values["fate"] for r in register.rows("finds")}
        assert rows == {"F-1": "left_marked", "F-2023-01-01": "left_marked"}
        assert [i.retracted for i in register.imports()] == [False, True]
        register.retract(seqs[0], reason="all wrong", by="test", at=AT)
        assert register.count("finds") == 0

    def test_simulated_rows_stay_marked(self, register):
        with register.importing(source(simulated=True), "finds", recorded_at=AT) as session:
            session.add(finds(["F-1"]))

        (row,) = register.rows("finds")

        assert row.simulated
        assert register.statements("finds", "F-1")[0].simulated

    def test_what_was_held_on_a_day_is_shown_also_after_it_was_taken_back(self, register):
        with register.importing(source(), "finds", recorded_at="2024-05-01T00:00:00Z") as session:
            session.add(finds(["F-1", "F-2"], fate="removed"))
        with register.importing(source("b", known_on="2024-02-01"), "finds",
                                recorded_at="2024-06-01T00:00:00Z") as session:
            session.add(finds(["F-2", "F-3"], fate="left_marked"))
        register.retract(session.import_seq, reason="wrong", by="test", at="2024-07-01T00:00:00Z")

        def held(day):
            rows = register.rows("finds", as_of=day, recorded=True)
            return {r.entity_id: r.values["fate"] for r in rows}

        assert held("2024-04-30") == {}
        assert held("2024-05-31") == {"F-1": "removed", "F-2": "removed"}
        assert held("2024-06-30") == {"F-1": "removed", "F-2": "left_marked",
                                      "F-3": "left_marked"}
        assert held("2024-07-01") == {"F-1": "removed", "F-2": "removed"}

    def test_statements_that_were_taken_back_can_still_be_read(self, register):
        with register.importing(source(), "finds", recorded_at=AT) as session:
            session.add(finds(["F-1", "F-2"]))
        register.retract(session.import_seq, reason="wrong", by="test", at=AT)

        (told,) = register.taken_back("finds", "F-2")

        assert (told.entity_id, told.row) == ("F-2", 2)
        assert register.taken_back("finds", "F-9") == []

    def test_many_things_stated_again_count_as_changed_or_unchanged(self, register):
        ids = [f"F-{i}" for i in range(300)]
        with register.importing(source(), "finds", recorded_at=AT) as session:
            session.add(finds(ids, fate="removed"))
        again = finds(ids, fate="removed")
        again.columns["fate"] = ["left_marked" if i < 100 else "removed" for i in range(300)]
        with register.importing(source("b", known_on="2024-02-01"), "finds",
                                recorded_at=AT) as session:
            counts = session.add(again)

        assert counts == (0, 100, 200)
        fates = [r.values["fate"] for r in register.rows("finds")]
        assert fates == again.columns["fate"]

    def test_a_thing_that_moved_is_found_where_it_is_now(self, register):
        for known, lon in (("2024-01-01", 46.7), ("2024-02-01", 47.7)):
            with register.importing(source(known_on=known), "finds", recorded_at=AT) as session:
                session.add(finds(["F-1"], lon=lon))

        assert not list(register.rows("finds", bbox=(46.6, 39, 46.8, 40)))
        assert list(register.rows("finds", bbox=(47.6, 39, 47.8, 40)))
