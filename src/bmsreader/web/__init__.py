"""The dashboard and its HTTP API, over the gateway and its history."""
