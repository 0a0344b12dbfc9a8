"""What people say to the bot: every route on one screen; help is made from it."""

from dataclasses import replace

from bot.core.messages import Action, Kind, Refused
from bot.core.people import OWNERS, STAFF, Role
from bot.core.reading import number
from handlers.dispatch import lists, menus, questions, quotes
from handlers.dispatch.command import Command
from handlers.dispatch.issue_lookup import Unclear
from handlers.dispatch.parse import parse, read_action
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
    batches,
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
    status,
    supplements,
    working,
)
from handlers.leaders import decisions, instructions, reforms
from handlers.people import enterprises, figures, help_page, quiet, welcome
from handlers.projects import overview
from handlers.sessions import agenda, attendance, proceedings, promise_results, promises, series
from handlers.talk import (
    albums,
    calls,
    edits,
    firm_words,
    held_words,
    matter_questions,
    replies,
    rooms,
    sentences,
    small_talk,
    spoken_commands,
    staff_words,
    things,
    undo,
)


def _help(turn: Turn, _command: Command) -> Reply:
    return help_page.show_help(turn, [route.verb for route in ROUTES if route.helps(turn.role)])


def _anyway(turn: Turn, command: Command) -> Reply:
    """`照发 反馈 003 …`: although somebody else is writing about the same issue."""
    inner = parse(turn, command.words)
    if inner is None or inner.verb not in collisions.VERBS:
        raise Refused("crossing.how")
    return _BY_VERB[inner.verb].handler(replace(turn, anyway=True), inner)


def _more(turn: Turn, _command: Command) -> Reply:
    """`更多`: the next page of the list that was shown last."""
    following = lists.find_next_page(turn)
    return _BY_VERB[following.verb].handler(turn, following)


# fmt: off
ROUTES: tuple[Route, ...] = (
    # what everybody may say
    Route("mine",           EVERYONE, status.mine, listed=CONTACT),
    Route("todo",           EVERYONE, status.mine, listed=STAFF),
    Route("firms",          OWNERS,   enterprises.mine),
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
    Route("binding_code",   OFFICE,   figures.give_binding_code),
    Route("rule",           OFFICE,   rulings.rule),
    Route("grant",          OFFICE,   plans.grant),
    Route("deny",           OFFICE,   plans.deny),
    # projects
    Route("project",        STAFF,    overview.project),
    # Monday nights
    Route("session",        EVERYONE, series.overview),
    Route("agenda",         EVERYONE, agenda.view),
    Route("minutes",        EVERYONE, proceedings.view, listed=LEADING | CONTACT),
    Route("sign_up",        CONTACT,  attendance.sign_up, bare=False),
    Route("in_writing",     CONTACT,  attendance.in_writing, bare=False),
    Route("stay_away",      SEATED,   attendance.stay_away),
    Route("here",           SEATED | LEADING, attendance.here),
    Route("attend",         ABOVE,    attendance.attend, listed=NOBODY),
    Route("accept_promise", CONTACT,  promises.accept_promise, bare=False, listed=NOBODY),
    Route("dispute",        CONTACT,  promises.dispute, bare=False, listed=NOBODY),
    Route("prepare",        LEADING,  agenda.prepare),
    Route("invite",         LEADING,  attendance.invite),
    Route("theme",          LEADING,  series.theme),
    Route("move_session",   OFFICE,   series.move),
    Route("cancel_session", OFFICE,   series.cancel),
    Route("as_usual",       OFFICE,   series.as_usual, listed=NOBODY),
    Route("extra",          OFFICE,   series.extra),
    Route("move_up",        OFFICE,   agenda.move_up),
    Route("move_down",      OFFICE,   agenda.move_down, listed=NOBODY),
    Route("take_off",       OFFICE,   agenda.take_off),
    Route("put_back",       OFFICE,   agenda.put_back, listed=NOBODY),
    Route("add_topic",      OFFICE,   agenda.add_topic),
    Route("open_session",   OFFICE,   series.open_),
    Route("record",         LEADING,  promises.record),
    Route("record_anyway",  LEADING,  promises.record_anyway, listed=NOBODY),
    Route("strike",         LEADING,  promises.strike, listed=NOBODY),
    Route("decide",         LEADING,  proceedings.decide),
    Route("conclude",       LEADING,  proceedings.conclude),
    Route("reconsider",     LEADING,  proceedings.reconsider, listed=NOBODY),
    Route("on_the_spot",    LEADING,  proceedings.on_the_spot),
    Route("close_session",  OFFICE,   proceedings.close),
    Route("close_rest",     OFFICE,   proceedings.close_rest, listed=NOBODY),
    Route("kept",           STAFF,    promise_results.keep_promise, listed=ABOVE),
    Route("broken",         STAFF,    promise_results.break_promise, listed=ABOVE),
    Route("redate",         STAFF,    promise_results.redate, listed=ABOVE),
)
# fmt: on
_BY_VERB = {route.verb: route for route in ROUTES}


