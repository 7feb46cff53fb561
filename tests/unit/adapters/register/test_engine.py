"""The database under the register: locks, unfinished beginnings, damage, words of errors."""

import sqlite3

import pytest

from fieldproof.adapters.register import Register, engine
from fieldproof.errors import LedgerTouchedError, RegisterError
from fieldproof.model.rows import RowBatch, SourceFile

AT = "2024-05-01T00:00:00Z"
SOURCE = SourceFile("a" * 64, "finds.csv", 1, "OP", "2024-01-01")


def _take_in(register, *ids):
    with register.importing(SOURCE, "finds", recorded_at=AT) as session:
        session.add(RowBatch("finds", range(1, len(ids) + 1), {"find_id": list(ids)}))


def test_a_register_whose_making_was_killed_is_made_anew(tmp_path):
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "register.db").touch()

    with pytest.raises(RegisterError, match="no register"):
        Register.open(folder)
    with Register.open_or_create(folder) as register:
        assert register.head()[0] == 1


def test_making_a_register_is_one_transaction(tmp_path, monkeypatch):
    def fail(*_):
        raise RuntimeError("killed")

    monkeypatch.setattr("fieldproof.adapters.register.lines.genesis_line", fail)
    with pytest.raises(RuntimeError):
        Register.create(tmp_path / "r")
    assert engine.unfinished(tmp_path / "r")
    monkeypatch.undo()
    with Register.open_or_create(tmp_path / "r") as register:
        _take_in(register, "F-1")
        assert register.count("finds") == 1


def test_two_writers_do_not_write_beside_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "WAIT_S", 0.1)
    with Register.create(tmp_path / "r") as one, Register.open(tmp_path / "r") as other:
        with one.importing(SOURCE, "finds", recorded_at=AT) as session:
            session.add(RowBatch("finds", [1], {"find_id": ["F-1"]}))
            with pytest.raises(RegisterError, match="another program is using"):
                _take_in(other, "F-2")
        _take_in(other, "F-3")

        assert [r.entity_id for r in one.rows("finds")] == ["F-1", "F-3"]


def test_a_reader_that_is_kept_waiting_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "WAIT_S", 0.1)
    with Register.create(tmp_path / "r") as register:
        other = sqlite3.connect(tmp_path / "r" / "register.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RegisterError, match="another program is using"):
            register.count("finds")
        with pytest.raises(RegisterError, match="another program is using"):
            register.verify()
        other.close()


def test_a_verification_sees_one_state_of_the_register(tmp_path):
    """An import that ends while a verification runs is no touch."""
    with Register.create(tmp_path / "r") as register, Register.open(tmp_path / "r") as other:
        _take_in(register, *(f"F-{i}" for i in range(3)))
        before = register.head()[0]

        def take_in_meanwhile(*_):
            with pytest.raises(RegisterError, match="another program is using"):
                _take_in(other, "F-9")

        other._engine.dispose()
        other._engine = _impatient(tmp_path / "r")
        result = register.verify(take_in_meanwhile)

    assert result.lines == before
    assert [t.what for t in result.touched] == ["the kept file is missing"]


def _impatient(path):
    wait, engine.WAIT_S = engine.WAIT_S, 0.05
    try:
        return engine.engine_of(path)
    finally:
        engine.WAIT_S = wait


def test_a_damaged_database_is_named_by_every_question(tmp_path):
    with Register.create(tmp_path / "r") as register:
        _take_in(register, *(f"F-{i}" for i in range(500)))
    database = tmp_path / "r" / "register.db"
    data = bytearray(database.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096] ^= 0xFF
    database.write_bytes(data)

    with pytest.raises(LedgerTouchedError, match="cannot be read"):
        Register.open(tmp_path / "r")
    database.write_bytes(b"this is no database" * 1000)
    with pytest.raises(LedgerTouchedError, match="cannot be read"):
        Register.open(tmp_path / "r")


def test_a_changed_first_line_is_a_touch(tmp_path):
    Register.create(tmp_path / "r").close()
    with sqlite3.connect(tmp_path / "r" / "register.db") as connection:
        connection.execute("UPDATE ledger SET body = x'00'")

    with pytest.raises(LedgerTouchedError):
        Register.open(tmp_path / "r")


def test_no_error_text_holds_a_value(tmp_path):
    with Register.create(tmp_path / "r") as register:
        with sqlite3.connect(tmp_path / "r" / "register.db") as connection:
            connection.execute("DROP TABLE personal")
        batch = RowBatch("victims", [1], {"victim_id": ["V-1"], "accident_id": ["A-1"],
                                          "outcome": ["injured"], "name": ["Example Person"]})
        with (pytest.raises(RegisterError) as caught,
              register.importing(SOURCE, "victims", recorded_at=AT) as session):
            session.add(batch)

    seen, error = [], caught.value
    while error is not None:
        seen.append(f"{error!r} {error}")
        error = error.__cause__ or error.__context__
    assert "Example Person" not in "".join(seen)


def test_a_register_on_a_medium_that_cannot_be_written_is_read_and_verified(tmp_path):
    with Register.create(tmp_path / "r") as register:
        _take_in(register, "F-1")
    (tmp_path / "r" / "register.db").chmod(0o444)
    (tmp_path / "r").chmod(0o555)
    try:
        with Register.open(tmp_path / "r") as register:
            assert register.count("finds") == 1
            assert [t.what for t in register.verify().touched] == ["the kept file is missing"]
        assert [p.name for p in (tmp_path / "r").iterdir()] == ["register.db"]
    finally:
        (tmp_path / "r").chmod(0o755)
