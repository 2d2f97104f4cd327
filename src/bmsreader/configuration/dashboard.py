"""Settings of the dashboard: where it is served, and who gets in."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from bmsreader.configuration import forms
from bmsreader.configuration.about import About


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """The dashboard and its HTTP API."""

    enabled: Annotated[bool, About("Serve the dashboard.")] = True
    host: Annotated[
        str,
        About(
            "Address that it listens on. 127.0.0.1: this computer only; 0.0.0.0: everybody in the network, which needs "
            "a password (`bmsreader web password`).",
            form=forms.HOST,
        ),
    ] = "127.0.0.1"
    port: Annotated[int, About("Its port.", least=1, most=65535)] = 8099
    hosts: Annotated[
        tuple[str, ...],
        About(
            "Names under which you open it, beside localhost and its addresses. Other names are refused, so that no "
            "foreign web page can reach it through your browser.",
            example=("raspberrypi.local",),
            form=forms.HOST,
        ),
    ] = ()
    password: Annotated[
        str | None,
        About(
            "Password for the dashboard: its hash, as `bmsreader web password` writes it, or the password itself, "
            "which is better kept in a file of its own.",
            unset="everybody who reaches the page gets in; it is then served to this computer only",
            example="$argon2id$...",
            secret=True,
        ),
    ] = field(default=None, repr=False)
    password_file: Annotated[
        Path | None,
        About(
            "File that holds the password, or its hash, and nothing else.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/web_password"),
            reads="password",
        ),
    ] = None
    token: Annotated[
        str | None,
        About(
            "Hash of a token with which programs get in, as `bmsreader web token` writes it.",
            unset="no program gets in where a password is needed",
            example="sha256:" + 64 * "0",
            form=forms.TOKEN_HASH,
            secret=True,
        ),
    ] = field(default=None, repr=False)
    token_file: Annotated[
        Path | None,
        About(
            "File that holds the hash of the token and nothing else.",
            unset="none",
            example=Path("/etc/bmsreader/credentials/web_token"),
            reads="token",
        ),
    ] = None
    session_days: Annotated[
        float, About("Days after which whoever did not use the page has to log in again.", above=0, most=3650)
    ] = 30.0
    certificate_file: Annotated[
        Path | None,
        About(
            "Certificate (PEM, with those between it and the authority), to serve it encrypted.",
            unset="not encrypted",
            example=Path("/etc/bmsreader/page.pem"),
            exists=True,
        ),
    ] = None
    key_file: Annotated[
        Path | None,
        About("Key of that certificate (PEM).", unset="none", example=Path("/etc/bmsreader/page.key"), exists=True),
    ] = None
    proxies: Annotated[
        tuple[str, ...],
        About(
            "Addresses or networks of reverse proxies that may say who the visitor is (X-Forwarded-For, -Proto, -Host "
            "and -Prefix).",
            example=("192.168.1.2",),
            form=forms.NETWORK,
        ),
    ] = ()
    path: Annotated[
        str,
        About(
            "Path below which a reverse proxy offers the page, if it leaves that path in what it asks for.",
            form=forms.ROOT,
        ),
    ] = ""
    ingress: Annotated[
        bool,
        About(
            "Let Home Assistant's own page show it: who comes through its ingress has logged in there. Only for the "
            "Home Assistant app."
        ),
    ] = False
