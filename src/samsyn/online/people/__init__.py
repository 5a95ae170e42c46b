"""Samsyn IDs: signing in and up, passwords, second factors, sessions."""
