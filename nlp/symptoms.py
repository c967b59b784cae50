"""Symptoms said or denied, as the codes of the schema."""

import re
from functools import lru_cache

from nlp.lazy import lazy
from nlp.wordbook import word_lists

_LISTS = word_lists("symptoms")
_SYMPTOMS = {code: said.replace("SOME", _LISTS["some"]) for code, said in _LISTS["symptoms"].items()}
_ANY = lazy("|".join(f"(?P<{code}>{pattern})" for code, pattern in _SYMPTOMS.items()), many=True)
_HINT = re.compile(r"[热烧咳乏劲鼻咽嗓喉头泻肚稀吐恶胸喘呼气酸疼痛寒冷嗅味力症舒适]")
_DENIED = re.compile(
    r"(?:没有?|无|不|未见?|非|否认|均无|都没|没有出现|未出现|退)(?:再|任何|明显|什么|怎么|人|啥|过|出现"
    r"|有)?(?:、|和|或|及|,)?$"
)
_LOST_BEFORE = lazy(r"(?:没有?|失去|丧失|无)$")
_LOST_BEHIND = lazy(r"\s*(?:都|也|全)?(?:没|减|消|丧|不灵|失|差)")
_NONE_BEHIND = re.compile(r"\s*(?:[:=]?\s*(?:无|没有|否|×)|药)")
_LIST = lazy(r"(?:、|和|或|及|以及|与|,|/)?(?:也)?$")
_NONE = lazy(
    r"(?:没有?|无|均无|都没有?|无任何|没有任何|没啥|没什么)(?:任何|明显|其他|其它|不良|相关|上述|以上|啥"
    r"|什么)?(?:症状|不适|不舒服|反应|异常症状)"
    r"|(?:啥|什么|任何|一点|其他)?(?:症状|不适|不舒服)(?:的)?(?:也|都|全)?(?:没有?|无)(?!消|好|减|缓)"
    r"|不(?:再)?(?:发)?烧(?!水|香|纸)|无不适|未见不适|没不舒服|没有不舒服的|症状[:\s]*无|(?:不适)[:\s]*无",
    many=True,
)


@lru_cache(maxsize=64)
def read_symptoms(text: str) -> tuple[str, ...] | None:
    """Return the codes of the symptoms that *text* (normalised) states; () when it denies them, None when it is silent.

    >>> read_symptoms("有点咳,不发烧"), read_symptoms("没发烧没咳嗽"), read_symptoms("36.5")
    (('cough',), (), None)
    """
    if not _HINT.search(text):
        return None
    said: list[str] = []
    denied = bool(_NONE.search(text))
    was_denied, end = False, 0
    for found in _ANY.finditer(text):
        code = found.lastgroup or ""
        before = text[max(0, found.start() - 8) : found.start()]
        listed = was_denied and bool(_LIST.fullmatch(text[end : found.start()]))
        after = text[found.end() : found.end() + 4]
        if code == "loss_of_smell" and (_LOST_BEFORE.search(before) or _LOST_BEHIND.match(after)):
            was_denied, end = False, found.end()
            said += [] if code in said else [code]
            continue
        negative = bool(_DENIED.search(before)) or listed or bool(_NONE_BEHIND.match(after))
        was_denied, end = negative, found.end()
        if negative:
            denied = denied or not after.startswith("药")
        elif code not in said:
            said.append(code)
    if said:
        return tuple(said)
    return () if denied else None
