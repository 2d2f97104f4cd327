"""List the batteries in range; with `--probe` also those that their owner renamed."""

import asyncio
import sys

import bmsreader


async def main() -> None:
    """Scan for ten seconds; probing connects to each stranger and sends read requests only."""
    for found in await bmsreader.discover(10, probe="--probe" in sys.argv):
        how = f"answers as {found.proved}" if found.proved else f"looks like {found.likely}"
        print(f"{found.address}  {found.signal} dBm  {found.name}  {how}")


try:
    asyncio.run(main())
except bmsreader.BmsReaderError as error:
    sys.exit(f"{error}\n{error.advice}")
