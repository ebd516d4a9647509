"""What a page of the admin saves: what was changed there, and nothing of what it read earlier."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from afori.common.admin import ModelAdmin
from challenges.locks import database_now
from tests import factories as make
from tests.admin.forms import save


@pytest.fixture
def meanwhile(monkeypatch):
    """Let an action write to a row between the reading and the saving of its page."""
    original = ModelAdmin.save_form

    def writes(row, **values):
        def save_form(model_admin, request, form, change):
            type(row).objects.filter(pk=row.pk).update(**values)
            return original(model_admin, request, form, change)

        monkeypatch.setattr(ModelAdmin, "save_form", save_form)

    return writes


def saved(client, row, **changes):
    names = f"{row._meta.app_label}_{row._meta.model_name}"
    url = reverse(f"admin:{names}_change", args=[row.pk])
    response = save(client, url, f"{row._meta.model_name}_form", **changes)
    assert response.redirect_chain
    row.refresh_from_db()
    return row


def test_saving_a_published_challenge_writes_nothing(cast, sign_in, meanwhile):
    sent = database_now() - timedelta(days=1)
    meanwhile(cast.challenge, decisions_sent_at=sent, contact="Ny kontakt", updated_at=sent)
    challenge = saved(sign_in(cast.superuser), cast.challenge)

    assert (challenge.decisions_sent_at, challenge.updated_at) == (sent, sent)
    assert challenge.contact == "Ny kontakt"


@pytest.mark.parametrize(
    ("factory", "field", "changes"),
    [
        (make.ArticleFactory, "publish_at", {"source": "En rapport"}),
        (make.BuyerFactory, "verified_at", {"website": "https://example.org/"}),
        (make.NeedFactory, "created_at", {"source": "En rapport"}),
    ],
)
def test_saving_writes_what_was_changed_alone(cast, sign_in, meanwhile, factory, field, changes):
    row, now = factory(), database_now()
    before = row.updated_at
    meanwhile(row, **{field: now})
    row = saved(sign_in(cast.superuser), row, **changes)

    assert getattr(row, field) == now
    assert {name: getattr(row, name) for name in changes} == changes
    assert row.updated_at > before


def test_a_page_waits_for_the_row(cast, sign_in):
    with CaptureQueriesContext(connection) as queries:
        saved(sign_in(cast.superuser), cast.challenge)
    locks = [one["sql"] for one in queries if "FOR NO KEY UPDATE" in one["sql"]]
    assert len(locks) == 1
