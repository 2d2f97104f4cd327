"""Run the measurements: ``python -m benchmarks [NAME ...]``."""

import importlib
import sys

from benchmarks.measure import Verdict, print_verdicts

NAMES = (
    "decode_chunks",
    "bulk",
    "captures",
    "startup",
    "poll",
    "evaluation",
    "health",
    "store",
    "history",
    "mqtt",
    "gateway",
    "web",
    "delivery",
    "labbench",
)


def main(names: list[str]) -> int:
    """Run the named measurements, or all; report what they promise. Only an unknown name is an error."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"No benchmark called {', '.join(unknown)}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    verdicts: list[Verdict] = []
    for name in names or NAMES:
        verdicts += importlib.import_module(f"benchmarks.{name}").main()
    if not names:
        print("\nAll promises:")
        print_verdicts(verdicts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
