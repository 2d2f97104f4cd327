"""Pipes to one battery each; the only place, beside the simulator, that knows Bluetooth."""

from bmsreader.links.link import Characteristic, GattTable, Link, Receive, Service, first_offered

__all__ = ["Characteristic", "GattTable", "Link", "Receive", "Service", "first_offered"]
