"""The one table of what the bot says beside plain replies: who hears it, and how it may travel.

A row's key is its text's key; renaming or rewording the text changes words only. Who hears it in
their own right is said by whoever says it (`Say.to`), a `Say` each. `to` says for whom the words
are written, which only `to_firm` reads; `copies` who reads along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum, auto


class Party(Flag):
    """Who hears something. REPORTER: whoever raised the issue; FIRM: contacts of an enterprise;
    HOLDER: who holds the issue; SUPERIOR: who is above them; NAMED: an official it is about; DUTY:
    the duty desk; GROUP: the park's chat of Monday nights."""

    NONE = 0
    REPORTER = auto()
    FIRM = auto()
    HOLDER = auto()
    SUPERIOR = auto()
    NAMED = auto()
    DUTY = auto()
    GROUP = auto()
    HELPERS = auto()
    STAND_IN = auto()
    ROOM = auto()


class Quiet(StrEnum):
    """What quiet hours do. WAIT: it comes when they end; URGENT_PASSES: what is said of an urgent
    matter (`Say.urgent`) comes at once. A reply never waits."""

    WAIT = "wait"
    URGENT_PASSES = "urgent_passes"


@dataclass(frozen=True)
class Notification:
    """One thing the bot says. `template` is the office's WeChat template that carries it where none
    is set for its own key. `last_send`: it tells how an issue ended, so the last send of WeChat's
    window is kept for it. `contact`: an enterprise is written to of our own accord, which counts
    against how often it may be bothered. `reminds`: it urges somebody to do what they owe.
    `reports_failure`: it tells that words did not arrive; nobody is told when it does not either.
    `of_sealed`: of a sealed matter it tells no more than number, clock and reader, so that the duty
    desk may hear it.
    """

    key: str
    to: Party
    copies: Party = Party.NONE
    template: str = ""
    quiet: Quiet = Quiet.WAIT
    last_send: bool = False
    contact: bool = False
    reminds: bool = False
    reports_failure: bool = False
    of_sealed: bool = False

    @property
    def to_firm(self) -> bool:
        """Whether it is written for people of an enterprise."""
        return bool(self.to & (_REPORTER | _FIRM))


_REPORTER, _FIRM, _HOLDER, _DUTY = Party.REPORTER, Party.FIRM, Party.HOLDER, Party.DUTY
_SUPERIOR, _NAMED, _GROUP = Party.SUPERIOR, Party.NAMED, Party.GROUP
_HELPERS, _STAND_IN, _ROOM = Party.HELPERS, Party.STAND_IN, Party.ROOM
_TEAM = _HELPERS | _ROOM
_STAFF = _STAND_IN | _ROOM
_ALL = _HELPERS | _STAND_IN | _ROOM
_URGENT = Quiet.URGENT_PASSES
_Row = Notification

