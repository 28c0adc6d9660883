"""The rows of documented.py: what each provider's documents say of its deliveries. Addresses are in its provider.toml."""

from .documented import MALFORMED, MISMATCH, MISSING, Recipe, cases, compact, hexadecimal, in_base64, standard_webhooks, timed_list
from .vector import NOW, accepted, vector

TYPEFORM = Recipe(
    provider="typeform",
    header="typeform-signature",
    event_type="form_response",
    event_id="LtWXD3crgy",
    body=compact(
        {
            "event_id": "LtWXD3crgy",
            "event_type": "form_response",
            "form_response": {"form_id": "lT4Z3j", "token": "a3a12ec67a1365927098a606107fac15", "submitted_at": "2018-01-18T18:17:02Z"},
        }
    ),
    **in_base64("sha256="),
)

CALENDLY = Recipe(
    provider="calendly",
    header="calendly-webhook-signature",
    event_type="invitee.created",
    body=compact(
        {
            "event": "invitee.created",
            "created_at": "2020-11-23T17:51:19.000000Z",
            "payload": {"email": "test@example.com", "name": "José Test", "status": "active"},
        }
    ),
    unit=1,
    tolerance=180,
    **timed_list(","),
)

PAGERDUTY = Recipe(
    provider="pagerduty",
    header="x-pagerduty-signature",
    event_type="incident.priority_updated",
    event_id="01BWDWL3NYY7LUFPZCC28QUCMK",
    body=compact({"event": {"id": "01BWDWL3NYY7LUFPZCC28QUCMK", "event_type": "incident.priority_updated", "data": {"title": "Störung"}}}),
    write=lambda raw, _: f"v1={raw.hex()}",
    malformed=(
        ("no-version", "digits without a version", lambda good: good.removeprefix("v1=")),
        ("upper-case", "upper-case hex digits", lambda good: "v1=" + good[3:].upper()),
        ("cut", "the last digit is absent", lambda good: good[:-1]),
        ("joined", "two genuine values joined the way Fetch joins repeated headers", lambda good: f"{good}, {good}"),
    ),
    foreign=(("other-version", "only a signature of another version", lambda good: good.replace("v1", "v2")),),
    fitting=(("second-of-two", "while a secret is rotated: the second signature is the genuine one", lambda good: f"v1={'0' * 64},{good}"),),
)

SENTRY = Recipe(
    provider="sentry",
    header="sentry-hook-signature",
    event_type="issue",
    # As Sentry writes it: text beyond ASCII is escaped, and what is signed are these bytes.
    body=b'{"action":"created","data":{"issue":{"id":"1170820242","title":"R\\u00e9f\\u00e9renceError"}}}',
    more=(("sentry-hook-resource", "issue"), ("sentry-hook-timestamp", str(NOW))),
    **hexadecimal(),
)

VERCEL = Recipe(
    provider="vercel",
    header="x-vercel-signature",
    event_type="deployment.created",
    event_id="uev_1",
    body=compact({"id": "uev_1", "type": "deployment.created", "createdAt": 1700000000123, "payload": {"deployment": {"id": "dpl_1"}}}),
    hash_name="sha1",
    **hexadecimal(),
)

CLERK = Recipe(
    provider="clerk",
    event_type="user.created",
    body=compact({"data": {"id": "user_1", "first_name": "Zoë"}, "object": "event", "timestamp": 1700000000123, "type": "user.created"}),
    **standard_webhooks("svix"),
)

RESEND = Recipe(
    provider="resend",
    event_type="email.delivered",
    body=compact({"type": "email.delivered", "created_at": "2023-11-14T22:13:20.126Z", "data": {"email_id": "1", "subject": "Grüße"}}),
    **standard_webhooks("svix"),
)

GITLAB = Recipe(
    provider="gitlab",
    scheme="signing-token",
    event_type="push",
    body=compact({"object_kind": "push", "event_name": "push", "ref": "refs/heads/main", "user_name": "Jörg Smith"}),
    more=(("x-gitlab-event", "Push Hook"),),
    **standard_webhooks("webhook"),
)

WORKOS = Recipe(
    provider="workos",
    header="workos-signature",
    event_type="dsync.user.created",
    event_id="event_1",
    body=compact({"id": "event_1", "event": "dsync.user.created", "created_at": "2023-11-14T22:13:20.126Z", "data": {"first_name": "Zoë"}}),
    unit=1000,
    tolerance=180,
    joined_by_comma=True,
    **timed_list(", "),
)

DOCUSIGN = Recipe(
    provider="docusign",
    header="x-docusign-signature-1",
    event_type="envelope-completed",
    body=compact(
        {"event": "envelope-completed", "apiVersion": "v2.1", "retryCount": 0, "data": {"envelopeId": "1", "accountId": "2", "note": "naïve"}}
    ),
    **in_base64(),
)

