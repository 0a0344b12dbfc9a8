"""What people say to the bot: every route on one screen; help is made from it."""

from dataclasses import replace

from bot.core.messages import Refused
from bot.core.people import OWNERS, STAFF
from handlers.dispatch import lists
from handlers.dispatch.command import Command
from handlers.dispatch.parse import parse
from handlers.dispatch.route import (
    ABOVE,
    CONTACT,
    EVERYONE,
    LEADER,
    LEADING,
    NOBODY,
    OFFICE,
    SEATED,
    Route,
)
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import (
    categories,
    collisions,
    deadlines,
    duplicates,
    filing,
    helpers,
    merging,
    parting,
    passing,
    plans,
    ratings,
    rulings,
    sealed_verbs,
    status,
    supplements,
    working,
)
from handlers.leaders import decisions, instructions, reforms
from handlers.people import (
    binding,
    departures,
    enterprises,
    figures,
    help_page,
    quiet,
    unbinding,
    welcome,
)
from handlers.projects import overview
from handlers.sessions import (
    agenda,
    agenda_changes,
    amendments,
    attendance,
    conclusions,
    invitations,
    minutes,
    on_the_spot,
    proceedings,
    promise_answers,
    promise_results,
    promises,
    series,
    sign_in,
    uninvited,
    vouchers,
)
from handlers.talk import (
    calls,
    firm_words,
    held_words,
    matter_questions,
    sentences,
    undo,
)


def _help(turn: Turn, _command: Command) -> Reply:
    return help_page.show_help(turn, [route.verb for route in ROUTES if route.helps(turn.role)])


def _anyway(turn: Turn, command: Command) -> Reply:
    """`照发 反馈 003 …`: although somebody else is writing about the same issue."""
    inner = parse(turn, command.words)
    if inner is None or inner.verb not in collisions.VERBS:
        raise Refused("crossing.how")
    return BY_VERB[inner.verb].handler(replace(turn, anyway=True), inner)


def _more(turn: Turn, _command: Command) -> Reply:
    """`更多`: the next page of the list that was shown last."""
    following = lists.find_next_page(turn)
    return BY_VERB[following.verb].handler(turn, following)


