"""What becomes of challenges and answers when two organisations are made one."""

from django.utils.translation import gettext_lazy as _

from afori.accounts.merging import moves, stays

from .models import Challenge, Submission

moves(Challenge, "owner", _("Challenges"))
stays(Submission, "organisation")
