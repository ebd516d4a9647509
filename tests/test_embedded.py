import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from afori import embedded


def test_the_packages_bring_the_programs_that_we_start():
    for program in ("postgres", "initdb"):
        assert os.access(embedded.postgres_binaries() / program, os.X_OK)
    assert os.access(embedded.valkey_binary(), os.X_OK)
