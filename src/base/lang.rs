//! The two languages of the pages, and how a word of `locales/` is said.

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue};
use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "vi",
        // No invisible marks around inserted values: they would end up in mails and files.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static VI: LazyLock<LanguageIdentifier> = LazyLock::new(|| "vi".parse().unwrap_or_default());
static EN: LazyLock<LanguageIdentifier> = LazyLock::new(|| "en".parse().unwrap_or_default());

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Lang {
    Vi,
    En,
}

/// A value that a sentence is told with.
pub type Value<'a> = FluentValue<'a>;

impl Lang {
    pub const fn as_str(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// The better of the two for an `Accept-Language` header; Vietnamese unless English comes first.
    pub fn accepted(header: &str) -> Lang {
        for part in header.split(',') {
            let tag = part.split(';').next().unwrap_or_default().trim();
            if tag.starts_with("vi") {
                return Lang::Vi;
            }
            if tag.starts_with("en") {
                return Lang::En;
            }
        }
        Lang::Vi
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Lang::Vi => &VI,
            Lang::En => &EN,
        }
    }

    /// The words under `key`; the key itself if there are none (a test finds those).
    pub fn say(self, key: &str) -> String {
        LOCALES.try_lookup(self.id(), key).unwrap_or_else(|| key.to_owned())
    }

    /// The words under `key`, told with values: `lang.with("x-days-late", &[("n", 4.into())])`.
    pub fn with(self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        let values: HashMap<Cow<'static, str>, Value<'_>> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        LOCALES.try_lookup_with_args(self.id(), key, &values).unwrap_or_else(|| key.to_owned())
    }
}

impl std::str::FromStr for Lang {
    type Err = super::words::UnknownWord;
    fn from_str(word: &str) -> Result<Lang, Self::Err> {
        match word {
            "vi" => Ok(Lang::Vi),
            "en" => Ok(Lang::En),
            _ => Err(super::words::UnknownWord),
        }
    }
}
