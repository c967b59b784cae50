"""Posters, labels and cards as others see them: text taken out of the PDF by Poppler, codes read by ZBar."""

import doctest
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
import segno
from PIL import Image
from services import missing

from bot import hierarchy_file
from bot.papers import pdf_font, pdf_page, qr
from bot.papers.household_card import draw_cards
from bot.papers.label import HEIGHT, WIDTH, save_png, save_svg
from bot.papers.pdf_font import MISSING, drawable, paper_font, width_of
from bot.papers.poster import draw_posters
from bot.papers.qr import QUIET, qr_of
from handlers.domain.place_code import CodeKind, check_digits, page_link
from handlers.domain.poster import Card, Poster
from handlers.wording import posters as words

pytestmark = pytest.mark.long

TOKEN = "AbCdEfGhIjKlMnOpQrStUvWxYz-_2345"
LINK = page_link("https://geying.example", TOKEN)
POSTER = Poster(
    CodeKind.NODE, "漈墘洑坵𬳵村", "示例县 · 清凉镇", LINK, check_digits(TOKEN), 2, "清凉镇漈墘村,由网格员办理",
    "网格员 林样安  104 0000 0001", words.kept_for(), date(2026, 2, 8), "350125105204",
)  # fmt: skip
CARD = Card(
    "0396户", "35012510520401003-0396", "清凉镇旗山村第03网格", LINK, check_digits(TOKEN), 1, "网格员", "林样安",
    "10400000001", date(2026, 2, 8),
)  # fmt: skip
LONG = "旗山社区居民委员会第1基础网格第03网格东边靠近小学的那一片"


