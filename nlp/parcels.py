"""Needs and deliveries as records: when a message asks for goods, when it says that they came."""

import re
from collections.abc import Sequence
from datetime import datetime

from nlp import gates
from nlp.addressees import CHILD, Parcel, read_parcels
from nlp.cue import ALWAYS, Cue, bits_of, seen_in
from nlp.goods import GENERAL
from nlp.lazy import lazy
from nlp.nouns import known_at, known_goods
from nlp.places import scan_places
from nlp.roll import is_chain
from nlp.types import Draft, Slot
from nlp.when import read_when

_NEED = Cue(
    r"还差(?=[一-鿿]{1,6}[\d一二两三四五六七八九十])|需要|需求|急需|急缺|急用|缺|要(?!求|点|是|不要|紧|道|么|不是|去|来|回)|想买|代买|代购|帮.{0,6}(?:买|带|捎|拿|开)"
    r"|给.{1,6}(?:买|带|捎|开)|没了|没有了|没.{1,4}了|不够|(?:用|吃|喝)(?:完|光|没)|断[药粮奶菜]|断了"
    r"|送点|送些|给送|快没|还剩|就剩|只剩|没有?[吃喝]的(?=$|[,。;!了\s])"
    r"|团购|订|清单|登记|若干|求购|申请|补给|买点|买些|想要|送到"
)
_STRONG = Cue(r"需要|需求|急需|急缺|缺|团购|代买|代购|帮.{0,6}(?:买|带|捎|拿|开)|想买|求购|申请")
_SURE = Cue(
    r"已(?:经|全部|都)?(?:送|发|领|配)|送达|(?:送|发|领)(?:完|到)了|完毕|签收|完成|(?:拿|送|带|取|买|拉)(?:回|过|上)?(?:来|去|到)了|换好|装好|放[^,。]{0,6}了"
)
_MOVED = r"(?:送|发|领|买|配|拉|带|捎|搬|放|运|拿|取|交|换|装|派|分|办|修|充|补)"
_DELIVERED = Cue(
    r"已经?[^,。;\n]{0,10}(?:送|发|分|配|领|买|拉|交|到)|送达|[都全均](?:部)?送"
    rf"|{_MOVED}[^,。;\n吗么没]{{0,14}}?(?:到了|到位|完|齐|达|过去了?|上去了?|上门|回来了|下去了?|好了|走了|给了|进去了|妥了)"
    rf"|{_MOVED}到[^,。;\n吗么没]{{1,14}}了(?!吗|没|么)|{_MOVED}去(?!哪)(?=[^,。;\n]{{0,8}}(?:\d|[一二两三四五六七八九十半])|了)"
    rf"|(?:给|帮|为|把|将|替)[^,。;\n]{{1,14}}{_MOVED}(?:了|去|来了|上了?)(?!吗|没|么)|(?:送|发|配|分|派)了(?!吗|没|么)"
    r"|发放(?!宣传|告知|资料|明白|一封|传单|通告|倡议)|已发(?!现)|到货|入库|捐(?:赠|了)|慰问品|[到送]了到了"
    r"|(?<=[斤袋瓶盒箱个包件份桶])到了|代购(?:了|完成)|配送(?:完|到)|完成:|签收|领取(?:完|了)|收到了|放(?:在)?门口"
)
_WORKER_GAVE = Cue(
    r"送(?:水|菜|药|米|油|物资|餐|饭|去|奶|肉|煤|粮)|送(?!到|\d{1,2}-|[一二三四五六七八九十\d]{1,3}[号栋楼]).{1,4}(?:\d|[一二两三四五六七八九十])|发(?=[^,。\n]{1,8}\d)"
)
_THANKS = lazy(r"^\s*(?:感谢|谢谢|多谢|点赞|表扬)|真(?:帅|好|棒|辛苦)")
_RECEIVED = lazy(r"送|收到|到了|领|发放|已发|捐|签收|配送|放门口|放在门口|拉过|运")
_WANTS = Cue(
    r"(?:请|麻烦|能不能|能|求|帮忙?|谁)[^,。;\n]{0,8}(?:送|带|买|捎)|急需|急缺|(?<!不)需要|想买|想要|还?缺(?!货)"
)
_ROUNDS = Cue(r"消杀|消毒(?!液|水|片|粉|湿|剂)|完毕|巡查|排查|检查|巡逻|检修|整改|清理|清运|值守")
_NOT_YET = Cue(
    r"(?:请|麻烦|能|能不能|什么时候|谁|帮忙?|赶紧|尽快|快)[^,。]{0,6}(?:送|发)(?!完|好|齐|到位)|送到(?:了)?(?:吗|没)|(?:没"
    r"|未|还没)(?:有)?(?:送|发|领)"
)
_MONEY = Cue(
    r"\d{1,9}(?:\.\d{1,9})?\s*(?:元|毛|块钱|块\d|块[一每/])|[一二三四五六七八九十]块(?:钱|[一二三四五六七八九])"
)


