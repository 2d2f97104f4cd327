"""Batteries that speak Modbus over Bluetooth: blocks of registers, which only their request tells apart."""

from benchmarks.labbench.wild.family import Family, Message
from benchmarks.labbench.wild.story import Pack

ANSWER = "( 0103 size:1 body ) !crc16-modbus<"
READ = "( 0103 asked ) !crc16-modbus<"

NONAME = Family(
    name="nonamebus",
    source="fl4p/batmon-ha, noname_modbus (issue 131)",
    frame=ANSWER,
    request=READ,
    once=(Message(asked="231C0004", body="0008000100020000"),),
    messages=(
        Message(
            asked="D0000026",
            body="cells*1000:2 EE49*24 highest*1000:2 lowest*1000:2 highest_at:2 lowest_at:2 spread*1000:2"
            " voltage*100:2",
        ),
        Message(
            asked="D0260019",
            body="temp1*10+400:2 00*16 temp1*10+400:2 temp1*10+400:2 temp1*10+400:2 charge*10:2 load*10:2 soc:2 0064"
            " remaining*10:2 full*10:2 07D0 0025 00*4 0003 00*4",
        ),
    ),
    pack=Pack(cells=8, capacity=200, sensors=1, every=5, degrees=0.1),
    format="pcapng",
)

HELTEC = Family(
    name="heltec",
    source="mr-manuel/venus-os_dbus-serialbattery, heltecmodbus",
    frame=ANSWER,
    request=READ,
    messages=(
        Message(
            asked="004B0038",
            body="1002 voltage*1000:4< current*-100:4< 0000 cells*1000:2< 00*30 temp4+40:1 temp3+40:1 temp2+40:1"
            " temp1+40:1 00*8 F00A full*10:2< soc:1 63 00*10 full*10:2< 0000 003000000000",
        ),
    ),
    pack=Pack(cells=16, capacity=280, sensors=4, minutes=14, volts=0.001, amps=0.01),
    chunk=244,
)

PACE = Family(
    name="pace",
    source="PACE BMS Modbus protocol for RS485, V1.3",
    frame=ANSWER,
    request=READ,
    messages=(
        Message(
            asked="00000025",
            body="current*100:2 voltage*100:2 soc:2 0063 remaining*100:2 full*100:2 design*100:2 0025 00*6"
            " zero|0000/0300/0300:2 00*6 cells*1000:2 temps*10:2",
        ),
    ),
    pack=Pack(cells=16, sensors=6, amps=0.01, degrees=0.1),
    format="pklg",
)

JKPB = Family(
    name="jkpb",
    source="JK BMS RS485 Modbus, V1.1",
    frame=ANSWER,
    request=READ,
    once=(Message(asked="14000010", body="'JK_PB2A16S20P' 00*5 '15A' 00*4 'V15.18_'"),),
    messages=(
        Message(asked="12000025", body="cells*1000:2 00*32 FFFF 0000 mean*1000:2 spread*1000:2 0003"),
        Message(
            asked="128A0025",
            body="temp3*10:2 00*4 voltage*1000:4 power*1000:4 current*1000:4 temp1*10:2 temp2*10:2 00*7 soc:1"
            " remaining*1000:4 full*1000:4 00000025 00B14F88 63 000000 seconds+8123456:4 0101",
        ),
    ),
    pack=Pack(cells=16, capacity=314, sensors=3, minutes=14, every=5, volts=0.001, amps=0.001, degrees=0.1),
    chunk=128,
)

GROWATT = Family(
    name="growatt",
    source="Growatt BMS RS485 protocol, V1.04",
    frame=ANSWER,
    request=READ,
    messages=(
        Message(
            asked="00130010",
            body="zero|0001/0002/0003:2 0000 soc:2 voltage*100:2 current*100:2 temp1*10:2 1CE8 remaining*100:2"
            " full*100:2 0712 spread*1000:2 0025 0000 0063 1680 01E0",
        ),
        Message(asked="00710010", body="cells*1000:2"),
    ),
    pack=Pack(cells=16, capacity=50, sensors=1, amps=0.01, degrees=0.1),
    chunk=64,
    acknowledged=True,
)

EPEVER = Family(
    name="epever",
    source="EPEVER LS-B Modbus specification, V2.3",
    frame="( 0104 size:1 body ) !crc16-modbus<",
    request="( 0104 asked ) !crc16-modbus<",
    messages=(
        Message(
            asked="3100000C",
            body="voltage*100+512:2 in*5.5:2 in*100:2 0000 voltage*100:2 charge*100:2 in*100:2 0000 00*8",
        ),
        Message(asked="31100002", body="temps*100:2"),
        Message(asked="311A0001", body="soc:2"),
        Message(asked="331A0003", body="voltage*100:2 current*100:2 zero|0000/0000/FFFF:2"),
    ),
    pack=Pack(capacity=100, minutes=15, every=5, amps=0.01, degrees=0.01),
    told=("voltage", "current", "soc", "temperatures"),
    digits=(2, 2),
    device="eBox-BLE-01",
)

FOSSIBOT = Family(
    name="fossibot",
    source="schauveau/sydpower-mqtt, iamslan/fossibot",
    frame="( 110400000050 body ) !crc16-modbus",
    request="( 1104 asked ) !crc16-modbus",
    messages=(
        Message(
            asked="00000050",
            body="00*6 in:2 0000 0000 in:2 00*22 08FC 01F4 out:2 08FD 1388 00*32 out:2 0000 0800 00*28 soc*10:2"
            " 00*20 03E8 001E 00*22",
        ),
    ),
    pack=Pack(cells=16, capacity=40, sensors=1, minutes=20, every=5, volts=0.1, percent=0.1),
    chunk=244,
    discovers=True,
    told=("soc",),
    device="FOSSIBOT-F2400",
)

REGISTERS = (NONAME, HELTEC, PACE, JKPB, GROWATT, EPEVER, FOSSIBOT)
