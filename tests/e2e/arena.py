"""The content of the demo, and what its people have done by the time the tests begin."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from afori.accounts.actions import (
    create_organisation,
    decide_verification,
    invite,
    request_deletion,
    take_back,
)
from afori.accounts.actions import request_membership as ask_organisation
from afori.accounts.models import Invitation, LoginProvider, Membership, Organisation, User
from afori.common.files import checked
from afori.events import actions as events
from afori.events.models import Event
from afori.notifications.following import follow, new_reader, reader_of
from afori.notifications.subscribing import link_to_confirm, own_link
from afori.notifications.unsubscribing import token_for
from afori.taxonomy.models import Topic
from challenges import actions as challenges
from challenges.models import Challenge, OpenedAnswer, Question, TeamMember
from knowledge.actions import plan_mails
from knowledge.models import Article, ThemeWeek
from networks import actions as networks
from networks.models import Need, Network, NetworkMembership
from tests import factories as make
from tests import keys
from tests.challenges.support import complete

from .judged import judge

ENDED, FOLLOWED, STOPPED = "utan-utfall", "ljus-som-foljer", "snabbare-besked"
OPEN = "sallskap-och-sammanhang-i-vardagen"
SOON = "spelytor-utan-plastkorn"
NETWORK = "trygg-vardag"
NEED = "sallskap-i-vardagen"
READY = "abcdefghijkmnpqr"  # the token of an answer that may be published


def links_by_mail():
    """Tokens of the links that addresses without an account get: to confirm, and to change."""
    topic = Topic.objects.first()
    asked = new_reader(address="fragad@example.org")
    reader = new_reader(address="laser@example.org", confirmed_at=timezone.now())
    follow("topic", topic, by=reader)
    links = link_to_confirm(asked, [topic.pk]), own_link(reader)
    return [link.rstrip("/").rpartition("/")[2] for link in links]


def load():
    """Everything that the pages need, in one object."""
    call_command("load_arena", stdout=StringIO())
    call_command("demo")
    arena = SimpleNamespace(network=Network.objects.get(slug=NETWORK))
    arena.people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    meet_in_the_network(arena)
    answer_challenges(arena)
    write_a_challenge(arena)
    review_challenges(arena)
    ask_questions(arena)
    meet_suppliers(arena)
    end_challenges(arena)
    judge(arena)
    join_an_organisation(arena)
    register_buyers(arena)
    hold_keys(arena)
    arena.asked_by_mail, arena.own_by_mail = links_by_mail()
    arena.unsubscribing = token_for(reader_of(arena.people["coordinator"]))
    arena.week = ThemeWeek.objects.get(slug="kop-det-som-gar-runt")
    plan_mails(arena.week)
    arena.draft_article = make.ArticleFactory(slug="utkast", state=Article.State.DRAFT)
    return arena


def meet_in_the_network(arena):
    holmfors = Organisation.objects.get(slug="holmfors-kommun")
    ask = {"message": "Vi har samma behov.", "organisation": holmfors}
    newcomer = person(arena, "newcomer", holmfors)
    arena.request = networks.request_membership(arena.network, by=newcomer, **ask)
    refused = person(arena, "refused", holmfors)
    arena.refused = networks.request_membership(arena.network, by=refused, **ask)
    networks.decline(
        arena.refused, by=arena.people["coordinator"], reason="Ni är redan med genom Karin."
    )
    arena.member = NetworkMembership.objects.get(
        network=arena.network, user=arena.people["opener1"]
    )
    arena.document = networks.add_document(
        arena.network,
        by=arena.people["coordinator"],
        title="Minnesanteckningar",
        upload=upload("anteckningar.txt"),
    )


def answer_challenges(arena):
    """A draft, a submitted and an opened answer of one supplier; one of another, all written."""
    supplier = arena.people["supplier"]
    company = Organisation.objects.get(slug="ljusglimt")
    arena.draft = start(OPEN, company, supplier)
    arena.submitted = start(SOON, company, supplier)
    challenges.add_file(arena.submitted, upload("skiss.txt"), by=supplier)
    write_all(arena.submitted, "Kork och sand.", by=supplier)
    other = arena.people["supplier2"]
    arena.ready = start(OPEN, Organisation.objects.get(slug="klarstrom"), other)
    write_all(arena.ready, "En bänk att mötas på.", by=other)
    opened = OpenedAnswer.objects.filter(submission__organisation=company)
    arena.opened = opened.select_related("submission__challenge").first().submission
    arena.receipt = challenges.submit(arena.submitted, submit_key=uuid4(), by=supplier)


def write_all(draft, text, *, by):
    for criterion in draft.challenge.criteria.all():
        challenges.save_answer(draft, criterion, text, revision=0, by=by)


def start(slug, company, person):
    challenge = Challenge.objects.get(slug=slug)
    return challenges.start_submission(challenge, organisation=company, by=person)


def end_challenges(arena):
    """One whose outcome is missing, one that was followed up and one that was cancelled."""
    team = arena.people["coordinator"]
    ended(ENDED, "Tystare ventilation", team, expected=timezone.localdate() - timedelta(days=40))
    followed = ended(FOLLOWED, "Ljus som följer den som går", team)
    outcome = challenges.tell_outcome(
        followed,
        by=team,
        kind="chosen",
        chosen=Organisation.objects.filter(slug="ljusglimt"),
        text_sv="Ljusglimt valdes.",
        decided_on=timezone.localdate() - timedelta(days=400),
    )
    challenges.tell_follow_up(
        outcome.follow_ups.get(months=6), by=team, state="in_use", text_sv="Lamporna lyser."
    )
    stopped = ended(STOPPED, "Snabbare besked", team)
    challenges.cancel_challenge(stopped, by=team, text_sv="Behovet föll bort.")


def ended(slug, title, team, expected=None):
    """A challenge of the team's whose time to answer was over long ago, before there were seals."""
    now = timezone.now()
    challenge = make.ChallengeFactory(
        slug=slug,
        title_sv=title,
        title_en=f"{title} (en)",
        owner=Organisation.objects.get(slug="ekhamra-kommun"),
        opens_at=now - timedelta(days=480),
        closes_at=now - timedelta(days=450),
        decision_expected_on=expected,
        is_example=True,
    )
    challenge.key.delete()
    TeamMember.objects.create(challenge=challenge, user=team)
    return challenge


