"""The history of the operator's tables."""
