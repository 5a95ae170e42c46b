"""The tables of outgoing e-mail."""
