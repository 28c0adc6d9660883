//! Properties of the core: what must hold for every delivery, not only for those in the vectors.
//!
//! Expectations come from code of these tests alone: signatures from `hmac` over content that is put
//! together here, canonical forms and positions from a small JSON reader of their own, the grammar of
//! JSON from `serde_json`.
//!
//! Every run tries the same cases. To look further:
//! `PROPTEST_RNG_SEED=7 PROPTEST_CASES=10000 cargo test --test properties`.

mod canonical_form;
mod deliveries;
mod flipped_bits;
mod genuine;
mod headers;
mod hostile_input;
mod idempotency;
mod json;
mod json_grammar;
mod schemas;
mod secrets;
mod signed_headers;
mod spelling;

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// The same cases in every run, so that a change is judged by what it changed. The variables that
/// proptest reads come first.
fn cases(count: u32) -> ProptestConfig {
    let given = |name: &str| std::env::var_os(name).is_some();
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if !given("PROPTEST_CASES") {
        config.cases = count;
    }
    if !given("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(0x5EED);
    }
    config
}
