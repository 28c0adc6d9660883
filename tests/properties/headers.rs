//! What must not matter about headers: their order, the case of their names, others beside them.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::cases;
use crate::deliveries::{Scheme, Vector, vectors};

#[derive(Debug, Clone)]
struct Rearranged {
    /// For every header in turn, where it goes.
    order: Vec<Index>,
    /// For every letter of a name in turn, whether it is in capitals.
    capitals: Vec<bool>,
    others: Vec<(Index, String, String)>,
}

/// A name that this provider's schemes do not know; the others' are among them.
fn other_name() -> impl Strategy<Value = String> {
    let known = || Scheme::ALL.into_iter().flat_map(Scheme::families);
    let known: Vec<_> = known()
        .flat_map(|family| [family.signature, family.id, family.timestamp])
        .map(str::to_owned)
        .collect();
    prop_oneof![
        2 => "[a-zA-Z][a-zA-Z0-9_-]{0,12}",
        1 => prop::sample::select(known.clone()),
        1 => (prop::sample::select(known), "[a-z_ -]").prop_map(|(name, more)| name + &more),
        1 => Just("x_webhook_signature".to_owned()),
    ]
}

fn rearranged() -> impl Strategy<Value = Rearranged> {
    let others = prop::collection::vec((any::<Index>(), other_name(), ".{0,20}"), 0..4);
    (prop::collection::vec(any::<Index>(), 8), prop::collection::vec(any::<bool>(), 64), others)
        .prop_map(|(order, capitals, others)| Rearranged { order, capitals, others })
}

impl Rearranged {
    fn apply(&self, vector: &Vector) -> Vec<(String, String)> {
        let own = Scheme::ALL.into_iter().filter(|scheme| scheme.provider() == vector.scheme.provider());
        let own: Vec<_> = own.flat_map(Scheme::families).collect();
        let is_own = |name: &str| {
            let is = |other: &str| other.eq_ignore_ascii_case(name);
            own.iter().any(|family| is(family.signature) || is(family.id) || is(family.timestamp))
        };
        let mut capitals = self.capitals.iter().cycle();
        let mut headers: Vec<(String, String)> = Vec::new();
        for ((name, value), to) in vector.sent.headers.iter().zip(self.order.iter().cycle()) {
            let mut spell = |letter: char| {
                if *capitals.next().unwrap() {
                    letter.to_ascii_uppercase()
                } else {
                    letter.to_ascii_lowercase()
                }
            };
            let name = name.chars().map(&mut spell).collect();
            headers.insert(to.index(headers.len() + 1), (name, value.clone()));
        }
        for (to, name, value) in self.others.iter().filter(|(_, name, _)| !is_own(name)) {
            headers.insert(to.index(headers.len() + 1), (name.clone(), value.clone()));
        }
        headers
    }
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn order_case_and_company_never_change_the_verdict(rearranged in rearranged()) {
        for vector in vectors() {
            let mut sent = vector.sent.clone();
            sent.headers = rearranged.apply(vector);
            let before = format!("{:?}", vector.sent.judge(&vector.verifier));
            let after = format!("{:?}", sent.judge(&vector.verifier));
            prop_assert_eq!(before, after, "{}: {:?}", vector.id, sent.headers);
        }
    }
}
