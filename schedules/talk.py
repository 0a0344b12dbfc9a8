"""What the clock says of questions that were left unanswered: possible matters file themselves."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.issues.assign import Assigned
from bot.actions.issues.cards import facts, shorten_text
from bot.actions.issues.classify import classify_text
from bot.actions.issues.file import Filing, write_issue
from bot.actions.issues.sealing import find_seal, receive
from bot.core.issues.issue import Issue
from bot.core.messages import Line, Say, ToDuty, ToThread
from bot.core.talk.acts import Role, State
from bot.core.talk.decisions import could_be_matter
from bot.core.talk.shells import strip_shells
from schedules.tick import Tick
from storage.people import people
from storage.talk import matter_questions
from storage.talk.matter_questions import MatterQuestion


def sweep_questions(tick: Tick) -> Sequence[Say]:
    """Every question that is due is filed as 待核实, to the duty desk, where a digit drops it;
    mere talk is not."""
    return tuple(
        say
        for question in matter_questions.due(tick.db, tick.now)
        for say in _file_or_drop(tick, question)
    )


def _file_or_drop(tick: Tick, question: MatterQuestion) -> tuple[Say, ...]:
    """What is no matter by all that is known files nothing; the words stay in the history, and a
    late digit still files them."""
    reading = tick.talk.read_act(question.text, State(Role.CONTACT))
    if question.media_id is None and not could_be_matter(reading):
        matter_questions.settle(tick.db, question.id, tick.now, None)
        return ()
    return _file(tick, question)


def _file(tick: Tick, question: MatterQuestion) -> tuple[Say, ...]:
    # One tick may file several: each has a cause of its own, as each message has.
    tick = replace(tick, because=f"{tick.because}:{question.id}")
    person = people.by_id(tick.db, question.person_id)
    firm = people.enterprise(tick.db, person.enterprise_id) if person else None
    matter = classify_text(tick, strip_shells(question.text).core or question.text)
    nobody = Assigned(None)
    who = (question.thread_id, question.person_id)
    filing = Filing(
        question.text, *who, firm, None, matter, nobody, question.media_id, unverified=True
    )
    sealed = find_seal(tick, question.text, firm, matter)
    if sealed is not None:
        made = replace(filing, sealed=sealed)
        issue, says = receive(tick, made, ToThread(question.thread_id))
        matter_questions.settle(tick.db, question.id, tick.now, issue.id)
        return tuple(says)
    issue = write_issue(tick, filing)
    matter_questions.settle(tick.db, question.id, tick.now, issue.id)
    return _tell(tick, issue, question)


def _tell(tick: Tick, issue: Issue, question: MatterQuestion) -> tuple[Say, ...]:
    card = {**facts(tick, issue), "text": shorten_text(question.text)}
    card["mark"] = Line("issue.unverified")
    writer = [tick.option("no_matter", "no_matter", issue)]
    verbs = ("no_matter", "accept", "pass_on", "ask")
    duty = [tick.option(verb, verb, issue) for verb in verbs]
    return (
        Say(ToThread(question.thread_id), "meant.filed_itself", card, tuple(writer), issue.id),
        Say(
            ToDuty(),
            "notice.unverified",
            card,
            tuple(duty),
            issue.id,
            media_id=question.media_id,
            urgent=issue.urgent,
        ),
    )
