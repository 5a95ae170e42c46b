"""The office program's pages, met as browsers and people meet them."""
