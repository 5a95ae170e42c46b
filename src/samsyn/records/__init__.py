"""The online record store: records, change log, push and pull."""
