"""A fault put into a module: into functions that are there already, or before the first import."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterator, Sequence
from pathlib import Path


def swap(module: types.ModuleType, path: Path, text: str, function: str) -> None:
    """Give the functions of this qualified name the code that they have in the text.

    Whoever has imported them has them: only their code changes. KeyError where there are none.
    """
    codes = [
        code for code in _codes(compile(text, str(path), "exec")) if code.co_qualname == function
    ]
    functions = list(_functions(module, function))
    if not functions or len(codes) != len(functions):
        raise KeyError(function)
    for found, code in zip(functions, codes, strict=True):
        found.__code__ = code


def replace_import(name: str, path: Path, text: str) -> None:
    """From now on, importing the module takes the text in place of its file."""
    assert name not in sys.modules, f"{name} has been imported"
    sys.meta_path.insert(0, _Finder(name, path, text))


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _codes(constant)


def _functions(module: types.ModuleType, name: str) -> Iterator[types.FunctionType]:
    held: object = module
    for part in name.split("."):
        held = vars(held)[part]
    if isinstance(held, property):
        held = held.fget
    if isinstance(held, staticmethod | classmethod):
        held = held.__func__
    while hasattr(held, "__wrapped__"):
        held = held.__wrapped__
    if isinstance(held, types.FunctionType):
        yield held


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name: str, path: Path, text: str) -> None:
        self._name, self._path, self._text = name, path, text

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _Loader(fullname, str(self._path), self._text)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> types.CodeType:
        return compile(self._text, self.path, "exec")
