"""Records with lines, as orders have: the lines are shown, summed and edited on their record's page."""
