"""Draws charts as SVG: plain strings in, a fragment out, for the digest's picture and the board.

Every axis begins at 0. Colour is never alone: each kind of thing has its shape or its word too.
All lengths are pixels of the picture; a fragment lies where its x and y say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from xml.sax.saxutils import escape

from bot.core.text_metrics import cut, fit_size, width

INK, MUTED, RULE, GROUND, PAPER = "#16212c", "#55636f", "#d5dde5", "#eef2f6", "#ffffff"
BLUE, GREEN, RED, AMBER = "#1d5fbf", "#1a7a48", "#c22a2a", "#a65f00"
"""On white each is read at 4.5 : 1 (WCAG 2.2 AA), grey as a mark beside words at 3 : 1."""
FONT = "Noto Sans SC"
BOLD = 700


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how long it is, the words at its end."""

    name: str
    value: float
    words: str
    colour: str = BLUE


@dataclass(frozen=True)
class Series:
    """One line over time, the oldest value first. `mark` is its shape: circle or square."""

    name: str
    values: tuple[int, ...]
    colour: str
    mark: str = "circle"


def words(
    x: float,
    y: float,
    text: str,
    size: float = 30,
    *,
    colour: str = INK,
    weight: int = 400,
    anchor: str = "start",
    most: float | None = None,
) -> str:
    """A line of words with its foot at y, cut to `most` pixels."""
    shown = escape(text if most is None else cut(text, size, most))
    look = f'font-size="{size:g}" fill="{colour}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" {look}>{shown}</text>'


def number(
    x: float,
    y: float,
    text: str,
    size: float,
    most: float,
    *,
    colour: str = INK,
    weight: int = 400,
) -> str:
    """Words with a number that grow smaller rather than lose a digit."""
    return words(x, y, text, round(fit_size(text, size, most), 1), colour=colour, weight=weight)


def box(
    x: float, y: float, wide: float, high: float, *, colour: str = PAPER, round_: int = 18
) -> str:
    """A filled rectangle."""
    size = f'width="{max(wide, 0):g}" height="{max(high, 0):g}"'
    return f'<rect x="{x:g}" y="{y:g}" {size} rx="{round_:g}" fill="{colour}"/>'


def rule(x: float, y: float, wide: float, *, colour: str = RULE) -> str:
    """A hairline."""
    return f'<path d="M{x:g} {y:g}h{wide:g}" stroke="{colour}" stroke-width="2" fill="none"/>'


def mark(x: float, y: float, shape: str, colour: str, size: float = 9) -> str:
    """A shape round a point."""
    if shape == "circle":
        return f'<circle cx="{x:g}" cy="{y:g}" r="{size:g}" fill="{colour}"/>'
    side = size * 1.8
    return box(x - side / 2, y - side / 2, side, side, colour=colour, round_=0)


def bars(
    x: float, y: float, wide: float, rows: Sequence[Bar], *, step: float = 58, size: float = 30
) -> str:
    """Horizontal bars with their names before and their words behind, all on one scale from 0."""
    names = min(max((width(row.name, size) for row in rows), default=0), wide * 0.3)
    ends = min(max((width(row.words, size) for row in rows), default=0), wide * 0.4)
    room = wide - names - ends - 40
    most = max((row.value for row in rows), default=0) or 1
    drawn = []
    for place, row in enumerate(rows):
        top = y + place * step
        foot, left = top + step * 0.62, x + names + 20
        drawn += [
            words(x, foot, row.name, size, most=names),
            box(left, top + step * 0.2, room, step * 0.55, colour=GROUND, round_=6),
            box(
                left,
                top + step * 0.2,
                room * row.value / most,
                step * 0.55,
                colour=row.colour,
                round_=6,
            ),
            words(x + wide, foot, row.words, size, anchor="end", most=ends),
        ]
    return "".join(drawn)


