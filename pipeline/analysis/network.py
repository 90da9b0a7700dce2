"""Who works with whom: ties that organisations named, as a network without direction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import networkx as nx
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from pipeline.analysis.data import Dataset
from pipeline.analysis.drawing import unless_counting
from pipeline.analysis.style import BLUE, INK, ORANGE, SOFT
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.wrapping import width_of, wrapped

REPEAT = "ties"
CODE = "organisation_code"
"""Column of the main table and of the repeat that says which organisation is meant, as a code."""

_LABELLED = 12


@dataclass(frozen=True)
class Network:
    """The network and what each node is called.

    Attributes:
        graph: nodes are codes; a node has `answered`, whether it took part itself.
        names: code -> public name, or the code.
    """

    graph: "nx.Graph[str]"
    names: Mapping[str, str]


def build_network(main: pd.DataFrame, ties: pd.DataFrame, names: pd.Series) -> Network:
    """Join organisations of which at least one named the other.

    Args:
        main: one row an organisation that answered: response_id and `organisation_code`.
        ties: one row a tie: response_id and `organisation_code` of the organisation named.
        names: public name or code by `main`'s index.
    """
    graph: nx.Graph[str] = nx.Graph()
    own = main.set_index("response_id")[CODE]
    graph.add_nodes_from(sorted(own), answered=True)
    ends = pd.DataFrame({"one": ties["response_id"].map(own), "other": ties[CODE]}).dropna()
    for one, other in sorted(zip(ends["one"], ends["other"], strict=True)):
        if other not in graph:
            graph.add_node(other, answered=False)
        if one != other:
            graph.add_edge(one, other)
    called = {str(node): str(node) for node in graph}
    called |= dict(zip(own, names.loc[main.index], strict=True))
    return Network(graph, called)


def centrality_table(network: Network, dataset: Dataset, places: int = 15) -> Table:
    """The organisations through which most ties run."""
    graph, say = network.graph, dataset.say
    between = nx.betweenness_centrality(graph)
    frame = pd.DataFrame(
        {
            "name": [network.names[node] for node in graph],
            "ties": [degree for _, degree in graph.degree()],
            "between": [between[node] for node in graph],
        }
    ).sort_values(["between", "ties", "name"], ascending=[False, False, True], ignore_index=True)
    return Table(
        name="network",
        title=say("partners_network"),
        frame=frame.head(places),
        columns=(
            Column("name", say("partners_organisation")),
            Column("ties", say("partners_ties"), Kind.NUMBER),
            Column("between", say("partners_bridge"), Kind.NUMBER, decimals=3),
        ),
        base=graph.number_of_nodes(),
        base_key="base_organisations",
        unit=say("partners_organisations"),
        forms=(dataset.form_id,),
        questions=("tie_org_name",),
        method=say(
            "partners_network_method",
            components=nx.number_connected_components(graph),
            bridges=sum(1 for _ in nx.bridges(graph)),
        ),
        notes=(say("partners_named_note"),),
        adds_down=False,
    )


@unless_counting
def draw_network(network: Network) -> Figure:
    """The network, its parts apart; bridges stand out, and those with most ties are named."""
    graph = network.graph
    figure = Figure(figsize=(10.0, 9.0))
    axes = figure.subplots()
    axes.axis("off")
    if not graph:
        return figure
    place = _places(graph)
    degree = dict(graph.degree())
    bridges = {frozenset(edge) for edge in nx.bridges(graph)}
    for colour, width, is_bridge in (("#b9c4cd", 0.9, False), (ORANGE, 1.3, True)):
        edges = [edge for edge in graph.edges if (frozenset(edge) in bridges) is is_bridge]
        nx.draw_networkx_edges(graph, place, edges, ax=axes, edge_color=colour, width=width)
    for answered, face in ((True, BLUE), (False, "white")):
        nodes = [node for node in graph if graph.nodes[node]["answered"] is answered]
        sizes = [24 + 14 * degree[node] for node in nodes]
        nx.draw_networkx_nodes(
            graph, place, nodes, ax=axes, node_size=sizes, node_color=face, edgecolors=BLUE
        )
    axes.margins(0.06)
    _label(axes, network, place, degree)
    return figure


def _places(graph: "nx.Graph[str]") -> dict[str, tuple[float, float]]:
    """The largest part fills the square; the others stand in a row below it, largest first."""
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    main = _part(graph, parts[0])
    place = _wider(_spread(tuple(main.nodes), tuple(main.edges)))
    step = 2.2 / max(len(parts) - 1, 1)
    for number, part in enumerate(parts[1:]):
        middle = -1.1 + step * (number + 0.5)
        small = _part(graph, part)
        own = nx.circular_layout(small, scale=min(step * 0.35, 0.12)) if len(part) > 1 else {}
        for node in small:
            x, y = own.get(node, (0.0, 0.0))
            place[node] = (middle + float(x), -1.3 + float(y))
    return place


@cache
def _spread(
    nodes: tuple[str, ...], edges: tuple[tuple[str, str], ...]
) -> dict[str, tuple[float, float]]:
    """Near what they are tied to (Kamada & Kawai 1989); worked out once for all languages."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    found = nx.kamada_kawai_layout(graph)
    return {node: (float(x), float(y)) for node, (x, y) in found.items()}


