"""What the benchmarks share: full sizes on demand, a run in a process of its own, a median."""

import json
import os
import statistics
import subprocess
import sys
import time

FULL = os.environ.get("FIELDPROOF_BENCH_FULL") == "1"


def in_a_process(code, *arguments):
    """Seconds, and peak memory in MiB, of a piece of Python in a process of its own."""
    tail = """
import json, resource
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""
    start = time.perf_counter()
    result = subprocess.run([sys.executable, "-c", code + tail, *map(str, arguments)],
                            capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    return seconds, json.loads(result.stdout.strip().splitlines()[-1]) / 1024


def median_seconds(function, repeats=5):
    """Median wall time of a function."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
