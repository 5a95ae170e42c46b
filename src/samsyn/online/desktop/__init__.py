"""The start page of a company: its panels, filled from the record store."""
