"""Many batteries, for months: schedule, back-off, states, fan-out and delivery over sessions, store and publishers."""
