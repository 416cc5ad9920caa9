//! What a person typed that cannot be taken: the field, the reason, in words that a page or a program can show.

use std::borrow::Cow;

/// One field and why it was refused. `field` is the name in form and JSON; empty: the request as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub field: Cow<'static, str>,
    /// A stable word; its sentence in both languages is `fault-{code}` in `locales/`.
    pub code: &'static str,
    /// A value that the sentence tells, for example the latest day allowed.
    pub value: Option<String>,
}

/// Input that was refused; nothing was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("refused: {0:?}")]
pub struct Invalid(pub Vec<Refusal>);

impl Invalid {
    /// A refusal of one field.
    pub fn one(field: &'static str, code: &'static str) -> Invalid {
        Invalid(vec![Refusal { field: Cow::Borrowed(field), code, value: None }])
    }

    /// The same, telling a value.
    pub fn telling(field: &'static str, code: &'static str, value: String) -> Invalid {
        Invalid(vec![Refusal { field: Cow::Borrowed(field), code, value: Some(value) }])
    }
}

/// Gathers every refusal of a form, so that all are shown at once.
#[derive(Debug, Default)]
pub struct Check(Vec<Refusal>);

impl Check {
    /// Takes a parsed value, or notes why it was refused.
    pub fn take<T, E: Into<&'static str>>(&mut self, field: &'static str, value: Result<T, E>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(field, error.into());
                None
            }
        }
    }

    /// The same for something that was checked by itself, with its own fields.
    pub fn add<T>(&mut self, value: Result<T, Invalid>) -> Option<T> {
        value.map_err(|invalid| self.0.extend(invalid.0)).ok()
    }

    pub fn refuse(&mut self, field: impl Into<Cow<'static, str>>, code: &'static str) {
        self.0.push(Refusal { field: field.into(), code, value: None });
    }

    /// Notes a refusal unless `fine`.
    pub fn expect(&mut self, fine: bool, field: &'static str, code: &'static str) {
        if !fine {
            self.refuse(field, code);
        }
    }

    /// All refusals, if there is any.
    pub fn done(self) -> Result<(), Invalid> {
        if self.0.is_empty() { Ok(()) } else { Err(Invalid(self.0)) }
    }

    /// The value, if nothing was refused. `None` with no refusal would be a slip of ours and is refused as a whole.
    pub fn give<T>(self, value: Option<T>) -> Result<T, Invalid> {
        self.done()?;
        value.ok_or_else(|| Invalid::one("", "incomplete"))
    }
}

impl From<crate::base::text::TextFault> for &'static str {
    fn from(fault: crate::base::text::TextFault) -> &'static str {
        fault.code()
    }
}
