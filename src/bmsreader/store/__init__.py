"""The embedded history: journal, segments, summaries, queries, retention. It knows readings, not protocols or links."""

from bmsreader.store.history import API_VERSION, Bucket, Gap, History, Series
from bmsreader.store.place import default_store
from bmsreader.store.reader import Reader
from bmsreader.store.store import Store

__all__ = ["API_VERSION", "Bucket", "Gap", "History", "Reader", "Series", "Store", "default_store"]
