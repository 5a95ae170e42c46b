"""Connecting a company database to a company online, renewing and ending the connection."""
