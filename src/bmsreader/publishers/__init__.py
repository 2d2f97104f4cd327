"""Where readings go: one file per destination. Publishers know readings and snapshots, never protocols or links."""
