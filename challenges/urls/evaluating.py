from django.urls import path
from django.utils.translation import gettext_lazy as _

from .. import views

patterns = [
    path(_("challenges/<slug:slug>/opening/"), views.opening, name="opening"),
    path(_("challenges/<slug:slug>/opening/protocol/"), views.protocol, name="protocol"),
    path(
        _("challenges/<slug:slug>/opening/protocol.json"),
        views.protocol_file,
        name="protocol_file",
    ),
    path(_("challenges/<slug:slug>/panel/"), views.panel, name="panel"),
    path(_("challenges/<slug:slug>/panel/answers/"), views.panel_check, name="panel_check"),
    path(_("challenges/<slug:slug>/answers/"), views.answers, name="answers"),
    path(
        _("challenges/<slug:slug>/answers/<slug:token>/"),
        views.opened_answer,
        name="opened_answer",
    ),
    path(
        _("challenges/<slug:slug>/answers/<slug:token>/files/<int:position>/"),
        views.opened_file,
        name="opened_file",
    ),
    path(
        _("challenges/<slug:slug>/answers/<slug:token>/consensus/"),
        views.consensus_answer,
        name="consensus_answer",
    ),
    path(_("challenges/<slug:slug>/consensus/"), views.consensus, name="consensus"),
    path(_("challenges/<slug:slug>/ranking/"), views.ranking, name="ranking"),
    path(_("challenges/<slug:slug>/decisions/"), views.decisions, name="decisions"),
    path(_("challenges/<slug:slug>/decisions/send/"), views.decisions_send, name="decisions_send"),
    path(_("challenges/<slug:slug>/decisions/<slug:token>/"), views.decision, name="decision"),
    path(
        _("challenges/<slug:slug>/decisions/<slug:token>/preview/"),
        views.decision_preview,
        name="decision_preview",
    ),
]
