"""An entrepreneur writes words that are no command: what they mean decides what comes of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.core.departures import find_new_contact
from bot.core.issues.issue import OPEN, WORKED_ON, Issue, Status, build_action
from bot.core.issues.meant import find_meant, share_words
from bot.core.messages import Option, Refused
from bot.core.talk.acts import Act, Asked, Because
from bot.core.talk.danger import find_danger
from bot.core.talk.decisions import Step, decide
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import MOST, scope
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import ratings, status, supplements
from handlers.issues.filing import file, kind_names, words_of
from handlers.people import unbinding
from handlers.talk import asked_firm, endings, matter_questions, sign_ups, small_talk
from handlers.talk.said import Said, find_issue, list_texts, read_words
from handlers.talk.state import build_state
from storage.issues import issues

_CLEARLY_ASKS = 0.7
"""As probable as this, a policy or a procedure is asked about, which has time."""
_SOMETHING = 0.75
"""As probable as this, words are about a matter, new or not."""
_FOREIGN = 0.1
"""As probable as this, English words may be a matter."""
_URGED_TOO_OFTEN = "refused.urged"


def answer_contact(turn: Turn) -> Reply:
    """The answer to free words: what was sure is done, what was not is asked."""
    quoted = _find_quoted(turn)
    if not turn.text.strip():
        is_open = quoted is not None and quoted.status in OPEN
        return supplements.take_thing(turn, quoted if is_open else None)
    if quoted is not None:
        return _answer_quoting(turn, quoted)
    new = find_new_contact(turn.text) if turn.person else None
    if new is not None:
        return unbinding.ask_change(turn, new)
    said = read_words(turn)
    fresh = supplements.find_just_filed(turn)
    alarm = endings.find_alarm(turn, said.open_issues)
    if alarm is not None:
        return supplements.ask_whether_over(turn, alarm, solved=True)
    if find_danger(turn.text) is not None:
        return _face_danger(turn, said, fresh)
    wish = sign_ups.answer_wish(turn, said)
    if wish is not None:
        return wish
    parted = asked_firm.part_from_question(turn, said)
    if isinstance(parted, Reply):
        return parted
    said = parted
    step = Step.FILE if _is_surely_new(said) else said.decision.step
    if fresh and fresh.title in kind_names(turn) and step in _SAYS_SOMETHING:
        return supplements.join_burst(turn, fresh)
    if fresh and said.reading.act is Act.CORRECTION and step in {Step.JOIN, Step.ASK}:
        return _join(turn, said)
    if fresh and turn.text.strip() and _is_another(turn, said, fresh):
        return _file(turn, said) if said.reading.act is Act.MATTER else _ask(turn, said)
    unsure = step is Step.ASK and Step.JOIN in said.decision.options
    if fresh and (step is Step.JOIN or (unsure and said.reading.act in _GOES_ON)):
        return supplements.join_burst(turn, fresh)
    return _STEPS.get(step, _reply)(turn, said)


def choose(turn: Turn, command: Command) -> Reply:
    """A digit under the question what was meant: the words are handled as that from now on."""
    late = matter_questions.answer_late(turn, command)
    if late is not None:
        return late
    said = read_words(turn)
    if command.issue_id is not None:
        said = replace(said, mine=[issue for issue in said.mine if issue.id == command.issue_id])
    step = Step(command.act)
    matter_questions.learn(turn, said.state, said.reading, step)
    reply = _STEPS.get(step, _reply)(turn, said)
    matter_questions.settle(turn, command, reply)
    return reply


def _find_quoted(turn: Turn) -> Issue | None:
    if turn.quoted_id is None:
        return None
    return issues.visible(turn.db, turn.quoted_id, scope(turn))


def _answer_quoting(turn: Turn, issue: Issue) -> Reply:
    """A reply to a card is about its issue and no other: what would be filed, added or asked about
    goes there while it is open."""
    asked = Asked.MORE if issue.status is Status.WAITING else Asked.NOTHING
    state = replace(build_state(turn, [issue]), asked=asked, invited=False)
    reading = turn.talk.read_act(turn.text, state)
    said = Said(words_of(turn), state, reading, decide(reading, state), [issue])
    step = said.decision.step
    dangerous = find_danger(turn.text) is not None
    if dangerous and issue.status not in WORKED_ON:
        return _file(turn, said)
    if issue.status in OPEN and (step in _BELONGS or dangerous):
        correction = Act.CORRECTION in {said.decision.act, said.reading.act}
        return supplements.add_to(turn, issue, correction=correction)
    return _STEPS.get(step, _reply)(turn, said)


def _face_danger(turn: Turn, said: Said, fresh: Issue | None) -> Reply:
    """Never a question first: with the issue that the words plainly go on about, else a new one."""
    if fresh and (fresh.is_dangerous or fresh.title in kind_names(turn)):
        return supplements.join_burst(turn, fresh)
    texts = list_texts(turn, said.open_issues)
    alike = {issue_id: text for issue_id, text in texts.items() if share_words(said.words, text)}
    meant = find_meant(said.words, alike)
    goes_on = said.decision.step in _OF_OPEN or said.reading.act in _GOES_ON - {Act.MATTER}
    last = max(said.open_issues, key=lambda issue: issue.filed_at, default=None)
    for issue in said.open_issues:
        same = issue.id == meant or (issue is last and issue.is_dangerous)
        waited_for = issue.status is Status.WAITING and said.decision.step is Step.ANSWER
        if (goes_on and same) or waited_for:
            return supplements.add_to(turn, issue)
    return _file(turn, said)


def _is_surely_new(said: Said) -> bool:
    """Where nothing is open, more about something is a matter as well: no question is needed."""
    reading = said.reading
    something = reading.chance(Act.MATTER, Act.POLICY, Act.SUPPLEMENT)
    idle = not said.mine and said.decision.step is Step.ASK
    return idle and reading.act is Act.MATTER and something >= _SOMETHING


def _is_another(turn: Turn, said: Said, fresh: Issue) -> bool:
    """Whether words that came right after an issue was filed are about something else: silence
    would lose them. In another script than Chinese little is known of what goes on about what."""
    foreign = said.words.isascii() and said.reading.chance(Act.MATTER) >= _FOREIGN
    if said.reading.act is not Act.MATTER and not foreign:
        return False
    return not share_words(said.words, list_texts(turn, [fresh])[fresh.id])


def _file(turn: Turn, said: Said) -> Reply:
    return file(turn, said.words)


def _consult(turn: Turn, said: Said) -> Reply:
    """A wish to be granted (申请用地指标) is a matter like any other; a question is 咨询."""
    asks = said.reading.chance(Act.POLICY) >= _CLEARLY_ASKS
    return file(turn, said.words, consult=asks)


def _join(turn: Turn, said: Said) -> Reply:
    """To the issue that the words speak of, else the one that was talked about last."""
    asked = [issue for issue in said.open_issues if issue.status is Status.WAITING]
    issue = find_issue(turn, said.words, asked or said.open_issues)
    if issue is None:
        return _file(turn, said)
    if issue.status is Status.WAITING:
        return supplements.answer_question(turn, issue)
    correction = Act.CORRECTION in {said.decision.act, said.reading.act}
    others = [other for other in said.open_issues if other.id != issue.id and not other.unverified]
    return supplements.go_on(turn, issue, others, correction=correction)


def _urge(turn: Turn, said: Said) -> Reply:
    """Whoever holds it hears the very words; who has just urged is not put off with silence."""
    issue = find_issue(turn, said.words, said.open_issues)
    if issue is None:
        return _which(turn, "urge", said)
    try:
        return status.urge(turn, Command("urge", issue_id=issue.id, words=said.words))
    except Refused as refusal:
        if refusal.key != _URGED_TOO_OFTEN:
            raise
    return supplements.pass_on_words(turn, issue)


def _tell_status(turn: Turn, said: Said) -> Reply:
    meant = find_meant(said.words, list_texts(turn, said.mine))
    if meant is None and len(said.mine) > 1:
        return status.mine(turn, Command("mine"))
    issue_id = meant if meant is not None else next((issue.id for issue in said.mine), None)
    if issue_id is None:
        return small_talk.answer(turn, said.decision.act, said.words)
    return status.progress(turn, Command("progress", issue_id=issue_id))


def _resolve(turn: Turn, said: Said) -> Reply:
    """The holder reads it at once; only the firm's own digit settles it."""
    issue = find_issue(turn, said.words, said.open_issues)
    if issue is None:
        return _which(turn, "confirm", said)
    return supplements.ask_whether_over(turn, issue, solved=True)


