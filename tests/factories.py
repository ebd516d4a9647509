"""Makers of rows for tests: only what is needed, nothing by chance."""

from datetime import timedelta

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from afori.accounts.choices import Kind
from afori.accounts.models import Membership, Organisation, User
from afori.events.models import Event
from afori.taxonomy.models import Topic
from challenges.actions.keys import ask_for_key, make_key
from challenges.models import Challenge, Criterion
from funding.models import FundingCall
from knowledge.models import Article, ThemeWeek
from networks.models import Commitment, Need, Network, NetworkMembership

PASSWORD = "correct-horse-battery"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified_address(self, create, extracted, **kwargs):
        EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    kind = Kind.COMPANY


class BuyerFactory(OrganisationFactory):
    """A verified municipality."""

    name = factory.Sequence(lambda n: f"Kommun {n}")
    slug = factory.Sequence(lambda n: f"kommun-{n}")
    kind = Kind.MUNICIPALITY
    verified_at = factory.LazyFunction(timezone.now)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    state = Membership.State.ACTIVE
    decided_at = factory.LazyFunction(timezone.now)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    name_sv = factory.Sequence(lambda n: f"Område {n}")
    name_en = factory.Sequence(lambda n: f"Topic {n}")


class NetworkFactory(DjangoModelFactory):
    class Meta:
        model = Network

    slug = factory.Sequence(lambda n: f"network-{n}")
    name_sv = factory.Sequence(lambda n: f"Nätverk {n}")
    name_en = factory.Sequence(lambda n: f"Network {n}")
    status = Network.Status.ACTIVE


class NetworkMembershipFactory(DjangoModelFactory):
    """An active member, who belongs to the organisation."""

    class Meta:
        model = NetworkMembership
        skip_postgeneration_save = True

    network = factory.SubFactory(NetworkFactory)
    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(BuyerFactory)
    state = NetworkMembership.State.ACTIVE
    decided_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def employment(self, create, extracted, **kwargs):
        Membership.objects.get_or_create(
            user=self.user,
            organisation=self.organisation,
            state=Membership.State.ACTIVE,
            defaults={"decided_at": timezone.now()},
        )


class NeedFactory(DjangoModelFactory):
    class Meta:
        model = Need

    slug = factory.Sequence(lambda n: f"need-{n}")
    title_sv = factory.Sequence(lambda n: f"Behov {n}")
    title_en = factory.Sequence(lambda n: f"Need {n}")
    state = Need.State.OPEN


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    need = factory.SubFactory(NeedFactory)
    organisation = factory.SubFactory(BuyerFactory)
    degree = Commitment.Degree.INTEREST


class ChallengeFactory(DjangoModelFactory):
    """Published and open, with its keys: opened yesterday, closes in ten days."""

    class Meta:
        model = Challenge
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"challenge-{n}")
    title_sv = factory.Sequence(lambda n: f"Utmaning {n}")
    title_en = factory.Sequence(lambda n: f"Challenge {n}")
    owner = factory.SubFactory(BuyerFactory)
    state = Challenge.State.PUBLISHED
    adoption_receiver_sv = "Omsorgschefen"
    adoption_budget_sv = "Omsorgsnämnden"
    adoption_plan_sv = "Öppet förfarande nästa år"
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))

    @factory.post_generation
    def keys(self, create, extracted, **kwargs):
        if self.state == Challenge.State.PUBLISHED:
            make_key(ask_for_key(self))


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    challenge = factory.SubFactory(ChallengeFactory)
    position = factory.Sequence(lambda n: n + 1)
    prompt_sv = factory.Sequence(lambda n: f"Kriterium {n}")
    prompt_en = factory.Sequence(lambda n: f"Criterion {n}")
    weight = 50
    word_limit = 100


class FundingCallFactory(DjangoModelFactory):
    class Meta:
        model = FundingCall

    slug = factory.Sequence(lambda n: f"call-{n}")
    title_sv = factory.Sequence(lambda n: f"Utlysning {n}")
    title_en = factory.Sequence(lambda n: f"Call {n}")
    funder = factory.SubFactory(OrganisationFactory, kind=Kind.STATE_AGENCY)


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    slug = factory.Sequence(lambda n: f"event-{n}")
    kind = Event.Kind.SEMINAR
    title_sv = factory.Sequence(lambda n: f"Evenemang {n}")
    title_en = factory.Sequence(lambda n: f"Event {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))
    ends_at = factory.LazyAttribute(lambda event: event.starts_at + timedelta(hours=1))


class ArticleFactory(DjangoModelFactory):
    """Published since yesterday."""

    class Meta:
        model = Article

    slug = factory.Sequence(lambda n: f"article-{n}")
    kind = Article.Kind.GUIDE
    title_sv = factory.Sequence(lambda n: f"Artikel {n}")
    title_en = factory.Sequence(lambda n: f"Article {n}")
    state = Article.State.PUBLISHED
    publish_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class ThemeWeekFactory(DjangoModelFactory):
    class Meta:
        model = ThemeWeek

    slug = factory.Sequence(lambda n: f"week-{n}")
    title_sv = factory.Sequence(lambda n: f"Temavecka {n}")
    title_en = factory.Sequence(lambda n: f"Theme week {n}")
