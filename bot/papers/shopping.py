"""The shopping sheet: a sheet a shop with totals and whose they are, and one of what to bring where."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from bot.papers.sheet import Book
from bot.papers.whole import whole_file
from handlers.domain.need import Item
from handlers.domain.shops import Shops, bags, by_shop

UNSAID = "没写,请问"


def write_shopping(path: Path, lists: Sequence[tuple[str, Sequence[Item]]], shops: Shops, day: date) -> None:
    """Write the workbook of *lists* (door, items) to *path*, whole or not at all. Raises OSError when the disk refuses.

    Doors stand in it, no names; a quantity nobody said is not 0.
    """
    with whole_file(path) as part:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        workbook = xlsxwriter.Workbook(str(part), options)
        book = Book(workbook)
        title = f"采购表 {day.month}月{day.day}日 内部资料,买好送好就删"
        for shop, lines in by_shop(lists, shops).items():
            sheet = book.sheet(shop, (18, 8, 10, 60), title)
            sheet.title(f"{shop}:{len(lines)}样")
            sheet.head(("东西", "单位", "总数", "各户(门牌 数量)"))
            for line in lines:
                whose = "、".join(f"{door}{_amount(quantity)}" for door, quantity in line.households)
                sheet.line([line.name, line.unit or "—", UNSAID if line.total is None else line.total, whose])
        sheet = book.sheet("送货单", (10, 14, 64, 10), title)
        sheet.title("按楼栋送")
        sheet.head(("楼栋", "门牌", "东西", "送到打勾"))
        for bag in bags(lists):
            sheet.line([bag.building or "—", bag.door, "、".join(map(str, bag.items)), ""])
        try:
            workbook.close()
        except FileCreateError as refused:
            raise OSError(f"the workbook was not written: {refused}") from refused


def _amount(quantity: Decimal | None) -> str:
    return "" if quantity is None else f" {quantity:g}"
