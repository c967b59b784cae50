"""What a 公众号 says inside the 200 of a callback: only what is ready by itself, so that the platform never waits."""

from bot.channels.envelope import Opened
from bot.channels.oa_envelope import AccountEnvelope
from handlers.domain.resident_said import read_account
from handlers.resident import at_once


class AtOnce:
    """Answers in the name of one account; *base_url* is where its pages are."""

    def __init__(self, account: AccountEnvelope, base_url: str) -> None:
        self._account, self._base_url = account, base_url

    def reply(self, opened: Opened, now: float) -> bytes:
        """Return the sealed answer, b"" when nothing is ready."""
        fields = opened.fields
        text = at_once(read_account(fields), self._base_url)
        if text is None:
            return b""
        return self._account.reply(str(fields["FromUserName"]), str(fields["ToUserName"]), text, now)
