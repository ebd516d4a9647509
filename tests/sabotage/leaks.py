"""The leaks. Each replaces one passage of one file and names the tests that must then fail."""

from typing import NamedTuple

SUBMISSIONS = "challenges/models/submissions.py"
SUBMITTING = "challenges/actions/submitting.py"
OPENING = "challenges/actions/opening.py"
PUBLIC = "challenges/views/public.py"
LEAK_TESTS = "tests/challenges/"
INTERFERENCE = f"{LEAK_TESTS}test_interference.py::test_while_answers_come"
CANARY = f"{LEAK_TESTS}test_canary.py::test_no_canary_in_a_dump_files_logs_or_mails"
SHOWN = f"{LEAK_TESTS}test_canary.py::test_no_canary_on_any_page_of_others"
VISIBLE = f"{LEAK_TESTS}test_secrecy.py::test_visible_to_authors_alone"
DEADLINE = f"{LEAK_TESTS}test_deadline.py::"
PROMISES = f"{LEAK_TESTS}test_promises.py::"
OPEN = f"{LEAK_TESTS}test_opening.py::"


class Leak(NamedTuple):
    name: str
    file: str
    passage: str
    planted: str
    tests: str


LEAKS = [
    Leak(
        "a count on the page",
        PUBLIC,
        '"status_label": status_label(challenge, now),',
        '"status_label": f"{status_label(challenge, now)} '
        '{Submission.objects.answering(challenge).count()}",',
        INTERFERENCE,
    ),
    Leak(
        "a header",
        PUBLIC,
        "    def visible(self):\n",
        "    def render_to_response(self, context, **kwargs):\n"
        "        response = super().render_to_response(context, **kwargs)\n"
        '        response["X-Answers"] = Submission.objects.answering(self.object).count()\n'
        "        return response\n\n"
        "    def visible(self):\n",
        INTERFERENCE,
    ),
    Leak(
        "one query more when there are answers",
        PUBLIC,
        '"status_label": status_label(challenge, now),',
        '"status_label": ([Challenge.objects.count()'
        " for _each in Submission.objects.answering(challenge)] and None)"
        " or status_label(challenge, now),",
        INTERFERENCE,
    ),
    Leak(
        "sequential receipt numbers",
        SUBMISSIONS,
        "receipt_number = models.CharField(max_length=16, unique=True, default=new_token)",
        "receipt_number = models.CharField(\n        max_length=16, unique=True,\n"
        '        default=lambda: f"{SubmissionVersion.objects.count():016}",\n    )',
        f"{LEAK_TESTS}test_submit.py::test_receipt_numbers_are_random",
    ),
    Leak(
        "colleagues see the answer",
        SUBMISSIONS,
        "return self.filter(theirs, authors__user_id=user.pk)",
        "return self.filter(theirs)",
        VISIBLE,
    ),
    Leak(
        "superusers see every answer",
        SUBMISSIONS,
        "        own = Membership.objects.active().filter(user_id=user.pk)",
        "        if user.is_superuser:\n            return self.all()\n"
        "        own = Membership.objects.active().filter(user_id=user.pk)",
        VISIBLE,
    ),
    Leak(
        "answers in the admin",
        "challenges/admin.py",
        "from .models import ",
        "from .models.submissions import Submission\nadmin.site.register(Submission)\n"
        "from .models import ",
        f"{LEAK_TESTS}test_secrecy.py::test_nothing_of_answers_is_in_admin_history_or_permissions",
    ),
    Leak(
        "a log line with the text",
        "challenges/actions/drafts.py",
        "    answer.text = text\n",
        '    __import__("logging").getLogger("saved").info("%s", text)\n    answer.text = text\n',
        CANARY,
    ),
    Leak(
        "a plaintext column",
        SUBMISSIONS,
        "    text = EncryptedTextField(blank=True)\n    revision",
        "    text = models.TextField(blank=True)\n    revision",
        CANARY,
    ),
    Leak(
        "the answer's words on the page",
        PUBLIC,
        '"status_label": status_label(challenge, now),',
        '"status_label": status_label(challenge, now) + " ".join(\n'
        "            answer.text for one in Submission.objects.answering(challenge)"
        " for answer in one.answers.all()),",
        f"{SHOWN}[open]",
    ),
    Leak(
        "the names of files in the calendar",
        "challenges/calendars.py",
        '    event.add("description", url)\n',
        "    from .models import SubmissionFile\n\n"
        '    names = " ".join(one.name for one in SubmissionFile.objects.all())\n'
        '    event.add("description", f"{url} {names}")\n',
        f"{SHOWN}[closed]",
    ),
    Leak(
        "a version kept unsealed",
        "challenges/parcels.py",
        'text.text = b"".join(seal_part(text, version, content.encode(), key))',
        'text.text, _sealed = content.encode(), b"".join(seal_part(text, version, b"", key))',
        CANARY,
    ),
    Leak(
        "the team is told of each answer",
        SUBMITTING,
        "    return [one.user for one in authors",
        "    team = [one.user for one in submission.challenge.team.all()]\n"
        "    return team + [one.user for one in authors",
        INTERFERENCE,
    ),
    Leak(
        "no lock on the challenge",
        SUBMITTING,
        "        challenge = lock_for_share(challenge, NEEDED)\n",
        "        pass\n",
        f"{DEADLINE}test_submitting_waits_for_a_change_of_the_challenge",
    ),
    Leak(
        "the time read before the lock",
        SUBMITTING,
        "        challenge = lock_for_share(challenge, NEEDED)\n",
        "        early = database_now()\n        globals().update(database_now=lambda: early)\n"
        "        challenge = lock_for_share(challenge, NEEDED)\n",
        f"{DEADLINE}test_waiting_for_a_lock_past_the_deadline_is_too_late",
    ),
    Leak(
        "checked at one time, stored with another",
        SUBMITTING,
        "    version.save(force_insert=True)\n",
        "    version.received_at = database_now()\n    version.save(force_insert=True)\n",
        f"{DEADLINE}test_the_time_that_was_compared_is_the_time_that_is_stored",
    ),
    Leak(
        "the web server's clock",
        "afori/common/clock.py",
        "    with connection.cursor() as cursor:\n"
        '        cursor.execute("SELECT clock_timestamp()")\n'
        "        return cursor.fetchone()[0]",
        '    return __import__("django.utils.timezone").utils.timezone.now()',
        f"{DEADLINE}test_the_clock_of_the_web_server_changes_nothing",
    ),
    Leak(
        "the promise is not checked",
        OPENING,
        "    opener.require_promise(key, seal.verify_key(opener.kek()))\n",
        "",
        f"{OPEN}test_a_forged_promise_opens_nothing",
    ),
    Leak(
        "an earlier promise counts",
        OPENING,
        '    if key.not_before != promised(key):\n        raise NotNow("not the latest promise")\n',
        "",
        f"{PROMISES}test_an_earlier_promise_put_back_opens_nothing",
    ),
    Leak(
        "anybody's public key seals",
        "challenges/opener.py",
        "    return is_promised(key, pinned())",
        "    return True",
        f"{PROMISES}test_nothing_is_sealed_with_keys_that_are_not_the_openers",
    ),
    Leak(
        "the opener's key in a setting",
        "afori/settings.py",
        'AFORI_OPENER_VERIFY_KEY = env.str("AFORI_OPENER_VERIFY_KEY", "")\n',
        'AFORI_OPENER_VERIFY_KEY = env.str("AFORI_OPENER_VERIFY_KEY", "")\n'
        'AFORI_OPENER_KEK = env.str("AFORI_OPENER_KEK", "")\n',
        f"{LEAK_TESTS}test_seal.py::test_no_setting_holds_the_openers_key",
    ),
    Leak(
        "one person opens alone",
        OPENING,
        "first.opener_id != later.opener_id",
        "first.pk != later.pk or later.opener_id",
        f"{OPEN}test_one_person_twice_is_one_approval",
    ),
    Leak(
        "the audit chain can be changed",
        "challenges/models/audit.py",
        "    operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,\n",
        "    operation=pgtrigger.Truncate,\n",
        f"{LEAK_TESTS}test_audit.py::test_nothing_is_changed_or_removed",
    ),
    Leak(
        "drafts are public",
        "challenges/models/challenges.py",
        "return self.filter(Q(state__in=Challenge.PUBLIC_STATES) | self.team_condition(user))",
        "return self.all()",
        "tests/matrix/test_matrix.py::test_answers_are_as_declared[challenges]",
    ),
]
