//! What makes an input as a whole unusable.

use std::io;
use std::path::PathBuf;

/// Why an input gives nothing. Damage inside an input that is otherwise read is an [`crate::Event::Damage`] instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The input.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
    /// The file holds nothing (or only white space).
    #[error("{}: empty", path.display())]
    Empty {
        /// The input.
        path: PathBuf,
    },
    /// The content is of no known format.
    #[error("{}: not recognised: {hint}", path.display())]
    Unrecognised {
        /// The input.
        path: PathBuf,
        /// What the content looks like, or what was expected.
        hint: String,
    },
    /// It is encrypted, and no key was given.
    #[error("{}: encrypted, and no key was given", path.display())]
    Encrypted {
        /// The input.
        path: PathBuf,
    },
    /// The format is known, but its head or structure is broken so that nothing can be read.
    #[error("{}: unreadable at byte {offset}: {what}", path.display())]
    Unreadable {
        /// The input.
        path: PathBuf,
        /// Where reading stopped, bytes from the start of the file.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
}

impl Error {
    /// The input that failed.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        match self {
            Self::Io { path, .. }
            | Self::Empty { path }
            | Self::Encrypted { path }
            | Self::Unrecognised { path, .. }
            | Self::Unreadable { path, .. } => path,
        }
    }
}
