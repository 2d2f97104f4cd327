"""What was found out, as a description, a page, a table for others, or a report that can be shown."""
