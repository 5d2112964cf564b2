//! Lays text out for a terminal or a file: wrapped, indented, and with colour where it is wanted.

use vigie_detect::outcome::State;

const RESET: &str = "\u{1b}[0m";
const BOLD: &str = "\u{1b}[1m";

/// Text under way.
pub(crate) struct Page {
    text: String,
    width: usize,
    colour: bool,
}

impl Page {
    pub(crate) fn new(width: usize, colour: bool) -> Self {
        // Below 40 columns nothing useful fits.
        Self {
            text: String::new(),
            width: width.max(40),
            colour,
        }
    }

    pub(crate) fn lines(&self) -> usize {
        self.text.lines().count()
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// The first line: the state in words, and what it means. Colour only adds to the word.
    pub(crate) fn glance(&mut self, state: State, word: &str, meaning: &str) {
        let shown = if self.colour {
            let colour = match state {
                State::Blind => "\u{1b}[1;35m",
                State::Clear => "\u{1b}[1;32m",
                State::Watch => "\u{1b}[1;33m",
                State::Act => "\u{1b}[1;97;41m",
            };
            format!("{colour}{word}{RESET}")
        } else {
            word.to_owned()
        };
        self.text.push_str(&shown);
        self.text.push_str("  ");
        // The word's own width counts, its colour does not.
        self.wrap(meaning, word.chars().count() + 2, "  ");
    }

    /// A heading, set apart by an empty line.
    pub(crate) fn heading(&mut self, text: &str) {
        self.text.push('\n');
        let line = if self.colour {
            format!("{BOLD}{text}{RESET}")
        } else {
            text.to_owned()
        };
        self.text.push_str(&line);
        self.text.push('\n');
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A paragraph that begins with `mark` and goes on below its text.
    pub(crate) fn item(&mut self, mark: &str, text: &str) {
        self.text.push_str(mark);
        let columns = mark.chars().count();
        self.wrap(text, columns, &" ".repeat(columns));
    }

    /// Identifiers and names come from the input: what would steer the terminal or turn the direction
    /// of writing is made visible instead. Breaks at spaces only: no-break spaces keep figures and their units together.
    fn wrap(&mut self, text: &str, mut column: usize, indent: &str) {
        let mut at_start = true;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            if at_start {
                at_start = false;
            } else if column + 1 + length > self.width {
                self.text.push('\n');
                self.text.push_str(indent);
                column = indent.len();
            } else {
                self.text.push(' ');
                column += 1;
            }
            self.text.extend(word.chars().map(harmless));
            column += length;
        }
        self.text.push('\n');
    }
}

fn harmless(c: char) -> char {
    let steers = c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if steers { '\u{fffd}' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_below_the_mark() {
        let mut page = Page::new(40, false);
        page.item(
            "  - ",
            "one two three four five six 7\u{a0}min seven eight nine",
        );
        assert_eq!(
            page.finish(),
            "  - one two three four five six 7\u{a0}min\n    seven eight nine\n"
        );
    }

    #[test]
    fn a_word_longer_than_the_line_is_kept_whole() {
        let mut page = Page::new(40, false);
        let long = "x".repeat(60);
        page.item("", &format!("a {long} b"));
        assert_eq!(page.finish(), format!("a\n{long}\nb\n"));
    }

    #[test]
    fn names_from_the_input_cannot_steer_the_terminal() {
        let mut page = Page::new(80, false);
        page.item("", "a\u{1b}[2Jb \u{202e}txt \r\n x");
        assert_eq!(
            page.finish(),
            "a\u{fffd}[2Jb \u{fffd}txt \u{fffd}\u{fffd} x\n"
        );
    }

    #[test]
    fn colour_is_never_the_only_sign() {
        for colour in [false, true] {
            let mut page = Page::new(80, colour);
            page.glance(State::Act, "ACT", "meaning");
            let text = page.finish();
            assert!(text.contains("ACT"));
            assert_eq!(text.contains('\u{1b}'), colour);
        }
    }
}
