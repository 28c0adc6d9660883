//! Every vector gets the verdict it names.

use std::path::Path;
use std::sync::OnceLock;

use base64ct::{Base64, Encoding};
use hookwarden::{
    BuiltInPublicKeys, Delivery, Hash, Host, Options, Provider, PublicKeyCheck, Secret, Verdict, Verifier,
};
use serde::Deserialize;
use sha2::Digest as _;

#[derive(Deserialize)]
struct Vector {
    id: String,
    provider: String,
    scheme: Option<String>,
    secrets: Vec<String>,
    now: i64,
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(String, String)>,
    body_base64: String,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    verdict: String,
    code: Option<String>,
    event_type: Option<String>,
    event_id: Option<String>,
    handshake: Option<Handshake>,
}

#[derive(Deserialize)]
struct Handshake {
    status: u32,
    body: String,
}

impl Vector {
    fn body(&self) -> Vec<u8> {
        Base64::decode_vec(&self.body_base64).unwrap()
    }

    fn verifier(&self) -> Verifier {
        let options = Options {
            scheme: self.scheme.clone(),
            secrets: self.secrets.iter().map(Secret::new).collect(),
            ..Options::default()
        };
        Verifier::new(Provider::builtin(&self.provider).unwrap(), options)
            .unwrap_or_else(|error| panic!("{}: {error}", self.id))
    }

    fn verify(&self, headers: &[(&str, &str)], body: &[u8]) -> Verdict {
        let method = self.method.as_deref();
        self.verifier().verify(&Delivery { method, url: self.url.as_deref(), headers, body }, self.now)
    }

    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

fn vectors() -> &'static [Vector] {
    static VECTORS: OnceLock<Vec<Vector>> = OnceLock::new();
    VECTORS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
        Provider::builtin_names()
            .flat_map(|provider| {
                let path = folder.join(provider).with_extension("json");
                let text = std::fs::read_to_string(&path)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                serde_json::from_str::<Vec<Vector>>(&text)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            })
            .collect()
    })
}

/// What differs from what the vector expects.
fn difference(vector: &Vector, verdict: &Verdict) -> Option<String> {
    let expect = &vector.expect;
    let code = verdict.code().map(hookwarden::Code::as_str);
    let word = if verdict.is_accepted() { "accepted" } else { "rejected" };
    if (word, code) != (expect.verdict.as_str(), expect.code.as_deref()) {
        return Some(format!(
            "{}: expected {} {:?}, got {word} {code:?}",
            vector.id, expect.verdict, expect.code
        ));
    }
    let handshake = verdict.handshake.as_ref().map(|reply| (reply.status, reply.body.as_str()));
    if handshake != expect.handshake.as_ref().map(|reply| (reply.status, reply.body.as_str())) {
        return Some(format!("{}: got the handshake {handshake:?}", vector.id));
    }
    let event = verdict.authentic.as_ref().map(|authentic| authentic.event.clone()).unwrap_or_default();
    if verdict.is_accepted() && (&event.event_type, &event.id) != (&expect.event_type, &expect.event_id) {
        return Some(format!(
            "{}: expected {:?} {:?}, got {:?} {:?}",
            vector.id, expect.event_type, expect.event_id, event.event_type, event.id
        ));
    }
    None
}

#[test]
fn every_vector_gets_its_verdict() {
    let differences: Vec<_> = vectors()
        .iter()
        .filter_map(|vector| difference(vector, &vector.verify(&vector.headers(), &vector.body())))
        .collect();
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

/// Hashes whatever it is asked, by a function of the test, and checks no public keys.
struct HashingHost(Digest);

type Digest = fn(Hash, &[u8]) -> Option<Vec<u8>>;

impl Host for HashingHost {
    fn verify(&mut self, check: &PublicKeyCheck<'_>) -> Option<bool> {
        BuiltInPublicKeys.verify(check)
    }

    fn digests_from(&self) -> usize {
        0
    }

    fn digest(&mut self, hash: Hash, message: &[&[u8]]) -> Option<Vec<u8>> {
        (self.0)(hash, &message.concat())
    }
}

fn digest(hash: Hash, message: &[u8]) -> Option<Vec<u8>> {
    match hash {
        Hash::Sha1 => Some(sha1::Sha1::digest(message).to_vec()),
        Hash::Sha256 => Some(sha2::Sha256::digest(message).to_vec()),
        Hash::Sha512 => Some(sha2::Sha512::digest(message).to_vec()),
        _ => None,
    }
}

#[test]
fn it_is_the_same_whoever_hashes() {
    for vector in vectors() {
        let (headers, body) = (vector.headers(), vector.body());
        let verifier = vector.verifier();
        let own = format!("{:?}", vector.verify(&headers, &body));
        // Who hashes, who cannot, and who gives something that is no digest.
        let hosts: [Digest; 3] = [digest, |_, _| None, |_, _| Some(vec![0; 7])];
        for host in hosts {
            let delivery = Delivery {
                method: vector.method.as_deref(),
                url: vector.url.as_deref(),
                headers: &headers,
                body: &body,
            };
            let verdict = verifier.verify_with(&delivery, vector.now, &mut HashingHost(host));
            assert_eq!(format!("{verdict:?}"), own, "{}", vector.id);
        }
    }
}

#[test]
fn who_hashes_is_believed() {
    let mut changed = 0;
    for vector in vectors().iter().filter(|vector| vector.expect.verdict == "accepted") {
        let (headers, body) = (vector.headers(), vector.body());
        let delivery = Delivery {
            method: vector.method.as_deref(),
            url: vector.url.as_deref(),
            headers: &headers,
            body: &body,
        };
        let mut wrong = HashingHost(|hash, _| Some(vec![0; hash.length()]));
        let verdict = vector.verifier().verify_with(&delivery, vector.now, &mut wrong);
        changed += usize::from(verdict.code().is_some_and(|code| code.as_str() == "signature_mismatch"));
    }
    assert!(changed > 100, "only {changed} vectors were hashed by the host");
}

#[test]
fn the_files_have_the_form_that_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let schema = std::fs::read(folder.join("vector.schema.json")).unwrap();
    let schema = hookwarden::Schema::compile(&schema).unwrap();
    for name in Provider::builtin_names() {
        let text = std::fs::read(folder.join(name).with_extension("json")).unwrap();
        assert_eq!(schema.validate(&text).unwrap(), [], "{name}");
        for vector in serde_json::from_slice::<Vec<Vector>>(&text).unwrap() {
            assert_eq!(vector.provider, name, "{}", vector.id);
            let several = Provider::builtin(name).unwrap().schemes().count() > 1;
            assert_eq!(vector.scheme.is_some(), several, "{}: a scheme where there are several", vector.id);
        }
    }
    let mut ids: Vec<_> = vectors().iter().map(|vector| vector.id.as_str()).collect();
    ids.sort_unstable();
    let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn every_scheme_accepts_something() {
    for name in Provider::builtin_names() {
        for scheme in Provider::builtin(name).unwrap().schemes() {
            let accepted = |vector: &&Vector| {
                vector.provider == name
                    && vector.scheme.as_deref().is_none_or(|named| named == scheme)
                    && vector.expect.verdict == "accepted"
            };
            assert!(
                vectors().iter().any(|vector| accepted(&vector)),
                "{name} {scheme} has no accepted vector"
            );
        }
    }
}
