"""Companies, the people in them and the tokens of their programs."""
