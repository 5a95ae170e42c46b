"""What office and online say to each other: messages, limits, versions."""
