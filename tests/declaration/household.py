"""A household of the village with people in the register, phones that answer for it, and its conversation with us."""

from typing import Any

from sqlalchemy import select
from village import ALL, HERE, Village

from handlers.dispatch import dispatch
from handlers.domain.declaration import PersonSheet
from handlers.domain.delivery import label
from handlers.domain.household import Age, Relation
from handlers.domain.message import Channel, Inbound, Kind
from handlers.domain.window import Opening
from store.models import delivery, parcel

MOTHER, DAUGHTER, SON = "王样花", "李样", "李拟宝"
PHONES = {"mother": "wmMOTHER", "daughter": "wmDAUGHTER", "stranger": "wmSTRANGER", "neighbour": "wmNEIGHBOUR"}


class Home:
    """3-101: a mother with a phone, a child, a daughter far away who may answer, a neighbour who may too."""

    def __init__(self, village: Village, code: str = "v1g1h1") -> None:
        self.village, self.code, self.id = village, code, village.node(code)
        self._said = 0
        day, now = village.ctx.day, village.now
        with village.store.begin() as work:
            self.mother = work.households.add_member(self.id, MOTHER, day, now, age=Age.OLD).id
            self.child = work.households.add_member(self.id, SON, day, now, age=Age.UNDER_14).id
            for who, name, relation, member in (
                ("mother", MOTHER, Relation.MEMBER, self.mother),
                ("daughter", DAUGHTER, Relation.CHILD, None),
                ("neighbour", "刘样", Relation.NEIGHBOUR, None),
            ):
                contact = work.households.add_contact(
                    self.id, name, relation, day, now, member_id=member, may_answer=True
                )
                work.households.bind_address(contact.id, Channel.KF.value, PHONES[who], now)

    def complete(self, **said: Any) -> Any:
        """The mother's first sheet on the page, with consent: what a later 都好 says again."""
        usual: dict[str, Any] = {
            "who": f"m{self.mother}", "under_14": False, "journey": HERE, "symptoms": (), "temperature": "36.5",
            "consents": ALL,
        }  # fmt: skip
        return self.village.declare(PersonSheet("p1", **{**usual, **said}), at=self.code)

    def open(self, who: str) -> None:
        """Their window is open: they spoke with us a moment ago."""
        address = PHONES[who]
        with self.village.store.begin() as work:
            work.windows.heard(Channel.KF, label(Channel.KF, address), Opening.WORD, self.village.now)

    def say(self, who: str, text: str) -> list[dict[str, Any]]:
        """Somebody writes to us; returns what they are answered."""
        return self._send(who, text, {"origin": 3, "msgtype": "text", "text": {"content": text}})

    def tap(self, who: str, key: str) -> list[dict[str, Any]]:
        """Somebody taps an item of a menu."""
        return self._send(who, "点了", {"origin": 3, "msgtype": "text", "text": {"content": "点了", "menu_id": key}})

    def heard(self, who: str) -> list[dict[str, Any]]:
        """Return all that was written to somebody, oldest first."""
        with self.village.database.read() as connection:
            rows = connection.execute(
                select(parcel.c.body, delivery.c.address)
                .join(delivery, delivery.c.parcel_id == parcel.c.id)
                .order_by(parcel.c.id)
            )
            mine = {PHONES[who], label(Channel.KF, PHONES[who])}
            return [row.body for row in rows if row.address in mine and row.body is not None]

    def _send(self, who: str, text: str, fields: dict[str, Any]) -> list[dict[str, Any]]:
        self._said += 1
        village = self.village
        inbound = Inbound(
            f"kf{self._said}", Channel.KF, Kind.TEXT, PHONES[who], None, text, fields, village.now, village.now,
            900 + self._said,
        )  # fmt: skip
        before = len(self.heard(who))
        with village.store.begin() as work:
            self.intent = dispatch(inbound, work, village.ctx)
        return self.heard(who)[before:]


def words(bodies: list[dict[str, Any]]) -> str:
    """Return everything readable in what was sent."""
    return "\n".join(str(value) for body in bodies for value in body.values())


def keys(bodies: list[dict[str, Any]], action: str) -> list[str]:
    """Return the ids of the menu items of an action."""
    items = [item for body in bodies for item in body.get("items", ())]
    return [item[1] for item in items if str(item[1]).startswith(action + ".")]  # text, key, url
