"""`docs/` as a site: every page in it, every link whole, nothing asked of anybody else."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[1]
ITEM = re.compile(r"^ *(?:[-*]|\d+\.) ", re.MULTILINE)
FENCED = re.compile(r"^ *(````?)\w*\n.*?^ *\1$", re.MULTILINE | re.DOTALL)
LOADS = {"src", "srcset", "poster", "data", "action", "formaction"}
"""Attributes whose address a browser asks by itself; `href` does so in a `link`, and waits for a click in an `a`."""


class Addresses(HTMLParser):
    """What a page loads by itself, what it links to, and what of Markdown it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.tags: list[str] = []
        self.article: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if "article" in self.tags:
            self.article.append(tag)
        for name, value in attrs:
            if name in LOADS or (name == "href" and tag in ("link", "use", "image")):
                self.loaded.append(value or "")
            elif name == "href":
                self.linked.append(value or "")


def read(page: Path) -> Addresses:
    parsed = Addresses()
    parsed.feed(page.read_text("utf-8"))
    return parsed


def test_every_page_of_docs_is_on_the_site_and_in_its_menu(site: Path) -> None:
    pages = sorted((ROOT / "docs").glob("**/*.md"))
    assert len(pages) > 35
    menu = set(read(site / "index.html").linked)
    for page in pages:
        name = page.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        assert (site / name).is_file(), name
        assert name in menu, f"{name} is not in the nav of mkdocs.yml"
    assert not list(site.rglob("*.py"))


def test_nothing_is_asked_of_anybody_else(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    loaded = {one for page in pages for one in read(page).loaded}
    assert len(loaded) > 100
    assert [one for one in sorted(loaded) if re.match(r"(?i)\s*(?:[a-z]+:)?//", one)] == []
    styles = [*(sheet.read_text("utf-8") for sheet in site.rglob("*.css"))]
    styles += re.findall(r"<style>(.*?)</style>", "".join(page.read_text("utf-8") for page in pages), re.DOTALL)
    assert len(styles) > 1
    for text in styles:
        assert not re.search(r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//""", text)


def test_every_address_within_leads_somewhere(site: Path) -> None:
    checked = 0
    for page in site.rglob("*.html"):
        if page.name == "404.html":
            continue  # its addresses hang on where the site lies
        parsed = read(page)
        for address in [*parsed.loaded, *parsed.linked]:
            path = unquote(address.partition("#")[0])
            if path and not re.match(r"[a-z]+:", path):
                checked += 1
                assert (page.parent / path).exists(), f"{page.relative_to(site)} leads to {address}"
    assert checked > 2000


def test_what_lies_outside_docs_has_a_page_of_its_own(site: Path) -> None:
    assert "repository/index.html" in read(site / "run.html").linked
    scoring = (site / "repository/data/scoring/default.toml.html").read_text("utf-8")
    assert "data/scoring/default.toml.html" in "".join(read(site / "score.html").linked)
    assert "half_life" in scoring
    assert "Permission is hereby granted" in (site / "repository/LICENSE.html").read_text("utf-8")


def test_lists_and_tables_are_such_on_the_site_too(site: Path) -> None:
    """The site's Markdown wants a blank line before a list, and four spaces below an item; the repository's doesn't."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = FENCED.sub("", page.read_text("utf-8"))
        shown = read(site / f"{page.stem}.html").article
        items, rows = len(ITEM.findall(text)), len(re.findall(r"^\|", text, re.MULTILINE))
        tables = len(re.findall(r"^\|[-:| ]*-[-:| ]*\|$", text, re.MULTILINE))
        assert shown.count("li") >= items, page.name
        assert (shown.count("table"), shown.count("tr")) == (tables, rows - tables), page.name


@pytest.mark.parametrize(
    ("text", "told"), [("[a](gone.md)", "gone.md"), ("[a](#gone)", "gone"), ("[a](/gone)", "gone")]
)
def test_a_broken_link_ends_the_build(tmp_path: Path, text: str, told: str) -> None:
    whole = (ROOT / "mkdocs.yml").read_text("utf-8")
    settings = re.sub(r"(?ms)^(hooks|theme|extra|nav|markdown_extensions|plugins):\n(?:[ ]+.*?\n|\n)+", "", whole)
    (tmp_path / "mkdocs.yml").write_text(settings, "utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Start\n\n{text}\n", "utf-8")
    build = [sys.executable, "-m", "mkdocs", "build", "--site-dir", "out"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert told in done.stderr
