from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from afori.common.fields import long_text
from afori.common.lists import FilterForm

MOST_CHARACTERS = 4_000
REVISION = {"widget": forms.HiddenInput, "min_value": 0, "max_value": 2_000_000_000}


class AskForm(forms.Form):
    text = long_text(
        _("Your question"),
        MOST_CHARACTERS,
        rows=5,
        help_text=_("Do not write who you are, or anything that gives it away."),
    )
    wants_meeting = forms.BooleanField(
        label=_("I would like a dialogue meeting about this, open to everybody"), required=False
    )


class WordingForm(forms.Form):
    """The words that readers get: question and answer, both of them in at least one language."""

    question_sv = long_text(_("Question in Swedish"), MOST_CHARACTERS, required=False)
    answer_sv = long_text(_("Answer in Swedish"), MOST_CHARACTERS, rows=5, required=False)
    question_en = long_text(_("Question in English"), MOST_CHARACTERS, required=False)
    answer_en = long_text(_("Answer in English"), MOST_CHARACTERS, rows=5, required=False)
    revision = forms.IntegerField(**REVISION)

    def clean(self):
        given = {name for name, value in self.cleaned_data.items() if value and name != "revision"}
        if not given:
            self.add_error("question_sv", _("Write the question as everybody is to read it."))
            self.add_error("answer_sv", _("Write the answer."))
        for language in ("sv", "en"):
            self.require_both(f"question_{language}", f"answer_{language}", given)
        return self.cleaned_data

    def require_both(self, question, answer, given):
        if question in given and answer not in given:
            self.add_error(answer, _("Write the answer in this language too."))
        if answer in given and question not in given:
            self.add_error(question, _("Write the question in this language too."))


class DeclineForm(forms.Form):
    reason = long_text(
        _("Why it is not answered"),
        MOST_CHARACTERS,
        rows=5,
        help_text=_("Only the person who asked reads this."),
    )
    revision = forms.IntegerField(**REVISION)


class PublishForm(forms.Form):
    """The chosen answers, each as token and revision: what was looked through is what goes out."""

    chosen = forms.RegexField(
        max_length=2_000, regex=r"^[a-z0-9]{16}:[0-9]{1,9}( [a-z0-9]{16}:[0-9]{1,9})*$"
    )

    def clean_chosen(self):
        pairs = (pair.split(":") for pair in self.cleaned_data["chosen"].split())
        return {token: int(revision) for token, revision in pairs}


class QuestionFilter(FilterForm):
    q = forms.CharField(label=_("Search the answers"), required=False, max_length=200)

    def matching(self, queryset):
        for term in self.chosen("q"):
            found = Q()
            for name in ("question_sv", "question_en", "answer_sv", "answer_en"):
                found |= Q(**{f"{name}__icontains": term})
            queryset = queryset.filter(found)
        return queryset
