"""What is said of a reform: 立项 or not, who, which measures, done; the enterprises' own word."""

from collections.abc import Callable
from dataclasses import replace

from bot.actions.leaders.reforms import (
    answer_options,
    card,
    list_reforms,
    next_options,
    options,
    reform_facts,
)
from bot.core.leaders.reforms import (
    Asked,
    Effect,
    Reform,
    ReformAct,
    Standing,
    add_measure,
    approve_reform,
    drop_reform,
    finish_reform,
    remove_measure,
    reopen_reform,
    set_owner,
)
from bot.core.messages import Action, Option, Refused, Say, ToPerson
from bot.core.names.colleagues import find_colleagues
from bot.core.people import Person, Role
from handlers.dispatch.command import Command
from handlers.dispatch.lists import PAGE, build_page
from handlers.dispatch.turn import Reply, Turn
from handlers.issues import other_firms
from handlers.people.lookup import staff
from handlers.sessions.lookup import the_firm
from storage.leaders import reforms
from storage.people import people

SEES_ALL = frozenset({Role.OFFICE, Role.LEADER})
WORKS = frozenset({ReformAct.MEASURE, ReformAct.UNMEASURE, ReformAct.DONE, ReformAct.UNDONE})
"""What whoever is named for a reform may say of it, beside the office and leaders."""
READ_BY_FIRMS = frozenset({ReformAct.MEASURE, ReformAct.DONE})
"""Acts whose words every enterprise that raised the matter reads."""
SAID = (
    *(ReformAct.APPROVE, ReformAct.DROP, ReformAct.OWNER, ReformAct.MEASURE, ReformAct.UNMEASURE),
    *(ReformAct.DONE, ReformAct.UNDONE, ReformAct.ANSWER),
)


def overview(turn: Turn, command: Command) -> Reply:
    """`改革清单`: what is proposed, in work, done and measured; the staff below see their own."""
    found = [reform for reform in reforms.everything(turn.db) if _may_see(turn, reform)]
    shown = [reform for reform in found if reform.standing is not Standing.DROPPED]
    if not shown:
        return Reply((turn.me("reform.none"),))
    page = list_reforms(turn, shown[command.start : command.start + PAGE])
    listed = Command("reforms", start=command.start)
    told = build_page(turn, listed, page, len(shown), numbered=False)
    return Reply((turn.me("reform.list", told),))


def reform(turn: Turn, command: Command) -> Reply:
    """`改革 3`, `改革 3 措施 …`: the card, or one act on it."""
    if command.serial is None:
        return overview(turn, command)
    found = _the_reform(turn, command)
    act, words = ReformAct(command.act) if command.act else None, command.words
    word = ""
    if act is None:
        word, _, words = words.partition(" ")
    if act is None and not word:
        said = turn.me("reform.card", card(turn, found), next_options(turn, found))
        return Reply((said,))
    act = act or next(
        (candidate for candidate in SAID if turn.texts.words[f"reformact.{candidate}"] == word),
        None,
    )
    if act is None:
        raise Refused("reform.how", number=found.number, word=word)
    if turn.role not in SEES_ALL and act not in WORKS:
        raise Refused("reform.not_yours", number=found.number)
    if act in READ_BY_FIRMS:
        wish = Action("reform", None, found.number, words, act.value, number=str(found.number))
        other_firms.ask_before_saying(turn, wish, [other_firms.EVERYBODY])
    return _ACTS[act](turn, found, words.strip())


def revisit(turn: Turn, command: Command) -> Reply:
    """`回访 3 1`: an enterprise that had complained says how it is now; it may change its mind
    until the effect is measured."""
    found = reforms.by_number(turn.db, command.serial or 0)
    firm = turn.person.enterprise_id if turn.person else None
    asked = _find_question(turn, found, firm)
    if found is None or asked is None:
        raise Refused("reform.not_asked")
    answer = _effect(command.words)
    if answer is None:
        return Reply((turn.me("reform.answer_how", options=answer_options(turn, found)),))
    return _record_answer(turn, found, asked, answer)


def _the_reform(turn: Turn, command: Command) -> Reform:
    """The reform with the number, if this person may see it. Raises Refused."""
    found = reforms.by_number(turn.db, command.serial or 0)
    if found is None or not _may_see(turn, found):
        raise Refused("reform.none_such", number=command.serial)
    return found


def _may_see(turn: Turn, found: Reform) -> bool:
    return turn.role in SEES_ALL or found.owner_id == turn.person_id


def _approve(turn: Turn, before: Reform, words: str) -> Reply:
    after = _save_reform(turn, approve_reform(before, turn.now), ReformAct.APPROVE, words)
    undo = options(turn, after, ReformAct.DROP)
    return Reply((turn.me("reform.approved", reform_facts(turn, after), undo),))


def _drop(turn: Turn, before: Reform, words: str) -> Reply:
    after = _save_reform(turn, drop_reform(before), ReformAct.DROP, words)
    undo = options(turn, after, ReformAct.APPROVE)
    return Reply((turn.me("reform.dropped", reform_facts(turn, after), undo),))


