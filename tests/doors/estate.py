"""The village of the declarations' tests, its first grid grown by two buildings: 8-801 to 8-804, 9-101 and 9-102."""

from dataclasses import replace

from sqlalchemy import select
from village import Village

from handlers import knock_ticks
from handlers.domain.knocking import Knocked, RoundKind
from store.engine import Database
from store.models import delivery, parcel

ROUND = "敲门 全村 返乡排查 到1月28日17点 用途 返乡摸底 依据 样防指2号"
NEW = ("8-801", "8-802", "8-803", "8-804", "9-101", "9-102")


class Estate(Village):
    """吕样 walks the first grid (3-101 to 3-103 besides the new ones), 孙样 the second (5-201)."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        with self.store.begin() as work:
            for door in NEW:
                code = f"v1g1-{door}"
                work.household_steps.make(self.node("v1g1"), code, door, self.ctx.day, self.now, None)
        self.tree = self._tree()

    def open_round(self, text: str = ROUND) -> str:
        """The head opens a round and begins it."""
        shown = self.say("head", text)
        self.begun = self.say("head", "发")
        return shown

    def letters(self, userid: str) -> list[str]:
        """What was written to somebody in words, oldest first; a card has its own."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(parcel.c.body)
                .join(delivery, delivery.c.parcel_id == parcel.c.id)
                .where(delivery.c.address == userid)
                .order_by(parcel.c.id)
            )
            return [str(row.body.get("text", "")) for row in rows if row.body is not None]

    def states(self, code: str = "v1g1", kind: RoundKind = RoundKind.KNOCK) -> dict[str, str]:
        """How the doors of a place stand in the newest round, those nobody knocked at left out."""
        with self.store.read() as work:
            one = max(work.knocks.live(kind), key=lambda one: one.id)
            rows = work.knocks.at(one.id, [self.node(code)])
        names = {row.household_id: self.tree.node(row.household_id).name for row in rows}
        return {names[row.household_id]: row.state.value for row in rows if row.state is not Knocked.TODO}

    def steps(self, door: str) -> list[tuple[str, str, bool]]:
        with self.store.read() as work:
            one = max(work.knocks.live(RoundKind.KNOCK), key=lambda one: one.id)
            homes = [node.id for node in self.tree if node.name == door]
            return [(step.state.value, step.why.value, step.undone) for step in work.knocks.steps_of(one.id, homes[0])]

    def pass_(self, **span: float) -> None:
        """Let time pass, with what follows."""
        self.forward(**span)
        with self.store.begin() as work:
            if knock_ticks.due(work, self.ctx):
                knock_ticks.run(work, self.ctx)

    def county_with(self, **more: object) -> None:
        self.county = replace(self.county, **more)
