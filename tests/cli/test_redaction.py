"""Nothing private stays, and the same thing always gets the same pseudonym."""

import pytest

from bmsreader.cli.redaction import Redactor, spellings


def redacted(text: str, *private: tuple[str, str]) -> str:
    redactor = Redactor(name_beginnings=("LT-12V",))
    for kind, word in private:
        redactor.learn(kind, word, surely=kind == "SECRET")
    return redactor.text(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("C8:47:80:12:34:56 lost", "ADDRESS-1 lost"),
        ("dev_C8_47_80_12_34_56 and c8:47:80:12:34:56", "dev_ADDRESS-1 and ADDRESS-1"),
        ("c84780123456", "ADDRESS-1"),
        ("heard LT-12V-1544 at -70 dBm", "heard NAME-1 at -70 dBm"),
        ("broker at 192.168.1.20:1883", "broker at IP-1:1883"),
        ("to fe80::1ff:fe23:4567:890a", "to IP-1"),
        ("http://me:hunter2@host/", "http://SECRET-1@host/"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer SECRET-1"),
        ('password = "hunter 2"', 'password = "SECRET-1"'),
        ("token=abcdef&x=1", "token=SECRET-1&x=1"),
        ("/home/jane/x, C:\\Users\\jane\\x", "/home/USER-1/x, C:\\Users\\USER-1\\x"),
        ("/dev/serial/by-id/usb-FTDI_A50285BI-if00", "/dev/serial/by-id/SERIAL-1"),
        ("homeassistant.local refused", "HOST-1 refused"),
        ("mail jane@example.org", "mail USER-1"),
        ("serial number: EJ2024-0042", "serial number: SERIAL-1"),
        ("0DDE7FC2-4A1B-0F27-0D74-2A3C0A8D0D11", "ADDRESS-1"),
    ],
)
def test_what_is_private_by_its_form_is_taken_out(text: str, left: str) -> None:
    assert redacted(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "6e400001-b5a3-f393-e0a9-e50e24dcca9e",
        "0000ffe0-0000-1000-8000-00805f9b34fb",
        "listening at 127.0.0.1:9586 and [::1]:9586",
        "at 2026-03-01T12:00:00.250Z 12:30:45",
        "hci0 was reset in 3.2 s; bleak 3.1.0",
        ":008231008C000000000000000CB90CBA0CBB0CB6~",
        "simulated:1 is live",
    ],
)
def test_what_helps_to_find_the_fault_stays(text: str) -> None:
    assert redacted(text) == text


def test_a_name_is_taken_out_in_every_spelling() -> None:
    name = "Janes Küche"
    texts = [
        "Janes Küche",
        "janes küche",
        "janes-kuche",
        "Janes%20K%C3%BCche",
        "Janes K\\u00fcche",
        name.encode().hex(),
    ]

    assert [redacted(text, ("NAME", name)) for text in texts] == ["NAME-1"] * len(texts)


def test_two_addresses_stay_two() -> None:
    text = "C8:47:80:12:34:56 C8:47:80:12:34:57 C8:47:80:12:34:56"

    assert redacted(text) == "ADDRESS-1 ADDRESS-2 ADDRESS-1"


def test_a_short_word_is_taken_out_only_where_it_stands_alone() -> None:
    assert redacted("pi is not in the pin", ("USER", "pi")) == "USER-1 is not in the pin"


def test_words_of_the_program_are_no_names_but_may_be_passwords() -> None:
    assert redacted("mqtt is fine", ("NAME", "mqtt")) == "mqtt is fine"
    assert redacted("mqtt is fine", ("SECRET", "mqtt")) == "SECRET-1 is fine"


def test_texts_in_data_are_redacted_and_keys_tell_what_is_private() -> None:
    redactor = Redactor()
    data = {"battery": "Left one", "detail": "left one: 3 cells", "n": 3, "items": [{"serial": "X-99"}, "X-99", None]}
    redactor.learn_from(data)

    assert redactor.data(data) == {
        "battery": "ADDRESS-1",
        "detail": "ADDRESS-1: 3 cells",
        "n": 3,
        "items": [{"serial": "SERIAL-1"}, "SERIAL-1", None],
    }


def test_an_address_has_spellings_with_every_joint_and_both_ways_round() -> None:
    found = set(spellings("ADDRESS", "C8:47:80:12:34:56"))

    assert {"C84780123456", "C8-47-80-12-34-56", "5634128047C8"} <= found