NOTION = Recipe(
    provider="notion",
    header="x-notion-signature",
    event_type="page.content_updated",
    event_id="e1",
    body=compact({"id": "e1", "timestamp": "2024-12-05T23:55:34.285Z", "type": "page.content_updated", "workspace_name": "Quisqués"}),
    **hexadecimal("sha256="),
)

ASANA = Recipe(
    provider="asana",
    header="x-hook-signature",
    event_type="changed",
    body=compact({"events": [{"action": "changed", "created_at": "2013-08-21T18:20:37.972Z", "resource": {"gid": "1", "name": "Bug Tâsk"}}]}),
    **hexadecimal(),
)

BITBUCKET = Recipe(
    provider="bitbucket",
    header="x-hub-signature",
    event_type="repo:push",
    body=compact({"push": {"changes": []}, "repository": {"full_name": "team/répo"}}),
    more=(("x-event-key", "repo:push"),),
    **hexadecimal("sha256="),
)

META = Recipe(
    provider="meta",
    header="x-hub-signature-256",
    event_type="page",
    # As Meta writes it: text beyond ASCII is escaped.
    body=b'{"object":"page","entry":[{"id":"0","time":1700000000,"changes":[{"field":"feed","value":{"message":"\\u00e4\\/\\u0040"}}]}]}',
    **hexadecimal("sha256="),
)


def asana() -> list:
    heartbeat = compact({"events": []})
    headers = ASANA.headers(ASANA.signature(body=heartbeat))
    return cases(ASANA) + [ASANA.case("heartbeat", "a heartbeat names no event", accepted(), headers, body=heartbeat)]


def sentry() -> list:
    value = SENTRY.signature()
    headers = [["sentry-app-signature", value]]
    return cases(SENTRY) + [SENTRY.case("app-signature", "a request of a UI component: the other header", accepted(), headers)]


def docusign() -> list:
    forged, good = DOCUSIGN.signature(secret="a key that is not ours"), DOCUSIGN.signature()
    fine = accepted(DOCUSIGN.event_type)
    xml = b'<?xml version="1.0" encoding="utf-8"?><DocuSignEnvelopeInformation/>'
    return cases(DOCUSIGN) + [
        DOCUSIGN.case("second-key", "the header of a second key is passed over", fine, [*DOCUSIGN.headers(good), ["x-docusign-signature-2", forged]]),
        DOCUSIGN.case("xml", "the older form: authentic, without a type", accepted(), DOCUSIGN.headers(DOCUSIGN.signature(body=xml)), body=xml),
    ]


def gitlab() -> list:
    token, other = "a secret token of GitLab", "another token"

    def case(name, comment, expect, *values, secrets=(token,), body=GITLAB.body):
        headers = [["x-gitlab-token", value] for value in values] + [["x-gitlab-event", "Push Hook"]]
        name = f"gitlab-secret-token-{name}"
        return vector(name, comment, "gitlab", "secret-token", list(secrets), NOW, None, headers, body, expect, ())

    return cases(GITLAB) + [
        case("genuine", "the token itself", accepted("push"), token),
        case("wrong", "another token", MISMATCH, other),
        case("missing", "the header is absent", MISSING),
        case("empty", "the header is there and empty", MALFORMED, ""),
        case("prefix", "all but the token's last character", MISMATCH, token[:-1]),
        case("longer", "the token and one character more", MISMATCH, token + "x"),
        case("upper-case", "the token in upper case", MISMATCH, token.upper()),
        case("twice", "the header twice with the genuine token", MALFORMED, token, token),
        case("rotation", "the genuine token is the second of two", accepted("push"), token, secrets=(other, token)),
        case("system-hook", "a system hook has an event_name", accepted("project_create"), token, body=b'{"event_name":"project_create"}'),
        case("any-body", "the token says nothing about the body", accepted(), token, body=b"no JSON"),
    ]


PROVIDERS = {
    "asana": asana,
    "bitbucket": lambda: cases(BITBUCKET),
    "calendly": lambda: cases(CALENDLY),
    "clerk": lambda: cases(CLERK),
    "docusign": docusign,
    "gitlab": gitlab,
    "meta": lambda: cases(META),
    "notion": lambda: cases(NOTION),
    "pagerduty": lambda: cases(PAGERDUTY),
    "resend": lambda: cases(RESEND),
    "sentry": sentry,
    "typeform": lambda: cases(TYPEFORM),
    "vercel": lambda: cases(VERCEL),
    "workos": lambda: cases(WORKOS),
}
