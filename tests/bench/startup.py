"""What a channel costs a process that has it on: CPU seconds until the app stands, and memory."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping

from tests.channels import telegram_site, wechat_site, wecom_site
from tests.conftest import ROOT

ROUNDS = 3
Row = tuple[str, str, str]
STAND = """
import time
from pathlib import Path
began = time.process_time()
from bot.app import App
from bot.settings import load
from bot.web.app import build
app = App(load())
build(app, None)
took = time.process_time() - began
held = next(line for line in Path("/proc/self/status").open() if line.startswith("VmRSS"))
app.writer.close()
app.database.close()
print(took, held.split()[1])
"""


def run() -> Iterator[Row]:
    """Rows for the benchmark's table: what, value, ratio to a process without any channel."""
    with tempfile.TemporaryDirectory() as folder:
        off = {"EXCHANGE_CHANNELS__LOCAL__ENABLED": "false"}
        kept = {"EXCHANGE_STORAGE__URL": f"sqlite:///{folder}/exchange.db", **off}
        api = "http://127.0.0.1:9"
        wecom = wecom_site.environment(api)
        telegram = _only("TELEGRAM", telegram_site.environment(ROOT, api, "polling", ""))
        wechat = _only("WECHAT", wechat_site.environment(ROOT, api))
        first, least = _best(kept)
        yield ("start: no channel", _value(first, least), "1.00")
        lanes = {
            "local": {"EXCHANGE_CHANNELS__LOCAL__ENABLED": "true"},
            "wechat": wechat,
            "wecom": wecom,
            "telegram": telegram,
            "all of them": {**wechat, **wecom, **telegram},
        }
        for name, more in lanes.items():
            took, memory = _best({**kept, **more})
            ratio = f"{took / first:.2f}, memory {memory / least:.2f}"
            yield (f"start: {name}", _value(took, memory), ratio)


def _only(channel: str, environment: Mapping[str, str]) -> dict[str, str]:
    wanted = f"EXCHANGE_CHANNELS__{channel}__"
    return {name: value for name, value in environment.items() if name.startswith(wanted)}


def _value(seconds: float, memory: float) -> str:
    return f"{seconds:.2f} s CPU, {memory / 1024:.0f} MB"


def _best(environment: Mapping[str, str]) -> tuple[float, float]:
    """Of several starts the quickest and the leanest: what else the machine does is not theirs."""
    found = [_start(environment) for _ in range(ROUNDS)]
    return min(took for took, _ in found), min(memory for _, memory in found)


def _start(environment: Mapping[str, str]) -> tuple[float, float]:
    given = {"PATH": os.environ["PATH"], "EXCHANGE_CONFIG": str(ROOT / "config.toml")}
    run = subprocess.run(
        [sys.executable, "-c", STAND],
        env={**given, **environment, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took, memory = run.stdout.split()
    return float(took), float(memory)
