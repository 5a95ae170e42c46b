"""Reads the little of a CREATE TABLE text that no PRAGMA tells: its CHECK expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(tuple[str, str, int, int]):
    """(kind, text, start, end) of one piece of SQL; white space and comments left out."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return self[0]

    @property
    def text(self) -> str:
        return self[1]


def tokens(sql: str) -> list[Token]:
    """The pieces of a text, in order."""
    return [
        Token((match.lastgroup or "", match.group(), match.start(), match.end()))
        for match in TOKEN.finditer(sql)
        if match.lastgroup != "space"
    ]


def check_expressions(sql: str) -> Iterator[str]:
    """The text within the brackets of every CHECK of a CREATE TABLE."""
    pieces = tokens(sql)
    for place, token in enumerate(pieces[:-1]):
        if token.kind == "word" and token.text.upper() == "CHECK" and pieces[place + 1].text == "(":
            end = _closing(pieces, place + 1)
            if end is not None:
                yield sql[pieces[place + 1][3] : pieces[end][2]].strip()


def plain_name(token: Token) -> str | None:
    """The identifier that a token is, quotes taken off; None for anything else."""
    match token.kind:
        case "word":
            return token.text
        case "name":
            quote = token.text[0]
            inner = token.text[1:-1]
            return inner if quote == "[" else inner.replace(quote * 2, quote)
        case _:
            return None


def _closing(pieces: list[Token], opening: int) -> int | None:
    depth = 0
    for place in range(opening, len(pieces)):
        if pieces[place].text == "(":
            depth += 1
        elif pieces[place].text == ")":
            depth -= 1
            if depth == 0:
                return place
    return None
