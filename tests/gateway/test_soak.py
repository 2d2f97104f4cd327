import json
import sys

import pytest

from tests.gateway import soaking


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_thirty_days_of_eight_faulty_batteries_lose_nothing_and_need_no_more_memory(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, told = soaking.outcome()
    assert status == 0, told[-3000:]
    line = told.splitlines()[-1]
    with capsys.disabled():
        sys.stdout.write(f"\nsoak: {line}\n")
    outcome = json.loads(line)

    assert outcome["accepted"] == outcome["stored"] == outcome["delivered"] > 8 * 30 * 1440 * 0.8
    assert outcome["out_of_order"] == 0
    assert outcome["rejected"] > 1000
    assert outcome["live"] > 0.95
    assert outcome["last_day_memory"] <= 1.05 * outcome["first_day_memory"]
