"""The button to follow something, from where it stands: `{% load following %}`."""

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _

from ..groups import followables
from ..models import Follow

register = template.Library()


@register.inclusion_tag("notifications/_follow.html", takes_context=True)
def follow_button(context, kind, subject):
    """Follow or stop following: at most one query, none where `subject.is_followed` is known."""
    user = context.request.user
    is_followed = getattr(subject, "is_followed", None)
    if is_followed is None:
        is_followed = (
            user.is_authenticated and own(user, kind).filter(subject_id=subject.pk).exists()
        )
    url = reverse("notifications:follow", args=[kind, subject.slug])
    return button(context, url, _("Follow"), kind, subject.pk if is_followed else None, wide=True)


@register.inclusion_tag("notifications/_follow.html", takes_context=True)
def follow_list(context, kind, form=None):
    """Follow all that comes to a list; the chosen topic where the list is narrowed to one."""
    user = context.request.user
    topic = next(iter(form.chosen("topic")), None) if form and "topic" in form.fields else None
    if topic is None:
        label = str(followables()[kind].label).lower()
        url, mine = reverse("notifications:follow_kind", args=[kind]), own(user, kind)
    else:
        label = dict(form.fields["topic"].choices)[topic]
        url = reverse("notifications:follow", args=["topic", topic])
        mine = own(user, "topic").filter(subject_id__in=topics(topic))
        kind = "topic"
    followed = mine.values_list("subject_id", flat=True).first() if user.is_authenticated else None
    return button(context, url, _("Follow %(what)s") % {"what": label}, kind, followed)


def own(user, kind):
    return Follow.objects.of(user).filter(kind=kind)


def topics(slug):
    return followables()["topic"].model.objects.filter(slug=slug).values("pk")


def button(context, url, label, kind, followed, *, wide=False):
    """`followed` is the key of what the person follows, None if it is not followed."""
    request = context.request
    is_known = request.user.is_authenticated
    return {
        "url": url,
        "label": label,
        "is_stranger": not is_known,
        "stop_url": reverse("notifications:unfollow", args=[kind, followed])
        if followed is not None
        else "",
        "wide": wide,
        "csrf_token": get_token(request) if is_known else "",
    }
