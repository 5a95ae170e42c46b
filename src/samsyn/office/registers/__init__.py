"""A company database as the register pages ask for it."""
