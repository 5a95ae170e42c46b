"""E-mail: what the service writes to people, kept until it has been handed over."""
