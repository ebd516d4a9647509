from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from .. import views

patterns = [
    path(_("challenges/<slug:slug>/work/change/"), views.amendment, name="amendment"),
    path(_("challenges/<slug:slug>/changes/"), public(views.amendments), name="amendments"),
    path(_("challenges/<slug:slug>/follow/"), views.follow, name="follow"),
    path(_("challenges/<slug:slug>/follow/end/"), views.unfollow, name="unfollow"),
]