def ask_questions(arena):
    """One question in each state and a correction, all of one supplier."""
    challenge, team = Challenge.objects.get(slug=OPEN), arena.people["coordinator"]
    TeamMember.objects.get_or_create(challenge=challenge, user=team)
    words = {"question_sv": "Får vi prova?", "answer_sv": "Ja.", "question_en": "", "answer_en": ""}

    def ask(text):
        return challenges.ask(challenge, text, language="sv", by=arena.people["supplier"])

    arena.questions = {name: ask(f"Fråga {name}") for name in ("asked", "ready", "published")}
    arena.questions["declined"] = challenges.decline_question(
        ask("Fråga"), revision=0, reason="Det får vi inte berätta.", by=team
    )
    for name in ("ready", "published"):
        challenges.answer_question(arena.questions[name], revision=0, by=team, **words)
    challenges.publish_answers(challenge, {arena.questions["published"].token: 1}, by=team)
    arena.questions["correction"] = challenges.start_correction(
        arena.questions["published"], by=team
    )
    Question.objects.filter(pk=arena.questions["ready"].pk).update(token=READY)


def write_a_challenge(arena):
    """A draft of two colleagues, with an opener and a criterion, begun from a need."""
    procurer = arena.people["procurer"]
    arena.written = challenges.start_from_need(
        Need.objects.get(slug=NEED),
        title="Ljus när någon går",
        organisation=Organisation.objects.get(slug="holmfors-kommun"),
        by=procurer,
    )
    make.CriterionFactory(challenge=arena.written, position=1, weight=60)
    challenges.add_team_member(arena.written, arena.people["newcomer"], by=procurer)
    challenges.name_opener(arena.written, arena.people["opener1"], by=procurer)
    challenges.open_section(arena.written, "background", by=arena.people["newcomer"])


