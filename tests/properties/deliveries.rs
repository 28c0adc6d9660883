//! Deliveries as the providers send them, signed by these tests: header names, encodings and signed
//! contents stand here as the providers document them, not as `provider.toml` says.

use std::path::Path;
use std::sync::OnceLock;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use hookwarden::{Delivery, Options, Provider, Secret, Verdict, Verifier};
use sha2::Sha256;

use crate::json::{canonical, parse};

/// A time that deliveries are signed at.
pub(crate) const NOW: i64 = 1_700_000_000;

/// The schemes of the five providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Attendee,
    Audian,
    Efficlose,
    MeetingBaasApiKey,
    MeetingBaasCallback,
    MeetingBaasHmac,
    MeetingBaasSvix,
    MobileAssistant,
}

/// Headers that belong together; empty where the scheme has none of the kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family {
    pub(crate) signature: &'static str,
    pub(crate) id: &'static str,
    pub(crate) timestamp: &'static str,
}

const fn only(signature: &'static str) -> Family {
    Family { signature, id: "", timestamp: "" }
}

impl Scheme {
    pub(crate) const ALL: [Self; 8] = [
        Self::Attendee,
        Self::Audian,
        Self::Efficlose,
        Self::MeetingBaasApiKey,
        Self::MeetingBaasCallback,
        Self::MeetingBaasHmac,
        Self::MeetingBaasSvix,
        Self::MobileAssistant,
    ];

    pub(crate) fn provider(self) -> &'static str {
        match self {
            Self::Attendee => "attendee",
            Self::Audian => "audian",
            Self::Efficlose => "efficlose",
            Self::MobileAssistant => "mobile-assistant",
            _ => "meeting-baas",
        }
    }

    /// The name that a source gives, where the provider has several.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::MeetingBaasApiKey => Some("api-key"),
            Self::MeetingBaasCallback => Some("callback-secret"),
            Self::MeetingBaasHmac => Some("hmac"),
            Self::MeetingBaasSvix => Some("svix"),
            _ => None,
        }
    }

    pub(crate) fn families(self) -> &'static [Family] {
        match self {
            Self::Attendee | Self::Efficlose => const { &[only("x-webhook-signature")] },
            Self::Audian => {
                &[Family { signature: "x-audian-signature", id: "", timestamp: "x-audian-timestamp" }]
            }
            Self::MeetingBaasApiKey => const { &[only("x-meeting-baas-api-key")] },
            Self::MeetingBaasCallback => const { &[only("x-mb-secret")] },
            Self::MeetingBaasHmac => const { &[only("x-meetingbaas-signature")] },
            Self::MeetingBaasSvix => &[
                Family { signature: "svix-signature", id: "svix-id", timestamp: "svix-timestamp" },
                Family { signature: "webhook-signature", id: "webhook-id", timestamp: "webhook-timestamp" },
            ],
            Self::MobileAssistant => const { &[only("x-connect-it-token")] },
        }
    }

    /// Whether the secret itself is what arrives.
    pub(crate) fn is_token(self) -> bool {
        matches!(self, Self::MeetingBaasApiKey | Self::MeetingBaasCallback)
    }

    /// Whether the time of the attempt is signed.
    pub(crate) fn has_time(self) -> bool {
        matches!(self, Self::Audian | Self::MeetingBaasSvix)
    }

    pub(crate) fn methods(self) -> &'static [&'static str] {
        if self.provider() == "meeting-baas" { &["POST", "PUT"] } else { &["POST"] }
    }

    /// A secret in the form that the provider shows.
    pub(crate) fn secret(self) -> &'static str {
        match self {
            Self::Attendee => "uqrNNh0M5mBLVJnYoW1ZCXfZ7jjBsFVm9hyF0aMYlWw=",
            Self::MeetingBaasSvix => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            _ => "whsec_It's a secret to everybody",
        }
    }

    /// What the signature header says. `None` where the body has no canonical form to sign.
    pub(crate) fn sign(self, secret: &str, id: &str, time: &str, body: &[u8]) -> Option<String> {
        match self {
            Self::Attendee => Some(self.sign_form(secret, id, time, canonical(body)?.as_bytes())),
            _ => Some(self.sign_form(secret, id, time, body)),
        }
    }

    fn sign_form(self, secret: &str, id: &str, time: &str, form: &[u8]) -> String {
        let base64 = |text: &str| Base64::decode_vec(text).expect("a secret of the tests");
        let utf8 = secret.as_bytes();
        match self {
            Self::Attendee => Base64::encode_string(&mac(&base64(secret), &[form])),
            Self::Audian => hex(&mac(utf8, &[time.as_bytes(), b".", form])),
            Self::Efficlose => format!("sha256={}", hex(&mac(utf8, &[form]))),
            Self::MeetingBaasApiKey | Self::MeetingBaasCallback => secret.to_owned(),
            Self::MeetingBaasHmac | Self::MobileAssistant => hex(&mac(utf8, &[form])),
            Self::MeetingBaasSvix => {
                let key = base64(secret.strip_prefix("whsec_").unwrap_or(secret));
                let content = [id.as_bytes(), b".", time.as_bytes(), b".", form];
                format!("v1,{}", Base64::encode_string(&mac(&key, &content)))
            }
        }
    }

    /// A genuine delivery of [`NOW`].
    pub(crate) fn deliver(self, body: &[u8]) -> Sent {
        self.deliver_at(NOW, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", body)
    }

    /// A genuine delivery of a time, with an id where the scheme has a header for it.
    pub(crate) fn deliver_at(self, now: i64, id: &str, body: &[u8]) -> Sent {
        Sent { now, ..self.deliver_as(id, &now.to_string(), body) }
    }

    /// A delivery of [`NOW`] by somebody who knows the secret and signs anything: ids and times that are
    /// none, and, where the body has no canonical form, what comes closest to one.
    pub(crate) fn deliver_as(self, id: &str, time: &str, body: &[u8]) -> Sent {
        let closest = || parse(body).and_then(|parsed| parsed.value.canonical()).map(String::into_bytes);
        let form = if self == Self::Attendee { closest() } else { None };
        let signature = self.sign_form(self.secret(), id, time, form.as_deref().unwrap_or(body));
        let family = self.families()[0];
        let headers = [(family.signature, signature.as_str()), (family.id, id), (family.timestamp, time)];
        let headers = headers.into_iter().filter(|(name, _)| !name.is_empty());
        Sent {
            method: "POST".to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: body.to_vec(),
            now: NOW,
        }
    }

    pub(crate) fn verifier(self, options: Options) -> Verifier {
        let secrets = vec![Secret::new(self.secret())];
        let options = Options { scheme: self.name().map(str::to_owned), secrets, ..options };
        Verifier::new(Provider::builtin(self.provider()).unwrap(), options).unwrap()
    }
}

