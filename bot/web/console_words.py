"""The console's words in English; Chinese is what the templates are written in, and stands wherever this is silent."""

LANGUAGES = ("zh", "en")


class Words:
    """Says a Chinese phrase of a template in the visitor's language: `t("发")`, `t("还有{n}处", n=3)`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, phrase: str, **values: object) -> str:
        said = ENGLISH.get(phrase, phrase) if self.language == "en" else phrase
        return said.format(**values) if values else said


ENGLISH: dict[str, str] = {}