def share_bar(x: float, y: float, wide: float, bar: Bar, *, size: float = 30) -> str:
    """A share of 1, named above its bar: an empty bar is 0, a full one everything."""
    ends = min(width(bar.words, size), wide * 0.7)
    part = min(max(bar.value, 0.0), 1.0)
    return (
        words(x, y + size, bar.name, size, most=wide - ends - 16)
        + words(x + wide, y + size, bar.words, size, anchor="end", weight=BOLD, most=ends)
        + box(x, y + size + 14, wide, 20, colour=RULE, round_=10)
        + (
            box(x, y + size + 14, max(wide * part, 20), 20, colour=bar.colour, round_=10)
            if part
            else ""
        )
    )


def draw_stacked_bar(x: float, y: float, wide: float, high: float, parts: Sequence[Bar]) -> str:
    """One bar of several parts, each as long as its share; nothing at all is an empty bar."""
    whole = sum(part.value for part in parts)
    drawn, left = [box(x, y, wide, high, colour=RULE, round_=0)], x
    for part in parts:
        long = wide * part.value / whole if whole else 0
        drawn.append(box(left, y, long, high, colour=part.colour, round_=0))
        left += long
    return "".join(drawn)


def lines(
    x: float, y: float, wide: float, high: float, series: Sequence[Series], points: Sequence[str]
) -> str:
    """Lines over time on one scale from 0; their numbers stand in a table below, column by column,
    so that no label can cover another. Its height is `high` and the rows of the table."""
    values = [value for line in series for value in line.values]
    top, left = find_scale_end(max(values, default=0)), 120
    room = (wide - left) / max(len(points), 1)
    at = [x + left + room * (place + 0.5) for place in range(len(points))]
    drawn = [_scale(x, y, left, wide, high, top)]
    for line in series:
        spots = [
            (across, y + high * (1 - value / top))
            for across, value in zip(at, line.values, strict=True)
        ]
        drawn.append(_line(spots, line))
    drawn += [
        words(across, y + high + 40, day, 24, colour=MUTED, anchor="middle", most=room - 4)
        for across, day in zip(at, points, strict=True)
    ]
    for row, line in enumerate(series):
        drawn.append(_row(x, y + high + 82 + row * 42, at, room, line))
    return "".join(drawn)


def lines_height(high: float, series: int) -> float:
    """How high `lines` is with its table."""
    return high + 52 + series * 42


def find_scale_end(most: int) -> int:
    """A round number at or above the largest value, divisible by four: where a scale ends."""
    if most <= 4:
        return 4
    step = int(10 ** int(log10(most / 4)))
    return next(4 * step * n for n in (1, 2, 3, 5, 10) if 4 * step * n >= most)


def svg(wide: int, high: float, body: str) -> str:
    """The whole picture."""
    size = f'width="{wide}" height="{ceil(high)}" viewBox="0 0 {wide} {ceil(high)}"'
    ground = f'<rect width="100%" height="100%" fill="{GROUND}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}">{ground}{body}</svg>'
    )


def _scale(x: float, y: float, left: float, wide: float, high: float, top: int) -> str:
    drawn = []
    for quarter in range(0, 5, 2):
        level = y + high * (1 - quarter / 4)
        drawn.append(rule(x + left, level, wide - left, colour=MUTED if not quarter else RULE))
        tick = str(top * quarter // 4)
        drawn.append(
            words(x + left - 14, level + 8, tick, 24, colour=MUTED, anchor="end", most=left - 14)
        )
    return "".join(drawn)


def _line(spots: Sequence[tuple[float, float]], one: Series) -> str:
    path = " ".join(f"{across:.1f},{level:.1f}" for across, level in spots)
    drawn = f'<polyline points="{path}" fill="none" stroke="{one.colour}" stroke-width="5"/>'
    return drawn + "".join(mark(*spot, one.mark, one.colour) for spot in spots)


def _row(x: float, y: float, at: Sequence[float], room: float, one: Series) -> str:
    drawn = [mark(x + 10, y - 10, one.mark, one.colour), words(x + 30, y, one.name, 26, most=80)]
    for across, value in zip(at, one.values, strict=True):
        size = round(fit_size(str(value), 28, room - 8), 1)
        drawn.append(words(across, y, str(value), size, anchor="middle", colour=one.colour))
    return "".join(drawn)
