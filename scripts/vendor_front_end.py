"""Make the libraries of the dashboard anew: lit.js, uplot.js and uplot.css, their licences and the list of hashes.

    python scripts/vendor_front_end.py             writes src/bmsreader/web/static/vendor
    python scripts/vendor_front_end.py --check     only compares, byte for byte

Needs node and npm. Every package is pinned to one version and one content, so that the same bytes come out
everywhere and always; the dashboard itself has no build step.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "src/bmsreader/web/static/vendor"

PINS = {
    "lit": ("3.3.3", "fycuvZg/hkpozL00lm1pEJH5nN/lr9ZXd6mJI2HSN4+Bzc+LDNdEApJ6HFbPkdFNHLvOplIIuJvxkS4XUxqirw=="),
    "lit-element": (
        "4.2.2",
        "aFKhNToWxoyhkNDmWZwEva2SlQia+jfG0fjIWV//YeTaWrVnOxD89dPKfigCUspXFmjzOEUQpOkejH5Ly6sG0w==",
    ),
    "lit-html": ("3.3.3", "el8M6jK2o3RXBnrSHX3ZKrsN8zEV63pSExTO1wYJz7QndGYZ8353e2a5PPX+qHe2aGayfnchQmkAojaWAREOIA=="),
    "@lit/reactive-element": (
        "2.1.2",
        "pbCDiVMnne1lYUIaYNN5wrwQXDtHaYtg7YEFPeW+hws6U47WeFvISGUWekPGKWOP1ygrs0ef0o1VJMk1exos5A==",
    ),
    "uplot": ("1.6.32", "KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw=="),
    "esbuild-wasm": (
        "0.28.2",
        "GccVwhv3mmOUVQHCQm2Ox/rby8n/EqUwvZxE6Pjfikrq/lWw9g9WX/u9EykWnpot3Ko6j426DgQdea2xWKIAQA==",
    ),
}
"""Version and SHA-512 of each package; esbuild only bundles, nothing of it is shipped."""

LIT = """
export { LitElement, ReactiveElement, html, svg, nothing, noChange, render } from "lit";
export { AsyncDirective } from "lit/async-directive.js";
export { Directive, PartType, directive } from "lit/directive.js";
export { cache } from "lit/directives/cache.js";
export { classMap } from "lit/directives/class-map.js";
export { guard } from "lit/directives/guard.js";
export { ifDefined } from "lit/directives/if-defined.js";
export { keyed } from "lit/directives/keyed.js";
export { live } from "lit/directives/live.js";
export { createRef, ref } from "lit/directives/ref.js";
export { repeat } from "lit/directives/repeat.js";
export { until } from "lit/directives/until.js";
"""
"""What pages may import. styleMap is left out: its first rendering is a style attribute, which the CSP refuses."""

BUNDLE = ("--bundle", "--minify", "--format=esm", "--target=es2021", "--legal-comments=none", "--charset=utf8")


def fetch(name: str, folder: Path) -> None:
    """Unpack one package into node_modules; exit when its content is not the one that is pinned."""
    version, pinned = PINS[name]
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = folder / packed.stdout.split()[-1]
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != pinned:
        sys.exit(f"{name} {version} is not what is pinned: sha512 {found}")
    target = folder / "node_modules" / name
    target.mkdir(parents=True)
    with tarfile.open(archive) as files:
        files.extractall(target, filter="data")
    for inner in (target / "package").iterdir():
        inner.rename(target / inner.name)


def bundle(folder: Path, entry: Path, *options: str) -> bytes:
    """Return one minified file made of an entry and all that it imports."""
    esbuild = folder / "node_modules/esbuild-wasm/bin/esbuild"
    made = subprocess.run(["node", esbuild, entry, *options], cwd=folder, check=True, capture_output=True)
    return made.stdout


def headed(name: str, content: bytes, licence: str) -> bytes:
    """Return a bundle with a first line that says what it is."""
    return f"/*! {name} {PINS[name][0]}, {licence}: see {name}.LICENSE.txt */\n".encode() + content.strip() + b"\n"


def make(folder: Path) -> dict[str, bytes]:
    """Return every vendored file by name."""
    for name in PINS:
        fetch(name, folder)
    modules = folder / "node_modules"
    entry = folder / "lit.js"
    entry.write_text(LIT)
    uplot = modules / "uplot/dist"
    files = {
        "lit.js": headed("lit", bundle(folder, entry, *BUNDLE), "BSD-3-Clause"),
        "lit.LICENSE.txt": (modules / "lit/LICENSE").read_bytes(),
        "uplot.js": headed("uplot", bundle(folder, uplot / "uPlot.esm.js", *BUNDLE), "MIT"),
        "uplot.css": headed("uplot", bundle(folder, uplot / "uPlot.min.css", "--minify"), "MIT"),
        "uplot.LICENSE.txt": (modules / "uplot/LICENSE").read_bytes(),
    }
    packages = {name: version for name, (version, _) in PINS.items() if name != "esbuild-wasm"}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    listed = json.dumps({"packages": packages, "sha256": hashes}, indent=2) + "\n"
    return files | {"hashes.json": listed.encode()}


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        files = make(Path(temporary))
    if "--check" in sys.argv[1:]:
        differing = [name for name, content in files.items() if (VENDOR / name).read_bytes() != content]
        sys.exit(f"differs from what is pinned: {', '.join(differing)}" if differing else 0)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (VENDOR / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
