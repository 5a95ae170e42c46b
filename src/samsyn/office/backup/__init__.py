"""Backups of company databases: one file each, with a password where one is wanted, and back again."""