# fmt: off
_ROWS = (
    # An issue's enterprise hears how it goes on; helpers and the room read along.
    _Row("news.accepted",   _REPORTER, _TEAM, "news"),
    _Row("news.answered",   _REPORTER, _TEAM, "news"),
    _Row("news.asked",      _REPORTER, _TEAM, "news"),
    _Row("news.ask_again",  _REPORTER, _TEAM, "news"),
    _Row("news.dated",      _REPORTER, _TEAM, "news"),
    _Row("news.escalated",  _REPORTER, _TEAM, "news"),
    _Row("news.extended",   _REPORTER, _TEAM, "news"),
    _Row("news.identified", _REPORTER, _TEAM, "news"),
    _Row("news.joined",     _REPORTER, _TEAM, "news"),
    _Row("news.merged",     _REPORTER, _TEAM, "news"),
    _Row("news.milestone",  _REPORTER, _TEAM, "news"),
    _Row("news.pause_over", _REPORTER, _TEAM, "news"),
    _Row("news.planned",    _REPORTER, _TEAM, "news"),
    _Row("news.split",      _REPORTER, _TEAM, "news"),
    _Row("news.sponsored",  _REPORTER, _TEAM, "news"),
    _Row("news.struck_off", _REPORTER, _TEAM, "news"),
    _Row("news.taken",      _REPORTER, _TEAM, "news"),
    _Row("result.resolved", _REPORTER, _TEAM, "result", last_send=True),
    _Row("receipt.filed",   _REPORTER, template="receipt"),
    _Row("danger.reply",    _REPORTER, template="receipt"),
    _Row("call.coming",     _REPORTER, template="news"),
    _Row("call.other",      _REPORTER, template="news"),
    _Row("welcome.privacy", _REPORTER, template="welcome"),
    _Row("meant.filed_itself", _REPORTER, _TEAM, "receipt"),
    _Row("meant.looked_at", _REPORTER, template="receipt"),
    _Row("follow.resolved", _REPORTER, template="follow"),
    _Row("follow.undone",   _REPORTER, template="follow"),
    _Row("undo.others",     _REPORTER | _HOLDER | _SUPERIOR | _NAMED | _DUTY, template="undo"),
    # Whoever holds the issue hears of its enterprise, of a leader, of the clock.
    _Row("notice.filed",       _HOLDER, _ROOM, "notice", _URGENT),
    _Row("notice.danger",      _HOLDER | _DUTY, _STAFF, "notice", _URGENT),
    _Row("notice.supplement",  _HOLDER | _DUTY, _ALL, "notice", _URGENT),
    _Row("call.card",          _HOLDER | _DUTY, template="notice", quiet=_URGENT),
    _Row("call.taken_by",      _HOLDER | _DUTY, template="notice"),
    _Row("notice.doubtful",    _DUTY, _ROOM, "notice", _URGENT),
    _Row("notice.unverified",  _DUTY, _ROOM, "notice", _URGENT),
    _Row("notice.urged",       _HOLDER, _STAFF, "notice"),
    _Row("notice.withdrawn",   _HOLDER, _ALL, "notice"),
    _Row("notice.confirmed",   _HOLDER | _DUTY, _ALL, "notice"),
    # Single ratings and their reasons are the office's: nobody reads along.
    _Row("notice.rated",       _DUTY, template="notice"),
    _Row("notice.low",         _DUTY, template="notice"),
    _Row("notice.low_reason",  _DUTY, template="notice"),
    _Row("notice.rated_closed", _HOLDER, _ALL, "notice"),
    _Row("notice.unsatisfied", _HOLDER, _STAFF, "notice"),
    _Row("notice.unrecognised", _HOLDER, _STAFF, "notice"),
    _Row("notice.not_solved",  _HOLDER, _ALL, "notice"),
    _Row("notice.reopened",    _HOLDER, _ALL, "notice"),
    _Row("notice.agreed",      _HOLDER, _STAFF, "notice"),
    _Row("notice.disagreed",   _HOLDER, _STAFF, "notice"),
    _Row("notice.claimed",     _HOLDER, _STAFF, "notice"),
    _Row("notice.instructed",  _HOLDER | _SUPERIOR, _ALL, "notice"),
    _Row("notice.sponsored",   _HOLDER | _SUPERIOR, _STAFF, "notice"),
    _Row("notice.redirected",  _HOLDER, _STAFF, "notice"),
    _Row("notice.tabled",      _HOLDER, _STAFF, "notice"),
    _Row("notice.merged",      _HOLDER, _STAFF, "notice"),
    _Row("notice.merged_away", _HOLDER, _STAFF, "notice"),
    _Row("notice.split",       _HOLDER, _STAFF, "notice"),
    _Row("notice.granted",     _HOLDER, _STAFF, "notice"),
    _Row("notice.denied",      _HOLDER, _STAFF, "notice"),
    _Row("notice.pause_over",  _HOLDER, _STAFF, "notice"),
    _Row("notice.milestone",   _HOLDER, _STAFF, "notice"),
    _Row("notice.silent",      _HOLDER, _STAFF, "notice"),
    _Row("notice.unrated",     _HOLDER, _STAFF, "notice"),
    _Row("notice.breached",    _HOLDER, _STAFF, "notice", _URGENT),
    _Row("notice.remind",      _HOLDER, _STAND_IN, "notice", _URGENT, reminds=True),
    _Row("notice.remind_several", _HOLDER, template="notice", quiet=_URGENT, reminds=True),
    # The next rung, who is to take an issue, who had it, the duty desk.
    _Row("notice.escalated",  _SUPERIOR | _DUTY, _STAFF, "notice", _URGENT),
    _Row("notice.offered",    _NAMED, _ROOM, "notice"),
    _Row("notice.taken",      _HOLDER, _ROOM, "notice"),
    _Row("notice.taken_all",  _HOLDER, template="notice"),
    _Row("notice.declined",   _HOLDER, _STAFF, "notice"),
    _Row("notice.returned",   _DUTY, _ROOM, "notice"),
    _Row("notice.ruled",      _NAMED, _STAFF, "notice", _URGENT),
    _Row("notice.ruled_away", _HOLDER, _ROOM, "notice"),
    _Row("notice.unruled",    _SUPERIOR | _DUTY, _STAFF, "notice", _URGENT),
    _Row("notice.extend",     _DUTY, _ROOM, "notice"),
    _Row("crossing.joined",   _NAMED, template="crossing"),
    _Row("crossing.sent",     _NAMED, template="crossing"),
    _Row("assign.load",       _DUTY, template="assign"),
    _Row("talk.register_notice", _DUTY, template="notice"),
    _Row("talk.record_notice", _DUTY, template="notice"),
    # Helpers, stand-ins and rooms, in whose words another row's are quoted.
    _Row("assist.asked",    _NAMED, template="assist"),
    _Row("assist.released", _NAMED, template="assist"),
    _Row("assist.copy",     _HELPERS, template="assist"),
    _Row("absence.copy",    _STAND_IN, template="absence", quiet=_URGENT),
    _Row("room.copy",        _ROOM),
    _Row("room.closed",      _ROOM),
    _Row("room.open_again",  _ROOM),
    _Row("room.failed",      _DUTY, reports_failure=True),
    _Row("absence.asked",          _STAND_IN, template="absence"),
    _Row("absence.asked_leader",   _STAND_IN, template="absence"),
    _Row("absence.entered",        _NAMED, template="absence"),
    _Row("absence.entered_leader", _NAMED, template="absence"),
    _Row("absence.called_off",     _NAMED | _STAND_IN, template="absence"),
    _Row("absence.handover",       _STAND_IN, template="absence"),
    _Row("absence.nobody",         _DUTY, template="absence"),
    _Row("departure.handover",  _NAMED, template="absence"),
    _Row("departure.nobody",    _DUTY, template="absence"),
    _Row("departure.noticed",   _DUTY, template="absence"),
    _Row("bind.crossed",        _DUTY, template="notice"),
    _Row("departure.said",      _DUTY, template="absence"),
    _Row("departure.not_taken", _HOLDER | _DUTY, _STAFF, "notice"),
    _Row("departure.called_off", _NAMED, template="absence"),
    _Row("departure.copy",      _STAND_IN, template="absence", quiet=_URGENT),
    _Row("departure.instead",   _DUTY, template="absence"),
    _Row("delivery.instead",    _DUTY, template="absence"),
    _Row("contact.change",      _HOLDER | _DUTY, template="notice"),
    _Row("absence.back",           _NAMED, template="absence"),
    _Row("absence.over",           _STAND_IN, template="absence"),
    # Monday nights. What is decided there reaches the same people as the same news in a chat.
    _Row("minutes.decision_notice",  _HOLDER | _DUTY, _ALL, "notice"),
    _Row("minutes.concluded_notice", _HOLDER, _STAFF, "minutes"),
    _Row("minutes.done_news",        _REPORTER, _TEAM, "result", last_send=True),
    _Row("minutes.infeasible_news",  _REPORTER, _TEAM, "result", last_send=True),
    _Row("minutes.planned_news",     _REPORTER, _TEAM, "news"),
    _Row("minutes.whole",            _SUPERIOR | _DUTY, template="minutes"),
    _Row("minutes.part",             _FIRM, template="minutes"),
    _Row("minutes.group",            _GROUP),
    _Row("minutes.corrected",        _SUPERIOR | _NAMED | _HOLDER | _DUTY, template="minutes"),
    _Row("minutes.corrected_part",   _FIRM, template="minutes"),
    _Row("minutes.corrected_group",  _GROUP),
    _Row("minutes.template_broken",  _DUTY, template="minutes"),
    _Row("promise.kept_news",    _REPORTER, _TEAM, "result", last_send=True),
    _Row("promise.kept_notice",  _HOLDER, _STAFF, "promise"),
    _Row("promise.broken_news",  _REPORTER | _FIRM, template="promise"),
    _Row("promise.redated_news", _REPORTER | _FIRM, template="promise"),
    _Row("promise.confirm",      _REPORTER | _FIRM, template="promise"),
    _Row("promise.amended_news", _REPORTER | _FIRM, template="promise"),
    _Row("promise.amended_notice", _NAMED, template="promise"),
    _Row("promise.dispute_news", _DUTY, template="promise"),
    _Row("promise.remind",       _NAMED | _DUTY, template="promise"),
    _Row("promise.overdue",      _NAMED | _SUPERIOR | _DUTY, template="promise"),
    _Row("agenda.proposal",   _DUTY, template="agenda"),
    _Row("agenda.published",  _DUTY, template="agenda"),
    _Row("agenda.sheet",      _SUPERIOR, template="agenda"),
    _Row("agenda.department", _NAMED, template="agenda"),
    _Row("agenda.mine",       _FIRM, template="agenda"),
    _Row("agenda.group",      _GROUP),
    _Row("agenda.invitation", _FIRM, template="session", contact=True),
    _Row("agenda.changed",    _FIRM, template="agenda"),
    _Row("agenda.changed_notice", _HOLDER | _NAMED, template="agenda"),
    _Row("agenda.withdrawn",  _DUTY, template="agenda"),
    _Row("agenda.added",      _DUTY, template="agenda"),
    _Row("session.invitation",  _FIRM, template="session", contact=True),
    _Row("session.promoted",    _FIRM | _DUTY, template="session"),
    _Row("session.reminder",    _FIRM | _NAMED, template="session"),
    _Row("session.still_asked", _FIRM | _NAMED, template="session", contact=True),
    _Row("session.moved",       _FIRM | _NAMED | _GROUP, template="session"),
    _Row("session.cancelled",   _FIRM | _NAMED | _GROUP, template="session"),
    _Row("session.extra",       _GROUP),
    _Row("session.as_usual",    _GROUP),
    _Row("session.away_notice", _DUTY, template="session"),
    _Row("session.deputy_notice", _DUTY, template="session"),
    _Row("session.coming_notice", _DUTY, template="session"),
    _Row("session.uninvited_notice", _DUTY, template="session"),
    _Row("session.silent",      _DUTY, template="session"),
    _Row("session.holiday",     _DUTY, template="session"),
    _Row("session.unclosed",    _DUTY, template="session"),
    _Row("session.forgotten",   _DUTY, template="session"),
    # Leaders, reforms, projects.
    _Row("digest.text",     _SUPERIOR, template="digest"),
    _Row("decision.unread", _DUTY, template="decision"),
    _Row("reform.proposed", _DUTY, template="reform"),
    _Row("reform.directed", _DUTY, template="reform"),
    _Row("reform.assigned", _NAMED, template="reform"),
    _Row("reform.ask",      _REPORTER, template="reform", contact=True),
    _Row("reform.settled",  _SUPERIOR | _NAMED | _DUTY, template="reform"),
    _Row("project.monday",       _SUPERIOR | _DUTY, template="project"),
    _Row("project.redated_news", _SUPERIOR, template="project"),
    # Sealed matters: nobody reads along, and the duty desk hears a number.
    _Row("sealed.receipt",      _REPORTER, template="receipt"),
    _Row("sealed.nobody",       _REPORTER, template="receipt"),
    _Row("sealed.lifted_news",  _REPORTER, template="news"),
    _Row("sealed.climbed_news", _REPORTER, template="news"),
    _Row("sealed.new",          _HOLDER, template="notice", quiet=_URGENT),
    _Row("sealed.more",         _HOLDER, template="notice"),
    _Row("sealed.remind",       _HOLDER, template="notice", quiet=_URGENT, reminds=True),
    _Row("sealed.late",         _HOLDER, template="notice", quiet=_URGENT),
    _Row("sealed.climbed",      _SUPERIOR, template="notice", quiet=_URGENT),
    _Row("sealed.failed",       _HOLDER, template="notice", reports_failure=True),
    _Row("sealed.taken_away",   _NAMED, template="notice"),
    _Row("sealed.duty",         _DUTY, template="notice", of_sealed=True),
    _Row("sealed.duty_nobody",  _DUTY, template="notice", quiet=_URGENT, of_sealed=True),
    _Row("sealed.duty_late",    _DUTY, template="notice", of_sealed=True),
    _Row("sealed.duty_lifted",  _DUTY, template="notice", of_sealed=True),
    _Row("sealed.duty_failed",  _DUTY, template="notice", reports_failure=True, of_sealed=True),
    # The clock's lists, and what the duty desk must know of the bot itself.
    _Row("morning.list",   _HOLDER | _NAMED | _DUTY, template="morning"),
    _Row("morning.bundle", _HOLDER | _SUPERIOR | _NAMED | _DUTY, template="morning"),
    _Row("delivery.failed",       _HOLDER | _DUTY, template="delivery", reports_failure=True),
    _Row("delivery.group_failed", _DUTY, template="delivery", reports_failure=True),
    _Row("fault.duty",  _DUTY, template="fault"),
    _Row("fault.clock", _DUTY, template="fault", of_sealed=True),
    _Row("fault.tick",  _DUTY, template="fault"),
    _Row("learn.office_switched", _DUTY, template="learn"),
    _Row("learn.office_worse",    _DUTY, template="learn"),
    _Row("album.more",  _HOLDER | _HELPERS | _STAND_IN | _ROOM, template="album"),
)
# fmt: on
NOTIFICATIONS: Mapping[str, Notification] = {row.key: row for row in _ROWS}
"""The rows by key."""
TEMPLATES = frozenset(row.template for row in _ROWS if row.template)
"""The templates an office can set beside those of single keys."""
REMINDERS = tuple(row.key for row in _ROWS if row.reminds)
"""What urges somebody to do what they owe."""


def find_notification(key: str) -> Notification:
    """The row of a key. A plain reply has none and is as silent as can be: nobody but who is
    answered hears it, and it waits for its turn."""
    return NOTIFICATIONS.get(key) or Notification(key, Party.NONE)