def run(program: str, *arguments: object) -> str:
    """Return what a program prints; the test is skipped where it is not installed."""
    path = shutil.which(program)
    if path is None:
        missing(program)
    return subprocess.run([str(path), *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def text_of(path: Path) -> str:
    """Return the text of a PDF without spaces and line breaks."""
    return "".join(run("pdftotext", "-raw", path, "-").split())


def codes_on(path: Path) -> list[str]:
    """Return what the codes on each page of a PDF say, read from a picture of 100 dots an inch."""
    run("pdftoppm", "-r", "100", "-png", path, path.with_suffix(""))
    pages = sorted(path.parent.glob(f"{path.stem}-*.png"))
    return [line for page in pages for line in run("zbarimg", "--quiet", "--raw", page).split()]


def bare(text: str) -> str:
    return "".join(drawable(text).split())


@pytest.mark.parametrize("module", [pdf_font, pdf_page, qr, words])
def test_the_examples_in_the_words_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_poster_says_which_place_it_is_and_what_to_compare(tmp_path: Path) -> None:
    draw_posters([POSTER], tmp_path / "p.pdf")
    said = text_of(tmp_path / "p.pdf")
    for part in (POSTER.name, POSTER.above, POSTER.check, POSTER.contact, words.CHECK, words.no_phone()):
        assert bare(part) in said
    assert MISSING not in said  # 漈墘洑坵𬳵 can be searched and copied, too
    assert "2026年2月8日印·第2版·编号350125105204" in said
    for do, how in words.STEPS:
        assert bare(do) in said
        assert bare(how) in said


def test_a_poster_is_a_notice(tmp_path: Path) -> None:
    """PIPL 17, 26: who asks, what, what for, how long; refusing costs no help; the colour is no pass."""
    draw_posters([POSTER], tmp_path / "p.pdf")
    said = text_of(tmp_path / "p.pdf")
    answers = dict(words.notice(POSTER.asker, POSTER.kept))
    assert list(answers) == ["谁在问", "问什么", "做什么用", "存多久", "不想填", "颜色", "您的权利"]
    for ask, answer in answers.items():
        assert bare(ask + answer) in said
    for promise in ("不要身份证号", "不拍照", "不定位", "照样帮您", "不是通行证", "14天内删掉"):
        assert promise in said


def test_every_kind_of_place_has_a_title_of_its_own(tmp_path: Path) -> None:
    draw_posters([replace(POSTER, kind=kind) for kind in CodeKind], tmp_path / "p.pdf")
    said = text_of(tmp_path / "p.pdf")
    assert len({*words.TITLES.values()}) == len(CodeKind)
    assert all(bare(words.TITLES[kind]) in said for kind in CodeKind)


def test_the_printed_code_is_read_back_whole(tmp_path: Path) -> None:
    links = [page_link("https://geying.example", f"{n:032d}") for n in range(3)]
    draw_posters([replace(POSTER, link=link) for link in links], tmp_path / "p.pdf")
    assert codes_on(tmp_path / "p.pdf") == links


def test_a_torn_code_is_still_read(tmp_path: Path) -> None:
    save_png(POSTER, tmp_path / "l.png")
    with Image.open(tmp_path / "l.png") as picture:
        picture.paste("white", (560, 560, 710, 710))
        picture.save(tmp_path / "torn.png")
    assert run("zbarimg", "--quiet", "--raw", tmp_path / "torn.png").split() == [LINK]


def test_the_squares_are_segnos_own() -> None:
    code, own = qr_of(LINK), segno.make(LINK, error="q", micro=False, boost_error=False)
    assert own.error == "Q"
    assert [[int(square) for square in row] for row in code.rows] == [list(row) for row in own.matrix]
    painted = {(left + n, top) for left, top, length in code.runs() for n in range(length)}
    black = {(x + QUIET, y + QUIET) for y, row in enumerate(own.matrix) for x, square in enumerate(row) if square}
    assert painted == black


def test_a_label_keeps_the_name_with_the_code(tmp_path: Path) -> None:
    save_png(POSTER, tmp_path / "l.png")
    with Image.open(tmp_path / "l.png") as picture:
        assert picture.size == (WIDTH, HEIGHT)
        grey = picture.convert("L")
    code = qr_of(LINK)
    square = 890 // code.side
    left, top = 95 + (890 - square * code.side) // 2, 255 + (890 - square * code.side) // 2
    for y, row in enumerate(code.rows, start=QUIET):
        for x, black in enumerate(row, start=QUIET):
            middle = (left + x * square + square // 2, top + y * square + square // 2)
            assert (grey.getpixel(middle) < 128) is black
    header = grey.crop((0, 110, WIDTH, 230))
    assert len(header.getcolors() or []) > 20  # the name is drawn in the band
    assert run("zbarimg", "--quiet", "--raw", tmp_path / "l.png").split() == [LINK]


def test_an_svg_needs_no_font(tmp_path: Path) -> None:
    save_svg(replace(POSTER, name='<&">村'), tmp_path / "l.svg")
    tree = ElementTree.parse(tmp_path / "l.svg").getroot()
    kinds = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert kinds == {"svg", "title", "path"}
    title = tree.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == f'示例县 · 清凉镇 <&">村 核对码 {POSTER.check}'


def test_a_card_has_the_number_the_worker_and_the_emergency_line_and_nobodys_name(tmp_path: Path) -> None:
    draw_cards([CARD, replace(CARD, number="0397户"), replace(CARD, phone="", worker="")], tmp_path / "c.pdf")
    said = text_of(tmp_path / "c.pdf")
    for part in ("0396户", "0397户", "清凉镇旗山村第03网格", "找网格员林样安", "10400000001", "120", CARD.check):
        assert bare(part) in said
    for part in (words.CARD_FIRST, words.CARD_WHEN, words.CARD_SCAN, words.no_worker()):
        assert bare(part) in said
    assert "这张卡不是通行证" in said
    assert codes_on(tmp_path / "c.pdf") == [LINK] * 3


@pytest.mark.parametrize("name", ["东", "旗山村", LONG, "A座" * 30, "0001户"])
def test_names_short_and_long_fit(tmp_path: Path, name: str) -> None:
    draw_posters([replace(POSTER, name=name, above=LONG)], tmp_path / "p.pdf")
    assert bare(name) in text_of(tmp_path / "p.pdf")
    save_png(replace(POSTER, name=name, above=LONG), tmp_path / "l.png")
    draw_cards([replace(CARD, number=name, place=LONG)], tmp_path / "c.pdf")
    assert codes_on(tmp_path / "p.pdf") == [LINK]


def test_every_place_of_the_county_can_be_drawn() -> None:
    nodes = hierarchy_file.read(Path(__file__).parents[2] / "hierarchy.yaml").nodes()
    assert not [node.name for node in nodes if MISSING in drawable(node.name)]
    assert drawable("县\U0001f600") == "县〓"


def test_what_a_font_was_made_without_is_not_drawn_as_a_blank() -> None:
    with paper_font(["网格"]) as font:
        assert width_of("网格0123〓", font, 10) == pytest.approx(10 * (3 + 4 * 0.555), abs=0.1)
        with pytest.raises(ValueError, match="村"):
            width_of("村", font, 10)


def test_two_documents_do_not_share_their_letters(tmp_path: Path) -> None:
    """One process prints a poster, then a card: each has its own font, and every letter of it."""
    draw_posters([replace(POSTER, name="甲乙丙")], tmp_path / "a.pdf")
    draw_posters([replace(POSTER, name="丁戊己")], tmp_path / "b.pdf")
    run("pdftoppm", "-r", "50", "-png", "-singlefile", tmp_path / "a.pdf", tmp_path / "a")
    run("pdftoppm", "-r", "50", "-png", "-singlefile", tmp_path / "b.pdf", tmp_path / "b")
    names = {run("pdffonts", tmp_path / f"{one}.pdf").splitlines()[-1].split()[0] for one in "ab"}
    assert len(names) == 2
    with Image.open(tmp_path / "a.png") as one, Image.open(tmp_path / "b.png") as other:
        box = (0, 110, one.width, 165)
        assert one.crop(box).tobytes() != other.crop(box).tobytes()


def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    writers: list[Callable[[Path], None]] = [
        lambda path: draw_posters([POSTER], path), lambda path: draw_cards([CARD], path),
        lambda path: save_png(POSTER, path.with_suffix(".png")),
    ]  # fmt: skip
    for write in writers:
        for name in ("a", "b"):
            (tmp_path / name).mkdir(exist_ok=True)
            write(tmp_path / name / "x.pdf")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
