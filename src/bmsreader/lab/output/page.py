"""One HTML file, complete in itself, in which each byte of each answer shows its history."""

from collections.abc import Iterator, Sequence
from html import escape

from bmsreader.lab.analysis import Analysis, Answer
from bmsreader.lab.output.describe import UNITS
from bmsreader.lab.output.heat import bytes_of, called, columns_of, meanings, size_words
from bmsreader.lab.verdict import counted
from bmsreader.protocol.vocabulary import list_of

WIDTH, HEIGHT = 320, 28
MOST_POINTS = 240
STYLE = (
    "body{font:15px/1.4 system-ui,sans-serif;margin:2em;color:#222;background:#fff}"
    "table{border-collapse:collapse}td,th{padding:1px 8px;text-align:left;border-bottom:1px solid #ddd}"
    "td.n{font-family:monospace;text-align:right}svg{display:block}polyline{fill:none;stroke:#00796b;stroke-width:1.2}"
    "td.e{min-width:16em}td.r{white-space:nowrap}"
    "tr.still{color:#888}tr.field td{background:#e0f2f1}tr.still td.p svg{display:none}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td,th{border-color:#444}"
    "tr.field td{background:#12312e}polyline{stroke:#4db6ac}}"
)


def page(analysis: Analysis, *, title: str) -> str:
    """Return the page."""
    return "\n".join(_page(analysis, title))


def _page(analysis: Analysis, title: str) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    yield f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
    structure = analysis.structure
    yield "<ul>"
    for name, finding in (("Framing", structure.framing), ("Encoding", structure.encoding)):
        yield f"<li>{name}: {finding.bits:.0f} bits: {escape(finding.why)}</li>"
    check = structure.checksum
    yield f"<li>Check value: {f'{check.bits:.0f} bits: {escape(check.why)}' if check else 'none was found'}</li>"
    yield from (f"<li>Open: {escape(question)}</li>" for question in analysis.questions)
    yield "</ul>"
    for number, answer in enumerate(analysis.answers, 1):
        yield from _answer(number, answer)
    yield "</body></html>"


def _answer(number: int, answer: Answer) -> Iterator[str]:
    series = answer.series
    request = answer.kind.request.hex(" ") if answer.kind.request else "not in the capture"
    yield f"<h2>Answer {number}: {counted(len(series.payloads), 'frame')} of {size_words(answer)}</h2>"
    yield f"<p>Request: <code>{escape(request)}</code></p>"
    yield f"<p>The lines go from {series.times[0]:.0f} s to {series.times[-1]:.0f} s of the capture.</p>"
    yield "<h3>Values</h3><table>"
    for finding in answer.meaning.fields:
        name, values = finding.value.name, finding.value.values(series)
        span = f"{min(values):g} to {max(values):g} {UNITS.get(list_of(name), '')}"
        yield (
            f'<tr class="field"><td>{escape(name)}</td><td class="n r">{span.strip()}</td>'
            f'<td class="p">{_plot(series.times, values)}</td>'
            f'<td class="e">{finding.bits:.0f} bits: {escape(finding.why)}</td></tr>'
        )
    what = "number" if answer.kind.columns else "byte"
    yield f"</table><h3>{what.capitalize()}s</h3><table><tr><th>{what}</th>"
    yield "<th>first</th><th>lowest</th><th>highest</th><th>different</th><th>history</th><th>meaning</th></tr>"
    names, places = meanings(answer), called(answer)
    form = "g" if answer.kind.columns else "02X"
    for byte, column in zip(bytes_of(series), columns_of(series), strict=True):
        kind = "field" if byte.at in names else "moving" if byte.changes else "still"
        cells = "".join(f'<td class="n">{n:{form}}</td>' for n in (byte.first, byte.lowest, byte.highest))
        yield (
            f'<tr class="{kind}"><td class="n">{escape(places[byte.at])}</td>{cells}<td class="n">{byte.different}</td>'
            f'<td class="p">{_plot(series.times, column)}</td><td>{escape(names.get(byte.at, ""))}</td></tr>'
        )
    yield "</table>"


def _plot(times: Sequence[float], values: Sequence[float]) -> str:
    """Return a line over time."""
    step = max(1, len(values) // MOST_POINTS)
    low, high = min(values), max(values)
    span, length = (high - low) or 1, (times[-1] - times[0]) or 1
    points = " ".join(
        f"{(at - times[0]) / length * WIDTH:.1f},{HEIGHT - 2 - (value - low) / span * (HEIGHT - 4):.1f}"
        for at, value in list(zip(times, values, strict=True))[::step]
    )
    return f'<svg width="{WIDTH}" height="{HEIGHT}"><polyline points="{points}"/></svg>'
