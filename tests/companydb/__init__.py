"""A company database: its schema, capture, attach and detach."""
