"""What the office overrode, refused or brought back, told to the people online."""
