"""What speaks for and against an organisation being what it says it is, for the staff who check."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .choices import Kind
from .domains import FREE_MAIL, normalised
from .likeness import others_like
from .models import User
from .numbers import validate_organisation_number

SHOWN = 5

# What the first digit of an organisation number stands for, by the Swedish Tax Agency's groups.
GROUPS = {
    "1": gettext_lazy("estates of deceased persons"),
    "2": gettext_lazy("the state, regions, municipalities and parishes"),
    "3": gettext_lazy("foreign companies"),
    "5": gettext_lazy("limited companies"),
    "6": gettext_lazy("unregistered partnerships"),
    "7": gettext_lazy("economic associations"),
    "8": gettext_lazy("non-profit associations and foundations"),
    "9": gettext_lazy("trading and limited partnerships"),
}
EXPECTED = {
    Kind.MUNICIPALITY: "2",
    Kind.REGION: "2",
    Kind.STATE_AGENCY: "2",
    Kind.PUBLIC_COMPANY: "579",
    Kind.CENTRAL_PURCHASING_BODY: "2578",
}


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `fits` is true, false, or None where it cannot be told."""

    fits: bool | None
    text: str


def domain_findings(organisation, applicant=None):
    """The applicant's addresses, or else the administrators', beside domains and website."""
    people = [applicant] if applicant else administrators(organisation)
    known = known_domains(organisation)
    findings = [
        finding_of(address, known) for person in people for address in verified_addresses(person)
    ]
    return findings or [Finding(False, _("Nobody has a confirmed address."))]


def administrators(organisation):
    admins = organisation.memberships.admins().order_by("decided_at", "pk")
    people = User.objects.filter(memberships__in=admins).order_by("pk")
    return people.prefetch_related("emailaddress_set")[:SHOWN]


def verified_addresses(person):
    return [each.email for each in person.emailaddress_set.all() if each.verified][:SHOWN]


def known_domains(organisation):
    """Domains by where they are known from: verified ones, and the website's."""
    website = normalised(urlsplit(organisation.website).hostname or "").removeprefix("www.")
    verified = organisation.domains.exclude(verified_at=None)
    return {
        "verified": set(verified.values_list("domain", flat=True)),
        "website": {website} - {""},
    }


def finding_of(address, known):
    domain = normalised(address.rpartition("@")[2])
    told = {"domain": domain, "address": address}
    if domain in FREE_MAIL:
        return Finding(False, _("%(address)s: anyone can get an address there.") % told)
    if belongs(domain, known["verified"]):
        return Finding(True, _("%(address)s: in a verified domain of the organisation.") % told)
    if belongs(domain, known["website"]):
        return Finding(True, _("%(address)s: the same domain as the website.") % told)
    if known["website"]:
        return Finding(False, _("%(address)s: not the domain of the website.") % told)
    return Finding(None, _("%(address)s: there is no website to compare with.") % told)


def belongs(domain, known):
    """The same domain, or one below it."""
    return any(domain == one or domain.endswith(f".{one}") for one in known)


def number_findings(organisation):
    number = organisation.number
    if not number:
        return [Finding(False, _("No organisation number is given."))]
    try:
        validate_organisation_number(number)
    except ValidationError as error:
        return [Finding(False, " ".join(error.messages))]
    return [Finding(True, _("The check digit is right."))]


def kind_findings(organisation):
    """Whether numbers of this group are given to organisations of the kind."""
    group = (organisation.number or "")[:1]
    if not group:
        return [Finding(None, _("Without a number the form cannot be told."))]
    told = {"group": group, "forms": GROUPS.get(group, _("a group that is not used"))}
    text = _("Numbers that begin with %(group)s: %(forms)s.") % told
    expected = EXPECTED.get(organisation.kind)
    if expected is None:
        return [Finding(None, text)]
    if group in expected:
        return [Finding(True, text)]
    mismatch = _("That does not fit the kind they have chosen.")
    return [Finding(False, f"{text} {mismatch}")]


def other_places(organisation, applicant):
    """The applicant's other organisations, those asked for included."""
    if applicant is None:
        return []
    others = applicant.memberships.current().exclude(organisation=organisation)
    return list(others.select_related("organisation").order_by("pk")[:SHOWN])


def evidence(organisation, applicant=None):
    """All of it, for the page where staff decide."""
    earlier = organisation.verifications.decided().select_related("decided_by")
    return {
        "domain_checked": domain_findings(organisation, applicant),
        "number_checked": number_findings(organisation),
        "kind_checked": kind_findings(organisation),
        "alike": others_like(organisation)[:SHOWN],
        "places": other_places(organisation, applicant),
        "earlier": list(earlier.order_by("-decided_at", "-pk")[:SHOWN]),
        "domains": list(organisation.domains.order_by("domain")),
    }
