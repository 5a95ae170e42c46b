"""Work for many companies in a few threads: each gets its turn, whatever the others ask for."""
