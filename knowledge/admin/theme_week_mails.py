from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from afori.common.admin import ModelAdmin, both, moment_column
from afori.common.calendars import attached
from afori.common.states import Refused

from .. import actions
from ..letters import usual_intro, usual_subject, week_file, week_letter
from ..models import ThemeWeekMail
from ..notifications import recipients

State = ThemeWeekMail.State
ONLY_A_PICTURE_OF_A_MAIL = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "sandbox": [],
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
USUAL = {"subject": usual_subject, "intro": usual_intro}


class MailForm(forms.ModelForm):
    """Shows the usual texts to begin with, and keeps only what differs from them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.usual = dict(usual_texts(self.instance)) if self.instance.pk else {}
        for name, text in self.usual.items():
            if name in self.fields:
                self.initial[name] = self.initial.get(name) or text
                self.fields[name].required = False

    def clean(self):
        data = super().clean()
        for name, text in self.usual.items():
            if data.get(name) == text:
                data[name] = ""
        return data


def usual_texts(mail):
    for language in LANGUAGES:
        with translation.override(language):
            for name, usual in USUAL.items():
                yield f"{name}_{language}", str(usual(mail))


@admin.register(ThemeWeekMail)
class ThemeWeekMailAdmin(ModelAdmin):
    """The three mails of each week. They are made with the week, and change until they go."""

    form = MailForm
    list_display = ["week", "which", "goes_out", "state", "receivers"]
    list_display_links = ["which"]
    list_filter = ["state", "which"]
    list_select_related = ["week"]
    ordering = ["-send_at"]
    fieldsets = [
        (None, {"fields": [("week_link", "which"), ("state", "why"), "number", "send_at"]}),
        (_("Texts"), {"fields": both("subject", "intro"), "classes": ["bilingual", "long"]}),
    ]
    facts = ["week_link", "which", "state", "why", "number"]

    goes_out = moment_column("send_at", _("goes out"))

    # Who may

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("knowledge.change_themeweek")

    has_change_permission = has_view_permission

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        return {}

    # Page

    def get_readonly_fields(self, request, obj=None):
        if obj and obj.state in (State.PLANNED, State.WITHHELD):
            return self.facts
        return [*self.facts, "send_at", *both("subject")[0], *both("intro")[0]]

    @admin.display(description=_("theme week"))
    def week_link(self, mail):
        url = reverse("admin:knowledge_themeweek_change", args=[mail.week_id])
        return format_html('<a href="{}">{}</a>', url, mail.week)

    @admin.display(description=_("why it was not sent"))
    def why(self, mail):
        return mail.get_reason_display() or self.get_empty_value_display()

    @admin.display(description=_("receivers"))
    def number(self, mail):
        return mail.receivers if mail.started_at else recipients(mail.week).count()

    def view_on_site(self, mail):
        return None

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {
            "moves": list(offered(obj)) if obj else [],
            "preview_url": obj and obj.week.starts_on and self.address("preview", obj.pk),
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """Texts as they are, the time through its action."""
        at = obj.send_at
        if "send_at" in form.changed_data:
            obj.send_at = form.initial["send_at"]
        super().save_model(request, obj, form, change)
        if "send_at" in form.changed_data:
            self.tried(request, actions.reschedule_mail, obj, at=at)

    def response_change(self, request, obj):
        move = next((one for one in MOVES if f"_{one}" in request.POST), None)
        if move is None:
            return super().response_change(request, obj)
        _label, _states, act, done = MOVES[move]
        if self.tried(request, act, obj):
            self.log_change(request, obj, str(_label))
            self.message_user(request, done, messages.SUCCESS)
        return redirect(self.address("change", obj.pk))

    def tried(self, request, act, obj, **facts):
        try:
            act(obj, by=request.user, **facts)
        except Refused as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return False
        return True

    # Preview

    def get_urls(self):
        own = [
            self.route("<int:pk>/preview/", self.preview_view, "preview"),
            self.route("<int:pk>/preview/<slug:language>/", self.html_view, "html"),
            self.route("<int:pk>/preview/calendar.ics", self.calendar_view, "calendar"),
        ]
        return own + super().get_urls()

    def mail_or_404(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = ThemeWeekMail.objects.select_related("week").filter(pk=pk).first()
        if mail is None or mail.week.starts_on is None:
            raise Http404
        return mail

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def preview_view(self, request, pk):
        mail = self.mail_or_404(request, pk)
        drawn = [
            {
                "language": code,
                "name": name,
                "letter": drawn_letter(mail, code),
                "url": self.address("html", mail.pk, code),
            }
            for code, name in settings.LANGUAGES
        ]
        has_file = mail.which == ThemeWeekMail.Which.START
        context = {
            "title": _("Preview of “%(mail)s”") % {"mail": mail},
            "drawn": drawn,
            "receivers": self.number(mail),
            "file_name": f"{mail.week.slug}.ics" if has_file else "",
            "file_url": self.address("calendar", mail.pk),
            "waits": mail.which == ThemeWeekMail.Which.RECAP and not mail.week.recap,
        }
        return self.page(request, "admin/knowledge/themeweekmail/preview.html", mail, context)

    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp(ONLY_A_PICTURE_OF_A_MAIL))
    def html_view(self, request, pk, language):
        """A mail's HTML alone, for a sandboxed frame: no script, no picture, no way out."""
        mail = self.mail_or_404(request, pk)
        if language not in LANGUAGES:
            raise Http404
        return HttpResponse(drawn_letter(mail, language).html)

    def calendar_view(self, request, pk):
        mail = self.mail_or_404(request, pk)
        name, content = week_file(mail.week)
        return attached(content, name.removesuffix(".ics"))


def drawn_letter(mail, language):
    with translation.override(language):
        return week_letter(mail, to="", stop_url="")


def send_test_in(language):
    def act(mail, *, by):
        actions.send_test(mail, language, by=by)

    return act


ANY = set(State)
MOVES = {
    "test_sv": (
        _("Save and send me a test in Swedish"),
        ANY,
        send_test_in("sv"),
        _("A test is on its way to your own address."),
    ),
    "test_en": (
        _("Save and send me a test in English"),
        ANY,
        send_test_in("en"),
        _("A test is on its way to your own address."),
    ),
    "cancel": (
        _("Cancel the mail"),
        {State.PLANNED, State.STARTED},
        actions.cancel_mail,
        _("Cancelled. What had not gone stays here."),
    ),
    "again": (
        _("Plan it again"),
        {State.CANCELLED},
        actions.plan_again,
        _("Planned again."),
    ),
}


def offered(mail):
    if mail.week.starts_on is None:
        return
    for name, (label, states, _act, _done) in MOVES.items():
        if mail.state in states and not (name == "again" and mail.started_at):
            yield {"name": name, "label": label}
