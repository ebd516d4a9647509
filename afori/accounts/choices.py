from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    REGION = "region", _("Region")
    STATE_AGENCY = "state_agency", _("State agency")
    PUBLIC_COMPANY = "public_company", _("Publicly owned company")
    CENTRAL_PURCHASING_BODY = "central_purchasing_body", _("Central purchasing body")
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    INSTITUTE = "institute", _("Research institute")
    ASSOCIATION = "association", _("Industry or member organisation")
    CIVIL_SOCIETY = "civil_society", _("Civil society organisation")
    INVENTOR = "inventor", _("Individual inventor")


BUYER_KINDS = frozenset(
    {
        Kind.MUNICIPALITY,
        Kind.REGION,
        Kind.STATE_AGENCY,
        Kind.PUBLIC_COMPANY,
        Kind.CENTRAL_PURCHASING_BODY,
    }
)


class SizeClass(models.TextChoices):
    """The EU's classes for small and medium-sized enterprises (recommendation 2003/361/EC)."""

    MICRO = "micro", _("Micro (fewer than 10 people)")
    SMALL = "small", _("Small (fewer than 50 people)")
    MEDIUM = "medium", _("Medium-sized (fewer than 250 people)")
    LARGE = "large", _("Large (250 people or more)")


class County(models.TextChoices):
    """Sweden's counties with the codes of Statistics Sweden."""

    STOCKHOLM = "01", "Stockholms län"
    UPPSALA = "03", "Uppsala län"
    SODERMANLAND = "04", "Södermanlands län"
    OSTERGOTLAND = "05", "Östergötlands län"
    JONKOPING = "06", "Jönköpings län"
    KRONOBERG = "07", "Kronobergs län"
    KALMAR = "08", "Kalmar län"
    GOTLAND = "09", "Gotlands län"
    BLEKINGE = "10", "Blekinge län"
    SKANE = "12", "Skåne län"
    HALLAND = "13", "Hallands län"
    VASTRA_GOTALAND = "14", "Västra Götalands län"
    VARMLAND = "17", "Värmlands län"
    OREBRO = "18", "Örebro län"
    VASTMANLAND = "19", "Västmanlands län"
    DALARNA = "20", "Dalarnas län"
    GAVLEBORG = "21", "Gävleborgs län"
    VASTERNORRLAND = "22", "Västernorrlands län"
    JAMTLAND = "23", "Jämtlands län"
    VASTERBOTTEN = "24", "Västerbottens län"
    NORRBOTTEN = "25", "Norrbottens län"


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    MEMBER = "member", _("Member")


class MembershipState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    ACTIVE = "active", _("Active")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Ended")
