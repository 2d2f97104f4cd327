"""The shipped battery descriptions, and the loader for those and the owner's own."""

from bmsreader.descriptions.catalogue import load, load_file, load_folder, shipped, shipped_ids

__all__ = ["load", "load_file", "load_folder", "shipped", "shipped_ids"]
