"""The systemd unit of the gateway: one text for `bmsreader service install` and for packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NAME = "bmsreader.service"

HEAD = """\
[Unit]
Description=bmsreader: reads LiFePO4 batteries over Bluetooth
After=network.target bluetooth.service
{wants}\
# Tried again and again, for months: a service that gave up would be found by its owner when it is needed.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={program} run
ExecReload=/bin/kill -HUP $MAINPID
# 2: the configuration is wrong; trying again does not help. `systemctl status bmsreader` says what is wrong.
RestartPreventExitStatus=2
Restart=always
RestartSec=5
# The gateway says every few seconds that all its parts still work; when it does not, it is started anew.
WatchdogSec=60
TimeoutStartSec=90
TimeoutStopSec=20
"""

FOLDERS = """
# A user of its own that owns only these folders: the history in /var/lib/bmsreader, the control socket in
# /run/bmsreader. The settings in /etc/bmsreader are root's. `service install` makes the user: dbus-daemon was seen to
# refuse one that exists only while the service runs.
DynamicUser=yes
User=bmsreader
StateDirectory=bmsreader
StateDirectoryMode=0750
RuntimeDirectory=bmsreader
ConfigurationDirectory=bmsreader
# Passwords and tokens, one file each: only root can read them there, and only this service gets them. The folder may be
# empty, but must be there.
LoadCredential=credentials:/etc/bmsreader/credentials
UMask=0077
"""

HARDENING = """
# It needs the message bus (BlueZ), the network, and nothing else of this computer.
NoNewPrivileges=yes
CapabilityBoundingSet={capabilities}
AmbientCapabilities={capabilities}
ProtectSystem=strict
{home}\
PrivateTmp=yes
{devices}\
PrivateUsers={private_users}
ProtectHostname=yes
ProtectClock=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies={families}
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
MemoryMax=512M
TasksMax=64
"""

FOR_A_USER = """
NoNewPrivileges=yes
UMask=0077
RuntimeDirectory=bmsreader
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
"""

PLAIN_FAMILIES = "AF_UNIX AF_INET AF_INET6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What differs from one computer to the next."""

    program: Path
    """The installed `bmsreader`."""
    user: bool = False
    """A service of one user instead of the computer."""
    homes: Sequence[Path] = ()
    """Folders below /home or /root in which the program lies; the service sees these and nothing else there."""
    serial_group: str | None = None
    """Group that may use serial ports; None: no battery is on one."""
    adapter_reset: bool = False
    """May reset a Bluetooth adapter that no longer answers; needs rights over the whole network."""

    def text(self) -> str:
        """Return the unit file."""
        wants = "" if self.user else "Wants=bluetooth.service\n"
        head = HEAD.format(program=quoted(self.program), wants=wants)
        if self.user:
            return f"{head}{FOR_A_USER}\n[Install]\nWantedBy=default.target\n"
        hardening = HARDENING.format(
            capabilities="CAP_NET_ADMIN CAP_NET_RAW" if self.adapter_reset else "",
            home=self._home(),
            devices=self._devices(),
            private_users="no" if self.adapter_reset else "yes",
            families=f"{PLAIN_FAMILIES} AF_BLUETOOTH AF_NETLINK" if self.adapter_reset else PLAIN_FAMILIES,
        )
        return f"{head}{FOLDERS}{hardening}\n[Install]\nWantedBy=multi-user.target\n"

    def _home(self) -> str:
        if not self.homes:
            return "ProtectHome=yes\n"
        binds = "".join(f"BindReadOnlyPaths={quoted(folder)}\n" for folder in self.homes)
        return f"# Of the homes it sees where the program lies, and nothing else.\nProtectHome=tmpfs\n{binds}"

    def _devices(self) -> str:
        if self.serial_group is None and not self.adapter_reset:
            return "PrivateDevices=yes\n"
        lines = ["DevicePolicy=closed"]
        if self.serial_group is not None:
            kinds = ("ttyUSB", "ttyACM", "ttyAMA", "ttyS")
            lines += [f"DeviceAllow=char-{kind} rw" for kind in kinds] + [f"SupplementaryGroups={self.serial_group}"]
        if self.adapter_reset:
            lines.append("DeviceAllow=/dev/rfkill rw")
        return "\n".join(lines) + "\n"


def quoted(path: Path) -> str:
    """Return a path as a unit file writes it."""
    text = str(path).replace("%", "%%").replace("$", "$$").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"' if set(text) & set(" '\"\t;") else text
