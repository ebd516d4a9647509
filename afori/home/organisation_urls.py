from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from . import views

app_name = "organisations"
urlpatterns = [
    path("", public(views.OrganisationList.as_view()), name="list"),
    path("<slug:slug>/", public(views.organisation_detail), name="detail"),
    path(_("<slug:slug>/logo/<str:name>.png"), public(views.organisation_logo), name="logo"),
]
