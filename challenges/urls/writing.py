from django.urls import path, register_converter
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from .. import views
from ..addresses import SectionConverter

register_converter(SectionConverter, "section")

patterns = [
    path(_("challenges/new/"), public(views.new), name="new"),
    path(_("challenges/<slug:slug>/work/"), views.work, name="work"),
    path(_("challenges/<slug:slug>/work/preview/"), views.Preview.as_view(), name="preview"),
    path(_("challenges/<slug:slug>/work/send/"), views.send_to_review, name="send_to_review"),
    path(_("challenges/<slug:slug>/work/throw-away/"), views.throw_away, name="throw_away"),
    path(_("challenges/<slug:slug>/work/team/"), views.team, name="team"),
    path(_("challenges/<slug:slug>/work/team/remove/"), views.team_remove, name="team_remove"),
    path(_("challenges/<slug:slug>/work/<section:name>/"), views.section, name="section"),
    path(
        _("challenges/<slug:slug>/work/<section:name>/add/"), views.person_name, name="person_name"
    ),
    path(
        _("challenges/<slug:slug>/work/<section:name>/remove/"),
        views.person_remove,
        name="person_remove",
    ),
    path(_("challenges/<slug:slug>/role/"), views.role, name="role"),
]
