"""The least a server could do: open the envelope, write the same rows in one durable transaction
with nothing but sqlite3, seal an answer. Run as `python -m tests.bench.floor FOLDER PORT MODE`;
`each`: a commit for each message; `group`: the waiting messages share one."""

import asyncio
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wechatpy.replies import TextReply

from bot.channels.tencent.crypto import Query, Seal
from bot.clock import SystemClock
from tests.peers.envelopes import AES_KEY, APP_ID, TOKEN

Fields = dict[str, str]
MOST = 64
RECEIPT = "【已收到】YZ-20241014-001\n类别：用电\n联络员：赵敏之\n10月14日（周一）11:00 前受理" * 2


class Floor:
    """One connection to the bot's own tables."""

    def __init__(self, folder: Path, mode: str) -> None:
        self._db = sqlite3.connect(
            folder / "exchange.db", isolation_level=None, check_same_thread=False
        )
        for line in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._db.execute(f"PRAGMA {line}")
        self._serial = 0
        self._waiting: queue.SimpleQueue[tuple[Fields, Callable[[], object]]] = queue.SimpleQueue()
        self.write = self._alone if mode == "each" else self._together
        if mode == "group":
            threading.Thread(target=self._loop, daemon=True).start()

    async def _alone(self, fields: Fields) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._rows(fields)
        self._db.execute("COMMIT")

    async def _together(self, fields: Fields) -> None:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._waiting.put((fields, partial(loop.call_soon_threadsafe, done.set_result, None)))
        await done

    def _loop(self) -> None:
        while True:
            group = [self._waiting.get()]
            while len(group) < MOST and not self._waiting.empty():
                group.append(self._waiting.get())
            self._db.execute("BEGIN IMMEDIATE")
            for fields, _ in group:
                self._rows(fields)
            self._db.execute("COMMIT")
            for _, done in group:
                done()

    def _rows(self, fields: Fields) -> None:
        """What the bot writes for one new issue."""
        now, key, user = "2024-10-14 02:00:00.000000", fields["MsgId"], fields["FromUserName"]
        words, run = fields["Content"], self._db.execute
        self._serial += 1
        run("INSERT INTO once (key, at) VALUES (?, ?)", (key, now))
        (thread,) = run(
            "INSERT INTO threads (channel, address, heard_at, sends) VALUES ('wechat', ?, ?, 0)"
            " ON CONFLICT (channel, address) DO UPDATE SET heard_at = ?, sends = 0 RETURNING id",
            (user, now, now),
        ).fetchone()
        run("UPDATE counters SET last = last + 1")
        issue = _insert(
            self._db,
            "issues",
            number=f"YZ-20241014-{self._serial:05d}",
            status="filed",
            thread_id=thread,
            title=words,
            category="用电",
            urgent=1,
            service_level="default",
            filed_at=now,
            accept_due=now,
            answer_due=now,
            solve_due=now,
            next_due_at=now,
        )
        common = {"issue_id": issue, "because": key}
        _insert(
            self._db, "issue_events", move="file", at=now, thread_id=thread, text=words, **common
        )
        _insert(
            self._db,
            "messages",
            key=key,
            thread_id=thread,
            kind="text",
            text=words,
            issue_id=issue,
            sent_at=now,
            received_at=now,
        )
        sent = {"created_at": now, "not_before": now, "text": RECEIPT, **common}
        _insert(self._db, "outbox", thread_id=thread, kind="receipt", slot=key, **sent)
        _insert(self._db, "outbox", thread_id=1, kind="notice", **sent)


def _insert(db: sqlite3.Connection, table: str, **values: Any) -> int:
    """One row; columns that the tables want and nobody named are empty."""
    given = {**_EMPTY[table](db), **values}
    names, marks = ", ".join(given), ", ".join("?" * len(given))
    made = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(given.values()))
    return made.lastrowid or 0


_known: dict[str, dict[str, Any]] = {}


def _build_defaults(table: str, db: sqlite3.Connection) -> dict[str, Any]:
    if table not in _known:
        columns = db.execute(f"PRAGMA table_info({table})").fetchall()
        empty = {"INTEGER": 0, "BIGINT": 0, "BOOLEAN": 0, "JSON": "null"}
        _known[table] = {
            name: empty.get(kind, "")
            for _, name, kind, needed, default, key in columns
            if needed and default is None and not key
        }
    return _known[table]


_EMPTY = {
    name: partial(_build_defaults, name)
    for name in ("issues", "issue_events", "messages", "outbox")
}


def main() -> None:
    """Serve it as the bot is served."""
    folder, port, mode = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    seal, floor, clock = Seal(TOKEN, AES_KEY, APP_ID), Floor(folder, mode), SystemClock()

    async def receive(request: Request) -> Response:
        query = Query.of(request.query_params)
        fields = seal.open(query, await request.body(), clock.now())
        await floor.write(fields)
        names = {"source": fields["ToUserName"], "target": fields["FromUserName"]}
        reply = TextReply(**names, time=1, content=RECEIPT).render()
        return Response(seal.close(reply, query), media_type="application/xml")

    app = Starlette(routes=[Route("/wechat", receive, methods=["POST"])])
    uvicorn.run(app, port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
