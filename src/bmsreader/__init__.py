"""Read LiFePO4 batteries over Bluetooth Low Energy, and trust what you read."""

__version__ = "0.1.0"
