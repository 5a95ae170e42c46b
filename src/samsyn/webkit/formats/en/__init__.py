"""English as it is written in business in the Nordic countries."""
