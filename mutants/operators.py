"""The faults: every small change of a module's source, as text to put in place of other text."""

from __future__ import annotations

import ast
import copy
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

Node = TypeVar("Node", bound=ast.AST)


class Mutant(msgspec.Struct, frozen=True):
    """One fault: `text` stands at `start`..`end` (characters) of the source.

    `function` is the outermost function it lies in, empty for what is
    evaluated at import. `first` and `last` are the lines that a test must
    have run to notice it. `name` tells it apart in its module.
    """

    name: str
    function: str
    first: int
    last: int
    start: int
    end: int
    text: str

    def applied(self, source: str) -> str:
        """The source with the fault in it."""
        return source[: self.start] + self.text + source[self.end :]


def mutants(source: str) -> list[Mutant]:
    """Every fault of a module, in the order of the source."""
    found: dict[tuple[int, int, str], Mutant] = {}
    names = Counter[str]()
    text = _Text(source)
    for place in _places(ast.parse(source), _Place("", 0)):
        for node, fault in _faults(place.node):
            start, end = text.span(node)
            now = fault if isinstance(fault, str) else _written(fault)
            what = _difference(ast.unparse(node), _short(now))
            name = f"{place.function or 'module'}: {text.line(node)} | {what}"
            key = (start, end, now)
            if key in found or source[start:end] == now:
                continue
            names[name] += 1
            number = f" #{names[name]}" if names[name] > 1 else ""
            last = node.end_lineno or node.lineno
            found[key] = Mutant(name + number, place.function, place.line, last, start, end, now)
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.text))


# --- where -----------------------------------------------------------------------------


class _Place(msgspec.Struct, frozen=True):
    """A node to change, in which function, and the line where its statement begins."""

    function: str
    line: int
    node: ast.AST = ast.Pass()
    inside: bool = False
    """Within the body of a function."""


def _places(node: ast.AST, at: _Place) -> Iterator[_Place]:
    """Every node that may be changed, parents first: no annotations, docstrings, decorators."""
    if isinstance(node, ast.stmt):
        at = msgspec.structs.replace(at, line=node.lineno)
    yield msgspec.structs.replace(at, node=node, function=at.function if at.inside else "")
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _of_all([*node.args.defaults, *node.args.kw_defaults], at)
            if not at.inside:
                at = msgspec.structs.replace(at, function=_joined(at, node.name), inside=True)
            yield from _of_all(_without_docstring(node.body), at)
        case ast.ClassDef():
            if not any("Enum" in ast.unparse(base) for base in node.bases):
                inner = msgspec.structs.replace(at, function=_joined(at, node.name))
                yield from _of_all(_without_docstring(node.body), at if at.inside else inner)
        case ast.AnnAssign():
            if ast.unparse(node.annotation) != "TypeAlias":
                yield from _of_all([node.value], at)
        case ast.Assert() | ast.JoinedStr() | ast.Import() | ast.ImportFrom():
            return
        case ast.Expr(value=ast.Constant()):
            return
        case _:
            yield from _of_all(ast.iter_child_nodes(node), at)


def _of_all(nodes: Iterable[ast.AST | None], at: _Place) -> Iterator[_Place]:
    for node in nodes:
        if node is not None:
            yield from _places(node, at)


def _joined(at: _Place, name: str) -> str:
    return f"{at.function}.{name}" if at.function else name


def _without_docstring(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    return [one for one in body if not isinstance(one, ast.Expr) or not _is_text(one.value)]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


# --- what ------------------------------------------------------------------------------

Fault = tuple["ast.expr | ast.stmt", "ast.AST | str"]
"""A node, and what stands in its place."""

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OTHER_FUNCTION = {"min": "max", "max": "min", "any": "all", "all": "any"}
SYMMETRIC = {*OTHER_FUNCTION, "same"}
TRANSPARENT = {"sorted", "reversed"}
"""Called with one argument, they can be left out."""
AROUND = 12
"""So many letters of what stays the same are told on each side."""
SQL = re.compile(r"\b(SELECT|UPDATE|DELETE|INSERT|WHERE|FROM|AND|VALUES|SET)\b")
SQL_SWAPS = [
    (" <= ", " < "), (" < ", " <= "), (" >= ", " > "), (" > ", " >= "), (" = ", " <> "),
    (" <> ", " = "), (" AND ", " OR "), (" OR ", " AND "), ("IS NOT NULL", "IS NULL"),
    ("IS NULL", "IS NOT NULL"), ("MIN(", "MAX("), ("MAX(", "MIN("), (" DESC", ""),
    ("NOT EXISTS", "EXISTS"), ("LEFT JOIN", "JOIN"), ("NOT IN", "IN"), ("UNION ALL", "UNION"),
]  # fmt: skip


def _faults(node: ast.AST) -> Iterator[Fault]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            yield node, _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for number in range(len(node.values)):
                left = [*node.values[:number], *node.values[number + 1 :]]
                yield node, left[0] if len(left) == 1 else _with(node, values=left)
        case ast.UnaryOp(op=ast.Not()):
            yield node, node.operand
        case ast.BinOp():
            yield from _arithmetic(node)
        case ast.If() | ast.IfExp():
            yield from ((node.test, word) for word in ("True", "False"))
        case ast.While():
            yield node.test, "False"
        case ast.comprehension():
            yield from ((test, word) for test in node.ifs for word in ("True", "False"))
        case ast.For():
            yield node.iter, "()"
        case ast.Call():
            yield from _calls(node)
        case ast.Constant() | ast.JoinedStr():
            yield from _constants(node)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            yield from ((node, _with(node, elts=left)) for left in _without_one(node.elts))
        case ast.Dict():
            for number in range(len(node.keys)):
                keys = [*node.keys[:number], *node.keys[number + 1 :]]
                values = [*node.values[:number], *node.values[number + 1 :]]
                yield node, _with(node, keys=keys, values=values)
        case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper)):
            yield from ((node, _with(node, slice=s)) for s in _wider(lower, upper))
        case ast.stmt():
            yield from _statements(node)


