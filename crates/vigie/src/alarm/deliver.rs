//! Delivers from the queue: one thread for each channel.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vigie_keep::outbox::{Message, Outbox};

use super::failure::Failure;
use super::{Channel, now_us};

/// Longest time between two looks into the queue.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// The queue, as the threads share it.
pub struct Queue {
    outbox: Mutex<Outbox>,
    changed: Condvar,
    /// When to end, once that is known.
    end: Mutex<Option<Instant>>,
    trouble: Mutex<Option<String>>,
}

impl Queue {
    pub fn new(outbox: Outbox) -> Self {
        Self {
            outbox: Mutex::new(outbox),
            changed: Condvar::new(),
            end: Mutex::new(None),
            trouble: Mutex::new(None),
        }
    }

    /// The queue, for a moment. A thread that panicked held it between two transactions.
    pub fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something new is in it.
    pub fn changed(&self) {
        self.changed.notify_all();
    }

    /// Everybody ends once nothing is due, and begins nothing after `until`.
    pub fn end(&self, until: Instant) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
        self.changed();
    }

    fn ends(&self) -> Option<Instant> {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What keeps alarms from being written.
    pub fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn set_trouble(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// Delivers what is due on a channel until the end.
pub fn run(queue: &Queue, name: &str, mut channel: Box<dyn Channel>, hidden: &[String]) {
    while let Some(message) = next(queue, name) {
        let result = channel.send(&message).map_err(|e| e.without(hidden));
        mark(queue, name, &message, &result);
    }
}

/// The next message that is due; `None` at the end.
fn next(queue: &Queue, name: &str) -> Option<Message> {
    let mut outbox = queue.outbox();
    loop {
        let end = queue.ends();
        if end.is_some_and(|until| Instant::now() >= until) {
            return None;
        }
        match outbox.due(name, now_us()) {
            Ok(Some(message)) => return Some(message),
            Ok(None) => {}
            Err(e) => queue.set_trouble(Some(e.to_string())),
        }
        if end.is_some() {
            return None;
        }
        outbox = queue
            .changed
            .wait_timeout(outbox, BETWEEN_LOOKS)
            .unwrap_or_else(PoisonError::into_inner)
            .0;
    }
}

/// Marks what became of it. What was delivered is marked before anything else is sent, however long that takes: a disk that is full
/// must not make a message go out again and again.
fn mark(queue: &Queue, name: &str, message: &Message, result: &Result<(), Failure>) {
    loop {
        let marked = match result {
            Ok(()) => queue.outbox().delivered(name, message.number, now_us()),
            Err(e) => queue.outbox().failed(name, message, &e.what, now_us()),
        };
        match marked {
            Ok(()) => return,
            Err(e) => queue.set_trouble(Some(e.to_string())),
        }
        if queue.ends().is_some_and(|until| Instant::now() >= until) {
            return;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
}
