"""The history of the tables of what people keep."""
