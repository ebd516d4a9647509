from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from .. import views

patterns = [
    path(_("challenges/review/"), views.ReviewQueue.as_view(), name="review_list"),
    path(_("challenges/<slug:slug>/review/"), views.review, name="review"),
    path(_("challenges/<slug:slug>/work/publish/"), views.publishing, name="publishing"),
    path(
        _("challenges/<slug:slug>/work/publish/cancel/"),
        views.publishing_cancel,
        name="publishing_cancel",
    ),
    path(_("challenges/<slug:slug>/work/publish/back/"), views.take_back, name="take_back"),
    path(_("challenges/<slug:slug>/work/change/"), views.amendment, name="amendment"),
    path(_("challenges/<slug:slug>/changes/"), public(views.amendments), name="amendments"),
]
