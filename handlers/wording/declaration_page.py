"""What the declaration page itself says about a form: short, kind, and what to do next."""

DIRECT = "无"


def here_or_away() -> str:
    return "选了「一直在本地」,又写了从哪里回来,以哪个为准?不要的那个请去掉。"


def well_or_not() -> str:
    return "点了「没有不舒服」,又选了症状,以哪个为准?不要的那个请去掉。"


def direct_or_not() -> str:
    return "选了「没停留」,又写了停留的地方,以哪个为准?不要的那个请去掉。"


def door_unknown() -> str:
    return "没找到这个门牌,请核对一下,如「3-101」;不住这里就空着。"


def door_which() -> str:
    return "这个门牌不止一处,是哪一处?点一下就选好。"
