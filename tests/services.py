"""A pytest plugin: PostgreSQL, Valkey and an environment, ready before the settings are read.

DATABASE_URL and REDIS_URL of the environment are used when they are there. Otherwise the
controlling process starts throw-away services once, and its xdist workers inherit the addresses.
"""

import contextlib
import os
import signal

import pytest

from afori.embedded import Unavailable
from afori.embedded.services import throw_away

ENVIRONMENT = {
    "AFORI_BASE_URL": "http://127.0.0.1:8000",
    "AFORI_DATA_KEYS": "YWZvcmktdGVzdHMtb25seS1ub3QtYS1zZWNyZXQtMDE=",
    "AFORI_DEMO": "1",
    "AFORI_OPENER_KEK": "b25seS1mb3ItdGVzdHMtbm90LWEtc2VjcmV0LWtlazE=",
    "AFORI_OPENER_VERIFY_KEY": "ZmjicXGLD1wh_y7IVdLFl-tyi2C9A1xF4cxMGpnUYgA=",
    "AFORI_PAGE_SECONDS": "0",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-0123456789",
}
at_exit = contextlib.ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        services = at_exit.enter_context(throw_away())
    except Unavailable as reason:
        pytest.exit(str(reason), returncode=2)
    for name, value in services.environment.items():
        os.environ.setdefault(name, value)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    at_exit.close()
