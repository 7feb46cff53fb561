"""An import that is killed at any moment leaves the register as it was, or complete."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from fieldproof.adapters.register import Register
from fieldproof.workflows.import_files import import_files


def _rows(path, n):
    with path.open("w", encoding="utf-8") as stream:
        stream.write("find_id,latitude,longitude,found_on,device_class\n")
        stream.writelines(
            f"F-{i},{39 + (i % 997) / 1000:.4f},{46 + (i % 991) / 1000:.4f},2023-05-01,ap_mine\n"
            for i in range(n))


def _kill_and_look(tmp_path, n_rows, kills, seed):
    small, large = tmp_path / "first.csv", tmp_path / "finds.csv"
    _rows(small, 3)
    _rows(large, n_rows)
    large.write_text(large.read_text().replace("F-", "G-"))
    folder = tmp_path / "register"
    with Register.create(folder) as register:
        import_files(register, [small])
        before = register.head()
    command = [sys.executable, "-m", "fieldproof", "import", str(large), "-r", str(folder)]
    start = time.perf_counter()
    rng, halfway = random.Random(seed), 0
    longest = 0.6 + n_rows / 20_000
    for _ in range(kills):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=dict(os.environ))
        time.sleep(rng.uniform(0.3, longest))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Register.open(folder) as register:
            result = register.verify()
            n = register.count("finds")
            assert result.intact, result.touched
            assert n in {3, 3 + n_rows}
            if n == 3:
                halfway += 1
                assert register.head() == before
            assert not list(folder.glob("files/*/.part-*"))
    with Register.open(folder) as register:
        import_files(register, [large])
        assert register.count("finds") == 3 + n_rows
        assert register.verify().intact
    assert time.perf_counter() > start
    return halfway


def test_killed_at_random_moments(tmp_path):
    assert _kill_and_look(tmp_path, 40_000, 4, seed=3) > 0


@pytest.mark.slow
def test_killed_twenty_times_in_200_000_rows(tmp_path):
    assert _kill_and_look(tmp_path, 200_000, 20, seed=5) > 0
