"""A household on a plan that no message reaches, in a worker's grid, with a code on its door."""

from dataclasses import dataclass

from console_house import House

from handlers.domain.place_code import CodeKind


@dataclass(frozen=True)
class Door:
    """Where it is: the household, the grid above it, and the token of its code."""

    home: int
    grid: int
    token: str


def door_of(house: House, userid: str) -> Door:
    """Make 3-101 in the worker's grid; the tree knows it when this returns."""
    worker, now, day = house.person(userid), house.clock.now(), house.context.day
    four = house.context.county.four_ones
    assert four is not None
    with house.parts.store.begin() as work:
        grid = worker.nodes()[0]
        code = f"{house.context.tree.node(grid).code}901"
        home = work.household_steps.make(grid, code, "3-101", day, now, None)
        work.household_steps.announce(now)
        work.households.put(home, now)
        work.households.add_member(home, "王样花", day, now)
        work.contacts.enrol(home, four.plans[0].key, day.replace(day=2), now)
        token = work.codes.issue(home, CodeKind.HOUSEHOLD, now).token
    house.clock.forward(seconds=5)
    return Door(home, grid, token)
