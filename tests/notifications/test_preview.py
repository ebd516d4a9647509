"""One's next digest: what would be in it now, and nothing is kept, moved on or sent."""

import pytest

from afori.notifications.models import Digest, OutgoingMail, Reader

from .digests.support import following, new_challenge

pytestmark = pytest.mark.django_db
PAGE, FRAME = "/notiser/nasta/", "/notiser/nasta/html/"


def test_preview_shows_what_the_digest_would(cast, sign_in):
    following(cast.user, "every_challenge")
    challenge = new_challenge(cast)
    before = Reader.objects.values().get()
    client = sign_in(cast.user)
    for _twice in range(2):
        assert FRAME in client.get(PAGE).text
        assert str(challenge.title) in client.get(FRAME).text
    assert Reader.objects.values().get() == before
    assert not Digest.objects.exists()
    assert not OutgoingMail.objects.filter(kind="notifications.digest").exists()


def test_each_sees_their_own(cast, sign_in):
    following(cast.member, "every_challenge")
    challenge = new_challenge(cast)
    assert str(challenge.title) not in sign_in(cast.user).get(FRAME).text
    assert not Reader.objects.filter(user=cast.user).exists()


def test_frame_runs_nothing_and_stands_in_our_pages_alone(cast, sign_in):
    answer = sign_in(cast.user).get(FRAME)
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in answer["Cache-Control"]
