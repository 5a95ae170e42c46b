"""Tests of the service as other programs, agents and operators meet it."""
