"""Batteries whose frames begin with a mark, or have a shape of their own, and which answer requests."""

from benchmarks.labbench.wild.family import Family, Message
from benchmarks.labbench.wild.story import Pack

KS48 = Family(
    name="ks48",
    source="syssi/esphome-ks-bms, docs/pdus",
    frame="7B kind size:1 body 7D",
    request="7B asked 00 7D",
    once=(
        Message(kind="0A", asked="0A", body="'KBM202512110073'"),
        Message(kind="0B", asked="0B", body="'25F-100-065'"),
        Message(kind="0C", asked="0C", body="FF*20"),
        Message(kind="F4", asked="F4", body="'V1.2'"),
    ),
    messages=(
        Message(
            kind="01",
            asked="01",
            body="soc:2 voltage*100:2 temp1*10:2 temp2*10:2 temp3*10:2 current*100:2 remaining*100:2 full*100:2"
            " design*100:2 0000 0025 00*4 000E 00 64",
        ),
        Message(kind="02", asked="02", body="10 cells*1000:2"),
        Message(kind="03", asked="03", body="04 temp4*10+2731:2 temp5*10+2731:2 temp6*10+2731:2 temp7*10+2731:2"),
        Message(kind="05", asked="05", body="0E420D3407D009C40BB80BB816D0154007D00FA012C00BB8"),
        Message(kind="08", asked="08", body="0001000100010002000200*12"),
    ),
    pack=Pack(cells=16, capacity=94, sensors=7, minutes=14, every=5, amps=0.01, degrees=0.1),
    discovers=True,
    device="KS48100",
    sensors=3,
)

BASEN = Family(
    name="basen",
    source="syssi/esphome-basen-bms",
    frame="3B ( 16 kind size:1 body ) !sum16< 0D0A",
    request="3A ( 16 asked 01 00 ) !sum16< 0D0A",
    messages=(
        Message(
            kind="2A",
            asked="2A",
            body="current*1000:4< voltage*1000:4< temps:1 remaining*1000:4< 80800000 soc:1 020000",
        ),
        Message(kind="2B", asked="2B", body="A0860100 00640000 full*1000:4< 000000003075000071530700"),
        Message(kind="24", asked="24", body="cells*1000:2< 00*8"),
    ),
    pack=Pack(cells=8, sensors=4, minutes=10, volts=0.001, amps=0.001),
    format="pklg",
)

LOLAN = Family(
    name="lolan",
    source="syssi/esphome-lolan-bms, docs/pdus",
    frame="kind body",
    messages=(
        Message(
            kind="01000300",
            asked="C56500BC614E",
            body="voltage:4f load:4f charge:4f temp1:4f temp2:4f 429D92F2 424751EC seconds+3424110:4 0025 soc:2",
        ),
        Message(kind="02000700", asked="5B6500BC614E", body="00*16 40566666 cells:4f 00*36"),
    ),
    pack=Pack(
        cells=7,
        capacity=52.26,
        chemistry="nmc",
        every=3,
        apart=0.02,
        amps=0.01,
        volts=0.001,
        cell_volts=0.0001,
        degrees=0.01,
    ),
    chunk=128,
    discovers=True,
    digits=(2, 2),
)

XDZN = Family(
    name="xdzn",
    source="mr-manuel/venus-os_dbus-serialbattery, xdzn_ble",
    frame="( 7E000103 kind size:2 body ) !crc16-modbus 0D",
    request="( 7E000103 asked 0000 ) !crc16-modbus 0D",
    once=(Message(kind="0092", asked="0092", body="'XDZN_BMS_V1.0.7' 00*5 '12V314Ah' 00*12 'WT12314A2500187' 00*5"),),
    messages=(
        Message(
            kind="008C",
            asked="008C",
            body="04 cells*1000:2 04 temps*10+2730:2 magnitude*10|4000/4000/C000:2 voltage*100:2 remaining*10:2"
            " full*10:2 0025 design*10:2 soc:2",
        ),
        Message(kind="008D", asked="008D", body="04000000000400000000000000030000"),
    ),
    pack=Pack(capacity=314, sensors=4, minutes=15, every=6, degrees=0.1),
    format="recording",
    device="XDZN_001",
)

