"""The minutes as a Word file, filled into a template that the office edits in Word."""

from datetime import datetime
from pathlib import Path
from typing import Any

from bot.actions.context import Context
from bot.actions.sessions.minutes import Minutes, build_values, outcome_of
from bot.actions.sessions.minutes_template import examine, fill, open_template, prints
from bot.actions.sessions.promises import promise_facts
from bot.actions.sessions.views import firm_names
from bot.core.letters import keep_visible
from bot.core.messages import Line


def write_minutes(context: Context, minutes: Minutes, template: Path, out: Path) -> None:
    """Fill in the template. Raises BrokenTemplate with the place, OSError."""
    examine(template)
    document = open_template(template)
    values = build_fields(context, minutes)
    # A template from before there were corrections has no place for them: they come last.
    unplaced = [] if prints(document, "corrections") else values["corrections"]
    fill(document, values)
    for line in unplaced:
        document.docx.add_paragraph(line)
    document.save(out)


def build_fields(context: Context, minutes: Minutes) -> dict[str, Any]:
    """What a template may print, all of it text: see `docs/sessions.md` for the names."""
    texts = context.texts
    facts = build_values(context, minutes)
    head = {
        name: _plain(texts.format_value(facts[name]))
        for name in ("number", "kind", "place", "theme", "tally")
    }
    return {
        **head,
        "starts_at": texts.format_value(facts["starts_at"], "dated"),
        "park": context.park.name,
        "seats": _lines(context, facts["seats"]),
        "settled": _lines(context, facts["settled"]),
        "corrections": _lines(context, facts["corrections"]),
        "items": [_item(context, minutes, place) for place in range(len(minutes.items))],
    }


def _item(context: Context, minutes: Minutes, place: int) -> dict[str, Any]:
    item = minutes.items[place]
    mine = [promise for promise in minutes.promises if promise.item_id == item.id]
    shown = item.firms if minutes.firm is None else ()
    return {
        "place": item.place,
        "title": _plain(item.title),
        "enterprise": firm_names(context, shown),
        "outcome": context.texts.format_value(outcome_of(minutes, item)),
        "said": _plain(item.said),
        "promises": [
            {
                name: _plain(context.texts.format_value(value, _style_of(value)))
                for name, value in promise_facts(context, promise).items()
            }
            for promise in mine
        ],
    }


def _lines(context: Context, found: object) -> list[str]:
    assert isinstance(found, tuple), "a list of lines"
    return [_plain(context.texts.format_value(line)) for line in found if isinstance(line, Line)]


def _style_of(value: object) -> str:
    """A paper is read in other years too."""
    return "dated" if isinstance(value, datetime) else ""


def _plain(text: str) -> str:
    """What a Word file can hold: people's words may have control characters in them."""
    return keep_visible(text)
