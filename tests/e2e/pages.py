"""Every page type of the portal, once: what it is called, where it is, who looks."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import override

from tests import factories as make

from . import checks
from .arena import ENDED, FOLLOWED, NEED, NETWORK, OPEN, READY, SOON, STOPPED
from .judged import OPENED, WAITING

DECIDED = "larm-som-gar-fram"
UPCOMING = "arbetsklader-som-hyrs-tvattas-och-lagas"


STRANGER = "stranger"


class Page(NamedTuple):
    """`args` are the address's, or a function of the arena; `send` is a form to submit on it,
    with what `fill` says in its fields. Each of the strangers has a browser of their own.
    """

    name: str
    url: str
    args: list | Callable[[Any], list] = []
    who: str = ""
    query: str = ""
    send: str = ""
    status: int = 200
    fill: dict[str, str] = {}

    @property
    def is_admin(self):
        return self.url.startswith("admin:")

    @property
    def axe(self):
        return checks.ADMIN_AXE if self.is_admin else checks.AXE

    def address(self, arena, language):
        args = self.args(arena) if callable(self.args) else self.args
        with override(language):
            return reverse(self.url, args=args) + self.query


def answer_of(arena):
    return [arena.submitted.challenge.slug, arena.submitted.reference]


def ready_of(arena):
    return [arena.ready.challenge.slug, arena.ready.reference]


def opened_of(arena):
    return [arena.opened.challenge.slug, arena.opened.reference]


def draft_of(arena):
    return [arena.draft.challenge.slug, arena.draft.reference]


def written_of(arena):
    return [arena.written.slug]


def waiting_of(arena):
    return [arena.waiting.slug]


def part_of(name):
    """A section of the challenge that is being written."""
    return lambda arena: [arena.written.slug, name]


def judged_of(place):
    return lambda arena: [OPENED, arena.judged[place].token]


def invitation_of(arena):
    return [arena.invitation.token]


def check_of(arena):
    return [arena.check.pk]


def declined_of(arena):
    return [arena.declined.pk]


def buyer_of(arena):
    return [arena.check.organisation_id]


def both_of(arena):
    return [arena.check.organisation_id, arena.declined.organisation_id]


def person_of(arena):
    return [arena.people["applicant"].pk]


def question_of(name):
    return lambda arena: [OPEN, arena.questions[name].token]


def meeting_of(name):
    return lambda arena: [OPEN, arena.meetings[name].slug]


STEP = "#content-main form"
READING = [
    Page("front", "home"),
    Page("about", "about"),
    Page("accessibility", "accessibility"),
    Page("privacy", "privacy"),
    Page("search", "search"),
    Page("search-found", "search", query="?q=upphandling"),
    Page("search-nothing", "search", query="?q=xyzzy"),
    Page("networks", "networks:list"),
    Page("networks-filtered", "networks:list", query="?status=active&q=vatten"),
    Page("networks-none", "networks:list", query="?q=xyzzy"),
    Page("network", "networks:detail", [NETWORK]),
    Page("network-real", "networks:detail", ["bebo"]),
    Page("network-proposed", "networks:detail", ["hallbar-mobilitet"]),
    Page("needs", "networks:needs"),
    Page("need", "networks:need", [NEED]),
    Page("need-real", "networks:need", ["kansla-av-sammanhang"]),
    Page("challenges", "challenges:list"),
    Page("challenges-none", "challenges:list", query="?q=xyzzy"),
    Page("challenge", "challenges:detail", [OPEN]),
    Page("challenge-decided", "challenges:detail", [DECIDED]),
    Page("challenge-upcoming", "challenges:detail", [UPCOMING]),
    Page("challenge-real", "challenges:detail", ["sustainable-mobility-challenge"]),
    Page("answer-start", "challenges:answer", [OPEN]),
    Page("seal", "challenges:seal"),
    Page("receipt-check", "challenges:receipt_check"),
    Page("receipt-check-empty", "challenges:receipt_check", send="main form"),
    Page(
        "receipt-unknown",
        "challenges:receipt_check",
        send="main form",
        fill={"number": "k7qf29xmwd4ta3bc", "checksum": "0" * 64},
    ),
    Page("funding", "funding:list"),
    Page("funding-call", "funding:detail", ["testa-och-verifiera-tillsammans"]),
    Page("funding-real", "funding:detail", ["utmaningsdriven-innovation"]),
    Page("events", "events:list"),
    Page("event", "events:detail", ["dialogmote-byggmaterial"]),
    Page("organisations", "organisations:list"),
    Page("organisations-chosen", "organisations:list", query="?county=18&side=buyer"),
    Page("organisations-none", "organisations:list", query="?q=xyzzy"),
    Page("profile", "organisations:detail", ["ekhamra-kommun"]),
    Page("profile-real", "organisations:detail", ["vinnova"]),
    Page("profile-supplier", "organisations:detail", ["ljusglimt"], "supplier"),
    Page("knowledge", "knowledge:list"),
    Page("article", "knowledge:article", ["vad-ar-ett-bestallarnatverk"]),
    Page("article-template", "knowledge:article", ["mall-kalkyl-olost-behov"]),
    Page("article-case", "knowledge:article", ["elvagar"]),
    Page("glossary", "knowledge:glossary"),
    Page("theme-weeks", "knowledge:theme_weeks"),
    Page("theme-week", "knowledge:theme_week", ["upphandling-for-cirkular-ekonomi"]),
    Page("theme-week-demo", "knowledge:theme_week", ["kop-det-som-gar-runt"]),
    Page("theme-week-archive", "knowledge:theme_week", ["ljus-dar-det-behovs"]),
    Page("theme-week-preview", "knowledge:theme_week_preview", ["kop-det-som-gar-runt"], "editor"),
]
ENTERING = [
    Page("log-in", "account_login"),
    Page("log-in-empty", "account_login", send="main form"),
    Page("sign-up", "account_signup"),
    Page("sign-up-empty", "account_signup", send="main form"),
    Page("sign-up-by-passkey", "account_signup_by_passkey"),
    Page("log-in-code", "account_request_login_code"),
    Page("password-reset", "account_reset_password"),
    Page(
        "log-in-code-sent",
        "account_request_login_code",
        who="stranger to log in",
        send="main form",
        fill={"email": "nobody@example.org"},
    ),
    Page(
        "password-reset-sent",
        "account_reset_password",
        who="stranger to reset",
        send="main form",
        fill={"email": "nobody@example.org"},
    ),
    Page(
        "sign-up-sent",
        "account_signup",
        who="stranger to sign up",
        send="main form",
        fill={"name": "Nya Nilsson", "email": "nya@example.com"},
    ),
    Page(
        "second-step",
        "account_login",
        who="stranger with a key",
        send="main form",
        fill={"login": "keyholder@example.org", "password": make.PASSWORD},
    ),
    Page("provider", "openid_connect_login", ["stangd"], "stranger at work"),
    Page(
        "provider-down",
        "openid_connect_login",
        ["stangd"],
        "stranger at work",
        "",
        "main form",
        502,
    ),
    Page("provider-cancelled", "socialaccount_login_cancelled"),
    Page("account-closed", "account_inactive"),
]
ACCOUNT = [
    Page("log-out", "account_logout", who="procurer"),
    Page("e-mail", "account_email", who="procurer"),
    Page("password", "account_change_password", who="procurer"),
    Page("sessions", "usersessions_list", who="procurer"),
    Page("two-step", "mfa_index", who="procurer"),
    Page("two-step-on", "mfa_index", who="keyholder"),
    Page("passkey-new", "mfa_add_webauthn", who="keyholder"),
    Page("passkey-rename", "mfa_edit_webauthn", lambda arena: [arena.key.pk], "keyholder"),
    Page("passkey-remove", "mfa_remove_webauthn", lambda arena: [arena.key.pk], "keyholder"),
    Page("app-on", "mfa_activate_totp", who="procurer"),
    Page("app-off", "mfa_deactivate_totp", who="keyholder"),
    Page("recovery-codes", "mfa_view_recovery_codes", who="keyholder"),
    Page("recovery-codes-new", "mfa_generate_recovery_codes", who="keyholder"),
    Page("confirm", "account_reauthenticate", who="keyholder"),
    Page("confirm-by-code", "mfa_reauthenticate", who="keyholder"),
    Page("confirm-by-passkey", "mfa_reauthenticate_webauthn", who="keyholder"),
    Page("password-first", "account_set_password", who="coder"),
    Page("provider-connections", "socialaccount_connections", who="procurer"),
    Page("settings", "accounts:settings", who="procurer"),
    Page("my-data", "accounts:my_data", who="nobody"),
    Page("my-data-leaving", "accounts:my_data", who="leaver"),
    Page("account-delete", "accounts:account_delete", who="nobody"),
    Page("account-delete-blocked", "accounts:account_delete", who="coordinator"),
    Page("second-factor", "accounts:second_factor", who="procurer"),
    Page("organisation", "accounts:organisation_start", who="nobody"),
    Page("organisation-found", "accounts:organisation_start", who="nobody", query="?q=kommun"),
    Page("organisation-new", "accounts:organisation_create", who="nobody"),
    Page("organisation-wrong", "accounts:organisation_create", who="nobody", send="main form"),
    Page("organisation-edit", "accounts:organisation_edit", ["ekhamra-kommun"], "coordinator"),
    Page("organisation-edit-free", "accounts:organisation_edit", ["ljusglimt"], "supplier"),
    Page("organisation-join", "accounts:organisation_join", ["ekhamra-kommun"], "nobody"),
    Page("organisation-asked", "accounts:organisation_join", ["ekhamra-kommun"], "asker"),
    Page("organisation-leave", "accounts:organisation_leave", ["ekhamra-kommun"], "opener1"),
    Page("members", "accounts:members", ["ekhamra-kommun"], "coordinator"),
    Page("members-searched", "accounts:members", ["ekhamra-kommun"], "coordinator", "?q=xyzzy"),
    Page("invite", "accounts:invite", ["ekhamra-kommun"], "coordinator"),
    Page("invite-wrong", "accounts:invite", ["ekhamra-kommun"], "coordinator", send="main form"),
    Page("invitation", "accounts:invitation", invitation_of),
    Page("invitation-to-answer", "accounts:invitation", invitation_of, "invited"),
    Page("invitation-of-another", "accounts:invitation", invitation_of, "nobody"),
    Page("invitation-over", "accounts:invitation", lambda arena: [arena.taken_back.token]),
    Page(
        "colleague-remove",
        "accounts:member_remove",
        lambda arena: [arena.employment.token],
        "coordinator",
    ),
    Page("organisation-handed-over", "accounts:organisation_leave", ["ljusglimt"], "supplier"),
    Page(
        "organisation-closed",
        "accounts:organisation_join",
        lambda arena: [arena.closed.slug],
        "nobody",
        status=410,
    ),
    Page("members-waiting", "accounts:members", ["ekhamra-stad"], "applicant"),
    Page("members-declined", "accounts:members", ["tallasa-kommun"], "declined"),
    Page("check-asked", "accounts:verification_request", ["tallasa-kommun"], "declined"),
    Page(
        "colleague",
        "accounts:membership_decide",
        lambda arena: [arena.colleague.token],
        "coordinator",
    ),
    Page("my-pages", "my_pages", who="coordinator"),
    Page("my-pages-supplier", "my_pages", who="supplier"),
    Page("my-pages-new", "my_pages", who="nobody"),
    Page("my-pages-leaving", "my_pages", who="leaver"),
    Page("my-list", "my_list", ["requests"], "coordinator"),
    Page("my-list-none", "my_list", ["answers"], "nobody"),
    Page("notifications", "notifications:list", who="coordinator"),
    Page("notifications-none", "notifications:list", who="nobody"),
    Page("unsubscribe", "notifications:unsubscribe", lambda arena: [arena.unsubscribing]),
    Page(
        "unsubscribed",
        "notifications:unsubscribe",
        lambda arena: [arena.unsubscribing],
        send="main form",
    ),
    Page("mailbox", "mailbox"),
]
NETWORKS = [
    Page("network-for-procurer", "networks:detail", [NETWORK], "procurer"),
    Page("network-join", "networks:join", [NETWORK], "procurer"),
    Page("network-leave", "networks:leave", [NETWORK], "opener2"),
    Page("room", "networks:room", [NETWORK], "opener1"),
    Page("room-coordinated", "networks:room", [NETWORK], "coordinator"),
    Page("requests", "networks:requests", [NETWORK], "coordinator"),
    Page("request", "networks:decide", lambda arena: [NETWORK, arena.request.pk], "coordinator"),
    Page("decided", "networks:decide", lambda arena: [NETWORK, arena.refused.pk], "coordinator"),
    Page(
        "member-remove",
        "networks:remove_member",
        lambda arena: [NETWORK, arena.member.pk],
        "coordinator",
    ),
    Page(
        "document-remove",
        "networks:document_remove",
        lambda arena: [NETWORK, arena.document.token],
        "coordinator",
    ),
    Page("need-for-buyer", "networks:need", [NEED], "procurer"),
    Page("commit", "networks:commit", [NEED], "procurer"),
    Page("commit-wrong", "networks:commit", [NEED], "procurer", send="main form"),
]
ANSWERING = [
    Page("answer-supplier", "challenges:answer", [SOON], "supplier2"),
    Page("answer-buyer", "challenges:answer", [SOON], "procurer"),
    Page("challenge-answered", "challenges:detail", [SOON], "supplier"),
    Page("answer", "challenges:submission", draft_of, "supplier"),
    Page("answer-submitted", "challenges:submission", answer_of, "supplier"),
    Page("answer-you", "challenges:partners", draft_of, "supplier"),
    Page("answer-part", "challenges:answer_edit", lambda arena: [*draft_of(arena), 1], "supplier"),
    Page("answer-files", "challenges:files", answer_of, "supplier"),
    Page(
        "answer-files-wrong", "challenges:files", answer_of, "supplier", send="main form[enctype]"
    ),
    Page("answer-authors", "challenges:authors", draft_of, "supplier"),
    Page("answer-left", "challenges:submit", draft_of, "supplier"),
    Page("answer-ready", "challenges:submit", answer_of, "supplier"),
    Page("answer-submit", "challenges:submit", ready_of, "supplier2"),
    Page("answer-submit-wrong", "challenges:submit", ready_of, "supplier2", send="main form"),
    Page("answer-copy-sealed", "challenges:copy", answer_of, "supplier"),
    Page("answer-copy", "challenges:copy", opened_of, "supplier"),
    Page("answer-opened", "challenges:submission", opened_of, "supplier"),
    Page("answer-withdraw", "challenges:withdraw", answer_of, "supplier"),
    Page(
        "receipt",
        "challenges:receipt",
        lambda arena: [*answer_of(arena), arena.receipt.receipt_number],
        "supplier",
    ),
]
TOO_LONG = {"wait_days": "999"}
WRITING = [
    Page("write", "challenges:new"),
    Page("write-buyer", "challenges:new", who="procurer"),
    Page("write-from-need", "challenges:new", who="procurer", query=f"?need={NEED}"),
    Page("write-supplier", "challenges:new", who="supplier"),
    Page("work", "challenges:work", written_of, "procurer"),
    Page("work-team", "challenges:team", written_of, "procurer"),
    Page("work-throw-away", "challenges:throw_away", written_of, "procurer"),
    Page("work-send", "challenges:send_to_review", written_of, "procurer"),
    Page("work-preview", "challenges:preview", written_of, "procurer"),
    Page("part-basics", "challenges:section", part_of("basics"), "procurer"),
    Page("part-background", "challenges:section", part_of("background"), "procurer"),
    Page("part-level", "challenges:section", part_of("level"), "procurer"),
    Page("part-rights", "challenges:section", part_of("rights"), "procurer"),
    Page("part-criteria", "challenges:section", part_of("criteria"), "procurer"),
    Page("part-times", "challenges:section", part_of("times"), "procurer"),
    Page(
        "part-times-wrong",
        "challenges:section",
        part_of("times"),
        "procurer",
        send="main form[novalidate]",
        fill=TOO_LONG,
    ),
    Page("part-openers", "challenges:section", part_of("openers"), "procurer"),
    Page("part-panel", "challenges:section", part_of("panel"), "procurer"),
    Page("role", "challenges:role", written_of, "opener1"),
    Page("work-phases", "challenges:work", [OPEN], "coordinator"),
]
QUESTIONS = [
    Page("questions", "challenges:questions", [OPEN]),
    Page("questions-none", "challenges:questions", [SOON]),
    Page("questions-none-found", "challenges:questions", [OPEN], query="?q=xyzzy"),
    Page("questions-over", "challenges:questions", [DECIDED]),
    Page("questions-asker", "challenges:questions", [OPEN], "supplier"),
    Page("questions-buyer", "challenges:questions", [OPEN], "procurer"),
    Page("questions-wrong", "challenges:questions", [OPEN], "supplier", send="#ask ~ form"),
    Page("work-questions", "challenges:work_questions", [OPEN], "coordinator"),
    Page("work-answered", "challenges:work_questions", [OPEN], "coordinator", "?show=answered"),
    Page("work-published", "challenges:work_questions", [OPEN], "coordinator", "?show=published"),
    Page("work-declined", "challenges:work_questions", [OPEN], "coordinator", "?show=declined"),
    Page("work-question", "challenges:work_question", question_of("asked"), "coordinator"),
    Page(
        "work-question-wrong",
        "challenges:work_question",
        question_of("asked"),
        "coordinator",
        send="main form",
    ),
    Page("work-question-out", "challenges:work_question", question_of("published"), "coordinator"),
    Page("work-question-no", "challenges:work_question", question_of("declined"), "coordinator"),
    Page("work-correction", "challenges:work_question", question_of("correction"), "coordinator"),
    Page(
        "work-run",
        "challenges:work_publish_answers",
        [OPEN],
        "coordinator",
        f"?question={READY}",
    ),
    Page("work-meetings", "meetings:list", [OPEN], "coordinator"),
    Page("work-meeting", "meetings:new", [OPEN], "coordinator"),
    Page("work-meeting-wrong", "meetings:new", [OPEN], "coordinator", send="main form"),
    Page("work-meeting-change", "meetings:change", meeting_of("planned"), "coordinator"),
    Page("work-meeting-early", "meetings:notes", meeting_of("planned"), "coordinator"),
    Page("work-meeting-notes", "meetings:notes", meeting_of("held"), "coordinator"),
    Page("meeting-held", "events:detail", lambda arena: [arena.meetings["held"].slug]),
]
FOLLOW_UP = "challenges:follow_up"
OUTCOMES = [
    Page("outcome-not-yet", "challenges:outcome", [OPEN], "coordinator"),
    Page("outcome", "challenges:outcome", [ENDED], "coordinator"),
    Page("outcome-wrong", "challenges:outcome", [ENDED], "coordinator", send="main form"),
    Page("outcome-told", "challenges:outcome", [FOLLOWED], "coordinator"),
    Page("cancel", "challenges:cancel", [OPEN], "coordinator"),
    Page("cancel-wrong", "challenges:cancel", [OPEN], "coordinator", send="main form"),
    Page("cancelled", "challenges:cancel", [STOPPED], "coordinator"),
    Page("follow-up", FOLLOW_UP, [FOLLOWED, 12], "coordinator"),
    Page("follow-up-wrong", FOLLOW_UP, [FOLLOWED, 12], "coordinator", send="main form"),
    Page("follow-up-told", FOLLOW_UP, [FOLLOWED, 6], "coordinator"),
    Page("challenge-followed-up", "challenges:detail", [FOLLOWED]),
    Page("challenge-cancelled", "challenges:detail", [STOPPED]),
    Page("challenges-in-use", "challenges:list", query="?outcome=in_use"),
    Page("overdue", "challenges:overdue", who="editor"),
    Page("overdue-none", "challenges:overdue", who="editor", query="?what=outcome&page=9"),
]
CONSENSUS, DECISION = "challenges:consensus_answer", "challenges:decision"
JUDGING = [
    Page("opening-early", "challenges:opening", [OPEN], "coordinator"),
    Page("opening-waits", "challenges:opening", [WAITING], "opener1"),
    Page("opening-done", "challenges:opening", [OPENED], "opener1"),
    Page("protocol", "challenges:protocol", [OPENED], "coordinator"),
    Page("panel-declare", "challenges:panel", [OPENED], "opener2"),
    Page("panel-declare-wrong", "challenges:panel", [OPENED], "opener2", send="main form"),
    Page("panel-check", "challenges:panel", [OPENED], "newcomer"),
    Page("panel-done", "challenges:panel", [OPENED], "procurer"),
    Page("panel-team", "challenges:panel", [OPENED], "coordinator"),
    Page("opened-list", "challenges:answers", [OPENED], "procurer"),
    Page("opened-scored", "challenges:opened_answer", judged_of(0), "procurer"),
    Page("opened-to-score", "challenges:opened_answer", judged_of(1), "procurer"),
    Page("opened-team", "challenges:opened_answer", judged_of(0), "coordinator"),
    Page("consensus", "challenges:consensus", [OPENED], "coordinator"),
    Page("consensus-answer", CONSENSUS, judged_of(0), "coordinator"),
    Page(
        *("consensus-wrong", CONSENSUS, judged_of(1), "coordinator"),
        send="main form",
        fill={"reason-1": "Eniga"},
        status=200,
    ),
    Page("ranking", "challenges:ranking", [OPENED], "coordinator"),
    Page("ranking-not-yet", "challenges:ranking", [OPENED], "procurer"),
    Page("decisions", "challenges:decisions", [OPENED], "coordinator"),
    Page("decision", DECISION, judged_of(0), "coordinator"),
    Page("decision-wrong", DECISION, judged_of(1), "coordinator", send="main form"),
    Page("decision-preview", "challenges:decision_preview", judged_of(0), "coordinator"),
]
STAFF = [
    Page("article-preview", "knowledge:preview", ["utkast"], "editor"),
    Page("my-pages-editor", "my_pages", who="editor"),
    Page("admin", "admin:index", who="editor"),
    Page("admin-list", "admin:knowledge_article_changelist", who="editor"),
    Page("admin-checks", "admin:accounts_verification_changelist", who="editor"),
    Page("admin-check", "admin:accounts_verification_change", check_of, "editor"),
    Page("admin-check-wrong", "admin:accounts_verification_change", check_of, "editor", send=STEP),
    Page("admin-checked", "admin:accounts_verification_change", declined_of, "editor"),
    Page("admin-organisation", "admin:accounts_organisation_change", buyer_of, "editor"),
    Page("admin-merge", "admin:accounts_organisation_merge", buyer_of, "editor"),
    Page("admin-merge-into", "admin:accounts_organisation_merge_into", both_of, "editor"),
    Page("admin-close", "admin:accounts_organisation_close", buyer_of, "editor"),
    Page("admin-close-wrong", "admin:accounts_organisation_close", buyer_of, "editor", send=STEP),
    Page("admin-people", "admin:accounts_user_changelist", who="admin"),
    Page("admin-person", "admin:accounts_user_change", person_of, "admin"),
    Page("admin-person-new", "admin:accounts_user_add", who="admin"),
    Page("admin-person-closed", "admin:accounts_user_deactivate", person_of, "admin"),
    Page("admin-form", "admin:knowledge_article_add", who="editor"),
    Page(
        "admin-history",
        "admin:knowledge_article_history",
        lambda arena: [arena.draft_article.pk],
        "editor",
    ),
]
PUBLISHING = [
    Page("follow", "challenges:follow", [OPEN], "procurer"),
    Page("challenge-print", "challenges:print", [OPEN]),
    Page("changes", "challenges:amendments", [OPEN]),
    Page("review-queue", "challenges:review_list", who="editor"),
    Page("review", "challenges:review", waiting_of, "editor"),
    Page("review-taken", "challenges:review", lambda arena: [arena.approved.slug], "editor"),
    Page("publishing", "challenges:publishing", lambda arena: [arena.approved.slug], "coordinator"),
    Page("publishing-in-review", "challenges:publishing", waiting_of, "coordinator"),
    Page("amendment", "challenges:amendment", [OPEN], "coordinator"),
    Page("amendment-wrong", "challenges:amendment", [OPEN], "coordinator", send="main form"),
]
PAGES = [
    *(READING + ENTERING + ACCOUNT + NETWORKS + ANSWERING),
    *(WRITING + QUESTIONS + PUBLISHING + OUTCOMES + JUDGING + STAFF),
]

# Named addresses that are no pages: files, feeds, answers to machines, and what only takes POST.
NO_PAGES = {
    "healthz",
    "readyz",
    "robots",
    "sitemap",
    "security_txt",
    "mailbox_html",
    "notifications:open",
    "notifications:read",
    "accounts:act_for",
    "accounts:session_end",
    "accounts:my_data_download",
    "accounts:account_keep",
    "accounts:organisation_alike",
    "accounts:organisation_logo",
    "accounts:request_withdraw",
    "accounts:member_change",
    "accounts:invitation_take_back",
    "accounts:invitation_send_again",
    "networks:withdraw",
    "networks:uncommit",
    "networks:document",
    "networks:document_add",
    "challenges:calendar",
    "challenges:ask",
    "challenges:question_take_back",
    "challenges:work_question_decline",
    "challenges:work_question_correct",
    "challenges:work_question_drop",
    "challenges:answer_leave",
    "challenges:answer_take_over",
    "challenges:protocol_file",
    "challenges:panel_check",
    "challenges:opened_file",
    "challenges:autosave",
    "challenges:copy_file",
    "challenges:copy_text",
    "challenges:set_aside_discard",
    "challenges:author_remove",
    "challenges:person_name",
    "challenges:person_remove",
    "challenges:team_remove",
    "challenges:file",
    "challenges:file_remove",
    "challenges:unfollow",
    "challenges:publishing_cancel",
    "challenges:take_back",
    "events:calendar",
    "knowledge:theme_week_calendar",
    "organisations:logo",
    "knowledge:image",
    "knowledge:attachment",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "openid_connect_callback",
    "saml_acs",
    "saml_finish_acs",
    "saml_metadata",
    "saml_sls",
}
# Steps of a process, reached by the journeys or by tests of the second factor.
IN_JOURNEYS = {
    "account_email_verification_sent",
    "mailbox_mail",
    "challenges:decisions_send",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_signup_webauthn",
    "saml_login",
    "socialaccount_signup",
}
