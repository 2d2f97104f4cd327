"""Everything that can go wrong, in one tree: what the owner can act on, and what is our bug."""

from typing import ClassVar


class BmsReaderError(Exception):
    """Base of all errors of this program; ``advice`` is the next step, ``exit_code`` that of the command line."""

    exit_code: ClassVar[int] = 1
    advice: str = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        if advice is not None:
            self.advice = advice


class OwnerError(BmsReaderError):
    """Something that the owner can act on; the message says what, the advice says how."""


class UsageError(OwnerError):
    """The command or the call does not make sense as given."""

    exit_code = 2


class DescriptionError(OwnerError):
    """A battery description is wrong; the message names file, line and key."""

    exit_code = 2
    advice = "Correct the description; its language is documented in docs/descriptions.md."


class CaptureError(OwnerError):
    """A capture or recording cannot be read."""

    exit_code = 2


class NothingFound(OwnerError):
    """No battery was found."""

    exit_code = 3
    advice = (
        "Go nearer, close the phone app (a battery serves one connection at a time), put a load or a charger on "
        "(some batteries switch Bluetooth off at rest), or try `bmsreader scan --probe`."
    )


class NoValidAnswer(OwnerError):
    """A battery was found but gave no valid answer; the subclasses say why."""

    exit_code = 4


class NoAnswer(NoValidAnswer):
    """The battery was asked and stayed silent."""

    advice = "Try again nearer to the battery; if it stays silent, `bmsreader inspect` shows what it offers."


class CorruptAnswer(NoValidAnswer):
    """The battery answered, but nothing that passed the checks; the message names the reasons."""

    advice = (
        "Usually a weak signal: go nearer or use a better antenna. `bmsreader record` keeps the bytes for a report."
    )


class LinkLost(NoValidAnswer):
    """The connection broke and could not be had again."""

    advice = "The battery may be at the edge of range, or its Bluetooth module went to sleep; go nearer and try again."


class Unreachable(NoValidAnswer):
    """The battery is known but the connection cannot be made."""

    advice = "Close the phone app and any other program that may hold the battery, go nearer, and try again."


class NotHeard(Unreachable):
    """A battery that was named by its address does not advertise: it is away, asleep or connected to another device."""

    exit_code = 3
    advice = NothingFound.advice


class BatteryBusy(Unreachable):
    """Another central holds the battery's only connection."""

    advice = "A battery serves one connection at a time: close the phone app, or wait until the other program lets go."


class ServicesMissing(NoValidAnswer):
    """The battery is connected, but service discovery found nothing to talk to."""

    advice = (
        "Switch the battery's Bluetooth off and on, or remove it from the host's cache: `bluetoothctl remove ADDRESS`."
    )


class NotRecognised(NoValidAnswer):
    """The connected peripheral answers no request of any known description."""

    advice = "If it is a battery, `bmsreader record` and a capture of its app's traffic allow it to be supported."


class NoBluetooth(OwnerError):
    """This machine has no usable Bluetooth adapter, or the program may not use it."""

    exit_code = 5
    advice = "`bmsreader doctor` says what is missing."


class ConfigurationError(OwnerError):
    """The configuration is wrong; the message names file, line and key."""

    exit_code = 2
    advice = "`bmsreader config example` prints every setting with its meaning; `bmsreader config check` tries a file."


class GatewayAbsent(OwnerError):
    """No gateway runs here that could be asked."""

    exit_code = 3
    advice = "Start it with `bmsreader run`, or name its control socket with --control."


class StoreError(OwnerError):
    """The history cannot be read or written: the disk is full, the file damaged or not ours."""

    exit_code = 6
    advice = "`bmsreader history check` says what is wrong with the file; `df -h` shows whether the disk is full."


class PublishError(OwnerError):
    """A destination cannot be reached or does not take what it is sent; the gateway tries again."""

    exit_code = 6
    advice = "Look at the address, the user and the password in the configuration, and whether the server runs."


class RowsRefused(PublishError):
    """The destination works, but refuses these readings for good: sending them again would not help."""

    dropped: int | None = None
    """How many of them, if the destination says so and has taken the others; None: not known."""

    def __init__(self, message: str, *, advice: str | None = None, dropped: int | None = None) -> None:
        super().__init__(message, advice=advice)
        self.dropped = dropped


class Bug(BmsReaderError):
    """Our mistake, not the owner's."""

    advice = "This is a bug of bmsreader: please report it with the command that you gave."


class WriteRefused(Bug):
    """Something tried to write to a battery what is not a read request; the link refused, nothing was sent."""

    advice = "bmsreader reads batteries and never writes to them: only a description's read requests are sent."
