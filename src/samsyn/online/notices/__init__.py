"""Being told: what the office overrode, refused or brought back, for the person whose work it was."""
