"""GraphML, read strictly: nodes, edges and their data as text, without what XML may do besides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from geo.errors import SourceError

Edge = tuple[str, str, dict[str, str]]


@dataclass
class Graph:
    """What a GraphML file says, as text: data of the graph, of each node by its id, and of each (source, target)."""

    about: dict[str, str] = field(default_factory=dict)
    is_directed: bool = True
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)


def read_graph(path: Path, wanted: Mapping[str, Collection[str]]) -> Graph:
    """Return a graph with the data that is wanted.

    Parameters
    ----------
    path
        A file of `networkx.write_graphml`, or of another program.
    wanted
        The names of data to keep, of the ``graph``, each ``node`` and each ``edge``.

    Raises
    ------
    SourceError
        The file is damaged, or has a document type.
    """
    handlers = _Handlers(path.name, wanted)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handlers.start, handlers.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = handlers.characters, handlers.doctype
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise SourceError(f"{path.name} can't be read as GraphML ({problem}); save the graph again.") from None
    except OSError as problem:
        raise SourceError(f"{path.name} can't be read: {problem.strerror}.") from None
    return handlers.graph


class _Handlers:
    """What a GraphML parser calls, piece by piece."""

    def __init__(self, where: str, wanted: Mapping[str, Collection[str]]) -> None:
        self.graph = Graph()
        self.all_wanted = wanted
        self.where = where
        self.names: dict[str, str] = {}
        self.holder, self.wanted = self.graph.about, wanted["graph"]
        self.key: str | None = None
        self.text = ""

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Note what the data that follows belongs to."""
        match tag.rpartition(":")[2]:
            case "key":
                self.names[given.get("id", "")] = given.get("attr.name", "")
            case "graph":
                self.graph.is_directed = given.get("edgedefault") != "undirected"
            case "node":
                self.holder, self.wanted = self.graph.nodes.setdefault(given.get("id", ""), {}), self.all_wanted["node"]
            case "edge":
                self.holder, self.wanted = {}, self.all_wanted["edge"]
                self.graph.edges.append((given.get("source", ""), given.get("target", ""), self.holder))
            case "data":
                name = self.names.get(given.get("key", ""))
                self.key, self.text = name if name in self.wanted else None, ""

    def end(self, tag: str) -> None:
        """Keep what was read."""
        match tag.rpartition(":")[2]:
            case "data":
                if self.key and (text := self.text.strip()):
                    self.holder[self.key] = text
                self.key = None
            case "node" | "edge":
                self.holder, self.wanted = self.graph.about, self.all_wanted["graph"]  # its data may stand behind them

    def characters(self, piece: str) -> None:
        """Take text that someone wants."""
        if self.key:
            self.text += piece

    def doctype(self, *_: Any) -> None:
        """Refuse a document type: it can hold entities that grow without bound."""
        raise SourceError(f"{self.where} has a document type (<!DOCTYPE …>), which graphs never need; not read.")
