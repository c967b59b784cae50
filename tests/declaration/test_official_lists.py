"""Signed lists: who signed is made sure of before anything is read; they make nothing but yellow, and they run out."""

import base64
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from household import MOTHER, Home, keys, words
from village import HERE, ROOT, WUHAN, Village, person

from bot import official_list_file
from handlers import take_official_list
from handlers.domain.errors import BadSetting, Refused
from handlers.domain.receipt_colour import Colour

ISSUER, TODAY = "样例市卫健委", date(2020, 1, 27)
KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
RULES = frozenset({"outbreak"})
PLACES = f"""list: outbreak
kind: places
issuer: {ISSUER}
basis: 样例通告
number: 样卫〔2020〕3号
issued_on: 2020-01-20
expires_on: 2020-02-10
places: [湖北省, 温州市]
"""
PEOPLE = f"""list: contacts
kind: people
issuer: {ISSUER}
basis: 样例协查函
number: 7号
issued_on: 2020-01-27
expires_on: 2020-02-10
people:
  - {{household: v1g1h1, name: 王样花, origin: 武汉, arrived: 2020-01-22}}
  - {{place: v1g1, household: 3栋102, name: 李样, origin: 黄冈}}
"""


def public(key: Ed25519PrivateKey) -> str:
    return base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode()


ISSUERS = {"别的单位": public(OTHER), ISSUER: public(KEY)}


def written(folder: Path, text: str, key: Ed25519PrivateKey = KEY, signed: bytes | None = None) -> tuple[Path, Path]:
    file, signature = folder / "list.yaml", folder / "list.yaml.sig"
    file.write_text(text, "utf-8")
    signature.write_bytes(base64.b64encode(key.sign(text.encode() if signed is None else signed)) + b"\n")
    return file, signature


def read(folder: Path, text: str, **how: object) -> official_list_file.SignedList:
    file, signature = written(folder, text, **how)  # type: ignore[arg-type]
    return official_list_file.read(file, signature, ISSUERS, RULES, TODAY)


def take(village: Village, folder: Path, text: str, *, partial: bool = False) -> take_official_list.Taken:
    file, signature = written(folder, text)
    signed = official_list_file.read(file, signature, ISSUERS, RULES, village.ctx.day)
    with village.store.begin() as work:
        return take_official_list.take(
            signed.listed, signed.sha256, signed.signature, work, village.ctx, partial=partial
        )


def colour(village: Village, **said: object) -> Colour:
    (one,) = village.declare(person(**said)).people
    assert one.receipt is not None
    return one.receipt.colour


def test_a_list_is_what_its_issuer_signed(tmp_path: Path) -> None:
    signed = read(tmp_path, PLACES)
    listed = signed.listed.listed
    assert (listed.issuer, listed.basis, listed.expires_on) == (ISSUER, "样例通告 样卫〔2020〕3号", date(2020, 2, 10))
    assert listed.places == {"湖北省", "温州市"}
    assert len(signed.sha256) == 64


@pytest.mark.parametrize(
    ("text", "how", "what"),
    [
        (PLACES, {"signed": PLACES.replace("温州市", "杭州市").encode()}, "签名对不上"),  # changed after it was signed
        (PLACES, {"key": Ed25519PrivateKey.generate()}, "签名对不上"),  # a key nobody pinned
        (PLACES, {"key": OTHER}, "签名却是“别的单位”的"),  # pinned, and not the one it names
        (PLACES.replace("2020-02-10", "2020-01-26"), {}, "已经过期"),
        (PLACES.replace("2020-02-10", "2021-02-10"), {}, "有效期最长"),
        (PLACES.replace("issued_on: 2020-01-20", "issued_on: 2020-01-28"), {}, "还没到"),
        (PLACES.replace("温州市", "温州"), {}, "不认识的地方“温州”"),
        (PLACES.replace("list: outbreak", "list: other"), {}, "口径里没有用到名单"),
        (PLACES.replace("number: 样卫〔2020〕3号\n", ""), {}, "number"),
        (PLACES.replace("basis: 样例通告\n", ""), {}, "basis"),
        (PLACES + "colour: red\n", {}, "colour"),
        ("not: [yaml", {}, "YAML"),
    ],
)
def test_what_is_no_list(tmp_path: Path, text: str, how: dict[str, object], what: str) -> None:
    with pytest.raises(BadSetting) as fault:
        read(tmp_path, text, **how)
    assert what in str(fault.value)


def test_without_a_pinned_key_nothing_is_read(tmp_path: Path) -> None:
    file, signature = written(tmp_path, PLACES)
    with pytest.raises(BadSetting, match="还没有发布单位的公钥"):
        official_list_file.read(file, signature, {}, RULES, TODAY)
    signature.write_text("不是签名")
    with pytest.raises(BadSetting, match="base64"):
        official_list_file.read(file, signature, ISSUERS, RULES, TODAY)


def test_places_make_yellow_while_the_list_is_in_force(hamlet: Village, tmp_path: Path) -> None:
    assert colour(hamlet, journey=WUHAN) is Colour.GREEN
    take(hamlet, tmp_path, PLACES)
    (one,) = hamlet.declare(person(journey=WUHAN)).people
    assert one.receipt is not None
    assert one.receipt.colour is Colour.YELLOW
    assert "from_outbreak" in one.receipt.rules
    with hamlet.store.begin() as work:
        assert work.statements.withdraw_list("outbreak", hamlet.now) == 1
    assert colour(hamlet, journey=WUHAN) is Colour.GREEN