def _comparisons(node: ast.Compare) -> Iterator[Fault]:
    for number, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            yield node, _with(node, ops=[*node.ops[:number], other(), *node.ops[number + 1 :]])


def _arithmetic(node: ast.BinOp) -> Iterator[Fault]:
    other = ARITHMETIC.get(type(node.op))
    if other is not None:
        yield node, _with(node, op=other())
    yield node, node.left
    if isinstance(node.op, ast.Add | ast.BitOr | ast.BitAnd):
        yield node, node.right


def _calls(node: ast.Call) -> Iterator[Fault]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in OTHER_FUNCTION:
        yield node.func, OTHER_FUNCTION[name]
    if name in TRANSPARENT and len(node.args) == 1:
        yield node, node.args[0]
    swapped = 0 if name in SYMMETRIC else len(node.args) - 1
    for number in range(swapped):
        one, other = node.args[number : number + 2]
        if ast.unparse(one) != ast.unparse(other) and not isinstance(one, ast.Starred):
            args = [*node.args[:number], other, one, *node.args[number + 2 :]]
            yield node, _with(node, args=args)
    for keyword in node.keywords:
        left = [one for one in node.keywords if one is not keyword]
        yield node, _with(node, keywords=left)


def _constants(node: ast.Constant | ast.JoinedStr) -> Iterator[Fault]:
    match node:
        case ast.Constant(value=bool() as truth):
            yield node, str(not truth)
        case ast.Constant(value=int() as number):
            yield node, str(number + 1)
            yield node, str(number - 1)
        case ast.Constant(value=float() as size):
            yield node, str(size * 2)
        case ast.Constant(value=str() as text) if re.fullmatch(r"\w+", text):
            yield node, repr("mutant")
        case _:
            yield from ((node, sql) for sql in _statements_of_sql(ast.unparse(node)))


def _statements_of_sql(text: str) -> Iterator[str]:
    if not SQL.search(text):
        return
    for was, now in SQL_SWAPS:
        for found in re.finditer(re.escape(was), text):
            yield text[: found.start()] + now + text[found.end() :]


def _statements(node: ast.stmt) -> Iterator[Fault]:
    match node:
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Delete() | ast.Raise():
            yield node, "pass"
        case ast.Continue() | ast.Break() | ast.Return(value=None):
            yield node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield node, "pass"
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield node, "return None"


def _without_one(elements: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    for number in range(len(elements)):
        yield [*elements[:number], *elements[number + 1 :]]


def _wider(lower: ast.expr | None, upper: ast.expr | None) -> Iterator[ast.Slice]:
    if lower is not None:
        yield ast.Slice(None, upper)
    if upper is not None:
        yield ast.Slice(lower, None)


def _with(node: Node, **changed: object) -> Node:
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return other


# --- text ------------------------------------------------------------------------------


class _Text:
    """A source, and where its lines begin; `ast` counts columns in bytes."""

    def __init__(self, source: str) -> None:
        self._lines = source.splitlines(keepends=True)
        self._begins = [0]
        for line in self._lines:
            self._begins.append(self._begins[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None, "parsed from text"
        assert node.end_col_offset is not None, "the same"
        start = self._place(node.lineno, node.col_offset)
        return start, self._place(node.end_lineno, node.end_col_offset)

    def line(self, node: ast.expr | ast.stmt) -> str:
        """The line in which a node begins."""
        return self._lines[node.lineno - 1].strip()

    def _place(self, line: int, column: int) -> int:
        before = self._lines[line - 1].encode()[:column].decode()
        return self._begins[line - 1] + len(before)


def _written(node: ast.AST) -> str:
    text = ast.unparse(node)
    plain = ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.List | ast.Dict | ast.Set
    return f"({text})" if isinstance(node, ast.expr) and not isinstance(node, plain) else text


def _short(text: str) -> str:
    return " ".join(text.split())


def _difference(was: str, now: str) -> str:
    """Both, without all that is the same at their beginnings and ends."""
    was = _short(was)
    if now.startswith("(") and now.endswith(")") and not was.startswith("("):
        now = now[1:-1]
    least = min(len(was), len(now))
    left = _alike(was, now)
    right = min(_alike(was[::-1], now[::-1]), least - left)
    left, right = max(0, left - AROUND), max(0, right - AROUND)
    return " → ".join(
        ("…" if left else "") + one[left : len(one) - right] + ("…" if right else "")
        for one in (was, now)
    )


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(
        1 for _ in itertools.takewhile(lambda two: two[0] == two[1], zip(one, other, strict=False))
    )
