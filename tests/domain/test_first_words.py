"""The questions of the first hour are read as a whole or not at all: nothing that carries figures is taken for one."""

import pytest

from bench.practice import FOLDER, load
from handlers.first_words import FirstKind, read_first


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (FirstKind.EXAMPLE, "模板 我要报什么 报什么? 怎么填 日报模板"),
        (FirstKind.AGAIN, "重报 改一下 我要改 怎么改日报"),
        (FirstKind.NOTHING, "今天没事 村里没事 全村正常 今天一切正常。"),
        (FirstKind.LATE, "昨天忘报了 忘记报了 漏报了"),
        (FirstKind.REPORTED, "我报过了 已报 还用报吗 报完了吗"),
        (FirstKind.FIGURE, "隔离多少人 今天隔离几户 全镇发热几人 有没有发烧的 最新情况"),
        (FirstKind.WHY, "为啥比昨天少3 为什么比昨天多 今天隔离比昨天少了2户 跟昨天比怎么样 变化"),
        (FirstKind.DAILY, "日报 看日报 昨天的日报 今天日报呢"),
        (FirstKind.WAITING, "有通知吗 通知 还欠什么回执"),
        (FirstKind.URGE, "叫他们报数 让各格报数 提醒一下1格 催没报的 让旗山村报数 帮我催"),
        (FirstKind.SENDING, "怎么发通知 怎么撤回 怎么改截止"),
        (FirstKind.PLACE, "我管几户 本村几户 我的村有多少户 我管几个格"),
        (FirstKind.BOSS, "人工 找村长 我的领导是谁 找谁"),
        (FirstKind.POSTS, "我调走了 换人了 换网格员了 怎么加人 来了一个新网格员"),
        (FirstKind.PHONE, "我换手机了 换号了"),
        (FirstKind.MODE, "现在是战时吗 战时还是平时"),
        (FirstKind.PAGES, "登录 怎么登陆 密码忘了 导出报表 网页"),
        (FirstKind.BINDING, "怎么绑定群 绑定码 群码"),
        (FirstKind.NAMES, "名单 返乡名单 名单发哪里"),
        (FirstKind.RANKS, "排名 各村排名 谁最慢"),
        (FirstKind.VOICE, "能语音吗 能发图片吗"),
        (FirstKind.TEACH, "教教我 太难了 我不会用 我是新来的"),
    ],
)
def test_what_is_asked_is_known_in_its_many_words(kind: FirstKind, said: str) -> None:
    assert {words: (found := read_first(words)) and found.kind for words in said.split()} == dict.fromkeys(
        said.split(), kind
    )


@pytest.mark.long
def test_nothing_that_was_labelled_with_a_record_is_taken_for_a_question() -> None:
    lines = [line for path in FOLDER.glob("*.yaml") for line in load(path.stem) if line.records]
    assert len(lines) > 500
    assert [line.say for line in lines if read_first(line.say)] == []


@pytest.mark.parametrize("said", ["王大爷多少岁", "今天敲门46 空5", "张三走了", "三格没报", "给所有村发 日报", "发"])
def test_other_words_stay_other_words(said: str) -> None:
    assert read_first(said) is None
