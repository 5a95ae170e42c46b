"""How the sync goes: its state, conflicts, history, log, and what waits for a person."""
