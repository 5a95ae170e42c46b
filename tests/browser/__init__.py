"""Pages of both programs as a person meets them, in a real Chromium."""
