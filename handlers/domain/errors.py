"""The errors that cross a room's wall; a catcher needs nothing but the class and its fields."""


class GeyingError(Exception):
    """The family; nothing outside it is raised on purpose."""


class BadSetting(GeyingError):
    """A setting, a template or `hierarchy.yaml` is wrong; the text names every fault."""


class Unreadable(GeyingError):
    """A stored value cannot be decrypted."""


class UnknownNode(GeyingError):
    """No such node, or not the viewer's to see: one answer for both."""


class Refused(GeyingError):
    """A person asked for what cannot be done; `say` is what to tell them (Chinese, short, what to do next)."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class SendFailed(GeyingError):
    """A platform call did not succeed.

    `retryable`: the same call may pass later. `unanswered`: the effect may have happened. `refresh`: get a new token
    first. `code`: the platform's errcode, None when there was none. `wait_s`: how long the platform asks us to rest.
    """

    def __init__(
        self,
        reason: str,
        *,
        code: int | None = None,
        retryable: bool = False,
        unanswered: bool = False,
        refresh: bool = False,
        wait_s: float = 0.0,
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.retryable = retryable
        self.unanswered = unanswered
        self.refresh = refresh
        self.wait_s = wait_s
