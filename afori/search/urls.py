from django.urls import path

from afori.common.views import public

from . import views

urlpatterns = [path("", public(views.search), name="search")]
