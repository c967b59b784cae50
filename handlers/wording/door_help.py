"""The help of 敲门, 张贴, 步骤 and 事项."""

from collections.abc import Sequence

_OPENS = "开一轮:{what} 全村 返乡排查 到2月9日17点 用途 返乡摸底 依据 样防指2号。看进展:{what}进度。收工:结束{what}。"


def knocking(*, issues: bool) -> str:
    lines = [_OPENS.format(what="敲门")] if issues else []
    lines.append(
        "走的人:「敲门」看还有几户;「3-101 敲了 3人」「3-101 没人」「3-101 搬走了」;一栋完了「8栋敲完了 除了803没人」。"
    )
    lines.append("说错了再说一遍,或「3-101 敲错了」「撤回」。没人的会换时段、晚上、留条,不算谁的错;去了哪里不问。")
    return "\n".join(lines)


def posting(*, issues: bool) -> str:
    lines = [_OPENS.format(what="张贴")] if issues else []
    lines.append("贴的人:「张贴」看还剩哪几栋;「8栋贴完了」「贴了6栋 还差2栋」「全贴完了」;贴错了「8栋没贴」。")
    return "\n".join(lines)


def steps(titles: Sequence[str]) -> str:
    known = f"现有:{'、'.join(titles)}。" if titles else "县里还没写步骤。"
    name = titles[0][-5:] if titles else "名称"
    return f"开敲门时加「步骤 {name}」。{known}看到哪一步:「步骤」;做好一步:「第2步好了」。"


def matters(packs: Sequence[tuple[str, str]]) -> str:
    if not packs:
        return "这里还没有开事项。"
    named = "、".join(title for title, _ in packs)
    word = packs[0][1]
    return (
        f"事项有:{named}。替住户提,先问过本人:{word} 3-101 姓名 本人同意 什么事。\n"
        "看手上的:「我的事」;看一件:「事项5」;办一步:「事项5 受理了 …」;转人:「事项5 转给 姓名」;不办了:「撤回事项5」。"
    )