fn mac(key: &[u8], content: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for part in content {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A delivery that a test may alter.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) now: i64,
}

impl Sent {
    pub(crate) fn judge(&self, verifier: &Verifier) -> Verdict {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let delivery =
            Delivery { method: Some(&self.method), url: None, headers: &headers, body: &self.body };
        verifier.verify(&delivery, self.now)
    }

    /// The values of a header, without the spaces that do not belong to them.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.trim_matches([' ', '\t'])).collect()
    }
}

/// A vector of `tests/vectors`.
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) scheme: Scheme,
    pub(crate) secrets: Vec<String>,
    pub(crate) accepted: bool,
    pub(crate) sent: Sent,
    pub(crate) verifier: Verifier,
}

#[derive(serde::Deserialize)]
struct File {
    id: String,
    provider: String,
    scheme: Option<String>,
    secrets: Vec<String>,
    now: i64,
    method: Option<String>,
    headers: Vec<(String, String)>,
    body_base64: String,
    expect: Expect,
}

#[derive(serde::Deserialize)]
struct Expect {
    verdict: String,
}

pub(crate) fn vectors() -> &'static [Vector] {
    static VECTORS: OnceLock<Vec<Vector>> = OnceLock::new();
    VECTORS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
        let read = |provider| {
            let path = folder.join(provider).with_extension("json");
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let vectors: Vec<File> = serde_json::from_str(&text).unwrap();
            vectors.into_iter().map(Vector::from)
        };
        Provider::builtin_names().flat_map(read).collect()
    })
}

impl From<File> for Vector {
    fn from(file: File) -> Self {
        let name = file.scheme.as_deref();
        let is_it = |scheme: &Scheme| scheme.provider() == file.provider && scheme.name() == name;
        let options = Options {
            scheme: file.scheme.clone(),
            secrets: file.secrets.iter().map(Secret::new).collect(),
            ..Options::default()
        };
        Self {
            scheme: Scheme::ALL.into_iter().find(is_it).unwrap_or_else(|| panic!("{}: scheme", file.id)),
            verifier: Verifier::new(Provider::builtin(&file.provider).unwrap(), options).unwrap(),
            id: file.id,
            secrets: file.secrets,
            accepted: file.expect.verdict == "accepted",
            sent: Sent {
                method: file.method.unwrap_or_else(|| "POST".to_owned()),
                headers: file.headers,
                body: Base64::decode_vec(&file.body_base64).unwrap(),
                now: file.now,
            },
        }
    }
}
