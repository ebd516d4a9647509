"""Code lists of the field. Values are stored, so they never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The innovation staircase: how ready the market is."""

    INITIATE = "initiate", _("Initiate")
    INTRODUCE = "introduce", _("Introduce")
    IMPLEMENT = "implement", _("Implement")


class Method(models.TextChoices):
    MARKET_DIALOGUE = "market_dialogue", _("Market dialogue")
    IDEA_COMPETITION = "idea_competition", _("Idea competition")
    INNOVATION_CONTEST = "innovation_contest", _("Innovation contest")
    PRE_COMMERCIAL_PROCUREMENT = "pre_commercial_procurement", _("Pre-commercial procurement")
    INNOVATION_PARTNERSHIP = "innovation_partnership", _("Innovation partnership")
    COMPETITIVE_DIALOGUE = "competitive_dialogue", _("Competitive dialogue")
    OPI = "opi", _("Public-private innovation cooperation")
    HACKATHON = "hackathon", _("Hackathon")
    TESTBED = "testbed", _("Testbed")
    DEVELOPMENT_PROCUREMENT = "development_procurement", _("Procurement that fosters development")


class ValueOffer(models.TextChoices):
    """What a buyer offers besides money."""

    REAL_ENVIRONMENT = "real_environment", _("Real environment")
    TESTBED = "testbed", _("Testbed or lab")
    EXPERTISE = "expertise", _("Expertise")
    REFERENCE_CUSTOMER = "reference_customer", _("Reference customer")


class Goal(models.IntegerChoices):
    """The global goals of Agenda 2030."""

    NO_POVERTY = 1, _("No poverty")
    ZERO_HUNGER = 2, _("Zero hunger")
    HEALTH = 3, _("Good health and well-being")
    EDUCATION = 4, _("Quality education")
    EQUALITY = 5, _("Gender equality")
    WATER = 6, _("Clean water and sanitation")
    ENERGY = 7, _("Affordable and clean energy")
    WORK = 8, _("Decent work and economic growth")
    INDUSTRY = 9, _("Industry, innovation and infrastructure")
    INEQUALITIES = 10, _("Reduced inequalities")
    CITIES = 11, _("Sustainable cities and communities")
    CONSUMPTION = 12, _("Responsible consumption and production")
    CLIMATE = 13, _("Climate action")
    OCEANS = 14, _("Life below water")
    LAND = 15, _("Life on land")
    PEACE = 16, _("Peace, justice and strong institutions")
    PARTNERSHIPS = 17, _("Partnerships for the goals")
