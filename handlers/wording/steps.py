"""What is said of the steps of a round: which are done here, how many grids have done each, what the next one is."""

from collections.abc import Sequence

from handlers.domain.step_template import Closes, Step, StepTemplate
from handlers.wording.marks import numeral

_HOW = {
    Closes.SAID: "做好回「第{n}步好了」",
    Closes.FIRST_DOOR: "敲了第一户就算",
    Closes.ALL_DOORS: "没有未敲、没人的就算",
}


def none_open() -> str:
    return "现在开着的敲门没有按步骤来。开的时候可以写:步骤 七步工作法。"


def of_grid(title: str, template: StepTemplate, done: Sequence[bool]) -> str:
    lines = [f"《{title}》{template.title}"]
    current = next((n for n, one in enumerate(done) if not one), None)
    for n, (step, is_done) in enumerate(zip(template.steps, done, strict=True), 1):
        lines.append(f"{numeral(n)}{step.title}{' ✔' if is_done else ''}")
    if current is None:
        lines.append("都做完了,辛苦。")
    else:
        step = template.steps[current]
        lines.append(f"现在:{step.words}({_HOW[step.closes].format(n=current + 1)})")
    return "\n".join(lines)


def of_grids(title: str, template: StepTemplate, done: Sequence[int], grids: int) -> str:
    lines = [f"《{title}》{template.title},共{grids}格"]
    lines += [
        f"{numeral(n)}{step.title} {f'{number}格做了' if number else '还没有格做'}"
        for n, (step, number) in enumerate(zip(template.steps, done, strict=True), 1)
    ]
    return "\n".join(lines)


def no_such_step(number: int, steps: int) -> str:
    return f"没有第{number}步,一共{steps}步。回「步骤」看看。"


def closes_by_itself(number: int, step: Step) -> str:
    return f"第{number}步「{step.title}」不用说,{_HOW[step.closes]}。回「步骤」看到哪了。"


def which_grid(names: Sequence[str]) -> str:
    if not names:
        return "步骤由各格的网格员说,没有记。"
    return f"您管着几格:{'、'.join(names[:3])}。步骤请由各格自己说,没有记。"


def done(number: int, step: Step, new: bool, following: Step | None) -> str:
    said = f"记:第{number}步「{step.title}」好了。" if new else f"第{number}步「{step.title}」前面记过了,没有重复记。"
    return said + (f"下一步「{following.title}」:{following.words}" if following else "这是最后一步,辛苦。")


def taken_back(number: int, step: Step, undone: bool) -> str:
    return (
        f"好,第{number}步「{step.title}」改回没做完。" if undone else f"第{number}步「{step.title}」本来就没记成做完。"
    )
