"""The office program: users, company databases, registers and settings, in the browser of the company's network."""
