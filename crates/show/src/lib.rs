//! What people read: messages in English and French.
