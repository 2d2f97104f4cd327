"""The coverage-guided fuzzer runs for a bounded time and finds nothing."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10
FEWEST_RUNS = 2_000

needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no package for this system and Python"
)


@needs_atheris
@pytest.mark.slow
@pytest.mark.timeout(6 * SECONDS)
def test_ten_seconds_of_fuzzing_find_nothing(tmp_path: Path) -> None:
    options = [f"-max_total_time={SECONDS}", "-max_len=600", "-rss_limit_mb=1024", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, "-m", "tests.fuzz.fuzz_decoder", *options, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    runs = re.search(r"Done (\d+) runs", done.stderr)

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert runs
    assert int(runs.group(1)) >= FEWEST_RUNS