REVOV = Family(
    name="revov",
    source="mr-manuel/venus-os_dbus-serialbattery, revov",
    frame="7C ( 01 kind size:1 body ) !neg-sum8 0D",
    once=(
        Message(kind="33", asked="7C013300FE0D", body="'R100_51.2V_100AH'"),
        Message(kind="42", asked="7C014200800D", body="'V01.12_20220830'"),
    ),
    messages=(
        Message(
            kind="01",
            asked="7C010100020D",
            body="0110 cells*1000:2 current*-100:2 soc*10:2 00*4 design*100:2 06 temps+50:1 00*15 0025 0000"
            " voltage*100:2 03DE 00*8",
        ),
    ),
    pack=Pack(cells=16, sensors=6, minutes=10, amps=0.01, percent=0.1),
    chunk=64,
    acknowledged=True,
)

SINOWEALTH = Family(
    name="sinowealth",
    source="mr-manuel/venus-os_dbus-serialbattery, sinowealth",
    frame="( hidden[ 0A kind size+1:1 ] body ) !crc8-smbus",
    request="0A asked",
    messages=(
        *(Message(kind=f"0{number}", asked=f"0{number}03", body=f"cell{number}*1000:2") for number in (1, 2, 3, 4)),
        Message(kind="0B", asked="0B03", body="voltage*1000:2"),
        Message(kind="0C", asked="0C03", body="temp1*10+2731:2"),
        Message(kind="10", asked="1005", body="current*1000:4"),
        Message(kind="11", asked="1105", body="00004E20"),
        Message(kind="12", asked="1205", body="remaining*1000:4"),
        Message(kind="13", asked="1302", body="soc:1"),
        Message(kind="14", asked="1403", body="0025"),
        Message(kind="15", asked="1503", body="0180"),
    ),
    pack=Pack(capacity=20, sensors=1, minutes=14, every=6, volts=0.001, amps=0.001, degrees=0.1),
)

DALY = Family(
    name="daly_a5",
    source="dreadnought/python-daly-bms",
    frame="( A501 kind 08 body ) !sum8",
    request="( A580 asked 08 00*8 ) !sum8",
    messages=(
        Message(kind="90", asked="90", body="voltage*10:2 0000 current*10+30000:2 soc*10:2"),
        Message(kind="91", asked="91", body="highest*1000:2 highest_at+1:1 lowest*1000:2 lowest_at+1:1 0000"),
        Message(kind="93", asked="93", body="zero|00/01/02:1 0101C5 remaining*1000:4"),
        Message(kind="94", asked="94", body="0802000000001125"),
        Message(kind="95", asked="95", body="01 cell1*1000:2 cell2*1000:2 cell3*1000:2 6D"),
        Message(kind="95", body="02 cell4*1000:2 cell5*1000:2 cell6*1000:2 6D"),
        Message(kind="95", body="03 cell7*1000:2 cell8*1000:2 0000 6D"),
        Message(kind="96", asked="96", body="01 temps+40:1 00*5"),
    ),
    pack=Pack(cells=8, capacity=150, minutes=14, every=5, volts=0.1, percent=0.1),
    digits=(1, 1),
    device="DL-41181201189F",
)

JK_SERIAL = Family(
    name="jk_serial",
    source="syssi/esphome-jk-bms, docs/pdus (UART-TTL)",
    frame="( 4E57 size+18:2 00000000060001 body 00000000680000 ) !sum16",
    messages=(
        Message(
            asked="4E5700130000000006030000000000006800000129",
            body="79 27 #cells*1000:2 80 temp1:2 81 temp2:2 82 temp3:2 83 voltage*100:2 84"
            " magnitude*100|0000/8000/0000:2 85 soc:1 860287 0025 89 00000456 8A000D 8B0000 8C0004 8E1554 8F0EBA 901068"
            " 911004 920005 930B54 940C80 950005 96012C 970096 98012C 990019 9A001E 9B0CE4 9C000A 9D01 9E005A 9F0046"
            " A00064 A10064 A20014 A30046 A40046 A5FFEC A6FFF6 A7FFEC A8FFF6 A90D AA0000001E AB00 AC00 AD042E AE01 AF01"
            " B0000A B114 B2 '123456' 00*4 B300 B4 'Input_Us' B5 '2204' B6 seconds*.016+4711:4 B7 '10.XW_S10.07___'"
            " B800 B900000000 BA 'Input_UserdaJK-B2A24S15P' C001",
        ),
    ),
    pack=Pack(cells=13, capacity=30, sensors=3, chemistry="nmc", minutes=14, every=5, amps=0.01),
    chunk=128,
    device="JK_B2A24S15P",
)

