"""A company database: its schema, capture, journal, identity and rows."""
