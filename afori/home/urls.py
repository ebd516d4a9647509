from django.conf import settings
from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from . import views
from .styleguide import styleguide

urlpatterns = [
    path("", public(views.front), name="home"),
    path(_("about/"), public(views.about), name="about"),
    path(_("accessibility/"), public(views.accessibility), name="accessibility"),
    path(_("privacy/"), public(views.privacy), name="privacy"),
    path(_("my-pages/"), views.my_pages, name="my_pages"),
    path(_("my-pages/<slug:name>/"), views.my_list, name="my_list"),
]
if settings.DEBUG:
    urlpatterns += [path("stil/", public(styleguide), name="styleguide")]
