"""Help: topics in each language, which every page leads to and which can be searched."""
