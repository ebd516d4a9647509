from django.utils.translation import gettext_lazy as _

from afori.accounts.merging import moves

from .models import Event

moves(Event, "host", _("Events"))
