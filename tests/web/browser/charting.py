"""Looking at a chart as it is drawn: which time it shows, whether there is ink on it, what lies under the mouse."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

SETTLED = """chart => {
  const { _history: history, _busy: busy, timeline } = chart;
  if (!history || busy || history.start > timeline.start + 1) return false;
  return timeline.follow || history.end >= timeline.end - 1;
}"""
INK = """([chart, start, end]) => {
  const plot = chart._plot, { ctx } = plot, ratio = devicePixelRatio;
  const [from, to] = [start, end].map((time) => Math.round(plot.valToPos(time, "x", true)));
  const { top, height } = plot.bbox;
  const { data } = ctx.getImageData(from, top, Math.max(to - from, 1), height);
  const line = document.createElement("canvas").getContext("2d");
  line.fillStyle = plot.series[3].stroke(plot, 3);
  line.fillRect(0, 0, 1, 1);
  const want = line.getImageData(0, 0, 1, 1).data;
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200 && [0, 1, 2].every((part) => Math.abs(data[at + part] - want[part]) < 24)) count++;
  }
  return count;
}"""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which time a chart shows, ms since 1970."""

    start: float
    end: float
    follow: bool
    axis: tuple[float, float]
    """From where to where the axis goes that is drawn."""

    @property
    def length(self) -> float:
        """In s."""
        return (self.end - self.start) / 1000


class Chart:
    """One chart of a page, by the key of its values: ``soc``, ``power``, ``cells`` ..."""

    def __init__(self, page: Page, title: str = "Charge") -> None:
        self.page = page
        self.element: Locator = page.locator("time-chart").filter(
            has=page.get_by_role("heading", name=title, exact=True)
        )
        self.plot = self.element.locator(".plot")

    def settle(self) -> Shown:
        """Wait until what is shown has been fetched and drawn; return which time that is."""
        self.element.scroll_into_view_if_needed()
        handle = self.element.element_handle()
        self.page.wait_for_function(SETTLED, arg=handle)
        return self.shown()

    def shown(self) -> Shown:
        """Return which time is shown."""
        start, end, follow, low, high = self.element.evaluate(
            "c => [c.timeline.start, c.timeline.end, c.timeline.follow, c._plot.scales.x.min, c._plot.scales.x.max]"
        )
        return Shown(start, end, follow, (low, high))

    def ink(self, start: float, end: float) -> int:
        """Return how many pixels have the colour of the line between two moments, ms since 1970."""
        found: int = self.page.evaluate(INK, [self.element.element_handle(), start, end])
        return found

    def at(self, part: float) -> tuple[float, float]:
        """Return where on the page a part (0 to 1) of the shown time is, in the middle of the plot's height."""
        box = self.element.locator(".u-over").bounding_box()
        assert box is not None
        return box["x"] + part * box["width"], box["y"] + box["height"] / 2

    def hover(self, part: float) -> None:
        """Put the mouse there."""
        self.page.mouse.move(*self.at(part))

    def choose(self, name: str) -> Shown:
        """Choose one of the ranges by its button."""
        self.page.locator(".ranges").get_by_role("button", name=name, exact=True).click()
        return self.settle()
