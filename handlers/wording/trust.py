"""The answer to "is this true" beyond number and state: what to do when the words are not ours."""


def not_ours_without_number() -> str:
    return "上面没有我们的编号,不是我们发的。先别照办、别转账、别点链接,可以问问网格员。"


def number_ours_words_not(code: str, issued: str) -> str:
    return (
        f"{code} 是我们{issued}发的编号,但粘贴的内容和原文不一样,有些话不是我们说的。"
        f"先别照办、别转账、别点链接,请问网格员要原文。"
    )
