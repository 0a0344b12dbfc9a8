"""The minutes as a Word file, filled into a template that the office edits in Word."""

from pathlib import Path
from typing import Any

from bot.actions.context import Scene
from bot.actions.sessions.minutes import Minutes, build_values, outcome_of
from bot.actions.sessions.minutes_template import examine, fill, open_template
from bot.actions.sessions.promises import pledge_facts
from bot.actions.sessions.views import firm_names
from bot.core.messages import Line


def write_minutes(scene: Scene, minutes: Minutes, template: Path, out: Path) -> None:
    """Fill in the template. Raises BrokenTemplate with the place, OSError."""
    examine(template)
    document = open_template(template)
    fill(document, context(scene, minutes))
    document.save(out)


def context(scene: Scene, minutes: Minutes) -> dict[str, Any]:
    """What a template may print, all of it text: see the README for the names."""
    texts = scene.texts
    facts = build_values(scene, minutes)
    head = {
        name: _plain(texts.format_value(facts[name]))
        for name in ("number", "kind", "starts_at", "place", "theme", "tally")
    }
    return {
        **head,
        "park": scene.house.name,
        "seats": _lines(scene, facts["seats"]),
        "settled": _lines(scene, facts["settled"]),
        "items": [_item(scene, minutes, place) for place in range(len(minutes.items))],
    }


def _item(scene: Scene, minutes: Minutes, place: int) -> dict[str, Any]:
    item = minutes.items[place]
    mine = [promise for promise in minutes.promises if promise.item_id == item.id]
    shown = item.firms if minutes.firm is None else ()
    return {
        "place": item.place,
        "title": _plain(item.title),
        "enterprise": firm_names(scene, shown),
        "outcome": scene.texts.format_value(outcome_of(minutes, item)),
        "said": _plain(item.said),
        "promises": [
            {
                name: _plain(scene.texts.format_value(value))
                for name, value in pledge_facts(scene, promise).items()
            }
            for promise in mine
        ],
    }


def _lines(scene: Scene, found: object) -> list[str]:
    assert isinstance(found, tuple), "a list of lines"
    return [_plain(scene.texts.format_value(line)) for line in found if isinstance(line, Line)]


def _plain(text: str) -> str:
    """What a Word file can hold: people's words may have control characters in them."""
    return "".join(char for char in text if char.isprintable() or char == "\n")
