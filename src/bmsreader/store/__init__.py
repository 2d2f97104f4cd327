"""The embedded history: journal, segments, summaries, queries, retention. It knows readings, not protocols or links."""
