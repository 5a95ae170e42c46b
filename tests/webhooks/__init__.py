"""Webhooks: what is told, to whom, in which order, and to whom never."""
