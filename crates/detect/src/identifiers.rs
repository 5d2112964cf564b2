//! Opaque identifiers of anonymised logs, numbered. They live as long as the run: only logs have them, and a
//! log is in memory whole.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::sighting::Identifier;

/// Text of the living opaque identifiers.
#[derive(Debug, Default)]
pub struct Identifiers {
    numbers: HashMap<Box<str>, u32, FixedState>,
    texts: Vec<Box<str>>,
}

impl Identifiers {
    /// The identifier of a text, upper case.
    pub fn of_opaque(&mut self, text: &str) -> Identifier {
        let text = text.to_uppercase();
        if let Some(number) = self.numbers.get(text.as_str()) {
            return Identifier::of_opaque(*number);
        }
        let text: Box<str> = text.into();
        let number = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        Identifier::of_opaque(number)
    }

    /// As the input has it, upper case.
    #[must_use]
    pub fn text(&self, identifier: Identifier) -> String {
        if let Some(address) = identifier.address() {
            return address.to_string();
        }
        let number = identifier.opaque().unwrap_or(u32::MAX);
        self.texts
            .get(number as usize)
            .map(std::string::ToString::to_string)
            .unwrap_or_default()
    }
}
