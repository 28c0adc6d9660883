//! What takes time. A task runs until it waits for a promise, gives that to `js/gateway.ts`, and goes on when it is told what
//! has become of it: the runtime's own `await` costs less than a promise whose callbacks lead back into WebAssembly.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;

use crate::js::Result;

/// Ends with what JavaScript gets.
pub(crate) type Task = LocalBoxFuture<'static, JsValue>;

thread_local! {
    /// Those that wait, by the numbers that JavaScript knows them by.
    static TASKS: RefCell<Vec<(u32, Task)>> = const { RefCell::new(Vec::new()) };
    /// What the one that has just stopped waits for.
    static AWAITED: Cell<Option<Promise>> = const { Cell::new(None) };
    /// What has become of that, for the one that goes on.
    static OUTCOME: Cell<Option<Result<JsValue>>> = const { Cell::new(None) };
}

/// Takes a task up. It begins when it is first resumed.
pub(crate) fn add(number: u32, task: Task) {
    TASKS.with_borrow_mut(|tasks| tasks.push((number, task)));
}

/// Lets a task go on, which gets what it has waited for. Gives the next promise that it waits for, or its end, which is none.
/// A task of an instance in which something has panicked is gone with it: that is the end, too.
pub(crate) fn resume(number: u32, outcome: Result<JsValue>) -> JsValue {
    let found = TASKS.with_borrow_mut(|tasks| {
        let at = tasks.iter().position(|(known, _)| *known == number)?;
        Some(tasks.swap_remove(at).1)
    });
    let Some(mut task) = found else { return JsValue::UNDEFINED };
    OUTCOME.set(Some(outcome));
    match task.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(end) => end,
        Poll::Pending => {
            add(number, task);
            AWAITED.take().map_or(JsValue::UNDEFINED, JsValue::from)
        }
    }
}

/// Waits for what is promised. A task waits for one promise at a time.
pub(crate) fn wait(promise: Promise) -> impl Future<Output = Result<JsValue>> {
    Wait(Some(promise))
}

struct Wait(Option<Promise>);

impl Future for Wait {
    type Output = Result<JsValue>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0.take() {
            Some(promise) => {
                AWAITED.set(Some(promise));
                Poll::Pending
            }
            None => Poll::Ready(OUTCOME.take().unwrap_or(Err(JsValue::UNDEFINED))),
        }
    }
}
