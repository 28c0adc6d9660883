use std::borrow::Cow;
use std::fmt;

use subtle::{Choice, ConstantTimeEq};

use super::canonical::canonicalize;
use super::content::{Field, Values};
use super::encoding::MAC_BYTES;
use super::key::Key;
use super::scheme::{HmacProof, Proof, Scheme};
use super::timestamp::{check_tolerance, parse_timestamp};
use crate::code::{Code, Rejection};
use crate::delivery::{Delivery, Found};

/// Proof that a delivery was signed with one of the secrets. Only the signature stage makes it, and
/// every stage that reads the payload asks for it, so none can come first by mistake.
pub(crate) struct Verified<'d> {
    body: &'d [u8],
    signed_body: Option<Cow<'d, [u8]>>,
    id: Option<&'d str>,
    timestamp: Option<i64>,
    secret: usize,
}

impl<'d> Verified<'d> {
    /// The raw body.
    pub(crate) fn body(&self) -> &'d [u8] {
        self.body
    }

    /// The bytes of the body that the signature covers: canonical where the scheme signs the canonical
    /// form, the raw body otherwise. A static token covers nothing, and vouches for the raw body.
    pub(crate) fn signed_body(&self) -> &[u8] {
        self.signed_body.as_deref().unwrap_or(self.body)
    }

    /// The signed event id, where it is in a header.
    pub(crate) fn id(&self) -> Option<&'d str> {
        self.id
    }

    /// The signed time of the attempt, in Unix seconds.
    pub(crate) fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    /// Which of the secrets it was, counted from 0.
    pub(crate) fn secret(&self) -> usize {
        self.secret
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("secret", &self.secret).finish_non_exhaustive()
    }
}

/// Judges signature and time, in this order: the signature header, the id header, the timestamp, the
/// canonical form where there is one, the MAC, the tolerance.
pub(crate) fn authenticate<'d>(
    scheme: &Scheme,
    keys: &[Key],
    tolerance_seconds: Option<u32>,
    delivery: &Delivery<'d>,
    now: i64,
) -> Result<Verified<'d>, Rejection> {
    let present = |name: &str| delivery.header(name) != Found::Absent;
    let family =
        scheme.families.iter().find(|family| present(&family.signature)).ok_or(Code::SignatureMissing)?;
    let header = match delivery.header(&family.signature) {
        Found::Once("") | Found::Repeated => return Err(Code::SignatureMalformed.into()),
        Found::Once(value) => value,
        Found::Absent => return Err(Code::SignatureMissing.into()),
    };
    let hmac = match &scheme.proof {
        Proof::Token => return judge_token(keys, delivery, header),
        Proof::Hmac(hmac) => hmac,
    };
    let claimed = hmac.grammar.parse(header, hmac.encoding)?;
    let id = family.id.as_deref().map(|name| read_id(delivery, name)).transpose()?;
    if id.is_some_and(|id| !hmac.content.delimits(id)) {
        return Err(Code::SignatureMalformed.into());
    }
    let timestamp_text = match &family.timestamp {
        Some(name) => Some(read_timestamp(delivery, name)?),
        None => claimed.timestamp,
    };
    let timestamp = match timestamp_text {
        Some(text) => Some(parse_timestamp(text)?),
        None if hmac.content.has(Field::Timestamp) => return Err(Code::TimestampMissing.into()),
        None => None,
    };
    let signed_body = if hmac.content.has(Field::CanonicalBody) {
        Cow::Owned(canonicalize(delivery.body)?)
    } else {
        Cow::Borrowed(delivery.body)
    };
    let values = Values {
        id: id.unwrap_or_default(),
        timestamp: timestamp_text.unwrap_or_default(),
        body: &signed_body,
    };
    let secret = matching_key(hmac, keys, &values, &claimed.macs).ok_or(Code::SignatureMismatch)?;
    if let (Some(timestamp), Some(tolerance)) = (timestamp, tolerance_seconds) {
        check_tolerance(timestamp, now, tolerance)?;
    }
    Ok(Verified { body: delivery.body, signed_body: Some(signed_body), id, timestamp, secret })
}

fn judge_token<'d>(keys: &[Key], delivery: &Delivery<'d>, received: &str) -> Result<Verified<'d>, Rejection> {
    if received.contains(',') {
        return Err(Code::SignatureMalformed.into());
    }
    let secret = keys.iter().position(|key| key.is_token(received).into()).ok_or(Code::SignatureMismatch)?;
    Ok(Verified { body: delivery.body, signed_body: None, id: None, timestamp: None, secret })
}

