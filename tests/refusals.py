"""Every sentence by which some files refuse, and every phrase of one, read from their code."""

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def sentences_of(path: Path) -> Iterator[tuple[int, str | None]]:
    """Yield the line and the sentence of each error and phrase that a file makes; None where it can't be read there."""
    tree = ast.parse(path.read_text("utf-8"))
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            for target, value in zip(node.targets[0].elts, node.value.elts, strict=True):
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        made = node.func.id if isinstance(node.func, ast.Name) else ""
        is_again = isinstance(node.func, ast.Call) and ast.unparse(node.func).startswith("type(")
        if made == "Phrase" or (made.endswith("Error") and made not in dir(builtins)) or is_again:
            first = node.args[0]
            for one in named.get(first.id, [first]) if isinstance(first, ast.Name) else [first]:
                yield node.lineno, str(one.value) if isinstance(one, ast.Constant) else None
