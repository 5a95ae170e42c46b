"""Tests of the online record store, on both engines."""
