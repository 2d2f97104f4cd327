import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_thirty_days_of_eight_faulty_batteries_lose_nothing_and_need_no_more_memory(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.gateway.soak", "--days", "30", "--batteries", "8", "--interval", "60"],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    with capsys.disabled():
        sys.stdout.write(f"\nsoak: {run.stdout}")
    outcome = json.loads(run.stdout)

    assert outcome["accepted"] == outcome["stored"] == outcome["delivered"] > 8 * 30 * 1440 * 0.8
    assert outcome["out_of_order"] == 0
    assert outcome["rejected"] > 1000
    assert outcome["live"] > 0.95
    assert outcome["last_day_memory"] <= 1.05 * outcome["first_day_memory"]
