"""The air between simulated batteries and a central on the same machine: no radio, but a controller for each."""

import asyncio
from typing import Any

from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.device import Device, DeviceConfiguration
from bumble.hci import (
    Address,
    HCI_ErrorCode,
    HCI_LE_Connection_Complete_Event,
    HCI_LE_Create_Connection_Cancel_Command,
    HCI_StatusReturnParameters,
    LeFeatureMask,
    Role,
)
from bumble.host import Host
from bumble.link import LocalLink
from bumble.ll import ControlPdu
from bumble.transport.common import Transport

ADAPTER_ADDRESS = "02:00:00:00:00:FE"
"""Public address of the adapter that the machine's own Bluetooth stack receives."""


class Air(LocalLink):
    """A bus of virtual controllers; whatever one sends, the one that it is connected to receives."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def send_acl_data(
        self, sender_controller: Controller, destination_address: Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        """Deliver data under the address that the connection was made with.

        The inherited method always says the sender's random address, under which the receiver knows no connection when
        the battery advertised with its public one.
        """
        receiver = self.find_le_controller(destination_address)
        connection = sender_controller.le_connections.get(destination_address)
        if receiver is not None and connection is not None:
            asyncio.get_running_loop().call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)

    def send_ll_control_pdu(self, sender_address: Address, receiver_address: Address, packet: ControlPdu) -> None:
        """Deliver a control packet; one that comes after the other side hung up is lost, as over a real radio."""
        receiver = self.find_le_controller(receiver_address)
        if receiver is not None and sender_address in receiver.le_connections:
            asyncio.get_running_loop().call_soon(_deliver, receiver, sender_address, packet)


def _deliver(receiver: Controller, sender: Address, packet: ControlPdu) -> None:
    if sender in receiver.le_connections:
        receiver.on_ll_control_pdu(sender, packet)


class VirtualController(Controller):
    """A controller on the air, as simple as a Bluetooth 4.2 dongle, that the Linux kernel gets along with.

    The inherited one claims newer features but reports connections in the old way; the kernel then waits 4 s for a
    report in the new way, and a disconnect in this time cancels the connection attempt instead. Nor could an attempt be
    cancelled: after one to reach a sleeping battery, every later one would be refused.
    """

    le_features = (
        LeFeatureMask.LE_ENCRYPTION
        | LeFeatureMask.CONNECTION_PARAMETERS_REQUEST_PROCEDURE
        | LeFeatureMask.EXTENDED_REJECT_INDICATION
        | LeFeatureMask.PERIPHERAL_INITIATED_FEATURE_EXCHANGE
        | LeFeatureMask.LE_PING
        | LeFeatureMask.LE_DATA_PACKET_LENGTH_EXTENSION
    )

    def on_hci_le_create_connection_cancel_command(
        self, _command: HCI_LE_Create_Connection_Cancel_Command
    ) -> HCI_StatusReturnParameters:
        """Give up the pending connection, and say so to the host as Bluetooth 5.0 Vol 2 Part E 7.8.13 asks."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return HCI_StatusReturnParameters(HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        cancelled = HCI_LE_Connection_Complete_Event(
            status=HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, cancelled)  # after the command's own answer
        return HCI_StatusReturnParameters(HCI_ErrorCode.SUCCESS)


def adapter_for_the_machine(air: Air, transport: Transport) -> Controller:
    """Give the machine's Bluetooth stack, at the other end of the transport, an adapter on this air."""
    source: Any = transport.source
    return VirtualController(
        "adapter", host_source=source, host_sink=transport.sink, link=air, public_address=ADAPTER_ADDRESS
    )


def device_on_air(air: Air, *, address: str, configuration: DeviceConfiguration) -> Device:
    """Return a device with a controller of its own on this air."""
    host = Host()
    controller = VirtualController(configuration.name, link=air, public_address=address)
    host.controller = controller
    return Device(config=configuration, host=host)
