"""Symptoms said or denied, as the codes of the schema."""

import re

_SOME = r"(?:有点|有些|很|还|稍微|老|一直|特别|就是|又|也|略)?"
_SYMPTOMS: tuple[tuple[str, str], ...] = (
    ("fever", rf"发热|发烧|高烧|低烧|{_SOME}(?<!退)(?<!不)烧(?!药|水|饭|烤|起来|了一|完|香|纸|毁|着)|发高烧"),
    ("cough", r"干咳|(?:有点|有些|老是?)?咳(?:嗽|了|得)?(?!血)"),
    ("fatigue", r"乏力|没力气|没有力气|浑身没劲|没劲|疲乏|四肢无力|没精神|疲倦"),
    ("runny_nose", r"流鼻涕|流涕|流清鼻涕|鼻涕"),
    ("nasal_congestion", r"鼻塞|鼻子不通|鼻子堵"),
    ("sore_throat", rf"(?:嗓子|喉咙|咽喉|咽)(?:眼)?{_SOME}(?:疼|痛|不舒服|发炎|干痒|难受)"),
    ("headache", rf"头{_SOME}(?:疼|痛)"),
    ("dizziness", rf"头{_SOME}晕|眩晕"),
    ("diarrhea", r"腹泻|拉肚子|拉稀|闹肚子"),
    ("vomiting", r"呕吐|吐了|上吐"),
    ("nausea", r"恶心|想吐|反胃"),
    ("chest_tightness", rf"胸{_SOME}闷|胸口闷|憋得慌"),
    ("breathless", r"呼吸困难|气促|气短|喘不上气|喘不过气|喘气费劲|喘得|呼吸急促|上不来气|喘(?!息药|口气|气机)"),
    (
        "muscle_ache",
        rf"肌肉{_SOME}(?:酸痛|酸疼|疼|痛)|(?:浑身|全身|身上){_SOME}(?:酸痛|疼|痛|酸疼|酸|难受)|骨头{_SOME}疼",
    ),
    ("chills", r"畏寒|发冷|怕冷|打寒战|寒战|打冷战"),
    ("loss_of_smell", r"嗅觉|味觉|闻不到|尝不出|没味道"),
)
_ANY = re.compile("|".join(f"(?P<{code}>{pattern})" for code, pattern in _SYMPTOMS))
_HINT = re.compile(r"[热烧咳乏劲鼻咽嗓喉头泻肚稀吐恶胸喘呼气酸疼痛寒冷嗅味力症舒适]")
_DENIED = re.compile(
    r"(?:没有?|无|不|未见?|非|否认|均无|都没|没有出现|未出现|退)(?:再|任何|明显|什么|怎么|人|啥|过|出现"
    r"|有)?(?:、|和|或|及|,)?$"
)
_LIST = re.compile(r"(?:、|和|或|及|以及|与|,|/)?(?:也)?$")
_NONE = re.compile(
    r"(?:没有?|无|均无|都没有?|无任何|没有任何|没啥|没什么)(?:任何|明显|其他|其它|不良|相关|上述|以上|啥"
    r"|什么)?(?:症状|不适|不舒服|反应|异常症状)"
    r"|无不适|未见不适|没不舒服|没有不舒服的|症状[:\s]*无|(?:不适)[:\s]*无"
)


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
        negative = bool(_DENIED.search(before)) or listed or bool(re.match(r"\s*(?:[:：]?\s*(?:无|没有|否)|药)", after))
        was_denied, end = negative, found.end()
        if negative:
            denied = denied or not after.startswith("药")
        elif code not in said:
            said.append(code)
    if said:
        return tuple(said)
    return () if denied else None
