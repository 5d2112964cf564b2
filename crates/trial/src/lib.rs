//! Labelled recordings, rival rules and the scoring.
