"""The minutes as a Word file, filled into a template that the office edits in Word."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.core.messages import Line
from bot.monday.minutes import Minutes, outcome_of, told
from bot.monday.readback import pledge_facts
from bot.monday.views import firm_names
from bot.scene import Scene

_TAG = re.compile(r"{[{%#].*?[}%#]}|{[{%#][^}]*$")
_OPENS = re.compile(r"{%[a-z]{0,2}\s+(for|if)\b")
_CLOSES = re.compile(r"{%[a-z]{0,2}\s+end(for|if)\b")


class BrokenTemplate(ValueError):  # noqa: N818 - the office's file, not our error
    """It cannot be filled in; `place` quotes the paragraph, `detail` says what is wrong."""

    def __init__(self, place: str, detail: str) -> None:
        super().__init__(f"{place}: {detail}")
        self.place = place
        self.detail = detail


def write_minutes(scene: Scene, minutes: Minutes, template: Path, out: Path) -> None:
    """Fill in the template. Raises BrokenTemplate with the place, OSError."""
    values = context(scene, minutes)
    environment = SandboxedEnvironment(autoescape=True)
    document = _opened(template)
    _check(template, values, environment)
    try:
        document.render(values, environment, autoescape=True)
    except (TemplateError, TypeError, ValueError) as error:
        raise BrokenTemplate(_context_of(error), str(error)) from error
    document.save(out)


def context(scene: Scene, minutes: Minutes) -> dict[str, Any]:
    """What a template may print, all of it text: see the README for the names."""
    texts = scene.texts
    facts = told(scene, minutes)
    head = {
        name: _plain(texts.shown(facts[name]))
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
    mine = [one for one in minutes.promises if one.item_id == item.id]
    shown = item.firms if minutes.firm is None else ()
    return {
        "place": item.place,
        "title": _plain(item.title),
        "enterprise": firm_names(scene, shown),
        "outcome": scene.texts.shown(outcome_of(minutes, item)),
        "said": _plain(item.said),
        "promises": [
            {
                name: _plain(scene.texts.shown(value))
                for name, value in pledge_facts(scene, one).items()
            }
            for one in mine
        ],
    }


def _lines(scene: Scene, found: object) -> list[str]:
    assert isinstance(found, tuple), "a list of lines"
    return [_plain(scene.texts.shown(one)) for one in found if isinstance(one, Line)]


def _plain(text: str) -> str:
    """What a Word file can hold: people's words may have control characters in them."""
    return "".join(one for one in text if one.isprintable() or one == "\n")


def _opened(template: Path) -> DocxTemplate:
    try:
        document = DocxTemplate(template)
        document.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError) as error:
        raise BrokenTemplate(template.name, str(error)) from error
    return document


def _check(template: Path, values: Mapping[str, Any], environment: SandboxedEnvironment) -> None:
    """Each tag by itself and their pairs, so that a mistake is found with its paragraph."""
    depth: list[str] = []
    loops: set[str] = set()
    for text in _paragraphs(template):
        for tag in _TAG.findall(text):
            if not tag.endswith(("}}", "%}", "#}")):
                raise BrokenTemplate(text, tag)
            if _OPENS.match(tag):
                depth.append(text)
                loops |= set(re.findall(r"\bfor\s+(\w+)\s+in\b", tag))
            elif _CLOSES.match(tag):
                if not depth:
                    raise BrokenTemplate(text, tag)
                depth.pop()
            elif tag.startswith("{{"):
                _check_name(text, tag, values, loops)
    if depth:
        raise BrokenTemplate(depth[-1], depth[-1])


def _check_name(text: str, tag: str, values: Mapping[str, Any], loops: set[str]) -> None:
    found = re.match(r"{{[a-z]?\s*(\w+)", tag)
    if found is None or (found[1] not in values and found[1] not in loops):
        raise BrokenTemplate(text, tag)


def _paragraphs(template: Path) -> Iterator[str]:
    document = Document(str(template))
    for paragraph in document.element.body.iter(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
    ):
        yield "".join(
            node.text or ""
            for node in paragraph.iter(
                "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
            )
        )


def _context_of(error: Exception) -> str:
    """What docxtpl shows of the surroundings of a mistake, else where Jinja saw it."""
    around = [line.strip() for line in getattr(error, "docx_context", ())]
    return " ".join(line for line in around if line) or str(getattr(error, "lineno", ""))
