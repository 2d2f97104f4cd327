"""Batteries that spell their bytes as digits, and those that tell without being asked."""

from benchmarks.labbench.wild.family import Family, Message
from benchmarks.labbench.wild.story import Pack

KILOVAULT = Family(
    name="kilovault",
    source="mr-manuel/venus-os_dbus-serialbattery, kilovault_ble",
    frame="B0 ( hex[ body ] ) hex[ 00 !sum8 ] 0D*6",
    messages=(
        Message(
            body="voltage*1000:2< 0000 current*1000:4< full*1000:4< 2500 soc:2< temp1*10+2731:2< 00*6 cells*1000:2<"
            " 00*24",
        ),
    ),
    pack=Pack(capacity=300, sensors=1, minutes=8, every=2, volts=0.001, amps=0.001, degrees=0.1),
)

KS48100 = Family(
    name="ks48100",
    source="mr-manuel/venus-os_dbus-serialbattery, ks48100",
    frame="7E ( hex[ 20014200 lenid body ] ) hex[ !neg-sum16 ] 0D",
    request="7E ( hex[ 200142 asked ] ) hex[ !neg-sum16 ] 0D",
    once=(Message(asked="510000", body="'KS48100__V2.5_2021'"),),
    messages=(
        Message(
            asked="42E00201",
            body="01 soc*100:2 voltage*100:2 cells*1000:2 00*4 temp5*10:2 04 temp1*10:2 temp2*10:2 temp3*10:2"
            " temp4*10:2 current*100:2 000C 0063 00 full*100:2 remaining*100:2 0025 00*8 0003",
        ),
    ),
    pack=Pack(cells=15, sensors=5, every=5, amps=0.01, percent=0.01, degrees=0.1),
    format="pklg-little",
)

SUPERVOLT = Family(
    name="supervolt",
    source="BikeAtor/WoMoAtor",
    frame="3A ( hex[ 0182 kind size*2+14:2 body ] ) hex[ !not-sum8 ] 7E",
    messages=(
        Message(
            kind="50",
            asked="3A3030303235303030304530337E",
            body="19060A0C0B0C00 cells*1000:2 00*24 charge*100:2 load*100:2 temps+40:1 2828 zero|F000/F001/F002:2 00"
            " 0000 0025 0025 soc:1",
        ),
        Message(
            kind="31",
            asked="3A3030313033313030304530357E",
            body="0000 remaining*10:2 full*10:2 design*10:2",
        ),
    ),
    pack=Pack(capacity=150, every=5, apart=None, volts=0.001, amps=0.01),
    digits=(2, 2),
)

CHARGERY = Family(
    name="chargery",
    source="Chargery BMS protocol, V1.25",
    frame="( 2424 kind size+5:1 body ) !sum8",
    messages=(
        Message(kind="57", body="cell1*1000+300:2 zero|02/01/00:1 magnitude*10:2 temps*10:2 soc:1"),
        Message(kind="56", body="cells*1000:2 energy*1000:4< remaining*1000:4<"),
    ),
    pack=Pack(cells=16, capacity=280, minutes=9, every=3, apart=None, volts=0.001, degrees=0.1),
    pause=0.25,
)

VOTRONIC = Family(
    name="votronic",
    source="syssi/esphome-votronic, docs/pdus",
    frame="body",
    messages=(Message(body="voltage*100:2< BC04 remaining:2< 6000 soc:1 00 current*1000:3< F00A5E14540204"),),
    pack=Pack(capacity=280, sensors=1, minutes=8, every=2, idle=-0.86, amps=0.001),
    told=("voltage", "current", "soc"),
    discovers=True,
    device="VBCS",
)

JKCAN = Family(
    name="jkcan",
    source="JK BMS CAN protocol, V2.0, handed on by a gateway",
    frame="08 kind body",
    messages=(
        Message(kind="000002F4", body="voltage*10:2< current*10+4000:2< soc:1 00 0000"),
        Message(kind="000004F4", body="highest*1000:2< highest_at+1:1 lowest*1000:2< lowest_at+1:1 0000"),
        Message(kind="000005F4", body="hottest+50:1 01 coldest+50:1 03 temp1+50:1 000000"),
        Message(kind="000007F4", body="00*8"),
    ),
    pack=Pack(cells=16, capacity=280, sensors=3, minutes=8, every=2, volts=0.1),
    told=("voltage", "current", "soc"),
    digits=(1, 1),
    pause=0.02,
)

STREAMS = (KILOVAULT, KS48100, SUPERVOLT, CHARGERY, VOTRONIC, JKCAN)
