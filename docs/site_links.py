"""The site's one hook: what a page links to outside `docs/` gets a page of its own, so that every link works there too.

The pages stay as they are read in the repository. On the site, a file of the repository lies at
`repository/PATH.md`: Markdown as a page, anything else as its text.
"""

import posixpath
import re
from functools import cache
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

DOCS = Path(__file__).parent
ROOT = DOCS.parent
READ_FIRST = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"(?P<before>\]\()(?!https?:|mailto:|#)(?P<path>[^)#\s]+)(?=[)#])")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each file outside `docs/` that a page of the site links to."""
    for path in sorted(linked_outside()):
        level = InclusionLevel.INCLUDED if path in (*READ_FIRST, "LICENSE") else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, _place(path), content=_text(path), inclusion=level))
    return files


def on_page_markdown(markdown: str, page: Page, **_others: object) -> str:
    """Turn links of a page, which lead through the repository, into links on the site."""
    here = page.file.src_uri
    at = here.removeprefix("repository/") if here.startswith("repository/") else f"docs/{here}"
    return LINK.sub(lambda link: link["before"] + _on_site(link["path"], at, here), markdown)


@cache
def linked_outside() -> frozenset[str]:
    """Return what pages link to outside `docs/`, as paths from the top of the repository."""
    pages = [*DOCS.glob("*.md"), *(ROOT / name for name in READ_FIRST)]
    targets = {
        _from_top(link["path"], page.relative_to(ROOT).as_posix())
        for page in pages
        for link in LINK.finditer(page.read_text("utf-8"))
    }
    return frozenset(READ_FIRST) | {path for path in targets if not path.startswith("docs/")}


def _from_top(path: str, page: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path))


def _on_site(path: str, page: str, here: str) -> str:
    target = _from_top(path, page)
    place = target.removeprefix("docs/") if target.startswith("docs/") else _place(target)
    return posixpath.relpath(place, posixpath.dirname(here) or ".")


def _place(path: str) -> str:
    return f"repository/{path}" if path.endswith(".md") else f"repository/{path}.md"


def _text(path: str) -> str:
    text = (ROOT / path).read_text("utf-8")
    if path.endswith(".md"):
        return text
    kind = {".py": "python", ".toml": "toml"}.get(Path(path).suffix, "text")
    return f"# {path}\n\n````{kind}\n{text}````\n"
