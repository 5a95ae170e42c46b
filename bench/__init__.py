"""Measures Samsyn against a plain copy of the same rows, in the same run."""
