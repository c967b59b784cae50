"""docs/privacy.md is what the models say, every personal column of them, and stays short enough to be the least."""

from click.testing import CliRunner
from village import ROOT

from bot import privacy_doc
from bot.cli import main
from handlers.domain.declaration import Journey, PersonSheet
from handlers.domain.policy import ADMINS
from handlers.domain.privacy import Basis, DataClass, Personal, Purpose
from store.models import metadata

WRITTEN = (ROOT / "docs/privacy.md").read_text("utf-8")


def test_the_committed_file_is_current() -> None:
    assert privacy_doc.text() == WRITTEN, "run: geying privacy-doc"


def test_every_personal_column_stands_in_it_once() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            expected = 1 if isinstance(column.info["about"], Personal) else 0
            assert WRITTEN.count(f"| `{table.name}.{column.name}` |") == expected


def test_every_class_purpose_and_basis_has_its_words() -> None:
    assert set(privacy_doc._CLASSES) == set(DataClass)
    assert set(privacy_doc._PURPOSES) == set(Purpose)
    assert set(privacy_doc._BASES) == set(Basis)


def test_who_may_see_health_follows_from_the_policy() -> None:
    assert privacy_doc.seen_by(DataClass.HEALTH) == "本人、网格员、村医"
    assert privacy_doc.seen_by(DataClass.CREDENTIAL) == "没有人"
    assert ADMINS  # no administrator's title stands beside health
    assert not any(title in privacy_doc.seen_by(DataClass.HEALTH) for title in ("系统管理员", "安全管理员", "审计员"))


def test_the_command_writes_it(tmp_path) -> None:
    out = tmp_path / "privacy.md"
    done = CliRunner().invoke(main, ["privacy-doc", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text("utf-8") == WRITTEN


def test_the_least_is_asked_of_a_resident() -> None:
    """Twelve fields at most say something about a person; one more fails until the notice is changed with it."""
    of_the_page = {"row", "who", "said_by", "guardian", "journey", "temperature_agreed", "consents"}
    asked = (set(PersonSheet.__dataclass_fields__) - of_the_page) | set(Journey.__dataclass_fields__)
    assert asked == {
        "name", "phone", "under_14", "symptoms", "temperature",
        "away", "origin", "arrived", "transport", "transit", "category",
    }  # fmt: skip
    assert len(asked) <= 12
