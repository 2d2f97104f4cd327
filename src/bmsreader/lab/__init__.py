"""The lab: from a capture of an unknown battery to a description that the reader runs. It never writes."""
