"""What the sections of the digest's picture are drawn with: measures, cards, rows and words."""

from collections.abc import Sequence

from bot.core.messages import Line
from bot.core.reports import charts
from bot.core.reports.charts import INK, MUTED
from bot.core.text_metrics import clean, wrap_words
from bot.digest.fonts import drawable
from bot.texts import Texts

WIDE, MARGIN, PAD, GAP = 1080, 40, 32, 16
TOP, BOTTOM = 70, 18
"""Where the rows of a section begin, and the room below them."""
STEP = 42
"""From row to row."""
INNER = WIDE - 2 * MARGIN
ROOM = INNER - 2 * PAD
LEFT = MARGIN + PAD
Section = tuple[float, str]
"""How high it is, and what it draws from y = 0 on."""


class Pen:
    """Writes the park's words; all of them are made fit to be drawn first."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def draw_list(self, title: str, lines: Sequence[str]) -> Section:
        """A card of lines, each in two rows at most; a line may itself be of several."""
        parts = [self.tidy_text(part) for line in lines for part in line.splitlines()]
        rows = [row for part in parts for row in wrap_words(part, 28, ROOM, 2)]
        return self.table(title, self.rows(rows, TOP), float(STEP * len(rows)), None)

    def rows(self, rows: Sequence[str], y: float, colour: str = INK, size: int = 28) -> str:
        """Rows one under the other, the first one's head at y."""
        return "".join(
            charts.words(LEFT, y + 30 + place * STEP, row, size, colour=colour, most=ROOM)
            for place, row in enumerate(rows)
        )

    def table(
        self, title: str, body: str, high: float, rest: Line | None, *, empty: bool = False
    ) -> Section:
        """A card with a title, its rows, and how many more there are."""
        if empty:
            body, high = self.quiet("digest.picture.nothing"), STEP
        if rest is not None:
            text = self.render_value(rest)
            body += charts.words(LEFT, TOP + high + 30, text, 26, colour=MUTED, most=ROOM)
            high += STEP
        whole = TOP + high + BOTTOM
        return whole, charts.box(MARGIN, 0, INNER, whole) + self.title(LEFT, title, ROOM) + body

    def quiet(self, key: str) -> str:
        """A row that says there is nothing to show."""
        return charts.words(LEFT, TOP + 30, self.say(key), 28, colour=MUTED, most=ROOM)

    def title(self, x: float, name: str, most: float, **values: object) -> str:
        """A section's name."""
        text = self.say(f"digest.picture.{name}", values)
        return charts.words(x, 48, text, 32, weight=charts.BOLD, most=most)

    def say(self, key: str, values: dict[str, object] | None = None) -> str:
        """The words of a key."""
        return clean(self._texts.render(key, values), drawable)

    def render_value(self, value: object) -> str:
        """A value as people read it."""
        return clean(self._texts.format_value(value), drawable)

    def tidy_text(self, text: str) -> str:
        """What people typed; where nothing of it can be drawn, a word that says so."""
        return clean(text, drawable) or self.say("digest.no_words")
