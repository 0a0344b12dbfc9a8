"""Reads what a rehearsal left behind, by plain SQL from the event log, the outbox and the
once-keys, and finds every deadline that the clock did not watch. Shares no rule with the bot."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.rehearsal.office import ZONE, Office
from tests.rehearsal.story import PARTS, State, Story, moment, read

MINUTE = timedelta(minutes=1)
CLIMBS = ("notice.escalated", "notice.breached")
SEALED = ("sealed.duty_late",)
"""Of a sealed matter the duty desk hears by its number; its readers, if there are any, besides."""
MERGE = timedelta(minutes=10)
WORDS = {"受理": "accept", "反馈": "answer", "办结": "solve"}
_LINE = re.compile(r"^([A-Z]+-\d{8}-\d{3,}) .*前(受理|反馈|办结)$", re.MULTILINE)
_PROMISED = re.compile(r"(\d+)月(\d+)日（周.）(\d\d):(\d\d) 前(受理|办结)")


@dataclass(frozen=True)
class Reminder:
    """One reminder that left: to which thread, when it was to leave and when it did (a power cut
    may lie between), of which deadlines of which issues."""

    thread: int
    due_at: datetime
    sent_at: datetime
    about: tuple[tuple[int, str], ...]


class Checker:
    """One database of a rehearsal that ended at `ended`."""

    def __init__(self, path: Path, began: datetime, ended: datetime) -> None:
        self.path, self.began, self.ended = path, began, ended
        first = began.astimezone(ZONE).date()
        self.office = Office(first, (ended - began).days + 200)
        self.stories = read(path, self.office)

    def faults(self) -> list[str]:
        """Everything that is wrong, in words."""
        found: list[str] = []
        for story in self.stories.values():
            found += self._silent_breaches(story)
            found += self._groundless(story)
        found += self._unheard()
        reminders = self.reminders()
        found += self._late_reminders(reminders)
        found += self._find_crowded_reminders(reminders)
        found += self._find_misprints()
        return found

    # No breach without its escalation, and no escalation without its breach

    def _silent_breaches(self, story: Story) -> Iterator[str]:
        for begins, ends, state in story.spells():
            for part in PARTS:
                if state.owes(part):
                    for rung, due in self.ladder(story, state, part).items():
                        if story.doubtful and (state.status == "filed" or due < begins):
                            continue
                        yield from self._silent(story, state, part, rung, due, (begins, ends))

    def _silent(
        self,
        story: Story,
        state: State,
        part: str,
        rung: str,
        due: datetime,
        spell: tuple[datetime, datetime],
    ) -> Iterator[str]:
        """From when the point has come, in a state that owes it, somebody must hear in a minute; a
        minute that runs into the quiet hours ends after them."""
        begins, ends = spell
        since = self._decent(story, state, max(due, begins))
        last = since + MINUTE
        if self._decent(story, state, last) != last:
            last = self._decent(story, state, last) + MINUTE
        if last >= min(ends, self.ended):
            return
        if not any(told.part == part and due <= told.at <= last for told in story.escalated):
            yield f"issue {story.id}: {part} broken, {rung} should have heard by {last}"

    def ladder(self, story: Story, state: State, part: str) -> dict[str, datetime]:
        """When each rung hears of a deadline that is missed; after a pause the higher ones wait
        anew."""
        due = state.due[part]
        late_from = max(due, state.resumed_at or due)
        points = {
            "department": due,
            "task_force": state.office.plus_hours(late_from, 4),
            "leader": state.office.plus_days(late_from, 1),
        }
        return {rung: self._decent(story, state, at) for rung, at in points.items()}

    @staticmethod
    def _decent(story: Story, state: State, at: datetime) -> datetime:
        """The moment itself or the morning after a night; what is urgent waits for no morning."""
        decent, since = state.office.decent(at), story.urgent_since
        return decent if since is None else min(decent, max(at, since))

    def _groundless(self, story: Story) -> Iterator[str]:
        for told in story.escalated:
            at, part = told.at, told.part
            if story.doubtful and told.before.status == "filed":
                yield f"issue {story.id}: escalated at {at} though nobody had verified it"
            if not told.before.owes(part) or told.before.due[part] > at:
                yield f"issue {story.id}: escalated at {at} though {part} was not broken"
            if self._decent(story, told.before, at) != at:
                yield f"issue {story.id}: escalated at night, {at}"

    def _unheard(self) -> Iterator[str]:
        """Whoever is to hear of an escalation, and whoever holds the issue, has a message."""
        rows = self._rows("SELECT DISTINCT because, issue_id, kind FROM outbox")
        told = {(row["because"], row["issue_id"], row["kind"]) for row in rows}
        sealed = {row["id"] for row in self._rows("SELECT id FROM issues WHERE sealed IS NOT NULL")}
        for story in self.stories.values():
            for rise in story.escalated:
                for kind in (
                    SEALED if story.id in sealed else ("notice.escalated", "notice.breached")
                ):
                    if (rise.because, story.id, kind) not in told:
                        yield f"issue {story.id}: no {kind} at {rise.at}"

    # Reminders

    def reminders(self) -> list[Reminder]:
        """Every reminder that left, in order."""
        numbers = {row["number"]: row["id"] for row in self._rows("SELECT id, number FROM issues")}
        rows = self._rows(
            "SELECT * FROM outbox WHERE kind LIKE 'notice.remind%' AND sent_at IS NOT NULL"
            " ORDER BY sent_at, id"
        )
        return [
            Reminder(
                row["thread_id"],
                moment(row["not_before"]),
                moment(row["sent_at"]),
                tuple(_about(row, numbers)),
            )
            for row in rows
        ]

    def _late_reminders(self, reminders: list[Reminder]) -> Iterator[str]:
        """Nobody is reminded of what they have done."""
        for reminder in reminders:
            for issue, part in reminder.about:
                if not self.stories[issue].at(reminder.sent_at).owes(part):
                    yield f"issue {issue}: reminded of {part} at {reminder.sent_at}, which was kept"

    def _find_crowded_reminders(self, reminders: list[Reminder]) -> Iterator[str]:
        """Two reminders to one person lie apart, unless one is urgent."""
        last: dict[int, datetime] = {}
        for reminder in reminders:
            urgent = (
                self.stories[issue].is_urgent(reminder.sent_at) for issue, _ in reminder.about
            )
            if any(urgent):
                continue
            before = last.get(reminder.thread)
            if before is not None and reminder.due_at - before < MERGE:
                again = f"reminded at {before} and again at {reminder.due_at}"
                yield f"thread {reminder.thread}: {again}"
            last[reminder.thread] = reminder.due_at

    # What was promised in words

    def _find_misprints(self) -> Iterator[str]:
        """The deadlines on a receipt are those that other arithmetic finds."""
        for row in self._rows("SELECT issue_id, text FROM outbox WHERE kind = 'receipt.filed'"):
            story = self.stories[row["issue_id"]]
            due = story.states[0][1].due
            promised = _PROMISED.findall(row["text"])
            if len(promised) < 2:
                yield f"issue {story.id}: promised nothing"
            for month, day, hour, minute, word in promised:
                at = due[WORDS[word]].astimezone(ZONE)
                printed = (int(month), int(day), int(hour), int(minute))
                if printed != (at.month, at.day, at.hour, at.minute):
                    yield f"issue {story.id}: promised {printed} to {word}, should be {at}"

    def _rows(self, statement: str) -> list[sqlite3.Row]:
        with sqlite3.connect(self.path) as db:
            db.row_factory = sqlite3.Row
            rows = db.execute(statement).fetchall()
        db.close()
        return rows


def _about(row: sqlite3.Row, numbers: dict[str, int]) -> Iterator[tuple[int, str]]:
    if row["kind"] == "notice.remind":
        yield row["issue_id"], row["only_while"]
        return
    for number, word in _LINE.findall(row["text"]):
        yield numbers[number], WORDS[word]


def ticks(path: Path, cron: str, entry: str, began: datetime, ended: datetime) -> Iterator[str]:
    """What is wrong with the ticks of one entry: every due time once, none besides."""
    with sqlite3.connect(path) as db:
        like = f"tick:{entry}:%"
        keys = [row[0] for row in db.execute("SELECT key FROM once WHERE key LIKE ?", (like,))]
    db.close()
    done: defaultdict[datetime, int] = defaultdict(int)
    for key in keys:
        done[datetime.fromisoformat(key.split(":", 2)[2])] += 1
    due = list(due_times(cron, began, ended))
    yield from (f"{entry}: {at} was missed" for at in due if not done[at])
    yield from (f"{entry}: {at} came {count} times" for at, count in done.items() if count > 1)
    known = set(due)
    yield from (f"{entry}: {at} is no due time" for at in done if at >= began and at not in known)


def due_times(cron: str, began: datetime, ended: datetime) -> Iterator[datetime]:
    """Every minute after `began`, up to `ended`, that a crontab line names, found by looking at
    each day; days of the week by name, as the office's file has them."""
    for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun")):
        cron = cron.lower().replace(name, str(n))
    minute, hour, day, month, weekday = cron.split()
    at = began.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    while at <= ended:
        fields = ((day, at.day), (month, at.month), (weekday, at.weekday()))
        if all(_names(field, value) for field, value in fields):
            for h in (clock_hour for clock_hour in range(24) if _names(hour, clock_hour)):
                for m in (
                    clock_minute for clock_minute in range(60) if _names(minute, clock_minute)
                ):
                    due = at.replace(hour=h, minute=m)
                    if began < due <= ended:
                        yield due
        at += timedelta(days=1)


def _names(field: str, value: int) -> bool:
    """Whether one field of a crontab line names a value."""
    return any(_part_names(part, value) for part in field.split(","))


def _part_names(part: str, value: int) -> bool:
    whole, _, step = part.partition("/")
    if whole == "*":
        return value % int(step or 1) == 0
    first, _, last = whole.partition("-")
    return int(first) <= value <= int(last or first) and (value - int(first)) % int(step or 1) == 0
