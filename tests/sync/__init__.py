"""Both sides together: a real company database, a real record store, one process."""
