"""Reset the adapter of the virtual machine through the gateway's radio, and hear the batteries again.

    python -m tests.bluez.resetting

prints one line of JSON: whether the reset worked, how it was done, and after how many s a battery was heard again.
"""

import asyncio
import json
import sys

from bmsreader.links.bluetooth import BluetoothRadio
from bmsreader.model import Record
from tests.bluez.scenarios import NAMED

WITHIN = 100.0


async def main() -> dict[str, object]:
    records: list[Record] = []
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(WITHIN), BluetoothRadio(on_record=records.append) as radio:
        await radio.hears(NAMED)
        began = loop.time()
        works = await radio.reset("hci0")
        reset = round(loop.time() - began, 1)
        await radio.hears(NAMED)
        heard = round(loop.time() - began, 1)
    kinds = [record.kind for record in records]
    how = next(record.detail for record in records if record.kind.startswith("adapter reset"))
    return {"works": works, "reset": reset, "heard": heard, "how": how, "limited": "bluetooth limited" in kinds}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main())) + "\n")
