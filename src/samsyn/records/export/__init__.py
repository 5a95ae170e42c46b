"""A company taken along whole: in open formats, or as a database of its own."""
