"""The history of the companies' tables."""
