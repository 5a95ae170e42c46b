"""How dates, times and numbers are written, language by language."""
