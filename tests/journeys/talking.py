"""Who is who in the small town, and what a conversation is asked about it."""

import re
import shutil
from pathlib import Path

from town import ROOT, Town

COUNTY, COUNTY_DEPUTY = "yt_county_lead", "yt_county_deputy"
LEAD, DEPUTY = "yt_t105_lead", "yt_t105_deputy"
GRID_LEAD = "yt_105204_01"  # 旗山村's, over four grids of one gridworker each
WORKER, SECOND, THIRD, FOURTH = (f"yt_105204_0{n}" for n in range(2, 6))
PAIR = ("yt_105203_04", "yt_105203_05")  # two on one grid: 芹洋村第03网格
ELSEWHERE = "yt_104003_02"  # in the other township
TOWN_GROUP, VILLAGE_GROUP = "yt350125105", "yt350125105204"
WAR = "启动战时 依据县防指〔2026〕3号 到2月20日"


def last(town: Town, userid: str) -> str:
    """The newest words on somebody's phone."""
    return town.heard(userid)[-1]


def answer(town: Town, userid: str, text: str) -> str:
    """Say it in a 1:1 and return all that comes back, the newest last."""
    before = len(town.heard(userid))
    town.say(userid, text)
    return "\n".join(town.heard(userid)[before:])


def answer_in(town: Town, group: str, userid: str, text: str) -> str:
    """Say it in a group, to the bot, and return what the group hears."""
    before = len(town.chat(group))
    town.say(userid, f"@小格 {text}", group=group)
    return "\n".join(town.chat(group)[before:])


def send(town: Town, userid: str, order: str) -> str:
    """Order it, say 发, let the minute pass; returns the directive's code."""
    town.say(userid, order)
    said = answer(town, userid, "发")
    town.forward(seconds=61)
    return re.findall(r"D-\d+", said)[-1]


def told(town: Town, userid: str, words: str) -> int:
    """How often somebody's phone shows these words."""
    return sum(words in said for said in town.heard(userid))


def name_of(town: Town, userid: str) -> str:
    """Somebody's name, as the roster has it."""
    with town.parts.store.read() as work:
        person = work.people.by_userid(userid, town.parts.counties.context().day)
        assert person is not None
        return person.name


def answer_quoting(town: Town, group: str, userid: str, text: str, quote: str) -> str:
    """Say it in a group, to the bot, quoting an earlier message; returns what the group hears."""
    before = len(town.chat(group))
    act = {"kind": "member_text", "to": "group", "chatid": f"wr{group}", "userid": userid, "wait": True}
    town._control("act", {**act, "text": f"@小格 {text}", "quote": quote})
    town.work()
    return "\n".join(town.chat(group)[before:])


def county_file(folder: Path, *changes: tuple[str, str]) -> Path:
    """The small town's hierarchy file with some of its words exchanged."""
    home = folder / "county"
    shutil.copytree(ROOT / "data", home, ignore=shutil.ignore_patterns("yongtai", "licences"))
    text = (ROOT / "data/town.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (home / "hierarchy.yaml").write_text(text, "utf-8")
    return home / "hierarchy.yaml"
