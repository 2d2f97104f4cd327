"""What no single setting can get wrong."""

from pathlib import Path

import pytest

from tests.configuration.files import loaded, problems

A = '[[battery]]\nname = "Garage"\naddress = "C8:47:80:12:34:56"\n'


def second(**settings: str) -> str:
    table = {"name": "Cellar", "address": "C8:47:80:12:34:57", **settings}
    return "[[battery]]\n" + "".join(f'{key} = "{value}"\n' for key, value in table.items())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (second(name="garage"), "5: battery.1.name: 'garage' is the name of another battery too"),
        (second(name="Garage!"), "'Garage!' and 'Garage' are both 'garage' in topics and labels"),
        (second(address="c8:47:80:12:34:56"), "'C8:47:80:12:34:56' is the address of another battery too"),
        (second(id="C8:47:80:12:34:56"), "'C8:47:80:12:34:56' is the key of another battery's history too"),
        (second(protocol="ej3"), "7: battery.1.protocol: there is no protocol 'ej3'; did you mean 'ej'?"),
        (second(address="C8:47:80:12:34:5G"), "'C8:47:80:12:34:5G' is no Bluetooth address: that is six pairs"),
        (second(address="C8-47-80-12-34-56"), "'C8-47-80-12-34-56' is no Bluetooth address: that is six pairs"),
    ],
)
def test_two_batteries_cannot_be_one(tmp_path: Path, text: str, problem: str) -> None:
    found = problems(tmp_path, A + text)

    assert len(found) == 1
    assert problem in found[0]


def test_an_address_is_the_same_in_small_letters(tmp_path: Path) -> None:
    assert loaded(tmp_path, A.replace("C8:", "c8:")).batteries[0].address == "C8:47:80:12:34:56"


def test_names_and_ports_are_no_mistyped_addresses(tmp_path: Path) -> None:
    for address in ("LT-12V-1544", "/dev/ttyUSB0", "simulated:2", "COM3", "0DDE7FC2-4A1B-0F27-0D74-2A3C0A8D0D11"):
        assert loaded(tmp_path, second(address=address)).batteries[0].address == address


def test_a_battery_cannot_be_on_an_adapter_that_is_not_used(tmp_path: Path) -> None:
    text = '[gateway]\nadapters = ["hci0"]\n' + second(adapter="hci1")

    assert problems(tmp_path, text) == ["6: battery.0.adapter: 'hci1' is not among gateway.adapters: hci0"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('tls = true\ncertificate_file = "FILE"', "4: mqtt.certificate_file: a certificate needs its key"),
        ('tls = true\nkey_file = "FILE"', "4: mqtt.key_file: a key needs its certificate"),
        ('ca_file = "FILE"', "3: mqtt.ca_file: is of no use without tls = true"),
        ('tls = true\nca_file = "/nowhere.pem"', "4: mqtt.ca_file: /nowhere.pem cannot be read: No such file"),
    ],
)
def test_a_half_of_tls_is_told_the_other(tmp_path: Path, lines: str, problem: str) -> None:
    pem = tmp_path / "x.pem"
    pem.touch()
    found = problems(tmp_path, '[mqtt]\nhost = "broker"\n' + lines.replace("FILE", str(pem)) + "\n")

    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.parametrize(
    ("lines", "warning"),
    [
        ("port = 8883", "8883 is the port with encryption: it needs tls = true"),
        ("tls = true\nport = 1883", "1883 is the port without encryption"),
        ('password = "x"', "most brokers want a username with it"),
    ],
)
def test_what_is_odd_is_a_warning(tmp_path: Path, lines: str, warning: str) -> None:
    (said,) = loaded(tmp_path, f'[mqtt]\nhost = "broker"\n{lines}\n').warnings

    assert warning in said


def test_a_gateway_that_has_nothing_to_read_is_told_so(tmp_path: Path) -> None:
    battery = '[[battery]]\nname = "House"\naddress = "simulated:1"\n'
    (said,) = loaded(tmp_path, f"[gateway]\ndiscover = false\n{battery}enabled = false\n").warnings

    assert "nothing will be read" in said
    assert not loaded(tmp_path, f"[gateway]\ndiscover = false\n{battery}").warnings
    assert not loaded(tmp_path, f"{battery}enabled = false\n").warnings


def test_destinations_need_names_of_their_own(tmp_path: Path) -> None:
    influx = '[[influx]]\nurl = "http://localhost:8086/write?db=home"\n'
    webhook = '[[webhook]]\nurl = "http://localhost/"\n'

    assert "'influx' is the name of another destination too" in problems(tmp_path, influx * 2)[0]
    assert "5: webhook.0.name: " in problems(tmp_path, influx + webhook + 'name = "influx"\n')[0]
    assert "'mqtt' is the name of another destination" in problems(tmp_path, influx + 'name = "mqtt"\n')[0]


def test_what_sends_the_history_needs_one(tmp_path: Path) -> None:
    text = '[store]\nenabled = false\n[[influx]]\nurl = "http://localhost/write"\n[mqtt]\nhost = "a"\nhistory = true\n'
    found = problems(tmp_path, text + "[lines]\n")

    assert [line.split(": ")[1] for line in found] == ["influx.0.url", "mqtt.history", "lines.path"]


def test_a_port_beyond_the_last_one_is_found(tmp_path: Path) -> None:
    assert "there is no port 99999" in problems(tmp_path, '[prometheus]\nlisten = "127.0.0.1:99999"\n')[0]


def test_a_key_of_the_page_without_its_certificate_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.key").write_text("key")

    assert problems(tmp_path, '[web]\nkey_file = "page.key"\n') == [
        "2: web.key_file: a key needs its certificate: set it too"
    ]
