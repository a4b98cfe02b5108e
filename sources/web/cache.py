"""The last good copy of what was fetched: raw bytes, and the facts of their retrieval with checksums."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.formats.store import digest_of, read_document, replacing, write_document
from sources.web.http import Fetched

_FACTS = "facts.json"


@dataclass(frozen=True)
class Copy:
    """What was fetched last without fault: the documents by file name, their rows, and why it is stale, if it is."""

    documents: dict[str, Fetched] = field(repr=False)
    rows: int
    stale: str | None = None


def copy_folder(cache: Path, source: str, request: dict[str, Any]) -> Path:
    """Return the folder of a source's answers to one request: the same words mean the same folder."""
    return cache / f"{source}-{digest_of(request)[:12]}"


def copied_on(folder: Path) -> str | None:
    """Return the day on which a copy's last document was retrieved; None where there is no copy."""
    facts = read_document(folder / _FACTS)
    return None if facts is None else max((one["retrieved_on"] for one in facts["documents"].values()), default=None)


def read_copy(folder: Path) -> Copy | None:
    """Return the copy in a folder, or None where there is none or a checksum doesn't hold."""
    facts = read_document(folder / _FACTS)
    if facts is None:
        return None
    documents = {}
    for name, document in facts["documents"].items():
        try:
            content = (folder / name).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            return None
        documents[name] = Fetched(
            content, document["retrieved_on"], document["url"], document["etag"], document["last_modified"]
        )
    return Copy(documents, facts["rows"], facts["stale"])


def write_copy(folder: Path, source: str, request: dict[str, Any], copy: Copy) -> None:
    """Replace the copy in a folder, whole or not at all; addresses are kept without queries, which may hold keys.

    Raises
    ------
    RegionError
        The disk is full or can't be written.
    """
    with replacing(folder) as aside:
        documents = {}
        for name, document in copy.documents.items():
            (aside / name).write_bytes(document.content)
            documents[name] = {
                "sha256": hashlib.sha256(document.content).hexdigest(),
                "url": document.url.partition("?")[0],
                "retrieved_on": document.retrieved_on,
                "etag": document.etag,
                "last_modified": document.last_modified,
            }
        asked = request | {"endpoint": request["endpoint"].partition("?")[0]}
        facts = {"source": source, "request": asked, "rows": copy.rows, "stale": copy.stale, "documents": documents}
        write_document(aside / _FACTS, facts)