# fmt: off
ROUTES: tuple[Route, ...] = (
    # what everybody may say
    Route("mine",           EVERYONE, status.mine, listed=CONTACT),
    Route("todo",           EVERYONE, status.mine, listed=STAFF),
    Route("firms",          OWNERS,   enterprises.mine),
    Route("overdue",        STAFF,    figures.overdue),
    Route("search",         STAFF,    figures.search),
    Route("about_firm",     STAFF,    figures.about_firm),
    Route("figures",        STAFF,    figures.figures),
    Route("progress",       EVERYONE, status.progress, listed=CONTACT),
    Route("view",           EVERYONE, status.progress, listed=STAFF),
    Route("more",           EVERYONE, _more, listed=NOBODY),
    Route("help",           EVERYONE, _help, listed=NOBODY),
    Route("undo",           EVERYONE, undo.undo),
    Route("human",          EVERYONE, calls.human, listed=NOBODY),
    Route("bind",           EVERYONE, welcome.bind, bare=False, listed=NOBODY),
    Route("consent",        EVERYONE, welcome.consent, listed=NOBODY),
    Route("identify",       EVERYONE, sentences.identify, bare=False, listed=OWNERS),
    # what an enterprise may say
    Route("supplement",     CONTACT,  supplements.supplement, bare=False),
    Route("follow",         CONTACT,  duplicates.follow, listed=NOBODY),
    Route("urge",           CONTACT,  status.urge),
    Route("withdraw",       CONTACT,  status.withdraw),
    Route("new",            CONTACT,  filing.new_issue, bare=False),
    Route("join",           CONTACT,  supplements.join, listed=NOBODY),
    Route("part",           CONTACT,  parting.part, listed=NOBODY),
    Route("meant",          CONTACT,  firm_words.choose, listed=NOBODY),
    Route("is_matter",      CONTACT,  matter_questions.is_matter, listed=NOBODY),
    Route("no_matter",      CONTACT | OWNERS, matter_questions.is_no_matter, listed=CONTACT),
    Route("only_reply",     CONTACT,  supplements.only_reply, listed=NOBODY),
    Route("confirm",        CONTACT,  ratings.confirm),
    Route("not_solved",     CONTACT,  ratings.not_solved, bare=False),
    Route("rate",           CONTACT,  ratings.rate, bare=False),
    Route("why",            CONTACT,  ratings.why, bare=False, listed=NOBODY),
    Route("reopen",         CONTACT,  ratings.reopen, bare=False),
    Route("agree",          CONTACT,  plans.agree, listed=NOBODY),
    Route("disagree",       CONTACT,  plans.disagree, listed=NOBODY),
    # what whoever holds an issue may say
    Route("accept",         OWNERS,   working.accept),
    Route("answer",         OWNERS,   held_words.in_order(working.answer)),
    Route("ask",            OWNERS,   held_words.in_order(working.ask)),
    Route("hold_back",      OWNERS,   held_words.hold_back, listed=NOBODY),
    Route("send_anyway",    OWNERS,   _anyway, listed=NOBODY),
    Route("note",           STAFF,    working.note),
    Route("pass_on",        OWNERS,   passing.pass_on),
    Route("take",           OWNERS,   calls.take_issue_or_call),
    Route("call_taken",     OWNERS,   calls.take_call, listed=NOBODY),
    Route("called",         OWNERS,   calls.end_call),
    Route("take_all",       OWNERS,   passing.take_all, listed=NOBODY),
    Route("decline",        OWNERS,   passing.decline),
    Route("return",         OWNERS,   passing.return_),
    Route("assist",         OWNERS,   helpers.assist),
    Route("resolve",        OWNERS,   held_words.in_order(working.resolve)),
    Route("resolve_anyway", OWNERS,   held_words.in_order(working.resolve_anyway), listed=NOBODY),
    Route("recategorise",   STAFF,    categories.recategorise),
    Route("why_category",   STAFF,    categories.why),
    Route("merge",          OWNERS,   merging.merge),
    Route("split",          OWNERS,   merging.split),
    Route("plan",           OWNERS,   plans.plan),
    Route("extend",         OWNERS,   plans.extend),
    Route("milestone",      OWNERS,   plans.milestone),
    Route("snooze",         OWNERS,   quiet.snooze, listed=NOBODY),
    Route("absence",        STAFF | CONTACT, sentences.absence, listed=STAFF),
    Route("undisturbed",    STAFF,    quiet.do_not_disturb),
    Route("deadline",       EVERYONE, deadlines.deadline),
    Route("voucher",        EVERYONE, vouchers.show, bare=False, listed=CONTACT | OWNERS),
    # what is only for named people
    Route("seal",           CONTACT,  sealed_verbs.seal),
    Route("unseal",         STAFF,    sealed_verbs.unseal),
    Route("viewers",        EVERYONE, sealed_verbs.show_viewers, listed=CONTACT),
    # what leaders and the duty desk may say
    Route("instruct",       ABOVE,    instructions.instruct),
    Route("sponsor",        LEADING,  instructions.sponsor),
    Route("waiting",        LEADER,   decisions.list_decisions),
    Route("direct",         ABOVE,    decisions.direct, listed=LEADER),
    Route("redirect",       OWNERS | LEADER, decisions.redirect, listed=LEADER),
    Route("table",          LEADER,   decisions.table),
    Route("reforms",        STAFF,    reforms.overview, listed=LEADING),
    Route("reform",         STAFF,    reforms.reform, listed=LEADING),
    Route("revisit",        CONTACT,  sentences.revisit, bare=False, listed=NOBODY),
    Route("seen",           LEADER,   decisions.acknowledge_digest, listed=NOBODY),
    # what only the duty desk may say
    Route("binding_code",   OFFICE,   binding.give_binding_code),
    Route("leave",          LEADING,  departures.leave),
    Route("unbind",         OWNERS | LEADER, unbinding.unbind, listed=LEADING),
    Route("end_contact",    OWNERS | LEADER | CONTACT, unbinding.change_contact, listed=NOBODY),
    Route("rule",           OFFICE,   rulings.rule),
    Route("grant",          OFFICE,   plans.grant),
    Route("deny",           OFFICE,   plans.deny),
    # projects
    Route("project",        STAFF,    overview.project),
    # Monday nights
    Route("session",        EVERYONE, series.overview),
    Route("agenda",         EVERYONE, agenda.view),
    Route("minutes",        EVERYONE, minutes.view, listed=LEADING | CONTACT),
    Route("sign_up",        CONTACT,  attendance.sign_up, bare=False),
    Route("in_writing",     CONTACT,  attendance.in_writing, bare=False),
    Route("stay_away",      SEATED,   uninvited.stay_away),
    Route("here",           SEATED | LEADING, sign_in.here),
    Route("attend",         ABOVE,    attendance.attend, listed=NOBODY),
    Route("accept_promise", CONTACT,  promise_answers.accept_promise, bare=False, listed=NOBODY),
    Route("dispute",        CONTACT,  promise_answers.dispute, bare=False, listed=NOBODY),
    Route("prepare",        LEADING,  agenda.prepare),
    Route("invite",         LEADING,  invitations.invite),
    Route("theme",          LEADING,  series.theme),
    Route("move_session",   OFFICE,   series.move),
    Route("cancel_session", OFFICE,   series.cancel),
    Route("as_usual",       OFFICE,   series.as_usual, listed=NOBODY),
    Route("extra",          OFFICE,   series.extra),
    Route("move_up",        OFFICE,   agenda_changes.move_up),
    Route("move_down",      OFFICE,   agenda_changes.move_down, listed=NOBODY),
    Route("take_off",       OFFICE,   agenda_changes.take_off),
    Route("put_back",       OFFICE,   agenda_changes.put_back, listed=NOBODY),
    Route("add_topic",      OFFICE,   agenda_changes.add_topic),
    Route("open_session",   OFFICE,   series.open_),
    Route("record",         LEADING,  promises.record),
    Route("record_anyway",  LEADING,  promises.record_anyway, listed=NOBODY),
    Route("same_promise",   LEADING,  promises.same_promise, listed=NOBODY),
    Route("strike",         LEADING,  promises.strike, listed=NOBODY),
    Route("amend",          LEADING,  amendments.amend),
    Route("add_late",       LEADING,  amendments.add_late),
    Route("reopen_session", LEADING,  amendments.reopen),
    Route("decide",         LEADING,  conclusions.decide),
    Route("conclude",       LEADING,  conclusions.conclude),
    Route("reconsider",     LEADING,  conclusions.reconsider, listed=NOBODY),
    Route("on_the_spot",    LEADING,  on_the_spot.on_the_spot),
    Route("close_session",  OFFICE,   proceedings.close),
    Route("close_rest",     OFFICE,   proceedings.close_rest, listed=NOBODY),
    Route("kept",           STAFF,    promise_results.keep_promise, listed=ABOVE),
    Route("broken",         STAFF,    promise_results.break_promise, listed=ABOVE),
    Route("redate",         STAFF,    promise_results.redate, listed=ABOVE),
)
# fmt: on
BY_VERB = {route.verb: route for route in ROUTES}


__all__ = ["BY_VERB", "ROUTES", "Route"]
