from django.urls import path

from afori.common.views import public

from . import views

app_name = "funding"
urlpatterns = [
    path("", public(views.FundingList.as_view()), name="list"),
    path("<slug:slug>/", public(views.FundingDetail.as_view()), name="detail"),
]
