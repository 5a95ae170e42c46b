"""Kill proof: real processes that are killed, cut off and run out of disk, while people write."""
