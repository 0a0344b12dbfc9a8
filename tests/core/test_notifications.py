"""The table of who hears what: nothing is said to somebody else without a row, no row is idle."""

import ast
from collections.abc import Iterator
from datetime import UTC

from bot import texts
from bot.core.notifications import NOTIFICATIONS, TEMPLATES, Party, Quiet, find_notification
from tests.conftest import ROOT
from tests.texts.test_wording import FAMILIES, expand_pattern
from tests.texts.wording import modules

WORDS = texts.load(UTC).words
TABLE = ROOT / "bot/core/notifications.py"


def _list_calls() -> Iterator[tuple[ast.Call, str]]:
    """Each `Say(…)` of the product and where it stands."""
    for module in modules():
        for node in ast.walk(ast.parse(module.path.read_text(encoding="utf-8"))):
            name = getattr(node, "func", None)
            if isinstance(node, ast.Call) and isinstance(name, ast.Name) and name.id == "Say":
                yield node, f"{module.path.relative_to(ROOT)}:{node.lineno}"


def _constants() -> Iterator[tuple[str, str, ast.Call]]:
    for call, where in _list_calls():
        said = call.args[1]
        for key in (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, where, call


def test_what_is_said_to_somebody_else_has_a_row() -> None:
    # `Turn.me` alone answers the writer, and takes its key as an argument.
    missing = [(key, where) for key, where, _ in _constants() if key not in NOTIFICATIONS]
    assert len(list(_constants())) > 80
    assert missing == []


def test_every_row_is_said_and_has_words() -> None:
    written = {
        node.value
        for module in modules()
        if module.path != TABLE
        for node in ast.walk(ast.parse(module.path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    made = {key for pattern, gaps in FAMILIES.items() for key in expand_pattern(pattern, gaps)}
    assert [key for key in NOTIFICATIONS if key not in WORDS] == []
    assert [key for key in NOTIFICATIONS if key not in written | made] == []


def test_what_may_ring_at_night_is_what_is_called_urgent() -> None:
    urgent = {
        key for key, _, call in _constants() if any(word.arg == "urgent" for word in call.keywords)
    }
    # Reminders of several and what readers of sealed matters hear are made under a variable name.
    named = {"notice.remind_several", "sealed.new", "sealed.late"}
    passes = {row.key for row in NOTIFICATIONS.values() if row.quiet is Quiet.URGENT_PASSES}
    assert urgent | named == passes


def test_the_last_send_is_for_how_an_issue_ended() -> None:
    kept = {row.key for row in NOTIFICATIONS.values() if row.last_send}
    assert kept == {
        *("result.resolved", "minutes.done_news", "minutes.infeasible_news"),
        "promise.kept_news",
    }
    assert all(NOTIFICATIONS[key].to_firm for key in kept)


def test_a_session_reaches_whom_a_chat_would() -> None:
    pairs = {
        "minutes.decision_notice": "notice.instructed",
        "minutes.done_news": "result.resolved",
        "minutes.infeasible_news": "result.resolved",
        "minutes.planned_news": "news.planned",
        "promise.kept_news": "result.resolved",
    }
    for at_session, in_chat in pairs.items():
        assert NOTIFICATIONS[at_session].copies == NOTIFICATIONS[in_chat].copies, at_session
        assert NOTIFICATIONS[at_session].last_send == NOTIFICATIONS[in_chat].last_send, at_session
        assert NOTIFICATIONS[at_session].template == NOTIFICATIONS[in_chat].template, at_session


def test_only_enterprises_are_bothered() -> None:
    assert all(row.to_firm for row in NOTIFICATIONS.values() if row.contact)
    assert any(row.contact for row in NOTIFICATIONS.values())


def test_a_plain_reply_goes_to_nobody_else() -> None:
    row = find_notification("accept.done")
    assert (row.copies, row.last_send, row.template) == (Party.NONE, False, "")
    assert {"news", "notice", "result", "session", "agenda", "minutes", "promise"} <= TEMPLATES
