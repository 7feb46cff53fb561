import hashlib
import importlib.util
import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from fieldproof.adapters.register import Register
from fieldproof.errors import RegisterError
from fieldproof.model.rows import RowBatch

_spec = importlib.util.spec_from_file_location(
    "register_contract", Path(__file__).with_name("register_contract.py"))
contract = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(contract)
AT, finds, source = contract.AT, contract.finds, contract.source


@pytest.fixture
def register(tmp_path):
    with Register.create(tmp_path / "r") as made:
        yield made


class TestSqlite(contract.RegisterContract):
    pass


@pytest.fixture
def filled(register, tmp_path):
    path = tmp_path / "finds.csv"
    path.write_text("find_id\nF-1\n")
    sha, _ = register.keep_file(path)
    with register.importing(source(sha=sha), "finds", recorded_at=AT) as session:
        session.add(finds([f"F-{i}" for i in range(20)]))
    return register


def _sql(register, statement):
    with sqlite3.connect(register.path / "register.db") as connection:
        connection.execute(statement)


def test_an_intact_register_is_intact(filled):
    result = filled.verify()

    assert result.intact
    assert (result.lines, result.rows, result.files) == (22, 20, 1)
    assert result.head == filled.head()[1]


def test_a_changed_byte_of_a_line_is_named(filled):
    _sql(filled, "UPDATE ledger SET body = replace(body, 'F-7', 'F-8') WHERE seq = 10")

    assert filled.verify().touched[0].seq == 10


def test_it_says_whether_the_bytes_or_the_hash_of_a_line_were_changed(filled):
    _sql(filled, "UPDATE ledger SET hash = zeroblob(32) WHERE seq = 10")
    assert filled.verify().touched[0].what == "its hash was changed"
    _sql(filled, "UPDATE ledger SET body = replace(body, 'F-3', 'F-9') WHERE seq = 6")
    (touched,) = filled.verify().touched
    assert (touched.seq, touched.what) == (6, "its bytes were changed")


def test_a_missing_line_is_named(filled):
    _sql(filled, "DELETE FROM ledger WHERE seq = 12")

    assert filled.verify().touched[0].seq == 12


def test_a_cut_end_is_named(filled):
    _sql(filled, "DELETE FROM ledger WHERE seq = 22")

    assert filled.verify().touched[0].seq == 22


def test_two_lines_that_change_places_are_named(filled):
    _sql(filled, "UPDATE ledger SET seq = 1000 WHERE seq = 5")
    _sql(filled, "UPDATE ledger SET seq = 5 WHERE seq = 6")
    _sql(filled, "UPDATE ledger SET seq = 6 WHERE seq = 1000")

    assert filled.verify().touched[0].seq == 5


@pytest.mark.parametrize(("statement", "field"), [
    ("UPDATE finds SET f_device_class = 'av_mine' WHERE entity_id = 'F-3'", "device_class"),
    ("UPDATE finds SET geometry = NULL WHERE entity_id = 'F-3'", "geometry"),
    ("UPDATE finds SET simulated = 1 WHERE entity_id = 'F-3'", "simulated"),
    ("UPDATE rtree_finds SET west = 10, east = 11 WHERE row_id = 4", "spatial index"),
])
def test_a_changed_row_of_a_table_is_named(filled, statement, field):
    _sql(filled, statement)

    (touched,) = filled.verify().touched
    assert touched.where == "finds F-3"
    assert field in touched.what


@pytest.mark.parametrize("statement", [
    "DELETE FROM ledger_events",
    "UPDATE ledger_events SET kind = 'retraction'",
    "INSERT INTO ledger_events VALUES (9, 'retraction')",
    "INSERT INTO further_statements VALUES ('finds', 999, 5)",
    "INSERT INTO further_statements VALUES ('finds', 1, 5)",
    "INSERT INTO rtree_finds VALUES (999, 46, 47, 39, 40)",
    "DELETE FROM rtree_finds WHERE row_id = 7",
    "UPDATE finds SET geometry = x'00' WHERE row_id = 3",
    "UPDATE finds SET first_seq = 4 WHERE row_id = 3",
])
def test_whatever_leads_from_the_ledger_to_the_tables_is_checked(filled, statement):
    _sql(filled, statement)

    assert not filled.verify().intact


def test_a_retraction_that_is_hidden_is_named(filled):
    filled.retract(filled.imports()[0].seq, reason="test", by="test", at=AT)
    _sql(filled, "DELETE FROM ledger_events WHERE kind = 'retraction'")

    assert filled.verify().touched[0].where == "ledger line 23"