/// An id that is signed as text must have one meaning: visible ASCII, no comma (a header that came
/// twice has one).
fn read_id<'d>(delivery: &Delivery<'d>, name: &str) -> Result<&'d str, Code> {
    match delivery.header(name) {
        Found::Absent => Err(Code::IdMissing),
        Found::Once(id)
            if !id.is_empty() && id.bytes().all(|byte| matches!(byte, b'!'..=b'~' if byte != b',')) =>
        {
            Ok(id)
        }
        Found::Once(_) | Found::Repeated => Err(Code::SignatureMalformed),
    }
}

fn read_timestamp<'d>(delivery: &Delivery<'d>, name: &str) -> Result<&'d str, Code> {
    match delivery.header(name) {
        Found::Absent => Err(Code::TimestampMissing),
        Found::Once(text) => Ok(text),
        Found::Repeated => Err(Code::TimestampMalformed),
    }
}

/// The first key whose MAC is among those claimed. Each comparison takes constant time, and all of a
/// key's are made.
fn matching_key(
    hmac: &HmacProof,
    keys: &[Key],
    values: &Values<'_>,
    claimed: &[[u8; MAC_BYTES]],
) -> Option<usize> {
    if claimed.is_empty() {
        return None;
    }
    let parts = hmac.content.fill(values);
    keys.iter().position(|key| {
        let Some(mac) = key.mac(&parts) else { return false };
        claimed.iter().fold(Choice::from(0), |found, other| found | mac.ct_eq(other)).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::SchemeDefinition;
    use crate::signature::Secret;
    use crate::table::Table;

    /// Published: stripe-dotnet, `EventUtilityTest.cs` and `event_test_signature.json`.
    const STRIPE_BODY: &str = "{\n  \"id\": \"evt_123\",\n  \"object\": \"event\",\n  \"account\": \"acct_123\",\n  \"api_version\": \"2017-05-25\",\n  \"created\": 1533204620,\n  \"data\": {\n    \"object\": {\n      \"id\": \"cus_123\",\n      \"object\": \"customer\",\n      \"created\": 123456789,\n      \"email\": \"test@stripe.com\",\n      \"livemode\": false,\n      \"metadata\": {}\n    }\n  },\n  \"livemode\": false,\n  \"pending_webhooks\": 1,\n  \"request\": {\n    \"id\": \"req_123\",\n    \"idempotency_key\": \"idempotency-key-123\"\n  },\n  \"type\": \"customer.created\"\n}\n";
    const STRIPE_V1: &str = "2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7";

    /// No provider here signs in this way yet: the grammar is proved with Stripe's scheme.
    fn judge_stripe(header: &str, now: i64) -> Result<Option<i64>, Code> {
        let definition = r#"{
            "name": "signature-list", "algorithm": "hmac-sha256", "grammar": "pairs", "label": "v1",
            "timestamp_label": "t", "encoding": "hex", "signed_content": "{timestamp}.{body}",
            "secret": "utf8", "tolerance_seconds": 300, "headers": [{ "signature": "stripe-signature" }]
        }"#;
        let scheme =
            Scheme::compile(SchemeDefinition::read(Table::parse(definition.as_bytes()).unwrap()).unwrap())
                .unwrap();
        let keys = [scheme.key(&Secret::new("webhook_secret")).unwrap()];
        let headers = [("Stripe-Signature", header)];
        let delivery = Delivery { method: None, headers: &headers, body: STRIPE_BODY.as_bytes() };
        let verified = authenticate(&scheme, &keys, scheme.tolerance_seconds, &delivery, now);
        verified.map(|verified| verified.timestamp()).map_err(|rejection| rejection.code)
    }

    #[test]
    fn a_time_in_the_signature_list_is_signed_with_the_rest() {
        let published = format!("t=1533204620,v1={STRIPE_V1},v0=63f3a72374a733066c4be69ed7f8e5ac");
        assert_eq!(judge_stripe(&published, 1_533_204_720), Ok(Some(1_533_204_620)));
        assert_eq!(judge_stripe(&published, 1_533_204_921), Err(Code::TimestampTooOld));
        let moved = format!("t=1533204621,v1={STRIPE_V1}");
        assert_eq!(judge_stripe(&moved, 1_533_204_720), Err(Code::SignatureMismatch));
        let timeless = format!("v1={STRIPE_V1}");
        assert_eq!(judge_stripe(&timeless, 1_533_204_720), Err(Code::TimestampMissing));
    }
}
