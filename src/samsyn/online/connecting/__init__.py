"""A person approves on these pages that an office connects to a company."""
