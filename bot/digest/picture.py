"""Lays a digest out as one picture, section under section; every number is one of the facts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.reports import charts
from bot.core.reports.charts import AMBER, BLUE, GREEN, MUTED, RED, Bar, Series
from bot.core.reports.digest import Facts
from bot.core.reports.figures import Broken, Late, Share
from bot.core.text_metrics import cut, wrap_words
from bot.digest import words
from bot.digest.canvas import (
    BOTTOM,
    GAP,
    INNER,
    LEFT,
    MARGIN,
    PAD,
    ROOM,
    STEP,
    TOP,
    WIDE,
    Pen,
    Section,
)
from bot.texts import Texts

TITLES = 3
"""Items of the next session that are named."""


def draw_picture(facts: Facts, texts: Texts) -> str:
    """The picture as SVG, 1080 pixels wide."""
    picture = _Picture(facts, texts)
    body, y = [], 36.0
    for high, section in picture.sections():
        body.append(f'<g transform="translate(0 {y:g})">{section}</g>')
        y += high + GAP
    return charts.svg(WIDE, y + 16, "".join(body))


class _Picture(Pen):
    """The sections of one digest."""

    def __init__(self, facts: Facts, texts: Texts) -> None:
        super().__init__(texts)
        self._facts = facts
        self._own = facts.own

    def sections(self) -> Iterator[Section]:
        """All that there is to show, from the top."""
        yield self._head()
        if self._facts.decisions:
            yield self.draw_list("decisions", self._facts.decisions)
        yield self._cards()
        yield self._rates()
        yield self._draw_settled()
        yield self._weeks()
        yield self._categories()
        yield self._worst()
        if self._own.recurring:
            yield self._draw_recurring()
        if self._own.promises.of:
            yield self._promises()
        if self._facts.reforms:
            yield self.draw_list("reforms", self._facts.reforms)
        if self._facts.tonight:
            yield self._tonight()
        yield self._foot()

    def _head(self) -> Section:
        own = self._own
        span = self.say("digest.picture.span", {"since": own.week.monday, "until": own.week.sunday})
        whose = self.render_value(words.scope(self._facts))
        return 158, "".join(
            (
                charts.words(
                    MARGIN, 30, self.tidy_text(self._facts.name), 28, colour=MUTED, most=INNER
                ),
                charts.words(MARGIN, 94, self.say("digest.picture.title"), 50, weight=charts.BOLD),
                charts.words(WIDE - MARGIN, 94, whose, 32, anchor="end", most=560),
                charts.words(
                    MARGIN,
                    146,
                    f"{self.render_value(words.week(own.week))} {span}",
                    30,
                    colour=MUTED,
                    most=INNER,
                ),
            )
        )

    def _cards(self) -> Section:
        wide, high = (INNER - 3 * GAP) / 4, 236 if self._facts.park else 196
        body = ""
        for place, (name, big, below) in enumerate(self._four()):
            x, room = MARGIN + place * (wide + GAP), wide - 44
            title = self.say(f"digest.picture.{name}")
            body += charts.box(x, 0, wide, high)
            body += charts.words(x + 22, 46, title, 30, colour=MUTED, most=room)
            body += charts.number(x + 22, 124, big, 72, room, weight=charts.BOLD)
            for row, (text, colour) in enumerate(pair for pair in below if pair[0]):
                body += charts.number(x + 22, 168 + 40 * row, text, 28, room, colour=colour)
        return high, body

    def _four(self) -> Iterator[tuple[str, str, Sequence[tuple[str, str]]]]:
        """The four numbers that are read first: name, number, what stands below in which colour."""
        own, park = self._own, self._facts.park
        gone = self.say("digest.picture.withdrawn", {"count": own.withdrawn})
        late = own.open.overdue
        overdue = self.say(
            "digest.picture.overdue" if late else "digest.picture.no_overdue", {"count": late}
        )
        rated = own.printable_satisfaction
        percent = (
            self.say("digest.picture.no_rate") if rated.percent is None else f"{rated.percent}%"
        )
        yield "filed", str(own.filed), ((gone, MUTED), self._of_park(park and park.filed))
        unrated = self.say("digest.picture.unrated", {"count": own.settled.without_rating})
        yield (
            "resolved",
            str(own.resolution_count),
            ((unrated, MUTED), self._of_park(park and park.resolution_count)),
        )
        seen = (overdue, RED if late else GREEN)
        yield "open", str(own.open.all), (seen, self._of_park(park and park.open.all))
        whole = park and f"{park.printable_satisfaction.n}/{park.printable_satisfaction.of}"
        yield "satisfaction", percent, ((f"{rated.n}/{rated.of}", MUTED), self._of_park(whole))

    def _of_park(self, count: object) -> tuple[str, str]:
        if self._facts.park is None:
            return "", MUTED
        return self.say("digest.picture.of_park", {"count": count}), MUTED

    def _rates(self) -> Section:
        own, half = self._own, (INNER - GAP) / 2
        kept = (("accept", own.kept.accept), ("answer", own.kept.answer), ("solve", own.kept.solve))
        rates = (
            ("response", own.response),
            ("solution", own.solution),
            ("satisfaction", own.printable_satisfaction),
        )
        left = self._three(MARGIN, half, "kept", kept, BLUE)
        return 322, left + self._three(MARGIN + half + GAP, half, "rates", rates, GREEN)

    def _three(
        self, x: float, wide: float, title: str, rows: Sequence[tuple[str, Share]], colour: str
    ) -> str:
        drawn = [charts.box(x, 0, wide, 322), self.title(x + PAD, title, wide - 2 * PAD)]
        for place, (name, share) in enumerate(rows):
            part = share.n / share.of if share.of else 0.0
            bar = Bar(
                self.say(f"digest.picture.{name}"),
                part,
                self.render_value(words.share(share)),
                colour,
            )
            drawn.append(charts.share_bar(x + PAD, TOP + place * 82, wide - 2 * PAD, bar))
        return "".join(drawn)

    def _draw_settled(self) -> Section:
        settled = self._own.settled
        parts = [("confirmed", settled.confirmed, GREEN)]
        if settled.shows_ratings:
            parts += [("unhappy", settled.unhappy, RED), ("silent", settled.silent, AMBER)]
        bars = [Bar(name, value, "", colour) for name, value, colour in parts]
        wide = ROOM / 4
        legend = [*parts, ("unrated", settled.without_rating, MUTED)]
        body = charts.box(MARGIN, 0, INNER, 160) + self.title(
            LEFT, "settled", ROOM, count=settled.claimed
        )
        body += charts.draw_stacked_bar(LEFT, TOP + 2, ROOM, 26, bars)
        for place, (name, value, colour) in enumerate(legend):
            text = self.say(f"digest.picture.{name}", {"count": value})
            body += charts.number(LEFT + place * wide, 136, text, 28, wide - 8, colour=colour)
        return 160, body

    def _weeks(self) -> Section:
        line = self._own.line
        series = (
            Series(
                self.say("digest.picture.line_filed"), tuple(point.filed for point in line), BLUE
            ),
            Series(
                self.say("digest.picture.line_resolved"),
                tuple(point.resolved for point in line),
                GREEN,
                "square",
            ),
        )
        days = [f"{point.week.monday.month}/{point.week.monday.day}" for point in line]
        high = 140.0
        whole = TOP + 10 + charts.lines_height(high, len(series)) + BOTTOM
        body = charts.box(MARGIN, 0, INNER, whole) + self.title(LEFT, "eight_weeks", ROOM)
        return whole, body + charts.lines(LEFT, TOP + 10, ROOM, high, series, days)

    def _categories(self) -> Section:
        found = self._own.categories
        rows = [
            Bar(
                self.render_value(words.category(count.category)),
                count.filed,
                self.say(
                    "digest.picture.category",
                    {"filed": count.filed, "resolved": count.resolved, "open": count.open},
                ),
            )
            for count in words.first(found)
        ]
        rest = words.more("digest.more_categories", len(found), len(rows))
        return self.table(
            "categories",
            charts.bars(LEFT, TOP, ROOM, rows, step=STEP + 4),
            (STEP + 4) * len(rows),
            rest,
            empty=not rows,
        )

    def _worst(self) -> Section:
        own, rows = self._own, words.first(self._own.worst)
        body = "".join(self._late(TOP + place * 86, issue) for place, issue in enumerate(rows))
        high = 86.0 * len(rows)
        if not rows:
            body, high = self.quiet("digest.no_worst"), float(STEP)
        if words.any_standing(own):
            text = self.say("digest.picture.standing", words.build_standing(own))
            parts = wrap_words(text, 26, ROOM, 2)
            body += self.rows(parts, TOP + high, MUTED, 26)
            high += STEP * len(parts)
        return self.table(
            "worst", body, high, words.more("digest.more", own.open.overdue, len(rows))
        )

    def _late(self, y: float, one: Late) -> str:
        late = self.say("digest.picture.late", {"late": words.how_late(one.late)})
        held = self.say("digest.picture.person", {"person": words.person(one)})
        firm = self.render_value(words.enterprise(one))
        title = self.tidy_text(one.title)
        return "".join(
            (
                charts.words(LEFT, y + 32, f"■ {one.number}", 28, colour=RED, most=330),
                charts.words(LEFT + 350, y + 32, firm, 28, most=ROOM - 350 - 270),
                charts.words(LEFT + ROOM, y + 32, late, 28, colour=RED, anchor="end", most=260),
                charts.words(LEFT + 34, y + 72, title, 28, colour=MUTED, most=ROOM - 34 - 290),
                charts.words(LEFT + ROOM, y + 72, held, 28, colour=MUTED, anchor="end", most=280),
            )
        )

    def _draw_recurring(self) -> Section:
        found = [
            self.render_value(words.format_recurring(matter))
            for matter in words.first(self._own.recurring)
        ]
        return self.draw_list("recurring", ["▲ " + self._texts.words["digest.between"].join(found)])

    def _promises(self) -> Section:
        own = self._own
        share = own.promises
        bar = Bar(
            self.say("digest.picture.promises_kept"),
            share.n / share.of,
            self.render_value(words.share(share)),
            BLUE,
        )
        rows = [self._format_broken(promise) for promise in words.first(own.broken)]
        body = charts.share_bar(LEFT, TOP, ROOM, bar) + self.rows(rows, TOP + 78)
        rest = words.more("digest.more_promises", len(own.broken), len(rows))
        return self.table("promises", body, 78.0 + STEP * len(rows), rest)

    def _format_broken(self, one: Broken) -> str:
        """Its number and its day are never cut: the words are."""
        who, what = cut(self.tidy_text(one.who), 28, 200), cut(self.tidy_text(one.what), 28, 300)
        return self.render_value(words.format_broken(replace(one, who=who, what=what)))

    def _tonight(self) -> Section:
        tonight = self._facts.tonight
        assert tonight is not None
        whole = self.render_value(words.tonight(self._facts))
        lines = wrap_words(whole, 28, ROOM, 2)
        lines += [
            f"{place}. {self.tidy_text(title)}"
            for place, title in enumerate(tonight.titles[:TITLES], 1)
        ]
        body = self.rows(lines, TOP)
        return self.table("tonight", body, float(STEP * len(lines)), None)

    def _foot(self) -> Section:
        counted = self.say("digest.picture.counted", {"counted_at": self._own.counted_at})
        notes = wrap_words(self.say("digest.how"), 24, INNER, 4)
        body = charts.words(MARGIN, 32, counted, 28, most=INNER)
        for place, note in enumerate(notes):
            body += charts.words(MARGIN, 76 + place * 36, note, 24, colour=MUTED)
        return 60 + 36.0 * len(notes), body
