"""The guide for those who write programs against the REST API; its examples are run by the tests."""
