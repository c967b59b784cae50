"""A signed list comes in: it is used in the written rule table and in the consistency check, and nowhere else.

It turns nobody red. Whoever it names and who said something else is asked which is right; a list about somebody who
never declared waits until they do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers import declared_check
from handlers.domain.consistency import Source, Statement
from handlers.domain.doors import doors
from handlers.domain.errors import Refused
from handlers.domain.hierarchy import HOUSEHOLD, Tree
from handlers.domain.official_list import Listed, Named
from handlers.domain.returnees import places_named
from handlers.domain.roster_fields import Unfit, person_name
from handlers.ports import Context, Work


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list: how many people it names here, how many of them were asked, and whom it could not find."""

    people: int
    asked: int
    not_found: tuple[str, ...]


def take(given: Listed, sha256: str, signature: str, work: Work, ctx: Context, *, partial: bool = False) -> Taken:
    """Keep the list in the place of the earlier one of its name, and check what people declared against it.

    Refused when this very file is here already, or when somebody on it cannot be found and not *partial*.
    """
    found: list[tuple[int, str, Statement]] = []
    faults: list[str] = []
    for one in given.people:
        home, fault = _home(one, ctx.tree)
        try:
            name = person_name(one.name)
        except Unfit as unfit:
            fault, name = f"people 第{one.at}个:姓名{unfit.say}", ""
        if home is None or not name:
            faults.append(fault)
        else:
            found.append((home, name, _statement(one, given, ctx)))
    if faults and not partial:
        raise Refused("\n".join([*faults[:20], *([f"……共{len(faults)}处"] if len(faults) > 20 else [])]))
    made = work.statements.import_list(given.listed, given.kind, sha256, signature, found, ctx.now)
    if made is None:
        raise Refused("这份名单已经导入过了")
    work.audit.note(ctx.now, None, "import list", f"list {made}", "declaration", given.kind)
    return Taken(len(found), _checked(found, work, ctx), tuple(faults))


def _checked(found: Iterable[tuple[int, str, Statement]], work: Work, ctx: Context) -> int:
    asked = 0
    for home, name, said in found:
        subject = work.subjects.find(home, name)
        if subject is not None and declared_check.check_again(subject, said, work, ctx) is not None:
            asked += 1
    return asked


def _statement(one: Named, given: Listed, ctx: Context) -> Statement:
    places, _ = places_named(one.origin, ctx.county.province)
    listed = given.listed
    return Statement(
        Source.OFFICIAL, listed.issued_on, one.away, one.origin, tuple(sorted(places)), one.arrived, listed.issuer,
        listed.basis,
    )  # fmt: skip


def _home(one: Named, tree: Tree) -> tuple[int | None, str]:
    """Return the household meant, or what is wrong with how it was named."""
    if one.place is None:
        node = tree.by_code(one.household.strip())
        if node is not None and node.level == HOUSEHOLD:
            return node.id, ""
        return None, f"people 第{one.at}个:没有户编码“{one.household}”"
    coded = tree.by_code(one.place.strip())
    above = [coded] if coded is not None else [*tree.find(one.place.strip())]
    if len(above) != 1:
        return None, f"people 第{one.at}个:地方“{one.place}”{'不止一处' if above else '没有'},请写编码"
    homes = doors(tree, above[0].id, one.household)
    if len(homes) == 1:
        return homes[0].id, ""
    return None, f"people 第{one.at}个:“{one.place}”的“{one.household}”{'不止一户' if homes else '没有这一户'}"
