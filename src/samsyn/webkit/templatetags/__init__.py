"""The template tags of the layout and its parts."""
