"""What the owner set: one commented TOML file, environment and credentials, checked before anything starts."""

from bmsreader.configuration.loading import load
from bmsreader.configuration.settings import Configuration
from bmsreader.configuration.slugs import slug_of, unique_slug

__all__ = ["Configuration", "load", "slug_of", "unique_slug"]
