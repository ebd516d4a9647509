"""Beginning and ending to follow something, from where it stands. Strangers log in first."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import following
from .choosing import summary
from .groups import followables
from .models import Follow


def found(user, kind, slug=None):
    """What is followed and its subject, None for a whole kind; 404 for what one may not see."""
    followable = followables().get(kind)
    if followable is None or (followable.model is None) != (slug is None):
        raise Http404
    if slug is None:
        return followable, None
    subject = get_object_or_404(followable.model, slug=slug)
    if subject.pk not in set(followable.visible_among(user, [subject.pk])):
        raise Http404
    return followable, subject


def follow(request, kind, slug=None):
    """Says what will come, and begins it by a button."""
    followable, subject = found(request.user, kind, slug)
    if request.method == "POST":
        following.follow(kind, subject, by=request.user)
        messages.success(request, _("You follow this now. Nobody else sees that."))
        return redirect(request.path)
    context = {
        "followable": followable,
        "subject": subject,
        "subject_id": subject.pk if subject else Follow.WHOLE,
        "name": name_of(followable, subject),
        "page": followable.url(subject),
        "is_followed": following.follows(request.user, kind, subject),
        "summary": summary(request.user),
    }
    return render(request, "notifications/follow.html", context)


def name_of(followable, subject):
    if subject is None:
        return followable.label
    return getattr(subject, "title", None) or subject.name


@require_POST
def unfollow(request, kind, subject_id):
    """Asks nothing of what is followed: one may always stop, and learns nothing by it."""
    Follow.objects.of(request.user).filter(kind=kind, subject_id=subject_id).delete()
    messages.success(request, _("You no longer follow this."))
    return redirect(back(request.user, kind, subject_id, request.POST.get("back")))


def back(user, kind, subject_id, wanted):
    """Where one came from: the list, or the page of what one followed while one may see it."""
    followable = followables().get(kind)
    if wanted == "list" or followable is None:
        return "notifications:followed"
    if followable.model is None:
        return followable.url(None)
    seen = followable.visible_among(user, [subject_id])
    subject = followable.model._default_manager.filter(pk__in=seen).first()
    return followable.url(subject) if subject else "notifications:followed"
