"""The tags of the guide."""
