"""The demo company: a believable Nordic trading firm, and its office at work."""
