"""What an API call answers when it is refused: an errcode and its text [D 90313]."""

from __future__ import annotations

WRONG_JSON = "Warning: wrong json format. "

TEXTS = {
    -1: "system busy",
    0: "ok",
    40001: "invalid credential",
    40004: "invalid media type",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40032: "invalid userid list size",
    40056: "invalid agentid",
    40058: "invalid parameter",
    40063: "some parameters are empty",
    40096: "invalid external userid",
    40125: "invalid appsecret",
    40164: "invalid ip, not in whitelist",
    41001: "access_token missing",
    41006: "media_id missing",
    40029: "invalid code",
    40037: "invalid template_id",
    40163: "code been used",
    41002: "appid missing",
    41004: "appsecret missing",
    41016: "missing title",
    41033: "missing description",
    41050: "invalid code or code expired",
    42001: "access_token expired",
    42014: "invalid task_id",
    42052: "recall time out",
    43012: "callback url not configured",
    43001: "require GET method",
    43002: "require POST method",
    44001: "empty media data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45008: "article count out of limit",
    43101: "user refuse to accept the msg",
    45009: "reach max api daily quota limit",
    45015: "response out of time limit or subscription is canceled",
    45029: "qrcode count out of limit",
    45033: "api concurrent out of limit",
    45047: "out of response count limit",
    47003: "argument invalid",
    48001: "api unauthorized",
    48002: "api forbidden",
    48007: "no permission of this kf account",
    50003: "agent disabled",
    60003: "department not found",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    82001: "touser & toparty & totag are all empty",
    82002: "too many parties",
    82003: "too many tags",
    86001: "invalid chatid",
    86003: "chatid not exist",
    86004: "invalid chat name",
    86005: "invalid chat owner",
    86006: "invalid chat member count",
    86008: "not created by this app",
    86201: "missing chatid",
    86204: "missing member list",
    86205: "chatid too long",
    86207: "owner not in member list",
    86215: "chatid already exists",
    86216: "exist invalid userid",
    93000: "invalid webhook url",
    93001: "group forbids the robot",
    93004: "robot is disabled",
    93008: "robot not in group",
    95000: "invalid open_kfid",
    95001: "send msg count limit",
    95002: "send msg time limit",
    95004: "missing open_kfid",
    95007: "invalid msg token",
    95008: "too many menu items",
    95009: "invalid menu type",
    95018: "send msg session status invalid",
    95033: "msgid duplicated",
    301019: "media md5 not match",
    301002: "not allow operate another agent with this accesstoken",
}


class ApiError(Exception):
    """A refusal: *code* is the errcode, the message its errmsg (never stable; only for logs)."""

    def __init__(self, code: int, detail: str = "") -> None:
        text = TEXTS.get(code, "refused")
        super().__init__(f"{text}, {detail}" if detail else text)
        self.code = code

    def answer(self) -> dict[str, object]:
        return {"errcode": self.code, "errmsg": str(self)}
