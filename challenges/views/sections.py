"""One section of a challenge at a time, saved apart. Each works without JavaScript."""

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afori.accounts.models import User
from afori.common.states import Refused
from afori.common.views import posted, require

from .. import actions
from ..differences import differences
from ..forms import SECTION_FORMS, PersonForm
from ..forms.reviewing import SettledForm
from ..models import Challenge, SectionName
from ..outline import after, url_of
from ..sections import stored
from .held import keeps_text, unlogged
from .shared import told_if_refused
from .work import is_draft, outline_of, own_challenge, work_page

NAMING = {
    SectionName.OPENERS: (actions.name_opener, actions.remove_opener),
    SectionName.PANEL: (actions.name_panelist, actions.remove_panelist),
}


@keeps_text
def section(request, slug, name):
    challenge = own_challenge(request, slug)
    if request.method != "POST":
        return open_page(request, challenge, name)
    form = SECTION_FORMS[name](request.POST, challenge=challenge, user=request.user)
    if not form.is_valid():
        return section_page(request, challenge, name, form)
    return save(request, challenge, name, form)


def open_page(request, challenge, name):
    """The section as it is stored. Opening it tells colleagues; one in review is only read."""
    if not is_draft(challenge):
        messages.info(request, _("The challenge is no longer a draft, so it is only read here."))
        return redirect("challenges:work", challenge.slug)
    return fresh_page(request, challenge, name)


def fresh_page(request, challenge, name, **context):
    actions.open_section(challenge, name, by=request.user)
    outline = outline_of(request, challenge, name)
    form = SECTION_FORMS[name](challenge=challenge, user=request.user, revision=outline.revision)
    return section_page(request, challenge, name, form, outline=outline, **context)


def section_page(request, challenge, name, form, *, outline=None, **context):
    outline = outline or outline_of(request, challenge, name)
    settled = SettledForm(posted(request))
    known = {"form": form, "name": name, "people": None, "outline": outline, "settled": settled}
    if name in NAMING:
        known |= people_of(challenge, name)
    return work_page(request, challenge, "section", **known | context)


def save(request, challenge, name, form):
    button = request.POST.get("do", "")
    values = form.changed_by(button) if button else form.values
    settled = bool(request.POST.get("settled"))
    try:
        saved = actions.save_section(
            challenge,
            name,
            values,
            revision=form.from_revision,
            settled=settled,
            by=request.user,
        )
    except Refused as refusal:
        return refused(request, challenge, name, form, refusal.message)
    if not saved.is_stored:
        return conflict(request, challenge, name, form, saved.section)
    done = _("Saved. What the editors asked for here is settled.") if settled else _("Saved.")
    messages.success(request, done)
    if name in NAMING and request.POST.get("address"):
        return name_typed(request, own_challenge(request, challenge.slug), name)
    return redirect(after_saving(request, challenge, name))


def refused(request, challenge, name, form, refusal):
    """What was typed, to copy."""
    context = {"refusal": refusal, "typed": texts(form), "status": 409}
    return unlogged(section_page(request, challenge, name, form, **context))


def conflict(request, challenge, name, form, row):
    """Both texts: what was typed in the fields, what is stored beside. Saving again decides."""
    challenge = own_challenge(request, challenge.slug)
    found = differences(form, stored(challenge, name))
    data = request.POST.copy()
    data["revision"] = row.revision
    form = SECTION_FORMS[name](data, challenge=challenge, user=request.user)
    form.full_clean()
    return unlogged(
        section_page(request, challenge, name, form, conflict=row, stored=found, status=409)
    )


def texts(form):
    return [(field.label, field.value()) for field in form.visible_fields() if field.value()]


def after_saving(request, challenge, name):
    """Back to the same criteria, on to the next section, or to all of them."""
    if request.POST.get("do"):
        return f"{request.path}#criteria"
    following = after(name) if request.POST.get("then") == "next" else None
    if following:
        return url_of(challenge, following)
    return reverse("challenges:work", args=[challenge.slug])


@require_POST
def person_name(request, slug, name):
    """Name somebody by address, to open the answers or to judge them."""
    return name_typed(request, writable(request, slug, name), name)


def name_typed(request, challenge, name):
    is_limited = not consume(request, action="person_name")
    form = PersonForm(request.POST, people=User.objects.all(), is_limited=is_limited)
    if not form.is_valid() and not is_draft(challenge):
        messages.error(request, " ".join(form.errors["address"]))
        return redirect(back(challenge, name))
    if not form.is_valid():
        status = 429 if is_limited else 200
        return fresh_page(request, challenge, name, person_form=form, status=status)
    person = form.cleaned_data["address"]
    if people_in(challenge, name).filter(user=person).exists():
        messages.info(request, _("%(name)s is named already.") % {"name": person})
    elif told_if_refused(request, NAMING[name][0], challenge, person):
        messages.success(request, named(person, by=request.user))
    return redirect(back(challenge, name))


def named(person, *, by):
    """Who names themselves gets no e-mail."""
    if person == by:
        return _("You are named.")
    return _("%(name)s is named, and is told by e-mail.") % {"name": person}


@require_POST
def person_remove(request, slug, name):
    challenge = writable(request, slug, name)
    row = get_object_or_404(
        people_in(challenge, name), user__email=request.POST.get("person", "").lower()
    )
    if told_if_refused(request, NAMING[name][1], row):
        messages.success(request, _("%(name)s is no longer named.") % {"name": row.user})
    return redirect(back(challenge, name))


def writable(request, slug, name):
    """Those who open may change a little after publishing too: what exactly, the actions say."""
    challenge = own_challenge(request, slug)
    if name not in NAMING:
        raise Http404
    is_late = name == SectionName.OPENERS and challenge.state == Challenge.State.PUBLISHED
    may = "challenges.work_on_challenge" if is_late else "challenges.write_challenge"
    require(request.user, may, challenge)
    return challenge


def back(challenge, name):
    """The section, or the page of the opening once there is no section to write in."""
    if is_draft(challenge):
        return url_of(challenge, name)
    return reverse("challenges:opening", args=[challenge.slug])


def people_in(challenge, name):
    rows = challenge.openers if name == SectionName.OPENERS else challenge.panel
    return rows.select_related("user")


def people_of(challenge, name):
    return {"people": people_in(challenge, name), "person_form": PersonForm(people=None)}
