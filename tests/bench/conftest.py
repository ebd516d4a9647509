import pytest
from django.db import connections

from afori.embedded.accounts import remove_stand_in
from afori.embedded.services import Services


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A PostgreSQL that keeps what it acknowledges, so that a commit costs what it costs."""
    folder = tmp_path_factory.mktemp("durable")
    services = Services(folder, folder)
    services.start()
    connections["default"].settings_dict["HOST"] = str(services.sockets)
    yield
    services.stop()
    remove_stand_in(folder)
