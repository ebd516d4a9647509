"""Pages for what staff do to organisations and people: they say what it means and ask why."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from afori.common.states import Refused

from ..forms.staff import ReasonForm


class Steps:
    """A mixin for `ModelAdmin`: a page for one step, with its consequences and a reason."""

    def step_page(self, request, obj, act, *, title, lead, button, form_class=ReasonForm, **more):
        """`act` gets what the form holds. `lead` are sentences; `more` goes to the template, which
        may be another `template`.
        """
        template = more.pop("template", "admin/accounts/step.html")
        form = form_class(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid() and self.stepped(form, act):
            reason = form.cleaned_data.get("reason", "")
            self.note(request, obj, f"{button}: {reason}" if reason else str(button))
            messages.success(request, f"{obj}: {button}")
            return redirect(self.address("change", obj.pk))
        context = {"title": title, "lead": lead, "button": button, "form": form, **more}
        return self.page(request, template, obj, context)

    def stepped(self, form, act):
        """Whether it was done. What was typed stays in the form if it was not."""
        try:
            act(**form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return False
        return True

    def note(self, request, obj, text):
        self.log_change(request, obj, [{"note": text}])

    def changeable(self, request, object_id):
        """The object, for those who may change it."""
        obj = self.seen(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        return obj
