from django.urls import path
from django.utils.translation import gettext_lazy as _

from .. import views

patterns = [
    path(_("challenges/follow-up/"), views.overdue, name="overdue"),
    path(_("challenges/<slug:slug>/work/outcome/"), views.outcome, name="outcome"),
    path(_("challenges/<slug:slug>/work/cancel/"), views.cancel, name="cancel"),
    path(
        _("challenges/<slug:slug>/work/follow-up/<int:months>/"), views.follow_up, name="follow_up"
    ),
]
