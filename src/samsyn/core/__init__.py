"""Values, catalog, changes and merge rules: values in, values out, no I/O."""
