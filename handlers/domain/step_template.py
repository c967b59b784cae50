"""Steps a round may follow, as a county writes them in YAML: each with words, and what closes it at a place."""

from dataclasses import dataclass
from enum import StrEnum


class Closes(StrEnum):
    """What closes a step at a place."""

    SAID = "said"  # 第2步好了, by whoever works there
    FIRST_DOOR = "first_door"  # the first household was knocked at
    ALL_DOORS = "all_doors"  # none is left: seen, moved, or left as 未见到


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `words` say what to do."""

    key: str
    title: str
    words: str
    closes: Closes = Closes.SAID


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """A way of working with its steps in order. `source`: where it is from, and what of it is not."""

    key: str
    title: str
    steps: tuple[Step, ...]
    source: str = ""

    def called(self, words: str) -> bool:
        """Return whether the words mean this template: its key, its title, or a good part of the title.

        >>> StepTemplate("seven", "邻里守望居家观察七步工作法", ()).called("七步工作法")
        True
        """
        said = words.strip(" 《》“”「」")
        return said in (self.key, self.title) or (len(said) > 1 and said in self.title)
