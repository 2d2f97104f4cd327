import json
import sys

import pytest

from tests.beside import Beside, Turn

SOAK = ("-m", "tests.gateway.soak", "--days", "30", "--batteries", "8", "--interval", "60")
BESIDE = Beside(lambda _: ["env", "PYTHONHASHSEED=0", sys.executable, *SOAK], turn=Turn.WHENEVER)


@pytest.mark.slow
def test_thirty_days_of_eight_faulty_batteries_lose_nothing_and_need_no_more_memory(
    capsys: pytest.CaptureFixture[str],
) -> None:
    came = BESIDE.outcome()
    assert came.status == 0, came.told[-3000:]
    line = came.told.splitlines()[-1]
    with capsys.disabled():
        sys.stdout.write(f"\nsoak: {line}\n")
    outcome = json.loads(line)

    assert outcome["accepted"] == outcome["stored"] == outcome["delivered"] > 8 * 30 * 1440 * 0.8
    assert outcome["out_of_order"] == 0
    assert outcome["rejected"] > 1000
    assert outcome["live"] > 0.95
    assert outcome["last_day_memory"] <= 1.05 * outcome["first_day_memory"]
