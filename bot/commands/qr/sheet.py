"""Binding codes as a sheet to print: A4, eight cards a page, one file with nothing beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import segno

from bot.commands.qr.links import Way

_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 10mm }}
* {{ box-sizing: border-box }}
body {{ margin: 0; font: 11pt/1.45 "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  color: #000; background: #fff }}
main {{ display: grid; grid-template-columns: 1fr 1fr }}
article {{ display: grid; grid-template-columns: 42mm 1fr; gap: 3mm; align-items: center;
  height: 68mm; padding: 4mm; border: .2mm dashed #888; break-inside: avoid; overflow: hidden }}
svg {{ width: 42mm; height: 42mm; display: block }}
h2 {{ font-size: 13pt; line-height: 1.25; margin: 0 0 1mm; overflow-wrap: anywhere }}
p {{ margin: 0 0 1mm; overflow-wrap: anywhere }}
.about, .until {{ font-size: 9pt; color: #333 }}
</style>
<main>
{cards}
</main>
</html>
"""


@dataclass(frozen=True)
class Card:
    """One person's or firm's code: whose, what they are, how it is used."""

    name: str
    about: str
    way: Way


def sheet(cards: Iterable[Card], title: str, until: str) -> str:
    """The page; `until` are the words about how long the codes count."""
    laid = "\n".join(_card(card, until) for card in cards)
    return _PAGE.format(title=escape(title), cards=laid)


def _card(one: Card, until: str) -> str:
    square = segno.make(one.way.square, encoding="utf-8", error="m", micro=False)
    drawn = square.svg_inline(scale=4, border=2, omitsize=True)
    steps = "".join(f"<p>{escape(line)}</p>" for line in one.way.steps.splitlines())
    head = f'<h2>{escape(one.name)}</h2><p class="about">{escape(one.about)}</p>'
    return f'<article>{drawn}<div>{head}{steps}<p class="until">{escape(until)}</p></div></article>'
