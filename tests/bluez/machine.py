"""How a program of these tests runs inside the virtual machine with the real Bluetooth stack."""

import compileall
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def in_machine(folder: Path, module: str, *, seconds: int) -> list[str | Path]:
    """Return the command that runs a module beside two batteries; the folder is the one both machines share."""
    for code in (ROOT / "src", HERE):  # inside it would be done for each program anew, on an emulated processor
        compileall.compile_dir(code, quiet=2)
    return [
        "env",
        f"PATH={Path(sys.executable).parent}:{os.environ['PATH']}",
        "BATTERY=python -m tests.bluez.battery /run/vm/faults",
        f"BLUEZ_VM_SHARE={folder}",
        f"BLUEZ_VM_SECONDS={seconds}",
        *(HERE / "run-in-bluez-vm", "python", "-m", module, "/run/vm/share"),
    ]
