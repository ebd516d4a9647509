"""Reading what was opened, and scoring it alone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from afori.common.files import SANDBOX, TYPES

from .. import actions, seal
from ..forms import ScoresForm
from ..judging import Judging
from ..models import Score
from ..opened import OpenedContent
from ..parcels import opened_chunks
from ..progress import DONE, OPEN
from .held import keeps_text
from .shared import told_if_refused

ANSWERS_A_PAGE = 50


def answers(request, slug):
    """The opened answers. Those who are on their way there are led to the next step."""
    judging = Judging(request.user, slug)
    if away := step_before(judging):
        return away
    page = paged(request, judging.answers)
    context = {
        **shared(judging),
        "page_obj": page,
        "rows": [(judging.label(one), one, state_of(judging, one)) for one in page],
        "left": sum(not one.is_handed_in for one in judging.answers),
    }
    return render(request, "challenges/opened_list.html", context)


def paged(request, rows):
    return Paginator(rows, ANSWERS_A_PAGE).get_page(request.GET.get("page"))


def step_before(judging):
    """A way to what must be done before reading, None if nothing."""
    if judging.challenge.on_panel and not judging.answers_are_open:
        return redirect("challenges:panel", judging.challenge.slug)
    if judging.opening is None:
        return redirect("challenges:opening", judging.challenge.slug)
    return None


def shared(judging):
    return {
        "judging": judging,
        "challenge": judging.challenge,
        "opening": judging.opening,
        "panelist": judging.panelist,
        "is_open": judging.challenge.is_undecided,
    }


def state_of(judging, answer):
    """How far the person has come with an answer: words, and DONE where nothing is left."""
    if judging.panelist is None:
        return (pgettext("answer", "Read"), DONE) if answer.is_read else (_("Not read yet"), OPEN)
    if answer.is_handed_in:
        return _("Your scores are handed in"), DONE
    if answer.is_begun:
        return _("Scores saved, not handed in"), OPEN
    return (_("Read, not scored yet"), OPEN) if answer.is_read else (_("Not read yet"), OPEN)


def opened(user, slug, token):
    """The judging and the answer; 404 unless this person may read it."""
    judging = Judging(user, slug)
    judging.require_readable()
    return judging, judging.answer(token)


@keeps_text
def opened_answer(request, slug, token):
    """One answer with one's own scores beside its texts; a POST saves them."""
    judging, answer = opened(request.user, slug, token)
    stored = own_scores(judging, answer)
    form = ScoresForm(request.POST or None, criteria=judging.criteria, scores=stored)
    if request.method == "POST":
        if judging.panelist is None:
            raise PermissionDenied
        if form.is_valid() and save_scores(request, answer, form):
            return redirect(after_scoring(request, judging, answer))
    note_reading(request, answer)
    content = OpenedContent(answer, judging.challenge.key, judging.criteria)
    context = {
        **shared(judging),
        "answer": answer,
        "label": judging.label(answer),
        "content": content,
        "files": content.files(judging.sees_names),
        "form": form,
        "parts": parts(form, content, stored),
        "readings": answer.readings.select_related("user"),
        "following": following(judging, answer),
    }
    return render(request, "challenges/opened_answer.html", context)


def note_reading(request, answer):
    if not answer.is_read:
        actions.read(answer, by=request.user)


def own_scores(judging, answer):
    if judging.panelist is None:
        return {}
    own = Score.objects.filter(panelist=judging.panelist, answer=answer)
    return {one.criterion_id: one for one in own}


def parts(form, content, stored):
    """Criterion, text, and the fields or what was handed in, one after the other."""
    for criterion in form.criteria:
        yield (
            criterion,
            content.text(criterion),
            form[f"score-{criterion.position}"],
            form[f"comment-{criterion.position}"],
            stored.get(criterion.pk),
        )


def save_scores(request, answer, form):
    if not told_if_refused(request, actions.save_scores, answer, form.scores()):
        return False
    if request.POST.get("then") != "hand in":
        if form.has_changed():
            messages.success(request, _("Your scores are saved. Only you see them."))
        return True
    if told_if_refused(request, actions.hand_in, answer):
        messages.success(request, _("Your scores are handed in and stand."))
    return True


def after_scoring(request, judging, answer):
    then = request.POST.get("then")
    if then == "close":
        return reverse("challenges:answers", args=[judging.challenge.slug])
    other = following(judging, answer) if then == "next" else None
    return (other or answer).get_absolute_url()


def following(judging, answer):
    """The next answer in the list, the first one after the last, None if there is but one."""
    place = judging.answers.index(answer)
    after = [*judging.answers[place + 1 :], *judging.answers[:place]]
    return next(iter(after), None)


def opened_file(request, slug, token, position):
    """A file of an answer, decrypted while it is sent; always to be saved, never shown."""
    judging, answer = opened(request.user, slug, token)
    key = judging.challenge.key
    content = OpenedContent(answer, key, [])
    part = content.file_part(position)
    if part is None:
        raise Http404
    note_reading(request, answer)
    chunks = opened_chunks(part, key)
    try:
        first = next(chunks)
    except (seal.Broken, OSError, ValueError):
        messages.error(request, _("The file is damaged and cannot be read. See the protocol."))
        return redirect(answer)
    name = content.file_name(position, with_name=judging.sees_names)
    return download(name, first, chunks)


def download(name, first, chunks):
    def whole():
        yield first
        yield from chunks

    extension = name.rpartition(".")[2].lower()
    return StreamingHttpResponse(
        whole(),
        content_type=TYPES.get(extension, "application/octet-stream"),
        headers={
            **SANDBOX,
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "private, no-store",
        },
    )
