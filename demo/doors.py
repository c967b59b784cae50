"""The codes that hang in the demo: on one household's door and at its village's gate; and who looks after them."""

from dataclasses import dataclass, field

from bot.parts import Parts
from handlers.domain.place_code import CodeKind

VILLAGE = "350125105204"  # 旗山村
HOME = "35012510520401001-0001"  # an old couple; their daughter lives far away and may answer for them


@dataclass(frozen=True, slots=True)
class Doors:
    """Tokens as the printed codes hold them, and the places' names as they are printed beside them."""

    home: str = field(repr=False)
    home_name: str
    gate: str = field(repr=False)
    gate_name: str


def doors_of(parts: Parts) -> Doors:
    """Return the codes, made when there are none yet: asked again it is the same poster."""
    tree, now = parts.counties.context().tree, parts.clock.now()
    home, gate = tree.by_code(HOME), tree.by_code(VILLAGE)
    assert home is not None
    assert gate is not None
    with parts.store.begin() as work:
        codes = work.codes.issue_many(((home.id, CodeKind.HOUSEHOLD), (gate.id, CodeKind.NODE)), now)
    return Doors(codes[home.id].token, tree.path_name(home.id), codes[gate.id].token, tree.path_name(gate.id))
