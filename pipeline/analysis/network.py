"""Who works with whom: ties that organisations named, as a network without direction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from pipeline.analysis.data import Dataset
from pipeline.analysis.style import BLUE, INK, SOFT
from pipeline.analysis.table import Column, Kind, Table
from pipeline.analysis.wrapping import wrapped

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


def draw_network(network: Network) -> Figure:
    """The network, the parts side by side; organisations with most ties are labelled."""
    graph = network.graph
    figure = Figure(figsize=(9.0, 8.0))
    axes = figure.subplots()
    axes.axis("off")
    if not graph:
        return figure
    place = _places(graph)
    degree = dict(graph.degree())
    nx.draw_networkx_edges(graph, place, ax=axes, edge_color="#b9c4cd", width=0.9)
    for answered, face in ((True, BLUE), (False, "white")):
        nodes = [node for node in graph if graph.nodes[node]["answered"] is answered]
        sizes = [24 + 18 * degree[node] for node in nodes]
        nx.draw_networkx_nodes(
            graph, place, nodes, ax=axes, node_size=sizes, node_color=face, edgecolors=BLUE
        )
    axes.margins(0.08)
    _label(axes, network, place, degree)
    return figure


def _places(graph: "nx.Graph[str]") -> dict[str, tuple[float, float]]:
    """The largest part fills the square; the others stand in a row below it, largest first."""
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    main = _part(graph, parts[0])
    place = {node: (float(x), float(y)) for node, (x, y) in nx.kamada_kawai_layout(main).items()}
    step = 2.2 / max(len(parts) - 1, 1)
    for number, part in enumerate(parts[1:]):
        middle = -1.1 + step * (number + 0.5)
        small = _part(graph, part)
        own = nx.circular_layout(small, scale=min(step * 0.35, 0.12)) if len(part) > 1 else {}
        for node in small:
            x, y = own.get(node, (0.0, 0.0))
            place[node] = (middle + float(x), -1.35 + float(y))
    return place


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
    """Names beside the nodes with most ties, each where it covers no other name."""
    taken: list[tuple[float, float]] = []
    most = sorted(network.graph, key=lambda node: (-degree[node], node))[:_LABELLED]
    for node in most:
        x, y = place[node]
        tries = ((0.05, -0.06, 0.13, -0.14, 0.22, -0.23)[n % 6] for n in range(6))
        up = next((one for one in tries if _is_free((x, y + one), taken)), 0.05)
        taken.append((x, y + up))
        axes.annotate(
            wrapped(network.names[node], 22),
            (x, y),
            xytext=(x, y + up),
            ha="center",
            va="center",
            fontsize=8,
            color=INK if network.graph.nodes[node]["answered"] else SOFT,
            arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.5},
            path_effects=[withStroke(linewidth=3, foreground="white")],
            zorder=5,
        )


def _is_free(at: tuple[float, float], taken: Sequence[tuple[float, float]]) -> bool:
    wide, tall = 0.42, 0.055
    return all(abs(at[0] - x) > wide or abs(at[1] - y) > tall for x, y in taken)
