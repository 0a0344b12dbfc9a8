"""What the channels' tests share."""

import pytest


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """The bot runs on asyncio."""
    return "asyncio"
