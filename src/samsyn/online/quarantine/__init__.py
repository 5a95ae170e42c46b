"""Pages: what one side does not take, why, and the fixes that apply."""
