"""Tests of samsyn.lanes."""
