"""The desktop of the office program: the panels that its users may have."""