def _withdraw(turn: Turn, said: Said) -> Reply:
    """What was just sent by mistake goes at once; of what is worked on, which is asked."""
    fresh = supplements.find_just_filed(turn)
    if said.decision.act is Act.MISSENT:
        newest = max(said.open_issues, key=lambda issue: issue.filed_at, default=None)
        target = fresh or newest
        if target is not None and target.status is Status.FILED:
            return status.withdraw(turn, Command("withdraw", issue_id=target.id))
    every = endings.withdraw_every(turn, said.open_issues)
    if every is not None:
        return every
    if len(said.open_issues) == 1:
        return supplements.ask_whether_over(turn, said.open_issues[0])
    return _which(turn, "withdraw", said)


def _answer(turn: Turn, said: Said) -> Reply:
    """An answer to what was asked: after 办结 whether it is solved, else what we wanted to know."""
    asked = said.state.asked is Asked.MATTER
    settled = matter_questions.answer_in_words(turn, said.words) if asked else None
    if settled is not None:
        return settled
    waiting = [issue for issue in said.mine if issue.status is Status.WAITING]
    resolved = [issue for issue in said.mine if issue.status is Status.RESOLVED]
    act = said.decision.act
    if waiting and not (resolved and act in _AFTER_RESOLUTION):
        issue = find_issue(turn, said.words, waiting) or waiting[0]
        return supplements.answer_question(turn, issue)
    confirmed = [issue for issue in said.mine if issue.status is Status.CONFIRMED]
    if not resolved and confirmed and act is Act.RATING:
        return ratings.ask_again(turn, confirmed[0], said.words)
    if not resolved:
        return small_talk.answer(turn, act, said.words)
    issue = find_issue(turn, said.words, resolved) or resolved[0]
    apart = endings.confirm(turn, issue, said.mine)
    if apart is not None:
        return apart
    if act is Act.SOLVED:
        return ratings.confirm(turn, Command("confirm", issue_id=issue.id))
    if act is Act.UNSOLVED:
        return ratings.not_solved(turn, Command("not_solved", issue_id=issue.id, words=said.words))
    return supplements.ask_after_resolution(turn, issue)


