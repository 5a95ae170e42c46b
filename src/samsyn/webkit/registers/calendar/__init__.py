"""A calendar of any register whose records have a day, or a beginning and an end."""
