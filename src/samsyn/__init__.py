"""Samsyn keeps a company's own database and an online service the same."""

__version__ = "0.1.0"
