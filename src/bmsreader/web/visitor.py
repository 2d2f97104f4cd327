"""Who asks, and under which address: what a connection says, and what a trusted proxy says of it."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

INGRESS = (ipaddress.ip_network("172.30.32.2/32"),)
"""Where Home Assistant's ingress asks from; its documentation names this address, and that no other may be let in."""
PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+/?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request comes from, and how its sender reached the page."""

    address: str
    """Of the visitor, as far as it can be trusted; empty when it is not known."""
    host: str
    """What the visitor's browser called this computer, with the port; empty when it did not say."""
    secure: bool
    """The browser's connection is encrypted."""
    prefix: str
    """Path below which the browser sees the page; no slash at its end."""
    ingress: bool
    """It came through Home Assistant's ingress, which has asked who it is."""


def networks(names: Sequence[str]) -> tuple[Network, ...]:
    """Return networks; what is none is left out, since the configuration was checked before."""
    found: list[Network] = []
    for name in names:
        try:
            found.append(ipaddress.ip_network(name, strict=False))
        except ValueError:
            continue
    return tuple(found)


def address_of(text: str) -> Address | None:
    """Return an IP address; an IPv4 one in IPv6's clothes is an IPv4 one."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def is_in(address: Address | None, trusted: Sequence[Network]) -> bool:
    """Return whether an address is in one of these networks."""
    return address is not None and any(address in one for one in trusted if one.version == address.version)


def origin(scope: Scope, headers: Headers, *, proxies: Sequence[Network], ingress: bool) -> Origin:
    """Return where a request comes from; what a proxy says counts only when that proxy is trusted."""
    peer = address_of(scope["client"][0]) if scope.get("client") else None
    through = ingress and is_in(peer, INGRESS) and "x-ingress-path" in headers
    trusted = through or is_in(peer, proxies)
    said = headers if trusted else Headers()
    return Origin(
        address=_visitor(_all(said, "x-forwarded-for"), proxies) or str(peer or ""),
        host=_last(_all(said, "x-forwarded-host")) or headers.get("host", ""),
        secure=(_last(_all(said, "x-forwarded-proto")) or scope["scheme"]) == "https",
        prefix=_prefix(said.get("x-ingress-path" if through else "x-forwarded-prefix", "")),
        ingress=through,
    )


def _all(headers: Headers, name: str) -> str:
    """Return all values of a header: some proxies write a line of their own below that of the visitor."""
    return ",".join(headers.getlist(name))


def _visitor(chain: str, proxies: Sequence[Network]) -> str:
    """Return the last address of the chain that is no proxy of ours: those before it may be made up."""
    for one in reversed([part.strip() for part in chain.split(",") if part.strip()]):
        address = address_of(one)
        if address is None:
            return ""
        if not is_in(address, proxies):
            return str(address)
    return ""


def _last(values: str) -> str:
    """Return the value that the nearest proxy added."""
    return values.rpartition(",")[2].strip()


def _prefix(path: str) -> str:
    return path.rstrip("/") if PREFIX.fullmatch(path) and ".." not in path else ""


def split_host(host: str) -> str | None:
    """Return the name or address in a Host header, in small letters and without port; None when it is none."""
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?", host, re.ASCII)
    return found[1].strip("[]").rstrip(".").lower() if found else None


def is_welcome(host: str, *, listens: str, server: str, hosts: Sequence[str]) -> bool:
    """Return whether the page may be called so: else a foreign page may have bent a name of its own to this computer.

    ``listens`` is what the page listens on, ``server`` the address that this connection came to.
    """
    name = split_host(host)
    if name is None:
        return False
    if name == "localhost" or name in (one.strip("[]").rstrip(".").lower() for one in hosts):
        return True
    address = address_of(name)
    if address is None:
        return name == listens.lower()
    own = address_of(listens)
    if own is not None and own.is_unspecified:
        return True  # an address cannot be bent; behind a container's port it is not one of ours
    return address in (own, address_of(server)) or (address.is_loopback and (own is None or own.is_loopback))
