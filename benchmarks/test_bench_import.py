"""Import of finds, beside ogr2ogr writing the same file to a GeoPackage, and a query in a box.

`make bench` runs a million rows; as a plain test it runs few, to show that it works.
"""

import importlib.util
import random
import shutil
import subprocess
import time
from pathlib import Path

import pyogrio
import pytest

from fieldproof.adapters.register import Register

_spec = importlib.util.spec_from_file_location("bench_tools",
                                               Path(__file__).with_name("bench_tools.py"))
tools = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tools)

ROWS = 1_000_000 if tools.FULL else 2_000
IMPORT = """
import sys
from pathlib import Path
from fieldproof.adapters.register import Register
from fieldproof.workflows.import_files import ImportOptions, import_files
with Register.create(Path(sys.argv[2])) as register:
    (result,) = import_files(register, [Path(sys.argv[1])], ImportOptions(stated_by="OP"))
    assert result.counts.new == int(sys.argv[3])
"""
HEAD = ("find_id,latitude,longitude,found_on,device_class,model,depth_cm,fate,search_id,"
        "organisation\n")


@pytest.fixture(scope="module")
def finds(tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "finds.csv"
    rng = random.Random(1)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        for i in range(ROWS):
            stream.write(
                f"F-{i},{39 + rng.random():.6f},{46 + rng.random():.6f},"
                f"2023-{1 + i % 12:02d}-{1 + i % 28:02d},{'ap_mine' if i % 3 else 'av_mine'},"
                f"PMN-2,{i % 30},destroyed_in_situ,S-{i % 5000},OP-{i % 7}\n")
    return path


def test_import_beside_ogr2ogr(finds, tmp_path):
    ours, memory = tools.in_a_process(IMPORT, finds, tmp_path / "register", ROWS)
    line = f"\nimport of {ROWS:,} finds: {ours:.1f} s, peak {memory:.0f} MiB"
    if shutil.which("ogr2ogr"):
        start = time.perf_counter()
        subprocess.run(
            ["ogr2ogr", "-f", "GPKG", tmp_path / "o.gpkg", finds, "-oo",
             "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude",
             "-oo", "AUTODETECT_TYPE=YES", "-a_srs", "EPSG:4326"], check=True)
        theirs = time.perf_counter() - start
        line += f"; ogr2ogr to GeoPackage: {theirs:.1f} s; ratio {ours / theirs:.2f}"
    print(line)


def test_query_in_a_box_beside_a_geopackage(finds, tmp_path):
    tools.in_a_process(IMPORT, finds, tmp_path / "register", ROWS)
    box = (46.5, 39.5, 46.51, 39.51)
    with Register.open(tmp_path / "register") as register:
        n = len(list(register.rows("finds", bbox=box)))
        ours = tools.median_seconds(lambda: list(register.rows("finds", bbox=box)), 21)
    line = f"\n{n} of {ROWS:,} finds in a box: {ours * 1000:.1f} ms"
    if shutil.which("ogr2ogr"):
        subprocess.run(
            ["ogr2ogr", "-f", "GPKG", tmp_path / "o.gpkg", finds, "-oo",
             "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude",
             "-a_srs", "EPSG:4326"], check=True)
        theirs = tools.median_seconds(
            lambda: pyogrio.raw.read(str(tmp_path / "o.gpkg"), bbox=box), 21)
        line += f"; GeoPackage through pyogrio: {theirs * 1000:.1f} ms"
    print(line)
