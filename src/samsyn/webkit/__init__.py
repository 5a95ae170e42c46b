"""What the pages of both programs share: layout, forms, tables, languages and static files."""
