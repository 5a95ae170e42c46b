"""Mutants: small faults put into the rules one by one, of which a test must notice each."""
