//! What one input may cost: time and memory, and never a panic.

use std::alloc::{GlobalAlloc, Layout, System};
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

pub(crate) const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
pub(crate) const MOST_BYTES: usize = 256 << 20;

/// After this it is taken for endless, and the process is ended.
const ENDLESS: Duration = Duration::from_mins(1);

/// Counts what each thread holds.
struct Counting;

#[global_allocator]
static MEMORY: Counting = Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn count(more: usize, less: usize) {
    // A thread that ends may still give memory back.
    let _ = HELD.try_with(|held| {
        held.set(held.get().wrapping_add(more).wrapping_sub(less));
        // What another thread allocated makes it negative.
        if held.get().cast_signed() > PEAK.get().cast_signed() {
            PEAK.set(held.get());
        }
    });
}

// SAFETY: everything is the system's allocator; the counting beside it does not touch the memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: what the caller promises is what the system asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may exist for a moment.
        count(size, 0);
        count(0, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// What a piece of work cost.
pub(crate) struct Cost {
    pub(crate) time: Duration,
    pub(crate) bytes: usize,
}

/// Does a piece of work and says what came of it and what it cost, or why that is too much.
pub(crate) fn watch<T>(name: &str, work: impl Fn() -> T) -> Result<(T, Cost), String> {
    // Tests run in threads beside each other, and would disturb each other's times.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap();
    let measured = || {
        *running().lock().unwrap() = Some((Instant::now(), name.to_owned()));
        let held = HELD.get();
        PEAK.set(held);
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(&work));
        let cost = Cost { time: start.elapsed(), bytes: PEAK.get().wrapping_sub(held) };
        *running().lock().unwrap() = None;
        result.map(|result| (result, cost)).map_err(|panic| format!("panics: {}", words(&*panic)))
    };
    let mut attempt = measured()?;
    // A busy machine is no fault of the input: it has to be slow three times.
    for _ in 0..2 {
        if attempt.1.time > LONGEST / 50 {
            let again = measured()?;
            if again.1.time < attempt.1.time {
                attempt = again;
            }
        }
    }
    match &attempt.1 {
        Cost { time, .. } if *time > LONGEST => Err(format!("takes {time:?}")),
        Cost { bytes, .. } if *bytes > MOST_BYTES => Err(format!("holds {} MB", bytes >> 20)),
        _ => Ok(attempt),
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref().copied()).unwrap_or("without a word")
}

/// What is being done, and since when. Who asks first has it watched from then on.
fn running() -> &'static Mutex<Option<(Instant, String)>> {
    static RUNNING: OnceLock<Mutex<Option<(Instant, String)>>> = OnceLock::new();
    RUNNING.get_or_init(|| {
        std::thread::spawn(|| {
            loop {
                std::thread::sleep(Duration::from_millis(500));
                if let Some((since, name)) = &*running().lock().unwrap()
                    && since.elapsed() > ENDLESS
                {
                    eprintln!("{name}: no end after {ENDLESS:?}");
                    std::process::abort();
                }
            }
        });
        Mutex::new(None)
    })
}
