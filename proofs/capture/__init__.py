"""Capture fuzz: random schemas and random SQL, against a full read of the tables."""
