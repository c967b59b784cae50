"""What `docs/four-ones.md` tells people to say at doors, of posting and of matters is understood; its pack holds."""

import re
from pathlib import Path

import pytest
from estate import Estate
from village import ROOT

from bot import matters_part
from handlers.knock_words import read_knock
from handlers.matter_words import read_matter
from nlp.command import read_command

GUIDE = (ROOT / "docs/four-ones.md").read_text("utf-8")
PACKS = matters_part.read(ROOT / "data/matters")
_NOT_SAID = {"confirm_above", "hierarchy.yaml", "本人电话同意", "监护人同意", "步骤 七步工作法", "好", "算了"}


def part(title: str) -> str:
    return GUIDE.split(f"## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("title", ["敲门", "张贴", "事项"])
def test_what_people_are_told_to_say_is_understood(title: str) -> None:
    said = [text for text in re.findall(r"`([^`]+)`", part(title)) if text not in _NOT_SAID]
    assert len(said) >= 8
    unread = [t for t in said if not (read_knock(t) or read_matter(t, PACKS) or read_command(t))]
    assert unread == []


def test_the_pack_of_the_guide_holds(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", part("自己加步骤、加事项"), re.DOTALL)
    (tmp_path / "escort.yaml").write_text(block, "utf-8")
    (pack,) = matters_part.read(tmp_path)
    assert (pack.title, pack.retain.days, [step.closes for step in pack.steps]) == ("老人陪诊", 30, [False, True])


def test_help_is_there_where_people_look(estate: Estate) -> None:
    assert "帮助 敲门" in estate.say("lv", "帮助")
    assert "8栋敲完了" in estate.say("lv", "帮助 敲门")
    assert "用途 返乡摸底" not in estate.say("lv", "敲门怎么用")
    assert "用途 返乡摸底" in estate.say("head", "帮助 敲门")
    assert "贴了6栋" in estate.say("lv", "帮助 张贴")
    assert "还没有开事项" in estate.say("lv", "帮助 事项")
