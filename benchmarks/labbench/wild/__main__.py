"""Judge what the lab writes of the protocols of tier W: ``python -m benchmarks.labbench.wild [NAME ...]``."""

import argparse

from benchmarks.labbench.wild.tier import main
from benchmarks.measure import print_verdicts

parser = argparse.ArgumentParser(description="Judge what the lab writes of protocols from the wild.")
parser.add_argument("name", nargs="*", help="a family; all by default")
parser.add_argument("--show", action="store_true", help="print what was typed, written and missed")
parser.add_argument("--every", action="store_true", help="all careless ways to type for every family")
given = parser.parse_args()
print_verdicts(main(given.name, show=given.show, all_ways=given.every))
