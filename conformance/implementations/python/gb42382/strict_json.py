"""JSON after RFC 8259, nothing more: UTF-8, no name twice, no lone surrogates, bounded depth."""

from __future__ import annotations

import json
import re

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_LONE = re.compile("[\ud800-\udfff]")


class JSONBroken(ValueError):
    """The text is no JSON; `offset` counts bytes where it is known."""

    def __init__(self, note: str, offset: int | None = None) -> None:
        super().__init__(note)
        self.offset = offset


class TooDeep(Exception):
    """Objects and arrays lie deeper in each other than the reader follows."""


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Pairs(list[tuple[str, object]]):
    """An object as pairs in the order of the text, names twice included."""

    def first(self) -> dict[str, object]:
        """As a mapping that keeps the first of two."""
        members: dict[str, object] = {}
        for name, value in self:
            members.setdefault(name, value)
        return members

    @property
    def repeated(self) -> str | None:
        """A name that stands twice."""
        seen: set[str] = set()
        for name, _ in self:
            if name in seen:
                return name
            seen.add(name)
        return None


def depth_of(text: str) -> int:
    """The greatest depth of objects and arrays, brackets in texts left aside."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def cut_at_depth(text: str, maximum_depth: int) -> str:
    """The text up to the first object or array that lies deeper, null in its place, and everything closed behind it."""
    closers: list[str] = []
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        if token.group() in "[{":
            if len(closers) == maximum_depth:
                return text[:token.start()] + "null" + "".join(reversed(closers))
            closers.append("]" if token.group() == "[" else "}")
        elif token.group() in "]}" and closers:
            closers.pop()
    return text


def parse(data: bytes, maximum_depth: int, *, constants: bool = False) -> object:
    """The value of a JSON text: objects as Pairs, numbers as Number. `constants` lets NaN and Infinity pass, as numbers."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise JSONBroken("a byte order mark", 0)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JSONBroken("not UTF-8", error.start) from None
    if depth_of(text) > maximum_depth:
        raise TooDeep
    def refuse(name: str) -> object:
        raise JSONBroken(f"{name} is no number of JSON")
    decoder = json.JSONDecoder(object_pairs_hook=Pairs, parse_int=Number, parse_float=Number,
                               parse_constant=Number if constants else refuse)
    try:
        begin = len(text) - len(text.lstrip(" \t\r\n"))
        value, end = decoder.raw_decode(text, begin)
    except json.JSONDecodeError as error:
        raise JSONBroken(error.msg, len(text[:error.pos].encode())) from None
    except RecursionError:
        raise TooDeep from None
    rest = text[end:].lstrip(" \t\r\n")
    if rest:
        raise JSONBroken("something stands behind the value", len(data) - len(rest.encode()))
    _check_surrogates(value)
    return value


def _check_surrogates(value: object) -> None:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Pairs):
            for name, member in item:
                stack.append(member)
                if _LONE.search(name):
                    raise JSONBroken("a lone surrogate")
        elif isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, str) and _LONE.search(item):
            raise JSONBroken("a lone surrogate")


def repeated_name(value: object) -> str | None:
    """A name that stands twice in an object at any depth."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Pairs):
            if item.repeated is not None:
                return item.repeated
            stack.extend(member for _, member in item)
        elif isinstance(item, list):
            stack.extend(item)
    return None


def plain(value: object) -> object:
    """The value in types of Python: objects as dictionaries (the first of two names), numbers as int or float."""
    if isinstance(value, Pairs):
        return {name: plain(member) for name, member in value.first().items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Number):
        digits = value.lstrip("-")
        return int(value) if digits.isdigit() and len(digits) < 4000 else float(value)
    return value
