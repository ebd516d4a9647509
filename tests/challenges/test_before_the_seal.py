"""Taking the seal into use on a database that holds answers from before it."""

import json
import stat
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from afori.accounts.models import Membership
from challenges.models import Challenge, ChallengeKey, Submission, SubmissionVersion
from tests import factories as make

from .support import name_openers, submit

pytestmark = pytest.mark.django_db
SEAL = import_module("challenges.migrations.0005_seal")
COMPLETE = import_module("challenges.migrations.0012_audit_index")


@pytest.fixture
def unsealed(draft, arena, settings):
    """A submitted answer as it was stored before the seal, and the models of that time."""
    version = submit(draft, by=arena.supplier)
    settings.MIGRATION_MODULES = {}
    earlier = MigrationLoader(None).project_state(("challenges", "0004_openers")).apps
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE challenges_submissionversion ADD content bytea")
    old = earlier.get_model("challenges", "SubmissionVersion").objects.get(pk=version.pk)
    old.content = '{"text": "Så här lyser vi"}'
    old.save(update_fields=["content"])
    return earlier


@pytest.mark.parametrize("state", ["decided", "completed", "cancelled"])
def test_answers_to_finished_challenges_are_written_to_files(arena, draft, unsealed, media, state):
    Challenge.objects.update(state=state)
    for _twice in range(2):
        SEAL.carry_over(unsealed, None)
    [file] = (media / "before-the-seal").iterdir()
    [row] = json.loads(file.read_text())

    assert file.name == f"{arena.challenge.slug}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert row["content"] == '{"text": "Så här lyser vi"}'
    assert (row["organisation"], row["version"]) == (arena.company.slug, 1)
    assert row["sha256"] == SubmissionVersion.objects.get().sha256


def test_a_challenge_that_is_not_over_is_named(arena, draft, unsealed, media):
    with pytest.raises(RuntimeError, match=arena.challenge.slug):
        SEAL.carry_over(unsealed, None)
    assert not (media / "before-the-seal").exists()


def test_without_answers_nothing_is_written(arena, media):
    """Drafts stay drafts: they are submitted under the seal."""
    SEAL.carry_over(apps, None)
    assert not (media / "before-the-seal").exists()


def test_suppliers_still_read_what_they_had_submitted(arena, draft, sign_in):
    """The rows of that time have no sealed parts, no list of files and no head of the chain."""
    version = submit(draft, by=arena.supplier)
    version.parts.all().delete()
    SubmissionVersion.objects.update(manifest="", audit_head="")
    Challenge.objects.update(state="decided")
    client = sign_in(arena.supplier)
    for page in (draft, version):
        assert client.get(page.get_absolute_url()).status_code == 200
    assert Submission.objects.get().state == "submitted"


@pytest.mark.parametrize(("openers", "keys"), [(0, 0), (1, 0), (2, 1)])
def test_a_published_challenge_gets_keys_that_two_can_use(arena, openers, keys):
    ChallengeKey.objects.all().delete()
    name_openers(arena.challenge, openers)
    COMPLETE.complete_published(apps, None)
    assert ChallengeKey.objects.count() == keys
    admins = Membership.objects.admins().filter(organisation=arena.municipality)
    assert arena.challenge.team.count() == admins.count()


def test_challenges_of_others_stay_as_they_are(arena):
    ChallengeKey.objects.all().delete()
    draft = make.ChallengeFactory(state="draft", published_at=None)
    COMPLETE.complete_published(apps, None)
    assert not draft.team.exists()
