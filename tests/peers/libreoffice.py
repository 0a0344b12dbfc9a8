"""LibreOffice without a window: an office program that is not ours reads the files we write."""

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def soffice() -> str:
    """The program; where there is none, the test is skipped and says what to install."""
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("no LibreOffice here: install libreoffice-writer-nogui, libreoffice-calc-nogui")
    return found


def convert_file(soffice: str, file: Path, form: str, out: Path) -> None:
    """Write `file` in another form into the folder `out`, in a profile of its own: another
    LibreOffice on this machine does not matter."""
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", form, "--outdir", str(out)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=100)
