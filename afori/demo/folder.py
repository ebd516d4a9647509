"""The demo's folder, its logs and its throw-away secrets."""

import base64
import contextlib
import json
import os
import secrets
import shutil
import signal
from pathlib import Path

from afori.embedded import Unavailable
from challenges import seal

PROJECT = Path(__file__).resolve().parents[2]
LOGS_KEPT = 5
FOREIGN_SETTINGS = ("PG", "GRANIAN_", "CELERY_", "DJANGO_", "DEBUG", "AFORI_OPENER_KEK")


def claim(folder):
    """Make the folder ours, or refuse one that holds something else."""
    if folder.is_dir() and not (folder / "lock").exists() and any(folder.iterdir()):
        raise Unavailable(f"{folder} holds other files: name an empty folder in AFORI_DEMO_DIR.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    if not os.access(folder, os.W_OK):
        raise Unavailable(f"{folder} belongs to another user.")


def new_log_folder(folder):
    """An empty `log` folder; earlier ones become `log.1` (the latest), `log.2` and so on."""
    shutil.rmtree(folder / f"log.{LOGS_KEPT}", ignore_errors=True)
    for age in range(LOGS_KEPT - 1, -1, -1):
        older = folder / (f"log.{age}" if age else "log")
        if older.exists():
            older.rename(folder / f"log.{age + 1}")
    (folder / "log").mkdir()
    return folder / "log"


def kill_leftovers(folder):
    """End processes of an earlier demo on this folder that outlived it. Linux only."""
    sign = f"AFORI_DEMO_CHILD={folder}".encode()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if sign in entry.read_bytes().split(b"\0"):
                os.kill(int(entry.parent.name), signal.SIGKILL)


def environment_for(folder, port, services):
    """What the processes get: our environment, the services, and this demo's own secrets."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN_SETTINGS)}
    return (
        inherited
        | services.environment
        | secrets_in(folder)
        | openers_verify_key(folder)
        | {
            "AFORI_DEMO": "1",
            "AFORI_DEMO_CHILD": str(folder),
            "AFORI_BASE_URL": f"http://127.0.0.1:{port}",
            "AFORI_MEDIA_ROOT": str(folder / "media"),
            "AFORI_STATIC_ROOT": str(folder / "static"),
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "DJANGO_SETTINGS_MODULE": "afori.settings",
        }
    )


def secrets_in(folder):
    """Keys made at the first start, for every process."""
    return kept(
        folder / "secrets.json",
        {"SECRET_KEY": secrets.token_urlsafe(48), "AFORI_DATA_KEYS": random_key()},
    )


def openers_key(folder):
    """What the opener alone gets, beside those that prepare the demo."""
    return kept(folder / "opener.json", {"AFORI_OPENER_KEK": random_key()})


def openers_verify_key(folder):
    """What all others know the opener by."""
    kek = base64.urlsafe_b64decode(openers_key(folder)["AFORI_OPENER_KEK"])
    verify_key = base64.urlsafe_b64encode(seal.verify_key(kek)).decode()
    return {"AFORI_OPENER_VERIFY_KEY": verify_key}


def random_key():
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def kept(path, made):
    """What the file holds, made at the first start and readable by the owner alone."""
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    return json.loads(path.read_text())