def test_an_index_that_leads_astray_is_noticed(filled):
    """The table itself is whole, but a search by name would miss a thing."""
    filled.close()
    database = filled.path / "register.db"
    with sqlite3.connect(database) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master "
                                     "WHERE name = 'sqlite_autoindex_finds_1'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(database.read_bytes())
    place = data.index(b"F-17", (root - 1) * size, root * size)
    data[place + 3] = ord("x")
    database.write_bytes(data)

    with Register.open(filled.path) as opened:
        assert "finds" in opened.verify().touched[0].what


def test_a_row_that_vanished_is_noticed(filled):
    _sql(filled, "DELETE FROM finds WHERE entity_id = 'F-3'")

    assert not filled.verify().intact


def test_a_row_that_no_statement_made_is_noticed(filled):
    _sql(filled, "INSERT INTO finds (row_id, entity_id, first_seq, simulated) "
                 "VALUES (99, 'F-99', 3, 0)")

    assert filled.verify().touched[0].where == "finds F-99"


def test_a_changed_and_a_missing_file_are_named(filled):
    (kept,) = (filled.path / "files").glob("??/*")
    kept.write_text("other")
    assert "changed" in filled.verify().touched[0].what
    kept.unlink()
    assert "missing" in filled.verify().touched[0].what


def test_one_flipped_byte_anywhere_is_noticed_or_changes_nothing(filled, tmp_path):
    """Flip one byte of the database file at random places, many times."""
    filled.close()
    database = filled.path / "register.db"
    original = database.read_bytes()
    expected = _content(database)
    rng = random.Random(11)
    noticed = 0
    for trial in range(60):
        folder = tmp_path / f"trial-{trial}"
        shutil.copytree(filled.path, folder)
        place = rng.randrange(len(original))
        data = bytearray(original)
        data[place] ^= 1 << rng.randrange(8)
        (folder / "register.db").write_bytes(data)
        try:
            with Register.open(folder) as opened:
                intact = opened.verify().intact
        except RegisterError:
            intact = False
        noticed += not intact
        if intact:
            assert _content(folder / "register.db") == expected, place
        shutil.rmtree(folder)
    assert noticed > 0


def _content(database):
    with sqlite3.connect(database) as connection:
        return [connection.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall()
                for t in ("ledger", "finds")]


def test_the_chain_is_plain_sha256_of_hash_and_body(filled):
    """What the documentation says, done by hand, gives the same head."""
    with sqlite3.connect(filled.path / "register.db") as connection:
        head = bytes(32)
        for (body,) in connection.execute("SELECT body FROM ledger ORDER BY seq"):
            head = hashlib.sha256(head + body).digest()

    assert head.hex() == filled.head()[1]


def test_the_same_file_is_known_until_it_is_taken_back(filled):
    info = filled.imports()[0]

    assert filled.find_import(info.source, "finds") == info.seq
    filled.retract(info.seq, reason="test", by="test", at=AT)
    assert filled.find_import(info.source, "finds") is None


def test_an_import_is_not_taken_back_twice(filled):
    seq = filled.imports()[0].seq
    filled.retract(seq, reason="test", by="test", at=AT)

    with pytest.raises(RegisterError, match="already"):
        filled.retract(seq, reason="test", by="test", at=AT)


def test_personal_data_never_reaches_the_ledger_not_even_hashed(register):
    name = "Example Person"
    batch = RowBatch("victims", [1], {"victim_id": ["V-1"], "accident_id": ["A-1"],
                                      "outcome": ["injured"], "name": [name]})
    with register.importing(source("victims.csv"), "victims", recorded_at=AT) as session:
        session.add(batch)

    with sqlite3.connect(register.path / "register.db") as connection:
        ledger = b"".join(b for (b,) in connection.execute("SELECT body FROM ledger"))
        (kept,) = connection.execute("SELECT data FROM personal").fetchone()
    assert name.encode() not in ledger
    for algorithm in ("md5", "sha1", "sha256", "sha512"):
        assert hashlib.new(algorithm, name.encode()).hexdigest().encode() not in ledger
    assert name in kept
    (row,) = register.rows("victims")
    assert "name" not in row.values
    # the file of these rows is made up, so only it is missing
    assert [t.what for t in register.verify().touched] == ["the kept file is missing"]


def test_an_unfinished_copy_is_swept_away(filled):
    part = filled.path / "files" / "ab"
    part.mkdir()
    (part / ".part-x").write_text("half")
    filled.close()

    with Register.open(filled.path):
        assert not (part / ".part-x").exists()


def test_a_folder_without_a_register_says_so(tmp_path):
    with pytest.raises(RegisterError, match="no register"):
        Register.open(tmp_path)


def test_a_register_is_not_made_over_other_files(tmp_path):
    (tmp_path / "x").touch()

    with pytest.raises(RegisterError, match="not empty"):
        Register.create(tmp_path)
