//! What worker-build's entry wants to know: whether the instance of the WebAssembly is still good. One in which something
//! has panicked is replaced before the next request. (The crate `worker` does the same; it would bring along a good deal
//! that the gateway does not use.)

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

mod host {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/js/host.js")]
    extern "C" {
        pub(super) type Instance;

        #[wasm_bindgen(thread_local_v2, js_name = instance)]
        pub(super) static INSTANCE: Instance;

        #[wasm_bindgen(method, setter, js_name = criticalError)]
        pub(super) fn set_critical_error(this: &Instance, is: bool);

        #[wasm_bindgen(method, getter, js_name = instanceId)]
        pub(super) fn instance_id(this: &Instance) -> u32;

        #[wasm_bindgen(method, setter, js_name = instanceId)]
        pub(super) fn set_instance_id(this: &Instance, id: u32);
    }
}

#[wasm_bindgen(start, private)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        // The place and no more: a message could hold anything.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        crate::js::log_error(&format!("hookwarden: panicked at {place}"));
        host::INSTANCE.with(|instance| instance.set_critical_error(true));
    }));
    host::INSTANCE.with(|instance| instance.set_instance_id(instance.instance_id() + 1));
    wasm_bindgen::handler::set_on_abort(wasm_bindgen::handler::schedule_reinit);
}

/// The state that is shared with worker-build's entry.
pub(crate) fn state() -> JsValue {
    host::INSTANCE.with(|instance| instance.into())
}
