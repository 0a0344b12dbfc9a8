"""Every word that the source asks for is there with its values; none is unused or misspelt."""

import importlib
import re
from collections.abc import Iterable
from datetime import UTC
from enum import StrEnum
from itertools import product
from pathlib import Path

import pytest

from bot import texts
from bot.actions.chain.verify import Damage
from bot.actions.sessions.minutes_template import Slip
from bot.checkup.channels import NEEDED
from bot.core.chain.entries import Kind as ChainKind
from bot.core.chain.vouchers import ORDER
from bot.core.classifier.reasons import Rule
from bot.core.issues.explanation import StepKind
from bot.core.issues.issue import Seal
from bot.core.issues.lifecycle import Move
from bot.core.leaders.decisions import Cause, Choice
from bot.core.leaders.reforms import Effect, ReformAct
from bot.core.messages import Kind
from bot.core.park.service_levels import Basis, Unit
from bot.core.people import Role
from bot.core.projects.plan import LightCause
from bot.core.sessions.agenda import Ground, Outcome
from bot.core.sessions.promises import Flaw, Response
from bot.registry.sheets import Column
from bot.rehearsal.chatter import AFTER_FILING, FIRM_TALK, STAFF_TALK
from bot.settings.faults import Reason
from bot.web.phones.roster import Seat
from handlers import routes
from handlers.issues.ratings import KEEP, REASONS, TELL
from handlers.people import figures
from handlers.projects.steps import ACTS
from storage.backup import Unusable
from tests.conftest import ROOT
from tests.texts.wording import modules, placeholders

WORDS = texts.load(UTC).words
TABLES = {key.split(".")[0] for key in WORDS}
VERBS = [route.verb for route in routes.ROUTES]
SESSION_VERBS = (
    *("sign_up", "stay_away", "attend", "here"),
    *("cancel_session", "as_usual", "open_session", "close_session"),
)
FAMILIES: dict[str, Iterable[object]] = {
    # Keys that are put together: what the gap can be.
    "absence.{}": ("done", "entered", "asked", "no_one"),
    "absence.{}_leader": ("done", "entered", "asked", "no_one"),
    "agenda.news_{}": (Outcome.WAITS, Outcome.OFF, Outcome.OPEN),
    "agenda.why_{}": [ground for ground in Ground if ground is not Ground.PROMISE],
    "backup.reason.{}": Unusable,
    "chain.found_{}": Damage,
    "chain.of_{}": (*ChainKind, "entry", "root"),
    "chain.sum_{}": Damage,
    "channel.{}": ("wechat", "wecom", "telegram", "local"),
    "check.{}_name": tuple(NEEDED),
    "check.{}_off": tuple(NEEDED),
    "check.{}_steps": tuple(NEEDED),
    "column.{}": Column,
    "commands.{}": VERBS,
    "deadline.{}{}": (
        *((kind, "") for kind in StepKind),
        *((kind, "_several") for kind in ("weekend", "holiday", "counted_time")),
    ),
    "decision.why_{}": [cause for cause in Cause if cause is not Cause.OWN],
    "departure.{}": ("promise", "project", "reform", "decision", "substitute"),
    "digest.picture.{}": (
        *("filed", "resolved", "open", "satisfaction", "kept", "rates", "accept", "answer"),
        *("solve", "response", "solution", "settled", "confirmed", "unhappy", "silent", "unrated"),
        *("eight_weeks", "categories", "worst", "recurring", "promises", "decisions", "reforms"),
        "tonight",
    ),
    "enclosure.{}": ("image", "audio", "video", "paper"),
    "help.{}": [route.verb for route in routes.ROUTES if any(map(route.helps, Role))],
    "kind.{}": Kind,
    "figures.{}": figures.PERIODS,
    "minutes.{}_how": ("decide", "conclude"),
    "morning.{}": ("late", "near", "far"),
    "morning.{}_promise": ("late", "near", "far"),
    "needs.{}": (
        *(Move.ASK, Move.ANSWER, Move.DECLINE, Move.EXTEND, Move.FILE, Move.NOTE),
        *(Move.PLAN, Move.RETURN, Move.SUPPLEMENT),
    ),
    "options.amend_{}": ("who", "what"),
    "options.attendance_{}": ("all", "each", "nobody"),
    "options.decide_{}": Choice,
    "options.effect_{}": Effect,
    "options.reform_{}": (
        *(ReformAct.APPROVE, ReformAct.DROP, ReformAct.UNMEASURE, ReformAct.UNDONE),
    ),
    "options.session_{}": SESSION_VERBS,
    "options.reason_{}": (1, 2, 3),
    "options.stars_{}": (1, 2, 3, 4, 5),
    "options.why_{}": (*range(1, REASONS + 1), TELL, KEEP),
    "options.{}": (),  # written out where `option` is called, or the verbs of a loop
    "outcome.{}": Outcome,
    "paper.slip_{}": Slip,
    "paper.in_{}": (
        *("body", "footnotes", "endnotes"),
        *(
            f"{which}_{kind}"
            for which in ("default", "first", "even")
            for kind in ("header", "footer")
        ),
    ),
    "part.{}": ("accept", "answer", "solve"),
    "phones.seat_{}": Seat,
    "phones.{}": ("empty_entrepreneur", "empty_staff", "group_empty"),
    "project.cause_{}": LightCause,
    "project.word_{}": ACTS,
    "promise.flaw_{}": Flaw,
    "promise.state_{}": ("open", "kept", "dropped", "struck", "broken", "late", "redated"),
    "rehearsal.chat.{}": {*FIRM_TALK, *AFTER_FILING, *STAFF_TALK},
    "rehearsal.said.{}": ("kept", "broken", "redate"),
    "reform.needs_{}": (ReformAct.OWNER, ReformAct.MEASURE, ReformAct.DONE),
    "reformact.{}": ReformAct,
    "qr.steps_{}": ("wecom", "words"),
    "role.{}": Role,
    "sealed.kind_{}": Seal,
    "session.link_{}": ("add", "update", "remove"),
    "session.signed_{}": ("coming", "waiting"),
    "settings.reason.{}": Reason,
    "span.{}_{}": product(Unit, Basis),
    "stars.{}": (1, 2, 3, 4, 5),
    "time.{}": ("moment", "day", "clock", "dated", "whole", "date", "weekday"),
    "voucherfact.{}": ORDER,
    "wechat_notice.{}": ("time", "date"),
    "why.{}": range(1, REASONS + 1),
    "why_category.{}": Rule,
    "workbook.answer_{}": Response,
}
FAMILIES = {pattern: tuple(values) for pattern, values in FAMILIES.items()}
ONLY_RULES = {"needs"}
"""Tables that bear the name of an enumeration whose values nobody is shown."""
PAGES = (
    # Files that are no Python, and the section whose words they name.
    ("bot/web/templates/phones*", "phones."),
    ("bot/web/static/[!b]*", "phones."),
    ("bot/web/*/board*", "board."),
)


