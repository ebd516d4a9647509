from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from . import views

app_name = "challenges"
urlpatterns = [
    path(_("challenges/"), public(views.ChallengeList.as_view()), name="list"),
    path(_("challenges/<slug:slug>/"), public(views.ChallengeDetail.as_view()), name="detail"),
    path(_("challenges/<slug:slug>/calendar.ics"), public(views.calendar), name="calendar"),
    path(_("challenges/<slug:slug>/answer/"), public(views.answer), name="answer"),
    path(_("challenges/<slug:slug>/answer/<slug:reference>/"), views.submission, name="submission"),
    path(_("challenges/<slug:slug>/answer/<slug:reference>/you/"), views.partners, name="partners"),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/authors/"), views.authors, name="authors"
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/authors/remove/"),
        views.author_remove,
        name="author_remove",
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/part/<int:position>/"),
        views.answer_edit,
        name="answer_edit",
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/part/<int:position>/autosave/"),
        views.autosave,
        name="autosave",
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/part/<int:position>/discard/"),
        views.set_aside_discard,
        name="set_aside_discard",
    ),
    path(_("challenges/<slug:slug>/answer/<slug:reference>/files/"), views.file_add, name="files"),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/files/<slug:token>/"),
        views.file,
        name="file",
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/files/<slug:token>/remove/"),
        views.file_remove,
        name="file_remove",
    ),
    path(_("challenges/<slug:slug>/answer/<slug:reference>/submit/"), views.submit, name="submit"),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/withdraw/"),
        views.withdraw,
        name="withdraw",
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/receipts/<slug:number>/"),
        views.receipt,
        name="receipt",
    ),
]
