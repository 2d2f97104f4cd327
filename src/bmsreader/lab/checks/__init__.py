"""Which check value its frames carry."""
