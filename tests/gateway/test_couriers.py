"""Receivers of alarms come and go with the configuration."""

import asyncio
from dataclasses import replace
from random import Random

from bmsreader.alarms.herald import Wishes
from bmsreader.gateway.courier import Courier
from bmsreader.gateway.couriers import Couriers
from bmsreader.gateway.notices import Notify
from tests.clock import at_once, now, run
from tests.gateway.alarms import HOUSE, Place, Receiver


def test_a_reload_touches_only_the_receivers_that_changed() -> None:
    async def main() -> None:
        place, receiver, made = Place(), Receiver(), list[str]()

        def courier(notify: Notify) -> Courier:
            made.append(notify.name)
            return Courier(
                notify,
                place.alarming,
                info=lambda _: HOUSE,
                note=lambda kind, detail: None,
                now=now,
                offload=at_once,
                dice=Random(1),
            )

        phone = Notify(name="notify phone", key="phone", wishes=Wishes(), make=lambda: receiver)
        mail = replace(phone, name="notify mail", key="mail")
        couriers = Couriers(courier)
        async with asyncio.TaskGroup() as tasks:
            couriers.start([phone, mail], tasks)
            await asyncio.sleep(1)
            rarely = replace(mail, wishes=Wishes(repeat=3600.0))
            assert couriers.go_over([phone, rarely], tasks) == ["notify mail stopped", "notify mail started"]
            assert made == ["notify phone", "notify mail", "notify mail"]
            await asyncio.sleep(1)
            place.says(soc=10)
            await asyncio.sleep(10)
            assert [one.delivered for one in couriers.health()] == [1, 1]
            assert couriers.go_over([], tasks) == ["notify phone stopped", "notify mail stopped"]
            assert couriers.health() == ()

    run(main())
