"""What the page of one's own data says beside what the verbs say."""


def name_by_worker() -> str:
    return "姓名、手机号要改,请先点「请网格员核对是我」,核对后就能自己改;去过哪里、身体情况,重新填一张就行。"


def settled(reason: str) -> str:
    return f"核对好了,谢谢您。现在的凭据:{reason}。" if reason else "核对好了,谢谢您。"