def families() -> dict[str, list[str]]:
    """The put-together keys of the source and where they stand."""
    found: dict[str, list[str]] = {}
    for module in modules():
        for pattern, where in module.patterns():
            made = re.fullmatch(r"[a-z_]+\.[a-z_.]*(\{\}[a-z_]*)+", pattern)
            if made and pattern.split(".")[0] in TABLES:
                found.setdefault(pattern, []).append(where)
    return found


def expand_pattern(pattern: str, values: Iterable[object]) -> list[str]:
    """The keys of a family; several gaps are filled by a tuple."""
    gaps = (value if isinstance(value, tuple) else (value,) for value in values)
    return [pattern.format(*gap) for gap in gaps]


def enums() -> dict[str, list[set[str]]]:
    """The keys that enumerations ask for, by the name of their table; several may bear one name."""
    for module in modules():
        name = ".".join(module.path.relative_to(ROOT).with_suffix("").parts)
        if "migrations" not in name and "__" not in name:
            importlib.import_module(name)
    found: dict[str, list[set[str]]] = {}
    for kind in StrEnum.__subclasses__():
        table = kind.__name__.lower()
        if table in TABLES - ONLY_RULES:
            found.setdefault(table, []).append({f"{table}.{value}" for value in kind})
    return found


def on_pages() -> set[str]:
    found: set[str] = set()
    for files, prefix in PAGES:
        for path in sorted(ROOT.glob(files)):
            if path.suffix in (".html", ".js"):
                words = re.findall(r"\bwords\.([a-z_]+)", path.read_text(encoding="utf-8"))
                found |= {prefix + name for name in words}
    return found


