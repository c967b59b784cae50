"""One isolated household through its days: told, asked, answering; and whoever ticks."""

from datetime import date

from household import Home
from isolating import OPEN, sent
from rounds_rig import PLANNED, at, tick
from village import Village

from handlers import ask_households, look_after
from handlers.domain.four_ones import Contact
from handlers.domain.household import Relation
from handlers.domain.wellbeing import Answer

PHONE = "10400000777"


class Asked(Home):
    """3-101, whose mother is isolated since the 22nd; it is the 28th, 08:00."""

    def __init__(self, village: Village, *, reached: bool = True, people: tuple[str, ...] = ("王样花",)) -> None:
        super().__init__(village)
        village.county = PLANNED
        with village.store.begin() as work:
            contact = work.households.add_contact(self.id, "样舅", Relation.RELATIVE, village.ctx.day, village.now)
            work.households.bind_address(contact.id, "phone", PHONE, village.now)
        self.open("mother")
        for name in people:
            village.say("head", OPEN.replace("王样花", name))
        sent(village)
        at(village, 8, day=date(2020, 1, 28))
        if reached:
            self.open("mother")
            self.open("daughter")

    def pass_(self, **span: float) -> None:
        """Let time pass in steps of five minutes, with everything that follows."""
        minutes = int(span.get("minutes", 0) + 60 * span.get("hours", 0))
        for _ in range(0, minutes, 5):
            self.village.forward(minutes=5)
            self.tick()

    def tick(self) -> None:
        village = self.village
        tick(village)
        with village.store.begin() as work:
            while ask_households.due(work, village.ctx):
                ask_households.run(work, village.ctx)
        with village.store.begin() as work:
            if look_after.due(work, village.ctx):
                look_after.run(work, village.ctx)

    def morning(self, hour: int = 9, minute: int = 25) -> None:
        """To the moment when everybody was asked."""
        at(self.village, 9)
        self.tick()
        at(self.village, hour, minute)
        self.tick()

    @property
    def contact(self) -> Contact:
        with self.village.store.read() as work:
            return work.contacts.of_households([self.id], date(2020, 1, 20))[-1]

    def answers(self, contact_id: int | None = None) -> list[Answer]:
        with self.village.store.read() as work:
            return list(work.answers.of_contact(contact_id or self.contact.id))

    def steps(self) -> list[tuple[str, str]]:
        with self.village.store.read() as work:
            return list(work.contacts.steps_of(self.contact.id))