def draft_parcels(parcels: Sequence[Parcel], kind: str, text: str, date: Slot | None = None) -> list[Draft]:
    """Return one need or delivery record an item; the place that the whole message names goes to all."""
    scope = [place for place in scan_places(text) if place.key in ("grid", "group", "village")]
    out: list[Draft] = []
    counted = any(item.quantity is not None for parcel in parcels for item in parcel.items)
    for parcel in parcels:
        for item in parcel.items:
            if counted and item.quantity is None and item.item in GENERAL:
                continue  # 急需物资 is the title of the list
            slots = [Slot("item", item.item, item.start, item.end)]
            if item.quantity is not None:
                slots.append(Slot("quantity", item.quantity, item.start, item.end, 1.0, item.approximate))
            if item.unit:
                slots.append(Slot("unit", item.unit, item.start, item.end))
            if parcel.person and parcel.person not in CHILD:
                slots.append(Slot("person", parcel.person, parcel.start, parcel.end))
            if parcel.address:
                slots.append(Slot("address", parcel.address, parcel.start, parcel.end))
            own = parcel.place
            if own is not None:
                slots.append(Slot(own.key, own.value, own.start + parcel.start, own.end + parcel.start))
            for place in scope:
                if not any(slot.key == place.key for slot in slots):
                    slots.append(Slot(place.key, place.value, place.start, place.end))
            out.append(Draft(kind, (*slots, date) if date else tuple(slots), item.start, item.end))
    return out


_PAID = Cue(
    r"(?:花了?|花费|预算|限|合计|总共|共计?|垫付?了?|[付收]了?)\s*\d{1,6}(?:\.\d{1,2})?\s*(?:元|块钱?)(?!一|每|/)"
)


def _priced(text: str) -> bool:
    """Return whether *text* names a price; what was paid or may be spent in all (花了86元, 预算100元) is none."""
    return _MONEY.search(text) is not None and _MONEY.search(_PAID.sub("", text)) is not None


_AMOUNT = re.compile(r"\d|[一二两三四五六七八九十半]")


def read_needs(text: str) -> list[Draft]:
    """Return what *text* (normalised) asks for, [] when it asks for nothing.

    A sign of asking, or a household or a 接龙 with amounts of known goods, makes it a need; an offer with a price none.
    """
    strong = _STRONG.search(text) is not None
    if not strong and not known_goods(text):
        return []  # neither beyond doubt nor of goods that are known
    signed = _NEED.search(text) is not None or (
        "要点" in text and any(known_at(text, one.end()) for one in re.finditer("要点儿?", text))
    )
    if (
        (not signed and not _AMOUNT.search(text))
        or gates.is_advert(text)
        or (gates.is_laughed(text) and not strong)
        or _priced(text)
    ):
        return []
    parcels = [parcel for parcel in read_parcels(text) if parcel.items]
    items = [item for parcel in parcels for item in parcel.items]
    known = any(known_goods(item.item) for item in items)
    placed = any(parcel.address or parcel.person for parcel in parcels)
    counted = any(item.quantity is not None for item in items)
    if not signed and _ROUNDS.search(text):
        return []
    if (signed and (known or strong)) or (known and counted and (placed or is_chain(text))):
        return draft_parcels(parcels, "need", text)
    return []


def asks_strongly(text: str) -> bool:
    """Return whether *text* (normalised) says beyond doubt that it asks for goods: 急需, 还缺, 需要:."""
    return (
        re.search(
            r"急需|急缺|还[缺差](?!点|一点)|缺少|(?<!不)缺(?!席|勤|检|课|采|口|报|位|人|乏)(?=[一-鿿A-Za-z]{2})|需要(?!协调)|物资需求|需求(?:清单|登记|汇总)|求购|求助物资",
            text,
        )
        is not None
    )


def read_list(text: str, kind: str, sent_at: datetime) -> list[Draft]:
    """Return the records of a list *text* (normalised) that is known to hold needs or deliveries (*kind*)."""
    date = next((slot for slot in read_when(text, sent_at).slots if slot.key == "date"), None)
    return draft_parcels(read_parcels(text), kind, text, date if kind == "delivery" else None)


_TOLD = bits_of(_DELIVERED, _WORKER_GAVE)


def read_deliveries(text: str, sent_at: datetime, role: str = "gridworker") -> list[Draft]:
    """Return what *text* (normalised) says was delivered or handed out, [] when it says nothing of the kind.

    送水20箱 without any sign that it is done counts when somebody of the staff (*role*) writes it.
    """
    ticked = role != "resident" and "✅" in text
    if not ticked and not (seen_in(text) | ALWAYS) & _TOLD:
        return []
    done = (
        ticked or _DELIVERED.search(text) is not None or (role != "resident" and _WORKER_GAVE.search(text) is not None)
    )
    if not done or _priced(text) or (_NOT_YET.search(text) and not _SURE.search(text)):
        return []
    if (_WANTS.search(text) and not _SURE.search(text)) or (role == "resident" and not _RECEIVED.search(text)):
        return []
    date = next((slot for slot in read_when(text, sent_at).slots if slot.key == "date"), None)
    drafts = draft_parcels(read_parcels(text), "delivery", text, date)
    sure = ticked or _DELIVERED.search(text) is not None
    thanks = _THANKS.search(text) is not None
    told = ("quantity",) if thanks else ("quantity", "person", "address")
    return [draft for draft in drafts if (sure and not thanks) or any(draft.get(key) is not None for key in told)]
