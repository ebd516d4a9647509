from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from .. import views

patterns = [
    path(_("about/seal/"), public(views.seal), name="seal"),
    path(_("receipt/"), public(views.receipt_check), name="receipt_check"),
    path(_("challenges/"), public(views.ChallengeList.as_view()), name="list"),
    path(_("challenges/<slug:slug>/"), public(views.ChallengeDetail.as_view()), name="detail"),
    path(_("challenges/<slug:slug>/print/"), public(views.ChallengePrint.as_view()), name="print"),
    path(_("challenges/<slug:slug>/calendar.ics"), public(views.calendar), name="calendar"),
    path(_("challenges/<slug:slug>/answer/"), public(views.answer), name="answer"),
]
