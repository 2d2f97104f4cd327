from bmsreader.model import Record
from tests.contributed import TAKEN_AT


def test_a_record_is_ready_for_json() -> None:
    record = Record(
        at=TAKEN_AT, kind="rejected", battery="a", adapter="hci0", duration=0.2, detail="checksum", frame=b":00~"
    )

    assert record.as_dict() == {
        "at": "2026-01-02T03:04:05Z",
        "kind": "rejected",
        "battery": "a",
        "adapter": "hci0",
        "duration": 0.2,
        "detail": "checksum",
        "frame": ":00~",
    }
