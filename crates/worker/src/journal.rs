//! The log of deliveries and the dead letters, in a Durable Object. `js/delivery-log.ts` is the other side.
//!
//! Lines are collected in the memory of the isolate and sent together, after the deliveries have been answered: the
//! log neither slows a delivery down nor fails it. Dead letters are sent one by one and waited for.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::body::Body;
use crate::config::Config;
use crate::js::{self, Env, Unavailable};
use crate::log::now_ms;
use crate::outbound::Outbound;

/// The name of the namespace's binding.
pub(crate) const BINDING: &str = "LOG";
/// The one object.
const NAME: &str = "v1";
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long lines wait for others to be sent with.
const COLLECT: Duration = Duration::from_millis(250);
/// A flush that has not ended by then never will.
const FLUSH_MS: u64 = 10_000;
/// How many lines wait at most; beyond it the newest are lost.
const CAPACITY: usize = 2_000;

#[derive(Default)]
struct Pending {
    lines: Vec<(u64, String)>,
    lost: usize,
    flushing_until: u64,
}

thread_local! {
    static PENDING: RefCell<Pending> = RefCell::default();
}

/// Adds a line to those that are to be sent.
pub(crate) fn push(line: &str) {
    PENDING.with_borrow_mut(|pending| {
        if pending.lines.len() < CAPACITY {
            pending.lines.push((now_ms(), line.to_owned()));
        } else {
            pending.lost += 1;
        }
    });
}

/// Whether somebody has to send the lines that have collected. Who is told so has to `flush`: nobody else will.
pub(crate) fn is_due() -> bool {
    PENDING.with_borrow_mut(|pending| {
        let due = !pending.lines.is_empty() && pending.flushing_until <= now_ms();
        if due {
            pending.flushing_until = now_ms().saturating_add(FLUSH_MS);
        }
        due
    })
}

/// Waits for more lines and sends them all.
pub(crate) async fn flush(env: Env, config: Rc<Config>) {
    js::sleep(COLLECT).await;
    let (lines, mut lost) = PENDING.with_borrow_mut(|pending| {
        pending.flushing_until = 0;
        (std::mem::take(&mut pending.lines), std::mem::take(&mut pending.lost))
    });
    #[expect(clippy::cast_precision_loss)]
    let sent = lines.iter().map(|(at, line)| Array::of2(&JsValue::from_f64(*at as f64), &line.into()));
    if call(&env, &config, "record", vec![sent.collect::<Array>().into()]).await.is_err() {
        lost += lines.len();
    }
    if lost > 0 {
        js::log_error(&format!("hookwarden: the delivery log did not take {lost} lines"));
    }
}

/// Keeps an authentic event whose payload is refused, so that it can be replayed.
pub(crate) async fn bury(
    env: &Env,
    config: &Config,
    outbound: &Outbound,
    body: &Body,
    code: Option<&str>,
) -> Result<(), Unavailable> {
    let death = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("reason", "payload_refused".into()),
        ("code", code.map_or(JsValue::NULL, JsValue::from)),
        ("status", JsValue::NULL),
        ("attempts", 0.into()),
    ];
    for (name, value) in fields {
        // Setting a field of an object of our own cannot fail.
        let _ = Reflect::set(&death, &name.into(), &value);
    }
    let arguments = vec![outbound.to_text().into(), body.raw().into(), death.into()];
    call(env, config, "bury", arguments).await.map(drop)
}

async fn call(
    env: &Env,
    config: &Config,
    method: &str,
    arguments: Vec<JsValue>,
) -> Result<JsValue, Unavailable> {
    config.placement.object(env, BINDING, NAME).call(TIMEOUT, 1, method, arguments).await
}
