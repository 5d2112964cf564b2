//! Quiet air, or somebody who is no longer there? After long silence they are asked, and given up when no answer comes.

use std::time::{Duration, Instant};

/// After so much silence the other side is asked whether it is there: a connection can end without a word.
pub(crate) const ASK_AFTER: Duration = Duration::from_secs(10);

/// How long somebody has been silent.
#[derive(Debug)]
pub(crate) struct Silence {
    heard: Instant,
    asked: bool,
    answer: Duration,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing yet.
    Nothing,
    /// Ask: said once in a silence.
    Ask,
    /// No answer came.
    GiveUp,
}

impl Silence {
    /// Begins now; an answer may take so long.
    pub(crate) fn new(answer: Duration) -> Self {
        Self {
            heard: Instant::now(),
            asked: false,
            answer,
        }
    }

    /// Something was heard.
    pub(crate) fn end(&mut self) {
        self.heard = Instant::now();
        self.asked = false;
    }

    /// What is due now.
    pub(crate) fn due(&mut self) -> Due {
        let silent = self.heard.elapsed();
        if silent >= ASK_AFTER + self.answer {
            return Due::GiveUp;
        }
        if silent >= ASK_AFTER && !std::mem::replace(&mut self.asked, true) {
            return Due::Ask;
        }
        Due::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_once_and_gives_up_when_no_answer_comes() {
        let mut silence = Silence::new(Duration::from_secs(5));
        assert_eq!(silence.due(), Due::Nothing);
        silence.heard -= ASK_AFTER;
        assert_eq!(silence.due(), Due::Ask);
        assert_eq!(silence.due(), Due::Nothing);
        silence.heard -= Duration::from_secs(5);
        assert_eq!(silence.due(), Due::GiveUp);
        silence.end();
        assert_eq!(silence.due(), Due::Nothing);
    }
}
