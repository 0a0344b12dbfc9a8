"""Writes a new migration, from the difference between the newest one and the tables.

Use: `python -m storage.migrations.write "what it does"`.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import Database
from storage.migrate import FOLDER, configuration, migrate


def main(message: str) -> None:
    """Compare on a scratch SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'scratch.db'}")
        migrate(database)
        with database.engine.begin() as db:
            config = configuration()
            config.attributes["connection"] = db
            number = f"{len(list((FOLDER / 'versions').glob('*.py'))) + 1:04d}"
            command.revision(config, message, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    main(sys.argv[1])