def answer(turn: Turn) -> Reply:
    """One message, one reply: a tap, an event, a digit, a command, an expected text, free words."""
    try:
        return _answer(turn)
    except Unclear as question:
        return question.reply


def _answer(turn: Turn) -> Reply:
    if turn.incoming.sender is not None:
        return rooms.answer_room(turn, _obey_command)
    if turn.incoming.action is not None:
        return _obey_action(turn, turn.incoming.action)
    if turn.incoming.content.kind is Kind.EVENT:
        # A tap on a menu of the chat says a command; the rest is coming and going.
        return _answer_command(turn, chosen=True) or welcome.answer_event(turn)
    turn = quotes.follow_quote(turn)
    late = things.answer_thing(turn) or edits.answer_edit(turn) or albums.further(turn)
    if late is not None:
        return late
    picked = menus.read_choice(turn)
    if isinstance(picked, Reply):
        return picked
    if picked is not None:
        meant = replace(turn, media_id=turn.media_id or picked.media_id)
        return _obey_action(meant, picked.action)
    bare = _answer_command(turn) or _bare_number(turn) or welcome.bind_bare(turn)
    bare = bare or replies.answer_question(turn) or _answer_spoken(turn)
    return bare or _answer_expected(turn) or _free(turn)


def _obey_action(turn: Turn, action: Action) -> Reply:
    """What was chosen goes to its route with the words it stands for, not with the digit."""
    command = read_action(turn, action)
    meant = turn.with_words(command.words, anyway=action.anyway) if command else turn
    reply = _obey_command(meant, command) if command else None
    if reply is None:
        raise Refused("refused.verb", word=turn.texts.phrase(action))
    return reply


def _answer_command(turn: Turn, *, chosen: bool = False) -> Reply | None:
    """The reply to a command, None when the text is none that this person may say."""
    command = parse(turn, turn.text) if turn.text.strip() else None
    return _obey_command(turn, replace(command, chosen=chosen)) if command else None


def _obey_command(turn: Turn, command: Command) -> Reply | None:
    route = _BY_VERB.get(command.verb)
    if route is None:
        return None
    if turn.role not in route.who:
        if turn.role is Role.CONTACT:
            return None
        # A colleague's command must never be taken for words to an enterprise.
        raise Refused("refused.verb", word=turn.texts.command(command.verb))
    if turn.role is Role.CONTACT and route.bare and command.words and not command.chosen:
        return None
    questions.spend(turn)
    lists.outdate(turn, command)
    if command.numbers or command.every:
        return batches.do_batch(turn, command, route.handler)
    return route.handler(turn, command)


def _bare_number(turn: Turn) -> Reply | None:
    """Only a number: what it means on the list that was shown last, else how the issue stands; 119
    may be the fire brigade's."""
    if emergency := small_talk.answer_emergency(turn):
        return emergency
    meant = number(turn.text) if turn.text.strip() else None
    return _obey_command(turn, lists.open_line(turn, meant)) if meant else None


def _answer_spoken(turn: Turn) -> Reply | None:
    """A command that a colleague says freely."""
    found = spoken_commands.find_action(turn)
    return _obey_action(turn, found) if isinstance(found, Action) else found


def _answer_expected(turn: Turn) -> Reply | None:
    command = staff_words.find_expected(turn)
    if command is None or isinstance(command, Reply):
        return command
    questions.spend(turn)
    return _BY_VERB[command.verb].handler(turn, command)


def _free(turn: Turn) -> Reply:
    of_firm = turn.role is Role.CONTACT
    return firm_words.answer_contact(turn) if of_firm else staff_words.free_words(turn)


__all__ = ["ROUTES", "Route", "answer"]
