"""Company databases of this installation: made, opened or attached, and their details."""
