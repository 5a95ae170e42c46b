"""The service's pages, asked in this process: rights, sessions, tokens, letters."""
