"""A company's registers online, for the pages that both programs share."""
