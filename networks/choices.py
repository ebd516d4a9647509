from django.db import models
from django.utils.translation import gettext_lazy as _


class Competence(models.TextChoices):
    """What a member brings: the ten roles of report 2019:3, section 7.3."""

    NEED_OWNER = "need_owner", _("Need owner")
    SUBJECT_EXPERT = "subject_expert", _("Subject expert")
    ENGINEER = "engineer", _("Engineer")
    DIGITAL = "digital", _("IT and digitalisation")
    BUSINESS_DEVELOPER = "business_developer", _("Business developer")
    INNOVATION_LEADER = "innovation_leader", _("Innovation leader")
    LAWYER = "lawyer", _("Lawyer")
    PROCURER = "procurer", _("Procurer")
    ECONOMIST = "economist", _("Economist")
    PROJECT_LEADER = "project_leader", _("Project leader")
