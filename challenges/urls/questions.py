from django.urls import path
from django.utils.translation import gettext_lazy as _

from afori.common.views import public

from .. import views

patterns = [
    path(_("challenges/<slug:slug>/questions/"), public(views.questions), name="questions"),
    path(_("challenges/<slug:slug>/questions/ask/"), views.ask, name="ask"),
    path(
        _("challenges/<slug:slug>/questions/take-back/"),
        views.question_take_back,
        name="question_take_back",
    ),
    path(_("challenges/<slug:slug>/work/questions/"), views.work_questions, name="work_questions"),
    path(
        _("challenges/<slug:slug>/work/questions/publish/"),
        views.work_publish_answers,
        name="work_publish_answers",
    ),
    path(
        _("challenges/<slug:slug>/work/questions/<slug:token>/"),
        views.work_question,
        name="work_question",
    ),
    path(
        _("challenges/<slug:slug>/work/questions/<slug:token>/decline/"),
        views.work_question_decline,
        name="work_question_decline",
    ),
    path(
        _("challenges/<slug:slug>/work/questions/<slug:token>/correct/"),
        views.work_question_correct,
        name="work_question_correct",
    ),
    path(
        _("challenges/<slug:slug>/work/questions/<slug:token>/drop/"),
        views.work_question_drop,
        name="work_question_drop",
    ),
]
