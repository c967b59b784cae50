"""What the story is told with: people who type, phones and groups that are read, the clock; each printed as it goes."""

import sys
from typing import Any

from demo.cast import Cast
from demo.far import Far
from handlers.domain.people import HolderRow

OPTIONAL_S, PATIENCE_S = 2.0, 20.0


class Player:
    """Plays one cast on the far side. What is heard came after the last thing anybody said."""

    def __init__(self, far: Far, cast: Cast) -> None:
        self.far, self.cast = far, cast
        self._since = 0.0

    def says(
        self, person: HolderRow, text: str, *, group: bool = False, place: str | None = None, at: bool = True
    ) -> None:
        """Type it; a group message is addressed to the bot."""
        chat = place or (self.cast.groups[person.userid] if group else None)
        typed = f"@小格 {text}" if chat and at else text
        print(f"  {self.cast.who(person)}{' 在群里' if chat else ''}:{typed}")
        self.types(person.userid, typed, chat)

    def types(self, userid: str, text: str, chat: str | None = None) -> None:
        """Type it as anybody; the callback must have been taken."""
        self._since = self.far.now()
        answer = self.far.text(userid, text, chat)
        status = answer["callback"]["status"]
        if status != 200:
            raise AssertionError(f"回调没收下:{status}")

    def begin(self) -> None:
        """From here on counts what is heard: somebody does something that no chat sees."""
        self._since = self.far.now()

    def forwards(self, person: HolderRow, text: str) -> None:
        """Post the ready-made words in the household group by hand, as a relay is done."""
        act = {"kind": "group_paste", "userid": person.userid, "chatid": self.cast.homes[person.userid], "text": text}
        self.far.control("act", act)
        print(f"  {self.cast.who(person)} 转到户群:{indent(text)}")

    def presses(self, person: HolderRow, button: int = 0) -> None:
        """Press a button of the newest card on the phone."""
        words = self.far.press(person.userid, button)
        print(f"  {self.cast.who(person)} 点了卡片上的[{words}]")

    def hears(self, person: HolderRow, holds: str, *, optional: bool = False) -> str:
        """Print what came to the phone."""
        try:
            said = self.far.heard(person.userid, holds, self._since, OPTIONAL_S if optional else PATIENCE_S)
        except TimeoutError:
            if optional:
                return ""
            raise
        print(f"    → {self.cast.who(person)} 手机:{indent(said)}")
        return said

    def hears_in(self, chat: str, holds: str, *, show: bool = True) -> str:
        """Print what came to the group."""
        said = self.far.stands(chat, holds, self._since, PATIENCE_S)
        if show:
            print(f"    → 群里:{indent(said)}")
        return said

    def gets(self, chat: str, kind: str) -> dict[str, Any]:
        """Print the picture or file that came to the group, and return it as the far side keeps it."""
        file = self.far.file(chat, kind, self._since, PATIENCE_S)
        print(f"    → 群里:[{'图片' if kind == 'image' else '文件'}] {file['name']}({-(-file['size'] // 1024)} KB)")
        return file

    def forward(self, seconds: float) -> None:
        """Move the clock of both sides."""
        minutes = seconds / 60
        print(f"  ……{minutes:.0f} 分钟后" if minutes >= 2 else f"  ……{seconds:.0f} 秒后")
        self.far.forward(seconds)


def title(words: str) -> None:
    print(f"\n■ {words}")
    sys.stdout.flush()


def indent(text: str) -> str:
    return text.replace("\n", "\n        ")
