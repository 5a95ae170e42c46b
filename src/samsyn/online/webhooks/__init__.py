"""Webhooks: a company's changes told to other programs, in order, at least once."""
