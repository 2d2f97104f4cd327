"""What is tried inside the virtual machine: commands, as a battery owner types them, and what goes wrong meanwhile.

Nothing is imported here but the standard library: the machine is slow, and the program is what is tried.
"""

from dataclasses import dataclass

NAMED = "02:00:07:00:00:01"
"""Found by its name."""
RENAMED = "02:00:07:00:00:02"
"""Renamed by its owner: only what it answers shows that it is a battery."""
NAMES = {NAMED: "LT-12V-1544", RENAMED: "Caravan"}

SHARE = "/run/vm/share"
RECORDING = f"{SHARE}/recording.jsonl"
SEED_REQUEST = "3a3030303235303030304530337e0d0a"
"""The request of the reference session, CR LF included."""
POWERED = "until timeout 3 bluetoothctl show | grep -q 'Powered: yes'; do sleep 0.2; done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One shell command, and what is wrong with the first battery meanwhile."""

    name: str
    command: str
    fault: str = ""
    """In force before the command begins."""
    troubles: tuple[tuple[str, float], ...] = ()
    """Faults that come, stay so many seconds and go again, each after two more lines of output; then comes Ctrl-C."""
    limit: float = 120.0
    """Seconds, far above what the command needs."""


HEALTHY = (
    Scenario(name="scan", command="bmsreader scan --json --seconds 4"),
    Scenario(name="scan-probe", command="bmsreader scan --probe --json --seconds 4"),
    Scenario(name="inspect", command="bmsreader inspect LT-12V-1544 --json"),
    Scenario(name="read", command="bmsreader read LT-12V-1544 --json"),
    Scenario(name="watch", command=f"bmsreader watch {NAMED} {RENAMED} --json --every 1 --count 3"),
    Scenario(name="record", command=f"bmsreader record {NAMED} {RECORDING} --every 1 --count 3"),
    Scenario(name="decode-recording", command=f"bmsreader decode --json {RECORDING}"),
    Scenario(name="replay", command=f"bmsreader replay {RECORDING} --json"),
    Scenario(name="doctor", command="bmsreader doctor --json"),
)

TROUBLED = (
    Scenario(name="silent", command=f"bmsreader read {NAMED} --json", fault="silent"),
    Scenario(name="corrupt", command=f"bmsreader read {NAMED} --json", fault="bad-checksum"),
    Scenario(name="dropping", command=f"bmsreader read {NAMED} --json", fault="drop:3"),
    Scenario(name="busy", command=f"bmsreader read {NAMED} --json --search 4", fault="busy"),
    Scenario(
        name="comes-back",
        command=f"bmsreader watch {NAMED} --json --every 1",
        troubles=(("drop:3", 4), ("silent", 6), ("busy", 6)),
        limit=240,
    ),
)

WITHOUT_BLUETOOTH = (
    Scenario(
        name="powered-off", command=f"bluetoothctl power off >/dev/null; bmsreader read {NAMED} --json --search 4"
    ),
    Scenario(name="doctor-powered-off", command="bmsreader doctor"),
    Scenario(name="powered-on-again", command="bluetoothctl power on"),
    Scenario(
        name="no-adapter",
        command="kill $(cat /run/vm/battery.pid); while [[ -e /sys/class/bluetooth/hci0 ]]; do sleep 0.1; done; "
        f"bmsreader read {NAMED} --json --search 4",
    ),
)

ON_THE_SIMULATE_COMMAND = (
    Scenario(
        name="simulate",
        command=f"bmsreader simulate --transport vhci --json >{SHARE}/simulate.txt 2>&1 & "
        f"echo $! >/run/vm/simulated.pid; {POWERED}",
    ),
    # The reference session, command by command: the service table, the subscription in one connection, the request in
    # the next one.
    Scenario(name="gatttool-table", command=f"gatttool -b {NAMED} --char-desc"),
    Scenario(name="gatttool-subscribe", command=f"gatttool -b {NAMED} --char-write-req --handle=0x000f --value=0100"),
    Scenario(
        name="gatttool-listen",
        command=f"timeout 3 gatttool -b {NAMED} --char-write-req --handle=0x0011 --value={SEED_REQUEST} --listen "
        f"| tee {SHARE}/gatttool.txt",
    ),
    Scenario(name="decode-gatttool", command=f"bmsreader decode --json {SHARE}/gatttool.txt"),
)

APP, MINE = f"{SHARE}/app.btsnoop", f"{SHARE}/my.toml"
THEIRS = "/run/vm/theirs.toml"
"""What only the battery and its maker's app know."""
GONE = "while [[ -e /sys/class/bluetooth/hci0 ]]; do sleep 0.1; done"
UNKNOWN = (
    Scenario(
        name="unknown-battery",
        command=f"kill $(cat /run/vm/simulated.pid); {GONE}; python -m tests.bluez.unknown protocol >{THEIRS}; "
        f"bmsreader simulate --transport vhci --description {THEIRS} --name VOLTA-7123 --scenario discharge --speed 60 "
        f"--soc 95 --capacity 400 >{SHARE}/unknown.txt 2>&1 & {POWERED}",
    ),
    # The maker's app talks to it for half a minute, and btmon writes down what passes.
    Scenario(
        name="capture-app",
        command=f"btmon -w {APP} >/dev/null & monitor=$!; "
        f"bmsreader record VOLTA-7123 {SHARE}/app.jsonl --description {THEIRS} --every 1 --count 30; "
        "status=$?; kill $monitor; wait; exit $status",
        limit=300,
    ),
    Scenario(name="lab-check", command=f"bmsreader lab check {APP} --json"),
    Scenario(
        name="lab-describe",
        command=f"bmsreader decode {SHARE}/app.jsonl --description {THEIRS} --json | "
        f"python -m tests.bluez.unknown labels >{SHARE}/labels.txt; mapfile -t labels <{SHARE}/labels.txt; "
        f'bmsreader lab label {APP} "${{labels[@]}}" >&2 && bmsreader lab describe {APP} -o {MINE} --json',
        limit=300,
    ),
    Scenario(name="read-unknown", command=f"bmsreader read VOLTA-7123 --description {MINE} --json"),
    Scenario(
        name="record-unknown",
        command=f"bmsreader record VOLTA-7123 {SHARE}/mine.jsonl --description {MINE} --every 1 --count 3",
    ),
    Scenario(name="decode-mine", command=f"bmsreader decode {SHARE}/mine.jsonl --description {MINE} --json"),
    Scenario(name="decode-theirs", command=f"bmsreader decode {SHARE}/mine.jsonl --description {THEIRS} --json"),
)

SCENARIOS = (*HEALTHY, *TROUBLED, *WITHOUT_BLUETOOTH, *ON_THE_SIMULATE_COMMAND, *UNKNOWN)
