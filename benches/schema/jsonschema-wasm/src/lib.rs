//! The `jsonschema` crate behind the same border as Hookwarden's `Schema`: bytes in, a verdict out.

use jsonschema::Validator;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub struct Peer(Validator);

#[wasm_bindgen]
impl Peer {
    #[wasm_bindgen(constructor)]
    pub fn new(schema: &str) -> Result<Peer, String> {
        let schema = serde_json::from_str(schema).map_err(|error| error.to_string())?;
        jsonschema::draft202012::new(&schema).map(Self).map_err(|error| error.to_string())
    }

    pub fn validate(&self, payload: &[u8]) -> bool {
        serde_json::from_slice(payload).is_ok_and(|payload| self.0.is_valid(&payload))
    }
}