def _wider(place: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The same directions from the middle, at distances that leave the middle more room."""
    return {node: (x * _stretch(x, y), y * _stretch(x, y)) for node, (x, y) in place.items()}


def _stretch(x: float, y: float) -> float:
    far = max((x * x + y * y) ** 0.5, 1e-6)
    return float(far**0.7 / far)


def _part(graph: "nx.Graph[str]", nodes: Iterable[str]) -> "nx.Graph[str]":
    """One part by itself, in order: a view of it would go through a set, and so by chance."""
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(sorted(nodes))
    found.add_edges_from(sorted(tuple(sorted(edge)) for edge in graph.edges(found)))
    return found


def _label(
    axes: Axes,
    network: Network,
    place: Mapping[str, tuple[float, float]],
    degree: Mapping[str, int],
) -> None:
    """Names of the nodes with most ties, where they cover neither a name nor a node if possible."""
    taken: list[_Box] = []
    most = sorted(network.graph, key=lambda node: (-degree[node], node))[:_LABELLED]
    for node in most:
        name = wrapped(network.names[node], 22)
        wide, tall = 0.0105 * max(map(width_of, name.split("\n"))), 0.03 * (name.count("\n") + 1)
        box = min(
            (_Box(*at, wide, tall) for at in _around(*place[node], wide, tall)),
            key=lambda one: _covered(one, taken, place.values()),
        )
        taken.append(box)
        axes.annotate(
            name,
            place[node],
            xytext=(box.x, box.y),
            ha="center",
            va="center",
            fontsize=8,
            color=INK if network.graph.nodes[node]["answered"] else SOFT,
            arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.5, "shrinkA": 0},
            path_effects=[withStroke(linewidth=3, foreground="white")],
            zorder=5,
        )


@dataclass(frozen=True, slots=True)
class _Box:
    """A name's place: its middle, and half its width and height."""

    x: float
    y: float
    wide: float
    tall: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return abs(self.x - x) < self.wide and abs(self.y - y) < self.tall


def _around(x: float, y: float, wide: float, tall: float) -> Iterator[tuple[float, float]]:
    """Places for a name around a node, the nearest first."""
    for far in (0.035, 0.09, 0.16, 0.24):
        for across, up in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            yield x + across * (wide + far), y + up * (tall + far)


def _covered(box: _Box, taken: Sequence[_Box], nodes: Iterable[tuple[float, float]]) -> int:
    """How much a name would cover: another name weighs more than a node."""
    names = sum(
        abs(box.x - one.x) < box.wide + one.wide and abs(box.y - one.y) < box.tall + one.tall
        for one in taken
    )
    return 20 * names + sum(box.holds(*node) for node in nodes)
