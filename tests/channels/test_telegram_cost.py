"""What Telegram costs a park that does not use it: nothing."""

import subprocess
import sys

from tests.conftest import ROOT

LOOK = """
import sys
from bot.app import App
from bot.settings import load
from bot.web.app import build
app = App(load())
build(app, None)
app.writer.close()
app.database.close()
print([name for name in sys.modules if name.partition(".")[0] in ("telegram", "httpx", "wechatpy")])
"""


def test_nothing_is_imported_for_a_channel_that_is_off(tmp_path: object) -> None:
    given = {
        "EXCHANGE_STORAGE__URL": f"sqlite:///{tmp_path}/exchange.db",
        "EXCHANGE_CONFIG": str(ROOT / "config.toml"),
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"
