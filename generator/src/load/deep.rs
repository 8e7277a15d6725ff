//! A large stack for recursive code.

use std::{panic::resume_unwind, thread};

/// Bytes of stack. openapiv3 takes about 45 KB a level in debug builds, and lowering 10 KB for each nested schema; pages
/// that are not touched cost nothing.
pub(crate) const STACK: usize = if cfg!(target_pointer_width = "64") {
    1 << 30
} else {
    32 << 20
};

/// Runs a function on its own stack, so that the caller's thread, of any size, can't overflow.
pub(crate) fn deep<T: Send>(run: impl Fn() -> T + Sync) -> T {
    thread::scope(|scope| {
        let spawned = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, &run);
        match spawned.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(value)) => value,
            Ok(Err(panic)) => resume_unwind(panic),
            // On a platform without threads, use the current stack.
            Err(_) => run(),
        }
    })
}
