"""Needs and deliveries as records: when a message asks for goods, when it says that they came."""

import re
from collections.abc import Sequence
from datetime import datetime

from nlp import gates
from nlp.addressees import Parcel, read_parcels
from nlp.goods import known_goods
from nlp.places import scan_places
from nlp.roll import is_chain
from nlp.types import Draft, Slot
from nlp.when import read_when

_NEED = re.compile(
    r"需要|需求|急需|急缺|急用|缺|要(?!求|点|是|不要|紧|道|么|不是|去|来|回)|想买|代买|代购|帮.{0,6}(?:买|带|捎|拿|开)"
    r"|给.{1,6}(?:买|带|捎|开)|没了|没有了|没.{1,4}了|不够|(?:用|吃|喝)(?:完|光|没)|断[药粮奶菜]|断了"
    r"|送点|送些|给送|快没|还剩|就剩|只剩"
    r"|团购|订|清单|登记|若干|求购|申请|补给|买点|买些|想要|送到"
)
_STRONG = re.compile(r"需要|需求|急需|急缺|缺|团购|代买|代购|帮.{0,6}(?:买|带|捎|拿|开)|想买|求购|申请")
_DELIVERED = re.compile(
    r"已.{0,8}(?:送|发放|分发|配送|领)|送达|送到(?!\d|[一-鿿]{0,3}\d)|都送|送(?:去|过去|来|上门|下去"
    r"|完|齐)了|送去了|送了|送过去"
    r"|发放(?!宣传|告知|资料|明白|一封|传单|通告|倡议)|发(?:完|到户|下去)了?|已发(?!现)|领(?:取完|走|完)"
    r"|配送(?:完|到)|代购(?:了|送|完成)|已买|买好"
    r"|已完成|完成:|到货|已到位|送(?:水|菜|药|米|油|物资|餐|饭|去)|送(?!到).{1,4}(?:\d|[一二两三四五六七八九十])"
    r"|捐(?:赠|了)|慰问品|已到卡点|入库|放(?:在)?门口|[到送]了到了"
)
_NOT_YET = re.compile(
    r"(?:请|麻烦|能|能不能|什么时候|谁|帮忙?|赶紧|尽快|快)[^,。]{0,6}(?:送|发)|送到(?:了)?(?:吗|没)|(?:没"
    r"|未|还没)(?:有)?(?:送|发|领)"
)
_MONEY = re.compile(
    r"\d{1,9}(?:\.\d{1,9})?\s*(?:元|毛|块钱|块\d|块[一每/])|[一二三四五六七八九十]块(?:钱|[一二三四五六七八九])"
)


def draft_parcels(parcels: Sequence[Parcel], kind: str, text: str, date: Slot | None = None) -> list[Draft]:
    """Return one need or delivery record an item; the place that the whole message names goes to all."""
    scope = [place for place in scan_places(text) if place.key in ("grid", "group", "village")]
    out: list[Draft] = []
    for parcel in parcels:
        for item in parcel.items:
            slots = [Slot("item", item.item, item.start, item.end)]
            if item.quantity is not None:
                slots.append(Slot("quantity", item.quantity, item.start, item.end, 1.0, item.approximate))
            if item.unit:
                slots.append(Slot("unit", item.unit, item.start, item.end))
            if parcel.person:
                slots.append(Slot("person", parcel.person, parcel.start, parcel.end))
            if parcel.address:
                slots.append(Slot("address", parcel.address, parcel.start, parcel.end))
            for place in scope:
                if not any(slot.key == place.key for slot in slots):
                    slots.append(Slot(place.key, place.value, place.start, place.end))
            out.append(Draft(kind, (*slots, date) if date else tuple(slots), item.start, item.end))
    return out


def read_needs(text: str) -> list[Draft]:
    """Return what *text* (normalised) asks for, [] when it asks for nothing.

    A sign of asking, or a household or a 接龙 with amounts of known goods, makes it a need; an offer with a price none.
    """
    signed = _NEED.search(text) is not None
    if (
        (not signed and not re.search(r"\d|[一二两三四五六七八九十半]", text))
        or gates.is_advert(text)
        or _MONEY.search(text)
    ):
        return []
    parcels = [parcel for parcel in read_parcels(text) if parcel.items]
    items = [item for parcel in parcels for item in parcel.items]
    known = any(known_goods(item.item) for item in items)
    placed = any(parcel.address or parcel.person for parcel in parcels)
    counted = any(item.quantity is not None for item in items)
    if (signed and (known or _STRONG.search(text))) or (known and counted and (placed or is_chain(text))):
        return draft_parcels(parcels, "need", text)
    return []


def read_deliveries(text: str, sent_at: datetime) -> list[Draft]:
    """Return what *text* (normalised) says was delivered or handed out, [] when it says nothing of the kind."""
    if not _DELIVERED.search(text) or _MONEY.search(text) or _NOT_YET.search(text):
        return []
    date = next((slot for slot in read_when(text, sent_at).slots if slot.key == "date"), None)
    return draft_parcels(read_parcels(text), "delivery", text, date)
