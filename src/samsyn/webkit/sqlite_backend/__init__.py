"""Django's SQLite backend on pysqlite3, whose SQLite is newer than the one Python brings."""
