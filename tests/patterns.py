"""Every regular expression of the product, and texts on which a careless one would take long."""

import ast
import importlib
import re
import re._constants as op
import re._parser as parser
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sources.resources import hsds, meeting_guide

ROOT = Path(__file__).parents[1]
ALL = frozenset({"findall", "fullmatch", "match"})
"""How a pattern is tried that is handed around before it is used."""

_PACKAGES = ("geo", "sources", "people", "layers", "screens", "commands")
_OF_RE = ("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
_OF_PANDAS = ("contains", "extract", "extractall", "match", "fullmatch", "findall")
_LETTERS = " 1aA-.,/:@;(<_é\n\"'+&0xmp…–$#=>)[!%|"
_CLASSES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


@dataclass
class Found:
    """A pattern, where it stands, and the methods by which it is tried there."""

    where: str
    pattern: "re.Pattern[Any]"
    methods: set[str]


@cache
def patterns() -> tuple[Found, ...]:
    """Return every pattern of the product once, those that are made from tables of words included."""
    found: dict[tuple[Any, int], Found] = {}

    def note(where: str, pattern: "re.Pattern[Any]", methods: Collection[str]) -> None:
        found.setdefault((pattern.pattern, pattern.flags), Found(where, pattern, set())).methods.update(methods)

    for path, module in _modules():
        used = _methods(path)
        for name, value in vars(module).items():
            for pattern in _held(value):
                note(path, pattern, used.get(name, ALL))
        for _, method, pattern in _written(path, module):
            if pattern and (method != "compile" or (pattern.pattern, pattern.flags) not in found):
                note(path, pattern, ALL if method == "compile" else {method})
    for table in ([pattern for pattern, _ in hsds._phrases()], meeting_guide._fellowship_patterns()):
        for pattern in _held(table):
            note("data/mappings", pattern, ALL)
    return tuple(found.values())


def unread() -> set[str]:
    """Return the patterns that are put together from a function's own values, as their files have them."""
    return {
        f"{path}: {text}" for path, module in _modules() for text, _, pattern in _written(path, module) if not pattern
    }


def skipped() -> list[Path]:
    """Return the files that aren't looked at, for they run when they are imported."""
    return [
        ROOT / "screens" / "main.py",
        *(ROOT / "screens").glob("[!p]*/page.py"),
        *(ROOT / "screens").glob("participant/page.py"),
    ]


@cache
def _modules() -> tuple[tuple[str, ModuleType], ...]:
    paths = [path for package in _PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    paths = [path for path in [*paths, ROOT / "app.py", ROOT / "cli.py"] if path.name != "__main__.py"]
    names = [path.relative_to(ROOT) for path in paths if path not in skipped()]
    return tuple(
        (name.as_posix(), importlib.import_module(".".join(name.with_suffix("").parts).removesuffix(".__init__")))
        for name in names
    )


def _methods(path: str) -> dict[str, set[str]]:
    """Return the names in a file → the methods of a pattern that are taken of them."""
    used: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _OF_RE:
            used.setdefault(node.value.id, set()).add(node.attr)
    return used


def _held(value: Any) -> Iterator["re.Pattern[Any]"]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _held(one)


def _written(path: str, module: ModuleType) -> Iterator[tuple[str, str, "re.Pattern[Any] | None"]]:
    """Yield the pattern of each call that is given one: as written, the method, and compiled where that can be."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        owner, name = node.func.value, node.func.attr
        of_re = isinstance(owner, ast.Name) and owner.id == "re" and name in _OF_RE
        of_pandas = isinstance(owner, ast.Attribute) and owner.attr == "str" and name in _OF_PANDAS
        if not of_re and not (of_pandas and "regex=False" not in ast.unparse(node)):
            continue
        text, given = ast.unparse(node.args[0]), (ast.unparse(one) for one in node.args[1:])
        flags = [one for one in (*given, *(ast.unparse(word.value) for word in node.keywords)) if _is_flags(one)]
        try:
            value = eval(text, dict(vars(module)))  # noqa: S307  our own source
        except NameError:
            yield text, name, None
            continue
        compiled = value if isinstance(value, re.Pattern) else re.compile(value, sum(map(eval, flags)))
        yield text, name, compiled


def _is_flags(text: str) -> bool:
    return re.fullmatch(r"re\.[A-Z]+(?: \| re\.[A-Z]+)*", text) is not None


def attacks(pattern: "re.Pattern[Any]") -> list[tuple[str, str]]:
    """Return beginnings, and texts to repeat behind them, by which a pattern might be made to try again and again.

    Each part of it that may come many times is repeated: behind what comes before it, and alone.
    """
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(text, pattern.flags & ~re.UNICODE)
    found: set[tuple[str, str]] = set()
    _collect(tree, "", pattern.flags, found)
    for whole in (_sample(tree, pattern.flags), _sample(tree, pattern.flags, 1)):
        found |= {("", whole), ("", whole[:-1])}
    found |= {("", before + again) for before, again in found}
    return sorted(one for one in found if one[1])


def _collect(items: Iterable[Any], before: str, flags: int, found: set[tuple[str, str]]) -> None:
    for kind, value in items:
        if kind in _REPEATS:
            least, most, body = value
            if most is op.MAXREPEAT or most > 8:
                found |= {(start, again) for again in _bodies(body, flags) for start in (before, "")}
            _collect(body, before, flags, found)
            before += _sample(body, flags) * least
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            _collect(value[1], before, flags, found)
        else:
            for part in value[1] if kind is op.BRANCH else [_inside(kind, value)]:
                _collect(part, before, flags, found)
            before += _sample([(kind, value)], flags)


def _inside(kind: Any, value: Any) -> Any:
    return value[3] if kind is op.SUBPATTERN else value if kind is op.ATOMIC_GROUP else ()


def _bodies(items: Iterable[Any], flags: int) -> list[str]:
    """Return different texts that what is repeated may stand for."""
    items = list(items)
    if len(items) == 1:
        kind, value = items[0]
        if letters := _letters(kind, value, flags):
            return letters[:7]
        if kind is op.BRANCH:
            return [body for part in value[1] for body in _bodies(part, flags)][:12]
        if inside := _inside(kind, value):
            return _bodies(inside, flags)
    return [body for body in {_sample(items, flags), _sample(items, flags, 1)} if body]


def _sample(items: Iterable[Any], flags: int, least: int = 0) -> str:
    """Return a text that a part of a pattern matches, more or less; `least`: how often each repeated part comes."""
    text = ""
    for kind, value in items:
        if letters := _letters(kind, value, flags):
            text += letters[0]
        elif kind in _REPEATS:
            text += _sample(value[2], flags) * max(value[0], least)
        elif kind is op.BRANCH:
            text += _sample(value[1][0], flags, least)
        else:
            text += _sample(_inside(kind, value), flags, least)
    return text


def _letters(kind: Any, value: Any, flags: int) -> list[str]:
    """Return letters that one place of a pattern may be; none where it is more than one letter."""
    if kind is op.LITERAL:
        return [chr(value)]
    if kind is op.ANY:
        return list("a 1.<")
    if kind is op.NOT_LITERAL:
        return [letter for letter in _LETTERS if ord(letter) != value]
    if kind is not op.IN:
        return []
    own = [chr(one if name is op.LITERAL else one[0]) for name, one in value if name in (op.LITERAL, op.RANGE)]
    known = [letter for letter in _LETTERS if _is_in(letter, value, flags)]
    return [one for one in known if one != "\n" or " " not in known] or own[:1]


def _is_in(letter: str, parts: Any, flags: int) -> bool:
    forms = {letter, letter.lower(), letter.upper()} if flags & re.IGNORECASE else {letter}
    is_negative = parts[0][0] is op.NEGATE
    hit = any(
        ord(form) == value if kind is op.LITERAL
        else value[0] <= ord(form) <= value[1] if kind is op.RANGE
        else re.match(_CLASSES[value], form) is not None
        for kind, value in parts if kind is not op.NEGATE
        for form in forms if len(form) == 1
    )  # fmt: skip
    return hit != is_negative
