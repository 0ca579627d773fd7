"""What is said of the part of a card under a resting pointer."""

from gradviz.graph.checks import port_name

from ..editor import Editor
from .conversions import conversions, stretched_text
from .group_card import GroupCard, group_details
from .group_frame import FrameItem
from .hits import Hit
from .hovering import details


def tip_of(editor: Editor, hit: Hit) -> str:
    """What is said of the part under the pointer; nothing of empty ground."""
    card = hit.card
    if card is None:
        return ""
    if isinstance(card, FrameItem):
        told = "Click the arrow to collapse it, double-click the name to type another"
        return f"{card.name} · group of {len(card.ids)} nodes\n{told}"
    if hit.part in ("input", "output"):
        node_id, port = card.ends(hit.port, output=hit.part == "output")[0]
        within = f"{editor.graph.node(node_id).name}: " if hit.group_id else ""
        said = port_tip(editor, node_id, hit.part, port)
        return f"{within}{said}" if said else details(editor, node_id)
    return (
        group_details(editor, card)
        if isinstance(card, GroupCard)
        else details(editor, card.node_id)
    )


def port_tip(editor: Editor, node_id: str, part: str, index: int) -> str:
    """The name and meaning of a port; nothing of a node's only output."""
    node = editor.graph.node(node_id)
    spec = node.spec
    if part == "input":
        stretched = conversions(editor, node).stretched.get(index)
        said = f"{port_name(spec, index)}: {spec.port(index).doc}"
        return f"{said}\nbroadcast {stretched_text(stretched)}" if stretched else said
    return spec.outputs[index] if len(spec.outputs) > 1 else ""
