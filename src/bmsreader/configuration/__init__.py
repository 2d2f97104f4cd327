"""What the owner set: one commented TOML file, environment and credentials, checked before anything starts."""
