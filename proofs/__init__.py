"""Proofs that take long: random SQL against capture, and real processes that are killed."""
