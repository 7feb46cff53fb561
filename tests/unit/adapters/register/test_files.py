"""Bytes kept under their hash."""

import hashlib

import pytest

from fieldproof.adapters.register import files
from fieldproof.errors import InputError


@pytest.fixture
def given(tmp_path):
    path = tmp_path / "finds.csv"
    path.write_bytes(b"find_id\nF-1\n" * 1000)
    return path


def test_the_copy_has_the_same_bytes_and_its_hash_as_name(tmp_path, given):
    sha256, size = files.keep(tmp_path / "files", given)

    (kept,) = files.kept(tmp_path / "files")
    assert kept.read_bytes() == given.read_bytes()
    assert kept.name == sha256 == hashlib.sha256(given.read_bytes()).hexdigest()
    assert kept.parent.name == sha256[:2]
    assert size == given.stat().st_size


def test_a_copy_that_was_spoilt_is_made_whole_when_the_file_comes_again(tmp_path, given):
    sha256, _ = files.keep(tmp_path / "files", given)
    kept = files.place_of(tmp_path / "files", sha256)
    kept.write_bytes(b"spoilt")

    files.keep(tmp_path / "files", given)

    assert files.sha256_of(kept)[0] == sha256


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, given, monkeypatch):
    monkeypatch.setattr(files, "sha256_of", lambda _: ("0" * 64, 12))

    with pytest.raises(InputError, match="was changed while it was read"):
        files.keep(tmp_path / "files", given)
    assert not list((tmp_path / "files").glob("*/*"))


def test_a_copy_that_another_program_swept_away_is_made_again(tmp_path, given, monkeypatch):
    plain, calls = files._copy, []

    def swept(path, folder):
        part, digest = plain(path, folder)
        if not calls:
            files.sweep(tmp_path / "files")
        calls.append(part)
        return part, digest

    monkeypatch.setattr(files, "_copy", swept)
    sha256, _ = files.keep(tmp_path / "files", given)

    assert len(calls) == 2
    assert files.place_of(tmp_path / "files", sha256).exists()
