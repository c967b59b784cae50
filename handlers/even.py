"""Full-width punctuation as a phone's Chinese keyboard types it, made plain; words and digits stay as typed."""

_EVEN = str.maketrans({0xFF0C: ",", 0xFF1A: ":", 0xFF1B: ";", 0xFF0D: "-", 0xFF08: "(", 0xFF09: ")", 0x3000: " "})


def even(text: str) -> str:
    """Return *text* with plain commas, colons, semicolons, brackets and blanks.

    >>> even("事由\\uff1a漏水\\uff0c希望\\uff1a修好")
    '事由:漏水,希望:修好'
    """
    return text.translate(_EVEN)
