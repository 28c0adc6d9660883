"""Meeting BaaS: four schemes, of which the source names one (the svix scheme is in svix.py)."""

from . import svix
from .event_cases import event_cases
from .header_cases import MISSING, common_cases, hex_cases, sample_accepted, sample_body
from .raw_body_cases import raw_body_cases
from .static_token_cases import static_token_cases
from .target import Target

HMAC = Target(
    provider="meeting-baas",
    scheme="hmac",
    prefix="meeting-baas-hmac",
    header="x-meetingbaas-signature",
    secrets=("mb-webhook-secret", "mb-other-secret", "mb-third-secret", "mb-fourth-secret"),
    key=str.encode,
    encode=bytes.hex,
    content=lambda body: body,
    sample={
        "event": "bot.status_change",
        "data": {"bot_id": "123e4567-e89b-12d3-a456-426614174000", "status": {"code": "joining_call"}, "extra": {"team": "Team A"}},
    },
)


def static(scheme: str, header: str, secrets: tuple) -> Target:
    return Target(
        provider="meeting-baas",
        scheme=scheme,
        prefix=f"meeting-baas-{scheme}",
        header=header,
        secrets=secrets,
        key=str.encode,
        encode=bytes.hex,
        content=lambda body: body,
        sample=HMAC.sample,
    )


CALLBACK = static("callback-secret", "x-mb-secret", ("your-secret-key", "another-secret-key", "third-secret-key", "fourth-secret-key"))
API_KEY = static("api-key", "x-meeting-baas-api-key", ("mb_api_key_123", "mb_api_key_456", "mb_api_key_789", "mb_api_key_000"))

WRONG_PREFIXES = {"prefix-sha256": "sha256=", "prefix-v1": "v1,"}


def vectors() -> list:
    return (
        common_cases(HMAC)
        + hex_cases(HMAC, "", WRONG_PREFIXES)
        + wrong_scheme_cases()
        + raw_body_cases(HMAC)
        + event_cases(HMAC)
        + static_token_cases(CALLBACK, {"svix": svix_headers(), "api-key": API_KEY.headers(API_KEY.secret)})
        + static_token_cases(API_KEY, {"hmac": HMAC.headers(HMAC.sign(BODY)), "callback-secret": CALLBACK.headers(API_KEY.secret)})
        + svix.vectors()
    )


BODY = sample_body(HMAC)


def svix_headers() -> list:
    return svix.TARGET.headers(svix.TARGET.sign(BODY))


def wrong_scheme_cases() -> list:
    """The source names one scheme; the headers of another, however genuine, count for nothing."""
    hmac = HMAC.headers(HMAC.sign(BODY))
    return [
        HMAC.case("only-svix", "only the headers of the scheme svix", BODY, MISSING, svix_headers()),
        HMAC.case(
            "only-callback-secret", "only the header of the scheme callback-secret", BODY, MISSING, CALLBACK.headers(CALLBACK.secret)
        ),
        HMAC.case("and-svix", "genuine, and headers of the scheme svix beside it", BODY, sample_accepted(HMAC), hmac + svix_headers()),
        HMAC.case("put", "callbacks may come as PUT", BODY, sample_accepted(HMAC), method="PUT"),
        svix.TARGET.case("only-hmac", "only the header of the scheme hmac", BODY, MISSING, hmac),
    ]
