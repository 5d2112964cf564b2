//! Which language to speak.

/// A language that Vigie speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Language {
    /// Both, in the order of their codes.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// ISO 639 code, `en` or `fr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// From a POSIX locale such as `fr_CH.UTF-8` or a code such as `fr`; anything that is not French
    /// is answered in English.
    #[must_use]
    pub fn from_locale(locale: &str) -> Self {
        let language = locale
            .split(['_', '-', '.', '@'])
            .next()
            .unwrap_or_default();
        if language.eq_ignore_ascii_case("fr") {
            Self::Fr
        } else {
            Self::En
        }
    }

    /// From the values of the environment variables `LC_ALL`, `LC_MESSAGES` and `LANG`, of which the
    /// first that is set and not empty decides (POSIX Base Definitions 8.2).
    #[must_use]
    pub fn from_environment(
        lc_all: Option<&str>,
        lc_messages: Option<&str>,
        lang: Option<&str>,
    ) -> Self {
        [lc_all, lc_messages, lang]
            .into_iter()
            .flatten()
            .find(|value| !value.is_empty())
            .map_or(Self::En, Self::from_locale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales() {
        for (locale, language) in [
            ("fr", Language::Fr),
            ("fr_FR.UTF-8", Language::Fr),
            ("FR-ch", Language::Fr),
            ("fr@euro", Language::Fr),
            ("frr_DE.UTF-8", Language::En),
            ("en_GB.UTF-8", Language::En),
            ("C", Language::En),
            ("de_DE", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::from_locale(locale), language, "{locale}");
        }
    }

    #[test]
    fn the_first_that_is_set_decides() {
        let from = Language::from_environment;
        assert_eq!(from(None, None, Some("fr_FR")), Language::Fr);
        assert_eq!(from(Some("en_US"), None, Some("fr_FR")), Language::En);
        assert_eq!(from(Some(""), Some("fr_BE"), Some("en_US")), Language::Fr);
        assert_eq!(from(None, None, None), Language::En);
    }
}
