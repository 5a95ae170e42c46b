"""The table of attempts."""
