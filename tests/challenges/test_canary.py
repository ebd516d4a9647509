"""Words planted in an answer and looked for wherever they must not be before the opening: in a dump
of the database, files, logs, mails, and on every page, export and calendar as everybody.
"""

import logging
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from challenges import actions
from challenges.models import Submission
from tests import factories as make
from tests.matrix.expecting import AROUND_A_CHALLENGE, GENERAL, WHOLE
from tests.matrix.places import address, patterns
from tests.telling import send_all

from . import support, worlds
from .dumps import backup, forms_of, mail_texts
from .support import closes, submit, text_of

CANARY = {
    "text": "Kanariefågeln sjunger 7f3a9c1d",
    "price": "priset 4 711 083,27 kr",
    "partners": "Hemlig Partner 51bd0e77 AB",
    "name": "hemligskiss-c0ffee42.txt",
    "content": "Innehållet bär märket 9e8d7c6b",
}
TEXT = f"{CANARY['text']} för {CANARY['price']}"
OTHERS = [role for role in (*GENERAL, *AROUND_A_CHALLENGE) if role != "supplier"]
EVERY = 1 if WHOLE else 8


def found_in(everything):
    return {name for name, word in CANARY.items() if any(f in everything for f in forms_of(word))}


@pytest.mark.django_db(transaction=True)
def test_no_canary_in_a_dump_files_logs_or_mails(arena, sign_in, media, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    client = sign_in(arena.supplier)
    client.post(reverse("challenges:answer", args=[arena.challenge.slug]))
    draft = Submission.objects.get()
    args = [arena.challenge.slug, draft.reference]
    for criterion in arena.criteria:
        part = reverse("challenges:answer_edit", args=[*args, criterion.position])
        client.post(part, {"text": TEXT, "revision": 0})
        client.post(part, {"text": f"{TEXT} igen", "revision": 0})
        client.post(f"{part}spara/", {"text": TEXT, "revision": 1})
    client.post(
        reverse("challenges:partners", args=args),
        {"language": "sv", "partners": CANARY["partners"]},
    )
    file = SimpleUploadedFile(CANARY["name"], CANARY["content"].encode())
    client.post(reverse("challenges:files", args=args), {"file": file})
    client.logout()
    client.post(reverse("challenges:partners", args=args), {"partners": CANARY["partners"]})
    submit(draft, by=arena.supplier, key=uuid4())
    actions.withdraw(draft, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    with pytest.raises(actions.TooLate):
        submit(draft, by=arena.supplier)
    send_all()

    assert text_of(draft.versions.get()).count(TEXT) == 2
    assert len(draft.files.all()) == 1
    assert len(mailoutbox) == 3
    assert draft.reference in backup()
    paths = list(media.rglob("*"))
    stored = [path.read_bytes().hex() for path in paths if path.is_file()]
    told = [caplog.text, *mail_texts(mailoutbox), *map(str, paths)]
    assert found_in("\n".join([backup(), *stored, *told])) == set()
    make.TopicFactory(name_sv=CANARY["text"])
    assert found_in(backup()) == {"text"}


@pytest.fixture
def planted(cast):
    """Everybody around an open challenge, to which the supplier has answered with the canaries."""
    arena = worlds.prepared(cast)
    submission = arena.things.submission
    for criterion in arena.challenge.criteria.all():
        support.write(submission, criterion, TEXT, by=arena.supplier)
    actions.save_partners(submission, language="sv", partners=CANARY["partners"], by=arena.supplier)
    file = support.upload(CANARY["name"], CANARY["content"].encode())
    arena.things.tokens["file"] = actions.add_file(submission, file, by=arena.supplier).token
    submit(submission, by=arena.supplier)
    return arena


def addresses(arena, turn):
    """All addresses in the end: without MATRIX=whole, people take turns in asking."""
    known = sorted(address(arena, "open", name, pattern) for name, pattern in patterns())
    return known[turn % EVERY :: EVERY]


def shown(client, url):
    """The name of each canary that the page, or a file behind it, shows; calendars fold lines."""
    _status, headers, body, _queries = worlds.seen(client, url)
    text = body if isinstance(body, bytes) else b"".join(body)
    unfolded = text.decode(errors="replace").replace("\r\n ", "")
    return found_in(unfolded + str(headers))


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [(), (worlds.close,)], ids=["open", "closed"])
def test_no_canary_on_any_page_of_others(planted, sign_in, steps):
    for step in steps:
        step(planted)
    found = {}
    for turn, role in enumerate(OTHERS):
        client = sign_in(getattr(planted, role))
        for url in addresses(planted, turn):
            if names := shown(client, url):
                found[role, url] = names
    assert found == {}


@pytest.mark.django_db
def test_no_canary_in_the_admin_or_its_exports(planted, sign_in):
    worlds.close(planted)
    client = sign_in(planted.superuser)
    found = [shown(client, url) for url in worlds.admin_addresses(planted)]
    assert set.union(*found) == set()


@pytest.mark.django_db
def test_authors_see_every_canary(planted, sign_in):
    """Which shows that the search of the tests above finds what is on a page."""
    client = sign_in(planted.supplier)
    submission = planted.things.submission
    args = [planted.challenge.slug, submission.reference]
    names = ("submit", "partners", "files")
    urls = [reverse(f"challenges:{name}", args=args) for name in names]
    urls.append(reverse("challenges:file", args=[*args, planted.things.tokens["file"]]))
    assert set.union(*(shown(client, url) for url in urls)) == set(CANARY)
