"""The names by which firms are recognised follow the registry, and only what changed is read."""

from dataclasses import replace

from sqlalchemy import insert

from bot.classifier.names import Naming
from bot.core.names.outcome import Verdict
from bot.core.people import Enterprise
from storage import bulk
from storage.database import Database
from storage.people import people
from storage.tables import people as people_tables
from tests.conftest import ROOT


def test_a_new_name_is_known_at_once(database: Database) -> None:
    naming = Naming()
    with database.write() as db:
        firm = people.add_enterprise(db, "恒宇电子有限公司")
        assert naming.index(db).find("恒宇电子有限公司").verdict is Verdict.SURE
        people.add_enterprise(db, "信征精密机械有限公司", aliases=("信征",))
        best = naming.index(db).find("信征").best
        assert best is not None
        assert best.id != firm


def test_a_firm_that_is_renamed_loses_its_old_name(database: Database) -> None:
    naming = Naming()
    with database.write() as db:
        firm = people.add_enterprise(db, "恒宇电子有限公司")
        naming.index(db)
        known = people.enterprise(db, firm)
        assert isinstance(known, Enterprise)
        bulk.save_all(db, people_tables.enterprises, [replace(known, name="云帆物流有限公司")])
        index = naming.index(db)
        assert index.find("恒宇电子有限公司").verdict is Verdict.NONE
        assert index.find("云帆物流有限公司").verdict is Verdict.SURE
        db.rollback()


def test_what_was_rolled_back_is_forgotten(database: Database) -> None:
    naming = Naming()
    with database.write() as db:
        people.add_enterprise(db, "恒宇电子有限公司")
        assert len(naming.index(db)) == 1
        db.rollback()
    with database.write() as db:
        assert len(naming.index(db)) == 0


def test_one_look_tells_that_nothing_was_written(database: Database) -> None:
    """A firm that is smuggled past the storage shows that the registry is not read again."""
    naming = Naming()
    with database.write() as db:
        people.add_enterprise(db, "恒宇电子有限公司")
        assert len(naming.index(db)) == 1
        smuggled = {"name": "青禾生物科技有限公司", "aliases": ()}
        db.execute(insert(people_tables.enterprises).values(**smuggled))
        assert len(naming.index(db)) == 1
        people.add_enterprise(db, "云帆物流有限公司")
        assert len(naming.index(db)) == 3


def test_no_command_builds_an_index_of_its_own() -> None:
    """Building it reads every firm; the one that is kept reads those that changed."""
    built = [
        f"{path}"
        for folder in ("handlers", "schedules", "storage", "bot/actions")
        for path in (ROOT / folder).rglob("*.py")
        if "NameIndex.build(" in path.read_text(encoding="utf-8")
    ]
    assert built == []