TINY = Family(
    name="tinybms",
    source="Enepaq, TinyBMS communication protocols, revision D",
    frame="( AA kind body ) !crc16-modbus<",
    request="( AA asked ) !crc16-modbus<",
    messages=(
        Message(kind="14", asked="14", body="voltage:4<f"),
        Message(kind="15", asked="15", body="current:4<f"),
        Message(kind="1A", asked="1A", body="soc*1000000:4<"),
        Message(kind="1B06", asked="1B", body="temps*10:2<"),
        Message(kind="1C1A", asked="1C", body="cells*10000:2<"),
    ),
    pack=Pack(
        cells=13,
        capacity=60,
        sensors=3,
        chemistry="nmc",
        volts=0.001,
        amps=0.001,
        percent=0.001,
        cell_volts=0.0001,
        degrees=0.1,
    ),
    format="recording",
    sensors=2,
)

VESC = Family(
    name="vesc",
    source="vedderb/vesc_bms_fw, commands.c",
    frame="02 size:1 ( body ) !crc16-xmodem 03",
    request="02 01 ( asked ) !crc16-xmodem 03",
    messages=(
        Message(
            asked="60",
            body="60 voltage*1000000:4 voltage*998000:4 current*-1000000:4 current*-1000000:4 000B4AA0"
            " seconds*2.5+740000:4 0C cells*1000:2 00*12 05 temps*100:2 0AFA 0C30 hottest*100:2 soc*10:2 03DE 00",
        ),
    ),
    pack=Pack(
        cells=12,
        capacity=20,
        sensors=5,
        chemistry="nmc",
        minutes=14,
        every=3,
        volts=0.001,
        amps=0.001,
        percent=0.1,
        degrees=0.01,
    ),
    chunk=128,
    discovers=True,
    device="VESC BMS",
    sensors=2,
)

M365 = Family(
    name="m365",
    source="CamiAlfa/M365-BLE-PROTOCOL",
    frame="55AA ( size+2:1 25 01 kind body ) !not-sum16<",
    request="55AA ( 03 22 01 asked ) !not-sum16<",
    once=(Message(kind="10", asked="100E", body="'18650/00123456'"),),
    messages=(
        Message(
            kind="31",
            asked="310A",
            body="remaining*1000:2< soc:2< current*-100:2< voltage*100:2< temps+20:1",
        ),
        Message(kind="40", asked="401E", body="cells*1000:2< 00*10"),
    ),
    pack=Pack(cells=10, capacity=7.8, chemistry="nmc", minutes=16, amps=0.01),
    digits=(2, 2),
    device="MIScooter1234",
)

NINEBOT = Family(
    name="ninebot",
    source="etransport/ninebot-docs, wiki",
    frame="5AA5 ( size:1 22 3E 04 kind body ) !not-sum16<",
    request="5AA5 ( 01 3E 22 01 asked ) !not-sum16<",
    messages=(
        Message(
            kind="30",
            asked="3014",
            body="0301 remaining*1000:2< soc:2< current*-100:2< voltage*100:2< temps+20:1 0000 6300 0000",
        ),
        Message(kind="40", asked="4014", body="cells*1000:2<"),
    ),
    pack=Pack(cells=10, capacity=5.2, chemistry="nmc", minutes=15, every=3, amps=0.01),
    format="pcapng",
    discovers=True,
    device="NB-ES2",
)

B2500 = Family(
    name="b2500",
    source="tomquist/esphome-b2500",
    frame="( 73 size+5:1 23 kind body ) !xor8",
    request="( 73 06 23 asked 01 ) !xor8",
    messages=(
        Message(
            kind="03",
            asked="03",
            body="zero|00/01/00:1 00 in*.5:2< in*.5:2< 640100 zero|00/00/01:1 00 soc:1 full*10:2< 2C01 0000 out*.5:2<"
            " out*.5:2< energy:2< soc:1 00 0017003B0100 00*4",
        ),
        Message(kind="0F", asked="0F", body="soc:2< temps:2< cells*1000:2<"),
    ),
    pack=Pack(cells=14, capacity=44, apart=None, volts=0.001),
    chunk=128,
    format="recording",
    told=("voltage", "soc", "cells", "temperatures"),
    device="HM_B2500_1a2b",
)

MARKED = (KS48, BASEN, LOLAN, XDZN, REVOV, SINOWEALTH, DALY, JK_SERIAL, TINY, VESC, M365, NINEBOT, B2500)
