"""Many Mondays in a row with chance in them, and a reader of what was left behind that knows
nothing of how agendas are made: it reads the tables only."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, text

from bot import demo
from bot.app import App
from bot.core.messages import Address, Content, Incoming, Kind
from bot.core.people import Role

FIRMS = [one for one in demo.phones() if one.role is Role.CONTACT]
TOPICS = ("自来水水压低", "变压器容量不够", "员工班车不够坐", "招不到普工", "路灯坏了")


class Mondays:
    """Drives an app week after week; the same seed gives the same year."""

    def __init__(self, app: App, seed: int) -> None:
        self.app = app
        self.chance = random.Random(seed)
        self.count = 0

    async def run(self, first: date, weeks: int) -> None:
        """Begin on a Monday (park's calendar)."""
        await self.app.advance(self._at(first - timedelta(days=4), time(9, 30)))
        for week in range(weeks):
            await self._week(first + timedelta(weeks=week))

    async def _week(self, monday: date) -> None:
        await self.app.advance(self._at(monday - timedelta(days=3), time(11)))
        for phone in self.chance.sample(FIRMS, 3):
            self.count += 1
            topic = f"{phone.name}{self.count:03d}事 {self.chance.choice(TOPICS)}"
            await self._say(phone.handle, f"报名 {topic}")
        await self.app.advance(self._at(monday, time(9, 30)))
        await self._settle_day()
        with self.app.database.read() as db:
            (evening,) = db.execute(
                text(
                    "select min(starts_at) from sessions "
                    "where stage in ('published', 'planned', 'moved')"
                )
            ).one()
        await self.app.advance(self._moment(evening))
        await self._evening()

    async def _settle_day(self) -> None:
        """A session on a holiday is moved to the proposed day, the first line of the question."""
        with self.app.database.read() as db:
            asked = db.execute(
                text("select number, proposed_at from sessions where proposed_at is not null")
            ).all()
        for number, proposed in asked:
            day = self.app.house.local(self._moment(proposed))
            await self._say("duty", f"改到 {number} {day:%Y-%m-%d %H:%M}")
            await self.app.advance(day.replace(hour=10, minute=30))

    async def _evening(self) -> None:
        await self._say("duty", "开会")
        for phone in FIRMS:
            await self._say(phone.handle, "签到")
        with self.app.database.read() as db:
            held = db.execute(
                text(
                    "select i.place, i.promise_id from agenda_items i "
                    "join sessions s on s.id = i.session_id "
                    "where s.stage = 'held' and i.place > 0 order by i.place"
                )
            ).all()
        for place, promise in held:
            await self._deal(place, promise is not None)
        await self._say("duty", "闭会")
        await self._say("duty", "其余移到下期")

    async def _deal(self, place: int, is_promise: bool) -> None:
        draw = self.chance.random()
        if is_promise:
            words = "兑现 {}号 已办好" if draw < 0.4 else "未兑现 {}号 还缺材料"
            words = words if draw < 0.7 else ""
        elif draw < 0.35:
            words = "记 {}号 供电公司 下周五前 办好"
        elif draw < 0.5:
            words = "结论 {}号 办结 已经处理好了"
        else:
            words = ""
        if words:
            await self._say("duty", words.format(place))

    async def _say(self, user: str, words: str) -> None:
        self.count += 1
        key = f"chain:{self.count}:{user}"
        content = Content(Kind.TEXT, words)
        now = self.app.clock.now()
        done = await self.app.runner.hear(Incoming(key, Address("local", user), content, now))
        assert done.fault is None, words
        await self.app.postman.drain()

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.app.settings.zone)

    def _moment(self, value: Any) -> datetime:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def faults(db: Connection) -> list[str]:
    """What is wrong with the chain: a matter that vanished, a promise not read back, a posting
    that was not there exactly once, another firm's matter in a firm's hands."""
    return [*_vanished(db), *_not_read_back(db), *_not_once(db), *_told_to_others(db)]


def _held(db: Connection) -> list[Any]:
    rows = "select id, number, opened_at from sessions where stage = 'closed' order by starts_at"
    return list(db.execute(text(rows)))


def _items(db: Connection) -> dict[int, list[Any]]:
    found = defaultdict(list)
    rows = "select session_id, matter, outcome, promise_id from agenda_items"
    for row in db.execute(text(rows)):
        found[row.session_id].append(row)
    return found


def _vanished(db: Connection) -> list[str]:
    held, items = _held(db), _items(db)
    resolved = {
        f"issue:{row.id}": str(row.resolved_at)
        for row in db.execute(
            text("select id, resolved_at from issues where resolved_at is not null")
        )
    }
    found = []
    for before, after in pairwise(held):
        there = {one.matter for one in items[after.id]}
        for one in items[before.id]:
            waits = one.outcome in ("open", "later", "off") and one.promise_id is None
            done = resolved.get(one.matter, "9") <= str(after.opened_at)
            if waits and one.matter not in there and not done:
                found.append(f"{one.matter} of {before.number} is not in {after.number}")
    return found


def _not_read_back(db: Connection) -> list[str]:
    held, items = _held(db), _items(db)
    order = {one.id: place for place, one in enumerate(held)}
    found = []
    rows = "select id, session_id, settled_at, kept from promises where kept <> 'struck'"
    for promise in db.execute(text(rows)):
        for session in held[order[promise.session_id] + 1 :]:
            if promise.settled_at and str(promise.settled_at) < str(session.opened_at):
                break
            if promise.id not in {one.promise_id for one in items[session.id]}:
                found.append(f"promise {promise.id} is not in {session.number}")
    return found


def _not_once(db: Connection) -> list[str]:
    counted: dict[tuple[str, str], int] = defaultdict(int)
    rows = "select kind, text from outbox where kind in ('agenda.group', 'minutes.group')"
    for row in db.execute(text(rows)):
        counted[row.kind, row.text.split("第 ")[1].split(" 期")[0]] += 1
    found = [f"{kind} of {number}: {n}" for (kind, number), n in counted.items() if n != 1]
    never = [one.number for one in _held(db) if ("agenda.group", str(one.number)) not in counted]
    return [*found, *(f"the agenda of {number} was never posted" for number in never)]


def _told_to_others(db: Connection) -> list[str]:
    rows = text(
        "select o.kind, o.text, p.name from outbox o join threads t on t.id = o.thread_id "
        "join people p on p.id = t.person_id "
        "where p.role = 'contact' and (o.kind like 'agenda.%' or o.kind like 'minutes.%' "
        "or o.kind like 'promise.%')"
    )
    names = [one.name for one in FIRMS]
    return [
        f"{row.kind} to {row.name}: {row.text}"
        for row in db.execute(rows)
        for name in names
        if name != row.name and name in row.text
    ]
