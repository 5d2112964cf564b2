//! Reads recordings: capture files, phone logs, positions.