def test_a_list_that_ran_out_says_nothing(hamlet: Village, tmp_path: Path) -> None:
    take(hamlet, tmp_path, PLACES.replace("2020-02-10", "2020-01-28"))
    hamlet.forward(days=2)
    assert colour(hamlet, journey=WUHAN) is Colour.GREEN
    with hamlet.store.read() as work:
        assert work.statements.lists(hamlet.ctx.day) == ()


def test_a_newer_list_takes_the_place_of_the_older_and_the_same_file_comes_once(
    hamlet: Village, tmp_path: Path
) -> None:
    take(hamlet, tmp_path, PLACES)
    with pytest.raises(Refused, match="已经导入过"):
        take(hamlet, tmp_path, PLACES)
    take(hamlet, tmp_path, PLACES.replace("[湖北省, 温州市]", "[温州市]"))
    assert colour(hamlet, journey=WUHAN) is Colour.GREEN


def test_people_of_a_list_are_asked_which_is_right_and_nobody_turns_red(hamlet: Village, tmp_path: Path) -> None:
    home = Home(hamlet)
    home.complete()  # 王样花: was here all the time
    home.open("mother")
    taken = take(hamlet, tmp_path, PEOPLE)
    assert (taken.people, taken.asked, taken.not_found) == (2, 1, ())
    asked = home.heard("mother")
    assert f"{ISSUER}的名单写的是「1月22日从武汉回来」" in words(asked)
    with hamlet.store.read() as work:
        subject = work.subjects.find(home.id, MOTHER)
        assert subject is not None
        standing = work.colours.of([subject.id])[subject.id].receipt
    assert (standing.colour, standing.rules) == (Colour.YELLOW, ("list_differs",))
    assert (hamlet.count("v1", "colour_yellow"), hamlet.count("v1", "colour_green")) == (1, 0)
    (now,) = keys(asked, "say_now")
    assert "🟢 绿色" in words(home.tap("mother", now))
    assert any("名单写得不对" in letter for letter in hamlet.letters("lv"))  # and the issuer is asked to look


def test_whoever_is_on_a_list_before_they_declare_is_asked_when_they_do(hamlet: Village, tmp_path: Path) -> None:
    take(hamlet, tmp_path, PEOPLE)
    answer = hamlet.declare(person(name="李样", journey=HERE), at="v1g1h2")
    (question,) = answer.people[0].questions
    assert ISSUER in question.say


def test_after_a_day_without_a_word_somebody_asks_how_they_are(hamlet: Village, tmp_path: Path) -> None:
    hamlet.declare(person(journey=HERE))
    take(hamlet, tmp_path, PEOPLE)
    hamlet.forward(hours=23)
    hamlet.tick()
    assert not any("【待看" in letter for letter in hamlet.letters("lv"))
    hamlet.forward(hours=2)
    hamlet.tick()
    (letter,) = [letter for letter in hamlet.letters("lv") if "【待看" in letter]
    assert "请打个电话问问好不好" in letter


def test_somebody_who_cannot_be_found_is_named_by_number_alone(hamlet: Village, tmp_path: Path) -> None:
    text = PEOPLE.replace("household: v1g1h1", "household: nowhere")
    with pytest.raises(Refused, match="people 第1个:没有户编码") as refused:
        take(hamlet, tmp_path, text)
    assert "王样花" not in str(refused.value)
    taken = take(hamlet, tmp_path, text, partial=True)
    assert (taken.people, len(taken.not_found)) == (1, 1)


def test_a_later_journey_is_no_disagreement(hamlet: Village, tmp_path: Path) -> None:
    hamlet.declare(person(journey=HERE))
    hamlet.forward(days=3)
    later = (hamlet.ctx.day - timedelta(days=1)).isoformat()
    text = PEOPLE.replace("2020-01-22", later).replace("issued_on: 2020-01-27", f"issued_on: {hamlet.ctx.day}")
    assert take(hamlet, tmp_path, text).asked == 0


# -- as docs/lists.md says ---------------------------------------------------------------------------------------------


def examples() -> list[str]:
    text = (ROOT / "docs/lists.md").read_text("utf-8")
    return [block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if block.startswith("list:")]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_what_the_document_says_works_with_openssl(hamlet: Village, tmp_path: Path) -> None:
    key = tmp_path / "issuer.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, capture_output=True)
    der = subprocess.run(
        ["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    issuers = {ISSUER: base64.urlsafe_b64encode(der[-32:]).decode()}
    kinds = []
    for text in examples():
        file, signature = tmp_path / "list.yaml", tmp_path / "list.yaml.sig"
        file.write_text(text, "utf-8")
        signed = subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", file], check=True, capture_output=True
        ).stdout
        signature.write_bytes(base64.b64encode(signed))
        read_one = official_list_file.read(file, signature, issuers, RULES, TODAY)
        with hamlet.store.begin() as work:
            taken = take_official_list.take(read_one.listed, read_one.sha256, read_one.signature, work, hamlet.ctx)
        kinds.append((read_one.listed.kind, taken.people))
    assert kinds == [("places", 0), ("people", 2)]
