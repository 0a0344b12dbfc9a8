"""Reads the Word template that the office edits, and says what is wrong with it and where."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from lxml.etree import XMLSyntaxError

from bot.core.messages import Line

TEXT = "〇"
PROMISE = dict.fromkeys(
    ("number", "who", "what", "due", "made_at", "state", "reason", "dispute"), TEXT
)
ITEM = {
    **dict.fromkeys(("place", "enterprise", "title", "outcome", "said"), TEXT),
    "promises": [PROMISE],
}
SHAPE: Mapping[str, Any] = {
    **dict.fromkeys(("park", "number", "kind", "starts_at", "place", "theme", "tally"), TEXT),
    "seats": [TEXT],
    "settled": [TEXT],
    "items": [ITEM],
    "corrections": [TEXT],
}
"""Every name that a template may print, with one example of each: see `docs/sessions.md`."""

_TAG = re.compile(r"{[{%#].*?[}%#]}|{[{%#][^}]*$")
_STATEMENT = re.compile(r"{%(?:p|tr|tc|r)?\s+(?P<word>\w+)(?P<rest>.*?)%}", re.DOTALL)
_PRINTED = re.compile(r"{{r?\s+(?P<words>.*?)}}|{{(?P<close>.*?)}}", re.DOTALL)
_TABLES_ONLY = frozenset({"cellbg", "colspan", "hm", "vm"})
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _RUN = f"{_WORD}p", f"{_WORD}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NOTES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml": "footnotes",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml": "endnotes",
}
_LEFT = re.compile(r"{{|{%")
_SHOWN = 30  # characters that are quoted of what stays as it is


class Slip(StrEnum):
    """What can be wrong with a template."""

    NO_FILE = "no_file"
    NO_WORD = "no_word"
    UNFINISHED = "unfinished"
    UNPAIRED = "unpaired"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    UNFIT = "unfit"
    LEFT = "left"


class BrokenTemplate(ValueError):  # noqa: N818 - the office's file, not our error
    """It cannot be filled in: `place` counts paragraphs from 1 in the part `where`, `text` quotes
    that paragraph, `part` is the tag or the name that is wrong, `known` what may stand there
    instead."""

    def __init__(
        self,
        slip: Slip,
        place: int = 0,
        text: str = "",
        part: str = "",
        known: str = "",
        where: str = "body",
    ) -> None:
        super().__init__(f"{slip} {where} {place} {text}: {part}")
        at = {"where": Line(f"paper.in_{where}"), "place": place}
        self.why = Line(f"paper.slip_{slip}", {**at, "text": text, "part": part, "known": known})


class _Template(DocxTemplate):  # type: ignore[misc]  # the library has no types
    """Fills in endnotes as well, which the library leaves as they are."""

    def render_footnotes(
        self, context: dict[str, Any], jinja_env: Environment | None = None
    ) -> None:
        super().render_footnotes(context, jinja_env)
        for part, where in _list_notes(self):
            if where == "endnotes":
                xml = self.patch_xml(part.blob.decode())
                part._blob = self.render_xml_part(xml, part, context, jinja_env).encode()


def environment(**more: Any) -> SandboxedEnvironment:
    """Templates may print and repeat, nothing else; what people wrote is never markup."""
    return SandboxedEnvironment(autoescape=True, **more)


def open_template(path: Path) -> DocxTemplate:
    """The template, ready to be filled in. Raises BrokenTemplate."""
    try:
        document = _Template(path)
        document.init_docx()
    except FileNotFoundError:
        raise BrokenTemplate(Slip.NO_FILE) from None
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, OSError):
        raise BrokenTemplate(Slip.NO_FILE if not path.exists() else Slip.NO_WORD) from None
    return document


def examine(path: Path) -> None:
    """Read every tag, then fill in an example. Raises BrokenTemplate with the place."""
    document = open_template(path)
    for where, part in _parts(document):
        reader = _Reader(where=where)
        for place, text in enumerate(_paragraphs(part), start=1):
            reader.paragraph(place, text)
        reader.end()
    fill(document, SHAPE, environment(undefined=StrictUndefined))
    _check_nothing_is_left(document)


def prints(document: DocxTemplate, name: str) -> bool:
    """Whether a template that is not filled in yet has a place for this."""
    return any(name in text for _, part in _parts(document) for text in _paragraphs(part))


def fill(
    document: DocxTemplate, values: Mapping[str, Any], env: SandboxedEnvironment | None = None
) -> None:
    """Print the values into it. Raises BrokenTemplate."""
    try:
        document.render(dict(values), env or environment(), autoescape=True)
    except (TemplateError, TypeError, ValueError, XMLSyntaxError) as error:
        raise BrokenTemplate(Slip.UNFIT, text=_around(error), part=str(error)) from error


@dataclass
class _Reader:
    """Goes through the tags of one part in their order; knows which names each place may use.
    Each part is filled in by itself: what is named or opened in one does not hold in another."""

    where: str = "body"
    env: SandboxedEnvironment = field(default_factory=environment)
    names: list[dict[str, Any]] = field(default_factory=lambda: [dict(SHAPE)])
    open: list[tuple[str, int, str, str]] = field(default_factory=list)
    place: int = 0
    text: str = ""

    def paragraph(self, place: int, text: str) -> None:
        self.place, self.text = place, text
        for tag in _TAG.findall(text):
            if not tag.endswith(("}}", "%}", "#}")):
                raise self._build_error(Slip.UNFINISHED, tag)
            if tag.startswith("{%"):
                self._statement(tag)
            elif tag.startswith("{{"):
                found = _PRINTED.fullmatch(tag)
                assert found, "the pattern takes any printed tag"
                self._read(f"{{{{ {found['words'] or found['close']} }}}}", tag)

    def end(self) -> None:
        """Nothing may be left open. Raises BrokenTemplate."""
        if self.open:
            _word, place, text, tag = self.open[-1]
            raise BrokenTemplate(Slip.UNPAIRED, place, text, tag, where=self.where)

    def _statement(self, tag: str) -> None:
        found = _STATEMENT.fullmatch(tag)
        if found is None:
            raise self._build_error(Slip.UNREADABLE, tag)
        word, rest = found["word"], found["rest"]
        if word in ("for", "if"):
            tree = self._read(f"{{% {word} {rest} %}}{{% end{word} %}}", tag)
            self.open.append((word, self.place, self.text, tag))
            self.names.append(self._build_loop_scope(tree) if word == "for" else {})
        elif word in ("endfor", "endif"):
            if not self.open or self.open[-1][0] != word.removeprefix("end"):
                raise self._build_error(Slip.UNPAIRED, tag)
            self.open.pop()
            self.names.pop()
        elif word in ("elif", "else"):
            if not self.open:
                raise self._build_error(Slip.UNPAIRED, tag)
            self._read(f"{{% if true %}}{{% {word} {rest} %}}{{% endif %}}", tag)
        elif word == "set":
            tree = self._read(f"{{% set {rest} %}}", tag)
            for name in tree.find_all(nodes.Name):
                if name.ctx == "store":
                    self.names[-1][name.name] = None
        elif word not in _TABLES_ONLY:
            raise self._build_error(Slip.UNREADABLE, tag)

    def _read(self, source: str, tag: str) -> nodes.Template:
        try:
            self.env.from_string(source)
            tree = self.env.parse(source)
        except TemplateError as error:
            raise self._build_error(Slip.UNREADABLE, f"{tag} {error}") from None
        bound = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
        for name in tree.find_all(nodes.Name):
            if name.ctx == "load" and name.name not in bound | self._list_known_names():
                raise self._build_error(
                    Slip.UNKNOWN, name.name, self._words(self._list_known_names())
                )
        for node in tree.find_all(nodes.Getattr):
            self._check_field(node)
        return tree

    def _check_field(self, one: nodes.Getattr) -> None:
        kind = self._kind(one.node)
        if isinstance(kind, dict) and one.attr not in kind:
            name = one.node.name if isinstance(one.node, nodes.Name) else ""
            raise self._build_error(Slip.UNKNOWN, f"{name}.{one.attr}", self._words(kind))

    def _build_loop_scope(self, tree: nodes.Template) -> dict[str, Any]:
        loop = next(tree.find_all(nodes.For))
        kind = self._kind(loop.iter)
        inner = kind[0] if isinstance(kind, list) else None
        named = loop.target.name if isinstance(loop.target, nodes.Name) else None
        return {"loop": None, **({named: inner} if named else {})}

    def _kind(self, node: nodes.Node) -> Any:
        """What stands behind a name or a field, None where nobody can say."""
        if isinstance(node, nodes.Name):
            found = [scope[node.name] for scope in self.names if node.name in scope]
            return found[-1] if found else None
        if isinstance(node, nodes.Getattr):
            kind = self._kind(node.node)
            return kind.get(node.attr) if isinstance(kind, dict) else None
        return None

    def _list_known_names(self) -> set[str]:
        return {name for scope in self.names for name in scope} | set(self.env.globals)

    def _words(self, names: set[str] | Mapping[str, Any]) -> str:
        return " ".join(sorted(set(names) - set(self.env.globals)))

    def _build_error(self, slip: Slip, part: str, known: str = "") -> BrokenTemplate:
        return BrokenTemplate(slip, self.place, self.text, part, known, self.where)


def _parts(document: DocxTemplate) -> Iterator[tuple[str, Any]]:
    """Everything that is filled in, by where people see it: the page with its tables and text
    boxes, each kind of header and footer, and the notes."""
    main = document.docx.part
    yield "body", main.element.body
    named = {
        reference.get(_RELATED): f"{reference.get(f'{_WORD}type')}_{kind}"
        for kind in ("header", "footer")
        for reference in main.element.iter(f"{_WORD}{kind}Reference")
    }
    for uri, kind in ((document.HEADER_URI, "header"), (document.FOOTER_URI, "footer")):
        for key, part in document.get_headers_footers(uri):
            yield named.get(key, f"default_{kind}"), etree.fromstring(part.blob)
    for part, where in _list_notes(document):
        yield where, etree.fromstring(part.blob)


def _list_notes(document: DocxTemplate) -> list[tuple[Part, str]]:
    parts = document.docx.part.package.iter_parts()
    return [(part, _NOTES[part.content_type]) for part in parts if part.content_type in _NOTES]


def _paragraphs(part: Any) -> Iterator[str]:
    """The paragraphs in their order; one that a text box hangs from has only its own words."""
    for paragraph in part.iter(_PARAGRAPH):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield _join(run for run in paragraph.iter(_RUN) if _owner(run) is paragraph)


def _owner(run: Any) -> Any:
    return next(run.iterancestors(_PARAGRAPH), None)


def _join(runs: Iterable[Any]) -> str:
    return "".join(run.text or "" for run in runs)


def _check_nothing_is_left(document: DocxTemplate) -> None:
    """What is filled in nowhere, such as the words of a chart, would be printed with its braces.
    Raises BrokenTemplate."""
    for part in document.docx.part.package.iter_parts():
        if not str(part.partname).endswith(".xml") or "comments" in str(part.partname):
            continue
        words = "".join(etree.fromstring(part.blob).itertext())
        if found := _LEFT.search(words):
            text = words[found.start() :][:_SHOWN]
            raise BrokenTemplate(Slip.LEFT, text=text, part=str(part.partname))


def _around(error: Exception) -> str:
    """What docxtpl shows of the surroundings of a mistake."""
    around = [line.strip() for line in getattr(error, "docx_context", ())]
    return " ".join(line for line in around if line)