def _reply(turn: Turn, said: Said) -> Reply:
    if said.reading.because is Because.NOTICE:
        return small_talk.ask_about_notice(turn, said.words)
    return small_talk.answer(turn, said.decision.act, said.words)


def _ask(turn: Turn, said: Said) -> Reply:
    """Two or three digits; unanswered, the words are filed all the same."""
    if said.decision.at_once:
        return file(turn, said.words, unverified=True)
    verified = [issue for issue in said.open_issues if not issue.unverified]
    issue = find_issue(turn, said.words, verified)
    return matter_questions.ask(turn, said.words, said.decision.options, issue)


def _which(turn: Turn, verb: str, said: Said) -> Reply:
    """Which of several, by digits."""
    options = [
        Option(
            "options.issue",
            build_action(verb, issue, said.words if verb == "urge" else ""),
            {"number": issue.number, "title": issue.title},
        )
        for issue in said.open_issues[:MOST]
    ]
    word = turn.texts.command(verb)
    return Reply((turn.me("ask.which", {"word": word}, options),))


_AFTER_RESOLUTION = frozenset({Act.SOLVED, Act.UNSOLVED, Act.RATING})
_OF_OPEN = frozenset({Step.JOIN, Step.URGE})
_GOES_ON = frozenset({Act.SUPPLEMENT, Act.CORRECTION, Act.ANSWER, Act.MATTER, Act.POLICY})
_SAYS_SOMETHING = frozenset({Step.FILE, Step.CONSULT, Step.JOIN, Step.ASK, Step.URGE})
_BELONGS = frozenset({Step.FILE, Step.CONSULT, Step.JOIN, Step.ASK})
_STEPS: Mapping[Step, Callable[[Turn, Said], Reply]] = MappingProxyType(
    {
        Step.FILE: _file,
        Step.CONSULT: _consult,
        Step.JOIN: _join,
        Step.URGE: _urge,
        Step.STATUS: _tell_status,
        Step.RESOLVE: _resolve,
        Step.WITHDRAW: _withdraw,
        Step.ANSWER: _answer,
        Step.ASK: _ask,
    }
)
