from django.utils.translation import gettext_lazy as _

from afori.accounts.merging import moves

from .models import FundingCall

moves(FundingCall, "funder", _("Funding calls"))
