"""Deterministic simulation: service and offices in one process, on the real code, from one seed."""
