//! The result stream and, later, the case folder.
