"""The topics of a program's help: Markdown files in folders that have one for each language.

`10-getting-started.md` is the topic `getting-started`; its first line is the title. Topics refer to each
other by `[words](other-topic)`.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt

NAME = re.compile(r"(\d+)-([a-z0-9-]+)\.md")
AROUND = 90
"""Letters shown before and after what a search has found."""


class Topic(msgspec.Struct, frozen=True):
    """A page of help; `html` is ours and safe, `text` is what is searched."""

    slug: str
    title: str
    html: str
    text: str


class Hit(msgspec.Struct, frozen=True):
    """A topic in which all words were found, and some of what stands around the first."""

    topic: Topic
    excerpt: str


@functools.cache
def topics(folders: tuple[Path, ...], language: str) -> tuple[Topic, ...]:
    """All topics in a language, in the order of their numbers."""
    files = [path for folder in folders for path in (folder / language).glob("*.md")]
    return tuple(_read(path) for path in sorted(files, key=lambda path: path.name))


def find(folders: tuple[Path, ...], language: str, asked: str) -> list[Hit]:
    """Topics with all the words, those with the words in their title first; nothing for no words."""
    words = asked.casefold().split()
    if not words:
        return []
    hits = [
        Hit(topic, _excerpt(topic.text, words[0]))
        for topic in topics(folders, language)
        if all(word in f"{topic.title} {topic.text}".casefold() for word in words)
    ]
    return sorted(hits, key=lambda hit: not all(w in hit.topic.title.casefold() for w in words))


def _read(path: Path) -> Topic:
    named = NAME.fullmatch(path.name)
    assert named, path
    first, _, rest = path.read_text("utf-8").partition("\n")
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(rest)
    return Topic(named[2], first.removeprefix("# ").strip(), html, _plain(rest))


def _plain(markdown: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    lines = (re.sub(r"^\s*(#+|-|\d+\.|>)\s+", "", line) for line in text.splitlines())
    return re.sub(r"\s+", " ", re.sub(r"[*`|]|-{3,}", "", " ".join(lines))).strip()


def _excerpt(text: str, word: str) -> str:
    """Whole words around the first place where the word stands."""
    at = max(0, text.casefold().find(word))
    start = text.rfind(" ", 0, max(0, at - AROUND)) + 1 if at > AROUND else 0
    end = text.find(" ", at + AROUND)
    return ("… " if start else "") + (text[start:] if end < 0 else f"{text[start:end]} …")