def collect_used_keys() -> set[str]:
    whole = {value for module in modules() for value, _ in module.constants()}
    made = {
        key for family in families() for key in expand_pattern(family, FAMILIES.get(family, ()))
    }
    shown = {key for kinds in enums().values() for keys in kinds for key in keys}
    endings = {key for key in WORDS if key.startswith("phones.ending_")}
    labels = {label for module in modules() for label in module.menu_labels()}
    labels |= {key for module in modules() for key in module.list_suffixed_keys()}
    return whole | made | shown | labels | on_pages() | endings


def test_no_words_are_unused() -> None:
    assert sorted(set(WORDS) - collect_used_keys()) == []


def test_every_key_that_is_written_out_exists() -> None:
    """What looks like a key of one of our tables and is none is misspelt."""
    files = {path.name for path in ROOT.rglob("*.*") if ".venv" not in path.parts}
    columns = {"people.id", "commands.py"}
    odd = [
        f"{where} {value}"
        for module in modules()
        for value, where in module.constants()
        if re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", value)
        and value.split(".")[0] in TABLES
        and value not in WORDS
        and value not in files | columns
    ]
    assert odd == []


def test_every_key_in_a_known_call_exists() -> None:
    odd = [
        f"{use.where} {use.key}"
        for module in modules()
        for use in module.uses()
        if use.key not in WORDS
    ]
    assert odd == []


def test_every_family_of_keys_is_known_and_complete() -> None:
    found = families()
    assert sorted(found) == sorted(FAMILIES), found
    missing = [
        key
        for pattern, values in FAMILIES.items()
        for key in expand_pattern(pattern, values)
        if key not in WORDS
    ]
    assert missing == []


def test_an_enumeration_with_words_has_them_for_each_value() -> None:
    for name, kinds in enums().items():
        keys = {key for key in WORDS if key.startswith(f"{name}.")}
        assert keys in kinds, f"{name}: {sorted(keys)}"


def test_every_placeholder_is_given() -> None:
    missing = [
        f"{use.where} {use.key}: {sorted(lacking)}"
        for module in modules()
        for use in module.uses()
        if use.complete and use.key in WORDS
        if (lacking := placeholders(WORDS[use.key]) - use.given)
    ]
    assert missing == []


def test_no_value_is_given_for_nothing() -> None:
    """A value that its words do not print is most often a misspelt one."""
    extra = [
        f"{use.where} {use.key}: {sorted(unused)}"
        for module in modules()
        for use in module.uses()
        if use.own and use.key in WORDS
        if (unused := use.given - placeholders(WORDS[use.key]))
    ]
    assert extra == []


def test_commands_do_not_share_a_word() -> None:
    """Two verbs with one word: only the last would ever be heard."""
    listed = [
        word
        for key, value in WORDS.items()
        if key.startswith("commands.")
        for word in value.split()
    ]
    assert sorted(listed) == sorted(set(listed))


def test_a_key_stands_in_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[people]\nduty_desk = "值班台"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('[people]\nstranger = "生人"\n', encoding="utf-8")
    assert list(texts.read_folder(tmp_path)) == ["people.duty_desk", "people.stranger"]
    (tmp_path / "c.toml").write_text('[people]\nduty_desk = "值班室"\n', encoding="utf-8")
    with pytest.raises(texts.TextError, match=r"c\.toml: people\.duty_desk"):
        texts.read_folder(tmp_path)


def test_a_park_may_change_single_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = tmp_path_factory.mktemp("own") / "own.toml"
    own.write_text('[people]\nduty_desk = "服务台"\n', encoding="utf-8")
    changed = texts.load(UTC, own).words
    assert changed["people.duty_desk"] == "服务台"
    assert {key for key in WORDS if WORDS[key] != changed[key]} == {"people.duty_desk"}


@pytest.mark.parametrize(
    "content, said",
    [
        ('[people]\nduty_dask = "x"\n', "people.duty_dask"),
        ("[people\n", "line 1"),
        ('[people]\nduty_desk = "{nmae}"\n', "people.duty_desk"),
        ('[people]\nduty_desk = "{"\n', "people.duty_desk"),
    ],
)
def test_a_parks_wrong_words_are_refused_at_the_start(
    tmp_path_factory: pytest.TempPathFactory, content: str, said: str
) -> None:
    own = tmp_path_factory.mktemp("own") / "own.toml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(texts.TextError, match=said):
        texts.load(UTC, own)
