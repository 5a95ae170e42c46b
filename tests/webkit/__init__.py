"""Tests of what the pages of both programs share."""
