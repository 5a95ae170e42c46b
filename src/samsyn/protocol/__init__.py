"""What office and online say to each other: messages, limits, versions."""

VERSION = 1
PATH = "/api/sync/v1"
