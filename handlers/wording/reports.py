"""What the bot says about reports: read-back, corrections, roll-up."""

from collections.abc import Sequence

from handlers.wording.marks import numeral


def read_back(
    place: str,
    day: str,
    items: Sequence[tuple[str, str]],
    zeros: Sequence[str],
    code: str,
    warnings: Sequence[str],
    *,
    settled: bool = False,
) -> str:
    """Say what was read; *settled*: the sender has said 对 to these very figures already."""
    body = " ".join(f"{numeral(n)}{label}{value}" for n, (label, value) in enumerate(items, 1))
    lines = [f"{place}{day}日报 {code}:{body}。" if items else f"{place}{day}日报 {code}。"]
    if zeros:
        lines.append("按「无」报:" + "、".join(zeros) + "。")
    lines += warnings
    if settled:
        lines.append("已确认,辛苦了!哪个数变了,回「序号=数」,如 2=6。")
    else:
        lines.append("对吗?错了回「序号=数」,如 2=6;对回「对」。不回也算,标◔待确认。")
    return "\n".join(lines)


def confirmed(places: Sequence[str]) -> str:
    return f"{'、'.join(places)}日报已确认,辛苦了!"


def withdrawn(codes: Sequence[str]) -> str:
    return f"{'、'.join(codes)} 已撤回,按未报算。要报请重新发。"


def nothing_to_correct() -> str:
    return "没找到您最近报的日报,没有可改可撤的。要报请把整份发一遍。"


def no_such_item(item: str, count: int) -> str:
    return f"没有第{item}项,一共{count}项。请回「序号=数」。"


def bad_number(item: str) -> str:
    return f"「{item}」后面的数没看懂,请只写数字,如 2=6。"


def over_roster(said: str, place: str, limit: int) -> str:
    return f"{said}?{place}在册只有{limit}户。这一项先没记,请核对后再报。"


def fewer_people(households: str, people: str, fresh: int) -> str:
    return f"{households}、{people}?人不会比户少。{_not_kept(fresh)}"


def over_whole(part: str, whole: str, fresh: int) -> str:
    return f"{part},比{whole}还多?{_not_kept(fresh)}"


def _not_kept(fresh: int) -> str:
    return f"{'这两项' if fresh > 1 else '刚说的这一项'}先没记,请核对后再报。"


def merged_grids(places: Sequence[str]) -> str:
    return f"这几个数是{'、'.join(places)}合在一起的,我分不开。请一格一格报,如:{places[0]} 今天敲门46。"


def which_of_several(places: Sequence[str]) -> str:
    return f"刚才读回的有{'、'.join(places)},要改哪一个?请带上网格重报那一项,如:三格 空户6户。这次先没改。"


def jumped(label: str, yesterday: str, today: str) -> str:
    return f"{label}昨天{yesterday},今天{today},差得多,请再看一眼。"


def unsure() -> str:
    return "有的数我拿不准,请逐个对一眼,错了就改。"


def one_more(question: str) -> str:
    return f"{question}补一句就行,如:敲门46。"


def which_grid(names: Sequence[str]) -> str:
    return "您管" + "、".join(names[:5]) + ",这份是哪一格?请带上网格再发,如:三格 今天敲门46。"


def no_grid_here() -> str:
    return "没看出是哪个网格报的。请带上村和网格再发,如:旗山村三格 今天敲门46。"


def future_day() -> str:
    return "这是以后的日期,还没到。请核对日期再报。"


def frozen_correction(at: str) -> str:
    return f"{at}已冻结上报,这份会作为「更正」附在后面,原数保留。"


def two_reporters(earlier: str, changes: str) -> str:
    differs = f"({changes})" if changes else ""
    return f"同一格{earlier}已有人报过{differs},以这份为准,前一份保留可查,也已告诉他。"


def reported_over(place: str, earlier: str, changes: str) -> str:
    return f"您{earlier}报的{place}日报,后来又有人报了一份:{changes}。按后一份算;不对请回「更正 …」或重报。"


def which_item(number: str, label: str, said: str) -> str:
    return f"第{number}项是{label},不是{said}。要改哪一项?请回「{number}=数」或「{said}改数」,这次先没改。"


def two_numbers(item: str, one: float, two: float) -> str:
    return f"{item}给了两个数:{one:g}和{two:g},是哪一个?请回「{item}改数」,这次先没改。"


def no_change_question(values: str) -> str:
    return f"照昨天的报?{values}。对回「对」,有变化请直接报数。"


def no_yesterday() -> str:
    return "昨天没有可照抄的数,请报今天的数。"


def roll_up(
    place: str,
    counted: int,
    expected: int,
    figures: str,
    missing: Sequence[str],
    differing: Sequence[str] = (),
    pending: int = 0,
    when: str = "今天",
) -> str:
    tail = ",缺:" + "、".join(missing[:12]) + (f" 等{len(missing)}处" if len(missing) > 12 else "") if missing else ""
    waiting = f",其中{pending}份待确认◔" if pending else ""
    lines = [f"{place}{when} {counted}/{expected}网格已报{waiting}{tail}。", figures or "还没有数。"]
    if differing:
        lines.append("对账:" + "、".join(differing[:5]) + "。以本级报的为准,请核对。")
    return "\n".join(lines)


def own_and_below(label: str, own: str, below: str) -> str:
    return f"{label} 本级报{own},下级合计{below}"


def downtime(minutes: int, since: str | None = None) -> str:
    """*since*: when it began, for those who are told only hours later."""
    away = f"{minutes}分钟" if minutes < 120 else f"{minutes // 60}小时"
    return f"{f'{since}起' if since else ''}我断线{away},漏收的请再发。这段时间的提醒没有补发。"


def roll_counted(rows: int) -> str:
    return f"接龙收到{rows}户,详情已私下发给您。"


def roll_taken(
    place: str,
    count: int,
    restored: Sequence[str],
    unwell: Sequence[str],
    unmeasured: Sequence[str],
    strange: Sequence[str],
    nameless: int,
    missing: Sequence[str],
    missing_count: int,
) -> str:
    lines = [f"{place}接龙:已有{count}户。"]
    if restored:
        lines.append(f"这次漏了、先前有的{len(restored)}户已补回:{'、'.join(restored)}。")
    if unwell:
        lines.append(f"不舒服或37.3℃以上:{'、'.join(unwell)},请打电话问一问。")
    if unmeasured:
        lines.append(f"没写体温:{'、'.join(unmeasured)}。")
    if nameless:
        lines.append(f"有{nameless}行没写门牌,没法记到户,请补上门牌。")
    if strange:
        lines.append(f"户册里没对上:{'、'.join(strange)},请核对门牌。")
    if missing_count:
        more = f" 等{missing_count}户" if missing_count > len(missing) else ""
        lines.append(f"还差{missing_count}户:{'、'.join(missing)}{more}。只发给您,群里不点名。")
    else:
        lines.append("在册的都齐了,辛苦!")
    return "\n".join(lines)


def faq_answer(answer: str, source: str, day: str) -> str:
    return f"{answer}\n(来源:{source},{day})"
