"""What must hold, part by part, and what the tests share."""