def _own(turn: Turn, before: Reform, words: str) -> Reply:
    if not words:
        return _ask(turn, before, ReformAct.OWNER)
    person = _person(turn, words)
    after = _save_reform(turn, set_owner(before, person.id), ReformAct.OWNER, person.name)
    says = [turn.me("reform.owned", reform_facts(turn, after))]
    if person.id != turn.person_id:
        says.append(Say(ToPerson(person.id), "reform.assigned", reform_facts(turn, after)))
    return Reply(tuple(says))


def _measure(turn: Turn, before: Reform, words: str) -> Reply:
    if not words:
        return _ask(turn, before, ReformAct.MEASURE)
    after = _save_reform(turn, add_measure(before, words), ReformAct.MEASURE, words)
    told = {"number": after.number, "place": len(after.measures), "text": words}
    return Reply((turn.me("reform.measured", told, options(turn, after, ReformAct.UNMEASURE)),))


def _unmeasure(turn: Turn, before: Reform, _words: str) -> Reply:
    after = _save_reform(turn, remove_measure(before), ReformAct.UNMEASURE, before.measures[-1])
    told = {"number": after.number, "text": before.measures[-1], "count": len(after.measures)}
    return Reply((turn.me("reform.unmeasured", told),))


def _finish(turn: Turn, before: Reform, words: str) -> Reply:
    after = finish_reform(before, words, turn.now)
    if not words:
        return _ask(turn, before, ReformAct.DONE)
    _save_reform(turn, after, ReformAct.DONE, words)
    told = {**reform_facts(turn, after), "text": words}
    return Reply((turn.me("reform.done", told, options(turn, after, ReformAct.UNDONE)),))


def _unfinish(turn: Turn, before: Reform, words: str) -> Reply:
    after = _save_reform(turn, reopen_reform(before), ReformAct.UNDONE, words)
    return Reply((turn.me("reform.undone", reform_facts(turn, after)),))


def _for_firm(turn: Turn, before: Reform, words: str) -> Reply:
    """`改革 3 回访 恒宇 1`: what an enterprise said on the telephone."""
    firm, said = the_firm(turn, Command("reform", words=words))
    asked, answer = _find_question(turn, before, firm.id), _effect(said)
    if asked is None or answer is None:
        raise Refused("reform.answer_for", number=before.number, enterprise=firm.name)
    return _record_answer(turn, before, asked, answer)


_ACTS: dict[ReformAct, Callable[[Turn, Reform, str], Reply]] = {
    ReformAct.APPROVE: _approve,
    ReformAct.DROP: _drop,
    ReformAct.OWNER: _own,
    ReformAct.MEASURE: _measure,
    ReformAct.UNMEASURE: _unmeasure,
    ReformAct.DONE: _finish,
    ReformAct.UNDONE: _unfinish,
    ReformAct.ANSWER: _for_firm,
}


def _find_question(turn: Turn, found: Reform | None, firm: int | None) -> Asked | None:
    if found is None or firm is None:
        return None
    mine = (
        question
        for question in reforms.list_asked(turn.db, found.id)
        if question.enterprise_id == firm
    )
    return next(mine, None)


def _record_answer(turn: Turn, found: Reform, asked: Asked, answer: Effect) -> Reply:
    if found.measured_at is not None:
        raise Refused("reform.answer_late", measured_at=found.measured_at)
    said = {"answer": answer, "answered_at": turn.now, "by_id": turn.person_id}
    reforms.answer(turn.db, replace(asked, **said))  # type: ignore[arg-type]
    _note(turn, found, ReformAct.ANSWER, f"{asked.enterprise_id} {answer}")
    again = answer_options(turn, found) if turn.role is Role.CONTACT else ()
    return Reply((turn.me("reform.answered", {"answer": answer}, again),))


def _effect(words: str) -> Effect | None:
    return {str(n): effect for n, effect in enumerate(Effect, 1)}.get(words.strip())


def _person(turn: Turn, name: str) -> Person:
    """A member of the staff by name, part of it, or department. Raises Refused."""
    found = people.list_staff_named(turn.db, name)
    department = people.department_named(turn.db, name) if not found else None
    if department:
        found = people.of_department(turn.db, department.id)[:1]
    found = found or find_colleagues(name, staff(turn))
    if not found:
        raise Refused("refused.nobody", name=name)
    if len(found) > 1:
        raise Refused("refused.several", name=name)
    return found[0]


def _ask(turn: Turn, found: Reform, act: ReformAct) -> Reply:
    """What is missing is asked for; the next words complete it."""
    expect = Action("reform", target_id=found.number, act=act.value, number=str(found.number))
    told = {"number": found.number}
    choices: tuple[Option, ...] = ()
    return Reply((turn.me(f"reform.needs_{act}", told, choices, expect=expect),))


def _save_reform(turn: Turn, after: Reform, act: ReformAct, words: str) -> Reform:
    reforms.save(turn.db, after)
    _note(turn, after, act, words)
    return after


def _note(turn: Turn, found: Reform, act: ReformAct, words: str) -> None:
    reforms.record(turn.db, found.id, act, turn.own_origin, words)
