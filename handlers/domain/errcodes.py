"""What the platform's error codes ask us to do [D 90313, and the pages of each API; as of 2026-08].

Only what decides about sending again: the meaning for people is in the operator's guide. A code that is not here is
new or not ours: never retried, and alarmed, because repeating an unknown refusal has banned addresses before.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What to do about a code."""

    OK = "ok"
    BUSY = "busy"  # passes in seconds
    CROWDED = "crowded"  # too many calls at once: fewer, in 1 to 3 s
    QUOTA = "quota"  # closed until the window thaws
    TOKEN = "token"  # noqa: S105 - a new access token, and once more
    SECRET = "secret"  # noqa: S105 - wrong: never again, the address gets banned
    CONFIG = "config"  # the operator must change something
    RECIPIENT = "recipient"  # this person or group cannot be reached
    CONTENT = "content"  # our mistake
    EXPIRED = "expired"  # a one-time handle is used up
    WINDOW = "window"  # this resident may not be written to until he speaks again
    REFUSED = "refused"  # this resident wants no notices of this template
    ALREADY = "already"  # our own id of the message is known there: it was taken before
    MEDIA = "media"  # the uploaded file is gone: upload again
    NEW = "new"  # unknown


_KINDS: dict[Kind, str] = {
    Kind.OK: "0",
    Kind.BUSY: "-1 6000 41063 45035 90304",
    Kind.CROWDED: "45033",
    Kind.QUOTA: "45009 45011 84055 846607",
    Kind.TOKEN: "40014 41001 42001",
    Kind.SECRET: "40001 40091 40125",
    Kind.CONFIG: "40013 40056 40057 40164 43009 43012 48001 48002 48005 48006 48007 48008"
    " 50001 50003 60020 301002 301042 846601 853000 853001 853006 95000 95004 95011 95012 95017",
    Kind.RECIPIENT: "40003 40031 40050 40066 40068 40070 40096 41054 43004 46004 49008 50002 60003 60011"
    " 60021 60111 60123 81013 82001 84061 86001 86003 86006 86007 86008 86207 86216 86217 93000 93001 93004 93008",
    Kind.WINDOW: "45015 45047 95001 95002 95013 95016 95018",
    Kind.REFUSED: "43101",
    Kind.ALREADY: "95033",
    Kind.CONTENT: "40004 40005 40006 40008 40009 40032 40033 40035 40037 40039 40058 40063 40071 40127 40201 41006"
    " 41016 41033 42014 42015 42016 42017 42018 42019 42020 42027 42028 42031 42033 42035 42036 42037 42038 42039 42040"
    " 42041 42042 42043 42044 42045 42046 42047 42049 42050 42051 44001 44004 45001 45002 45007 45008 45034 81017"
    " 82002 82003 82004 86004 86005 86201 86202 86203 86204 86205 86220 846605"
    " 45029 47003 95007 95008 95009",
    Kind.EXPIRED: "41050 41051 41096 42052 60140 846604 846606 846608",
    Kind.MEDIA: "40007 40145",
}
CODES: dict[int, Kind] = {int(code): kind for kind, codes in _KINDS.items() for code in codes.split()}


def kind_of(code: int) -> Kind:
    """Return what *code* asks for.

    >>> kind_of(45009).value, kind_of(0).value, kind_of(424242).value
    ('quota', 'ok', 'new')
    """
    return CODES.get(code, Kind.NEW)
