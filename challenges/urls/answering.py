from django.urls import path
from django.utils.translation import gettext_lazy as _

from .. import views

patterns = [
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
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/part/<int:position>/take-over/"),
        views.answer_take_over,
        name="answer_take_over",
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/part/<int:position>/leave/"),
        views.answer_leave,
        name="answer_leave",
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
    path(_("challenges/<slug:slug>/answer/<slug:reference>/copy/"), views.copy, name="copy"),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/copy/text/"),
        views.copy_text,
        name="copy_text",
    ),
    path(
        _("challenges/<slug:slug>/answer/<slug:reference>/copy/files/<int:position>/"),
        views.copy_file,
        name="copy_file",
    ),
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
