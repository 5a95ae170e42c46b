"""What the operator of the service does: companies' standing, their end, the chores of each day, the log of it all."""