def meet_suppliers(arena):
    """One dialogue meeting ahead and one that has been held, with notes."""
    challenge, team = Challenge.objects.get(slug=OPEN), arena.people["coordinator"]
    starts = timezone.now() + timedelta(days=2)
    facts = {"title_en": "", "place": "Stadshuset", "link": "", "body_sv": "Kom och fråga."}
    facts |= {"starts_at": starts, "ends_at": starts + timedelta(hours=1), "by": team}
    arena.meetings = {
        name: events.plan_meeting(challenge, title_sv=f"Dialogmöte {name}", **facts)
        for name in ("planned", "held")
    }
    held, before = arena.meetings["held"], timezone.now() - timedelta(days=2)
    Event.objects.filter(pk=held.pk).update(starts_at=before, ends_at=before)
    seen = held.updated_at.isoformat()
    events.publish_notes(held, seen=seen, notes_sv="Alla fick svar.", notes_en="", by=team)


def review_challenges(arena):
    """One that waits for an editor, with what was asked for before, and one that is approved."""
    team, editor = arena.people["coordinator"], arena.people["editor"]
    arena.waiting = sent_to_review("tyst-ventilation", "Tyst ventilation i skolor", team)
    arena.waiting.change_requests.create(section="times", text="Ge dem mer tid.", by=editor)
    approved = sent_to_review("mindre-matsvinn", "Mindre matsvinn på boenden", team)
    arena.approved = challenges.approve(approved, by=editor)


def sent_to_review(slug, title, team):
    challenge = make.ChallengeFactory(
        slug=slug,
        title_sv=title,
        title_en=f"{title} (en)",
        owner=Organisation.objects.get(slug="ekhamra-kommun"),
        state=Challenge.State.DRAFT,
        published_at=None,
        is_example=True,
    )
    TeamMember.objects.create(challenge=challenge, user=team)
    return challenges.send_to_review(complete(challenge), by=team)


def join_an_organisation(arena):
    asker = person(arena, "asker")
    ekhamra = Organisation.objects.get(slug="ekhamra-kommun")
    arena.colleague = ask_organisation(ekhamra, by=asker, message="Jag är ny här.")
    person(arena, "nobody")
    request_deletion(by=person(arena, "leaver"))
    invite_people(arena, ekhamra)
    arena.closed = make.OrganisationFactory(
        name="Nedlagda AB", closed_at=timezone.now(), closing_reason="Upphörd"
    )


def invite_people(arena, organisation):
    person(arena, "invited")
    by = arena.people["coordinator"]
    addresses = ["invited@example.org", "taken-back@example.org"]
    invite(organisation, addresses=addresses, role="member", by=by, message="Välkommen!")
    arena.invitation, arena.taken_back = (
        Invitation.objects.get(address=address) for address in addresses
    )
    take_back(arena.taken_back, by=by)
    arena.employment = Membership.objects.get(
        user=arena.people["opener1"], organisation=organisation
    )


def register_buyers(arena):
    """One that waits to be checked, one that was declined."""
    facts = {"kind": "municipality", "website": "https://www.ekhamra.example"}
    waiting = create_organisation(
        name="Ekhamra stad", by=person(arena, "applicant"), number="2120000142", **facts
    )
    arena.check = waiting.verifications.get()
    declined = create_organisation(name="Tallåsa kommun", by=person(arena, "declined"), **facts)
    arena.declined = decide_verification(
        declined.verifications.get(),
        approve=False,
        reason="Skriv kommunens organisationsnummer.",
        by=arena.people["editor"],
    )


def hold_keys(arena):
    """One with every second factor, one without a password, and a log-in that does not answer."""
    holder = person(arena, "keyholder")
    arena.key = keys.passkey_of(holder)
    TOTP.activate(holder, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(holder)
    coder = person(arena, "coder")
    coder.set_unusable_password()
    coder.save()
    LoginProvider.objects.create(
        provider="openid_connect",
        provider_id="stangd",
        name="Stängd kommun",
        client_id="afori",
        settings={"server_url": "http://localhost:9", "domains": ["stangd.se"]},
    )


def person(arena, name, organisation=None):
    """Somebody with the address name@example.org, perhaps employed."""
    user = make.UserFactory(email=f"{name}@example.org", name=name.title())
    if organisation:
        make.MembershipFactory(user=user, organisation=organisation)
    arena.people[name] = user
    return user


def upload(name, content=b"En skiss"):
    return checked(SimpleUploadedFile(name, content))
