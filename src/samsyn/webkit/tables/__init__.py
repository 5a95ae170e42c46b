"""Tables as files: read from CSV and Excel within limits, and written to Excel while they are made."""
