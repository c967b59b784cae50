"""English on the residents' pages: every sentence a verb or the written rules may say there has its English."""

import inspect
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from resident_house import Lane, well

from bot import declaration_file
from bot.web import me_shown
from bot.web.console_words import english
from bot.web.page_words import PageWords, typeset
from handlers.domain.consent import ConsentPurpose
from handlers.domain.declaration import CATEGORIES, SYMPTOMS, TRANSPORTS
from handlers.domain.declaring import FEVER
from handlers.domain.facts import Facts
from handlers.rights import in_words
from handlers.wording import declaration, declaration_page, own_data, own_data_page

ROOT = Path(__file__).parents[2]
TO_STAFF = {"too_far", "red_notice", "red_lifted_notice"}  # letters, not pages
ONE_OF: dict[str, tuple[str, ...]] = {
    "source": ("earlier", "household", "official"),
    "point": ("away", "origin", "arrived"),
    "speaker": ("family", "neighbour", "worker"),
}
CHINESE = re.compile(r"[一-鿿]")
GIVEN: dict[str, Any] = {"limit": 20, "days": 7, "task": 3}


def sentences() -> list[Any]:
    found = []
    for module in (declaration, declaration_page, own_data, own_data_page):
        for name, made in inspect.getmembers(module, inspect.isfunction):
            if made.__module__ == module.__name__ and name not in TO_STAFF:
                found += [pytest.param(made, id=f"{module.__name__.rpartition('.')[2]}.{name}")]
    return found


def calls(made: Any) -> list[str]:
    """What a wording says for each of the words it chooses between; all else is Latin, so as to be told apart."""
    asked = list(inspect.signature(made).parameters.values())
    chosen = [one.name for one in asked if one.name in ONE_OF]
    sets: list[dict[str, Any]] = [{}]
    for name in chosen:
        sets = [{**one, name: word} for one in sets for word in ONE_OF[name]]
    return [made(**{one.name: _value(one, given) for one in asked}) for given in sets]


def _value(parameter: inspect.Parameter, given: dict[str, Any]) -> Any:
    if parameter.name in given:
        return given[parameter.name]
    kind = str(parameter.annotation)
    if "ConsentPurpose" in kind:
        return ConsentPurpose.HEALTH
    if "datetime" in kind:
        return datetime(2026, 2, 8, 9, 0, tzinfo=UTC)
    if "date" in kind:
        return date(2026, 2, 8)
    if "bool" in kind:
        return True
    return GIVEN.get(parameter.name, 5 if "int" in kind else "Xyz")


@pytest.mark.parametrize("made", sentences())
def test_what_a_verb_says_has_its_english(made: Any) -> None:
    for text in calls(made):
        said = PageWords("en").told(text)
        assert not CHINESE.search(said), (text, said)
        assert PageWords("zh").told(text) == typeset(text)


def test_the_written_rules_and_the_texts_of_consent_have_theirs() -> None:
    table = declaration_file.read(ROOT / "data/rules/declaration.yaml", FEVER)
    words = dict.fromkeys(("celsius", "fever", "day", "observe"), "14") | {
        "symptoms": "干咳、乏力",
        "arrived": "1月22日",
    }
    words |= dict.fromkeys(("origin", "transit", "issuer", "basis"), "Xyz")
    english = PageWords("en")
    texts = [text.format(**words) for rule in table.rules for text in (rule.reason, rule.next_steps)]
    texts += [text for consent in table.consents.values() for text in (consent.title, consent.body)]
    texts += [table.notice.format(county="Xyz"), ";".join(texts[:4:2]), texts[1] + texts[3]]
    texts += [*SYMPTOMS.values(), *TRANSPORTS.values(), *CATEGORIES.values()]
    for text in texts:
        said = english.told(text) if len(text) > 3 else english(text)
        assert not CHINESE.search(said), (text, said)
    assert "22 Jan" in english.told("1月22日从Xyz返回,身体没有不舒服")


def test_codes_of_ones_own_page_have_theirs() -> None:
    known = english()
    tables = (me_shown.SPEAKERS, me_shown.STATES, me_shown.KINDS, me_shown.DONE, me_shown.ASKED, me_shown.ANSWERED)
    words = [word for table in (*tables, me_shown.CONSENTS, me_shown.TAKEN_BACK) for word in table.values()]
    words += [*own_data.ACTIONS.values(), own_data.BY_THEMSELVES, own_data.SOMEBODY_WHO_LEFT, own_data.WORKER]
    words += [own_data.purpose(code) for code in ("declaration", "care", "returnees", "proof")]
    facts = Facts(True, "x", arrived=date(2026, 2, 1), transport="car", category="work", symptoms=(), celsius=None)
    words += [*in_words(facts), "是"]
    assert [word for word in words if word not in known] == []


def test_what_nobody_translated_stays_whole() -> None:
    assert PageWords("en").told("谁也没译过的一句话。身体没有不舒服") == "谁也没译过的一句话。 You feel well."


def test_a_page_and_its_answer_in_english(lane: Lane) -> None:
    client = lane.client()
    page = lane.get(f"/d/{lane.home}?lang=en", client)
    assert '<html lang="en">' in page.text
    text = re.sub(r"<[^>]+>", " ", page.text)
    left = set(re.findall(r"[一-鿿]+", text)) - {"中文"}
    ctx = lane.parts.counties.context()
    names = f"王 李 {ctx.county.name} {ctx.tree.path_name(lane.home_id)}"  # people and places keep theirs
    assert {run for run in left if not run.startswith("网格员")} <= set(re.findall(r"[一-鿿]+", names))
    key = "k" * 22
    fields = well(f"m{lane.members[0].id}", temperature="365")
    at = lane.post(lane.home, lane.body(lane.home, fields, key)).json["at"]
    lane.work()
    told = client.post(f"/d/{lane.home}/answer", data={"key": key, "at": at}).json
    assert told["faults"][0]["say"] == "Do you mean 36.5℃? Tap if so, else please correct it."
