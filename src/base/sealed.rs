//! A secret as a row carries it: shut as it comes from the database, opened by the store, and never shown by accident.
//!
//! [`Sealed`] has no `Display`, and its `Debug` tells nothing: whoever wants the text says so with [`Sealed::text`]. Which
//! fields are sealed is said once, in [`crate::base::fields`]. The keys are in the store; this room knows none.

use super::time::Day;
use uuid::Uuid;

/// What stands where a secret was whose key is destroyed.
pub const ERASED: &str = "(đã xóa)";

/// A field that is kept sealed: one type for each, so that one secret never stands where another is asked for.
pub trait Field: Send + Sync + 'static {
    const TABLE: &'static str;
    const COLUMN: &'static str;
    type Value: Plain;
}

/// What can be kept sealed: to bytes and back.
pub trait Plain: Clone + Send + Sync + Unpin + 'static {
    fn bytes(&self) -> Vec<u8>;
    fn of(bytes: &[u8]) -> Option<Self>;
}

impl Plain for String {
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
    fn of(bytes: &[u8]) -> Option<String> {
        String::from_utf8(bytes.to_vec()).ok()
    }
}

impl Plain for Day {
    fn bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
    fn of(bytes: &[u8]) -> Option<Day> {
        std::str::from_utf8(bytes).ok()?.parse().ok().map(Day)
    }
}

impl Plain for bool {
    fn bytes(&self) -> Vec<u8> {
        vec![u8::from(*self)]
    }
    fn of(bytes: &[u8]) -> Option<bool> {
        match bytes {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }
}

/// One secret of a row.
pub struct Sealed<F: Field>(State<F::Value>);

#[derive(Clone)]
enum State<T> {
    /// As it came from the database.
    Shut(Vec<u8>),
    Open(T),
    /// Its key is gone: nobody can read it any more.
    Erased,
}

impl<F: Field> Clone for Sealed<F> {
    fn clone(&self) -> Sealed<F> {
        Sealed(self.0.clone())
    }
}

/// Tells that there is something, never what.
impl<F: Field> std::fmt::Debug for Sealed<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<sealed>")
    }
}

impl<F: Field> Sealed<F> {
    /// A secret that comes from elsewhere than the database.
    pub fn known(value: F::Value) -> Sealed<F> {
        Sealed(State::Open(value))
    }

    /// The secret itself; `None`: erased.
    pub fn value(&self) -> Option<&F::Value> {
        match &self.0 {
            State::Open(value) => Some(value),
            State::Shut(_) | State::Erased => None,
        }
    }

    pub fn is_erased(&self) -> bool {
        matches!(self.0, State::Erased)
    }
}

impl<F: Field<Value = String>> Sealed<F> {
    /// The text, for a page that may show it.
    pub fn text(&self) -> &str {
        match &self.0 {
            State::Open(text) => text,
            State::Erased => ERASED,
            // A row that nobody opened: nothing is told rather than noise.
            State::Shut(_) => "",
        }
    }

    pub fn told(&self) -> String {
        self.text().to_owned()
    }

    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }
}

/// The same where the field may not be there at all.
pub trait SealedText {
    fn text(&self) -> Option<&str>;
    fn told(&self) -> Option<String>;
    /// The text, where there is one.
    fn said(&self) -> Option<&str>;
}

impl<F: Field<Value = String>> SealedText for Option<Sealed<F>> {
    fn text(&self) -> Option<&str> {
        self.as_ref().map(Sealed::text)
    }
    fn told(&self) -> Option<String> {
        self.text().map(str::to_owned)
    }
    fn said(&self) -> Option<&str> {
        self.text().filter(|text| !text.is_empty())
    }
}

/// A day that is kept sealed and may not be there.
pub trait SealedDay {
    fn day(&self) -> Option<Day>;
}

impl<F: Field<Value = Day>> SealedDay for Option<Sealed<F>> {
    fn day(&self) -> Option<Day> {
        self.as_ref().and_then(|sealed| sealed.value().copied())
    }
}

impl<DB: sqlx::Database, F: Field> sqlx::Type<DB> for Sealed<F>
where
    Vec<u8>: sqlx::Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <Vec<u8> as sqlx::Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <Vec<u8> as sqlx::Type<DB>>::compatible(ty)
    }
}

impl<'r, DB: sqlx::Database, F: Field> sqlx::Decode<'r, DB> for Sealed<F>
where
    Vec<u8>: sqlx::Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        <Vec<u8> as sqlx::Decode<DB>>::decode(value).map(|bytes| Sealed(State::Shut(bytes)))
    }
}

/// A field of a row on its way from shut to open; what the store's keys work on.
pub trait Shut {
    fn table(&self) -> &'static str;
    fn column(&self) -> &'static str;
    /// `None`: nothing is there, or it is open already.
    fn shut(&self) -> Option<&[u8]>;
    /// Takes what was in it. `None`: its key is gone. `false`: these bytes are no such value.
    fn take(&mut self, plain: Option<&[u8]>) -> bool;
}

impl<F: Field> Shut for Sealed<F> {
    fn table(&self) -> &'static str {
        F::TABLE
    }
    fn column(&self) -> &'static str {
        F::COLUMN
    }
    fn shut(&self) -> Option<&[u8]> {
        match &self.0 {
            State::Shut(bytes) => Some(bytes),
            State::Open(_) | State::Erased => None,
        }
    }
    fn take(&mut self, plain: Option<&[u8]>) -> bool {
        self.0 = match plain.map(F::Value::of) {
            Some(Some(value)) => State::Open(value),
            Some(None) => return false,
            None => State::Erased,
        };
        true
    }
}

impl<S: Shut> Shut for Option<S>
where
    S: Named,
{
    fn table(&self) -> &'static str {
        S::TABLE_NAME
    }
    fn column(&self) -> &'static str {
        S::COLUMN_NAME
    }
    fn shut(&self) -> Option<&[u8]> {
        self.as_ref().and_then(Shut::shut)
    }
    fn take(&mut self, plain: Option<&[u8]>) -> bool {
        self.as_mut().is_none_or(|sealed| sealed.take(plain))
    }
}

/// The field of a sealed type, where there may be no value to ask.
pub trait Named {
    const TABLE_NAME: &'static str;
    const COLUMN_NAME: &'static str;
}

impl<F: Field> Named for Sealed<F> {
    const TABLE_NAME: &'static str = F::TABLE;
    const COLUMN_NAME: &'static str = F::COLUMN;
}

/// A row, or several, whose sealed fields can be opened: each with the id of the row that it belongs to. A secret that was
/// copied into another row does not open there.
pub trait Opens {
    fn each(&mut self, job: &mut dyn FnMut(Uuid, &mut dyn Shut));
}

impl<T: Opens> Opens for Vec<T> {
    fn each(&mut self, job: &mut dyn FnMut(Uuid, &mut dyn Shut)) {
        for row in self {
            row.each(job);
        }
    }
}

impl<T: Opens> Opens for Option<T> {
    fn each(&mut self, job: &mut dyn FnMut(Uuid, &mut dyn Shut)) {
        if let Some(row) = self {
            row.each(job);
        }
    }
}

/// A row's id and one secret of it.
impl<I: super::ids::Id, S: Shut> Opens for (I, S) {
    fn each(&mut self, job: &mut dyn FnMut(Uuid, &mut dyn Shut)) {
        job(self.0.uuid(), &mut self.1);
    }
}

/// `opens!(VisitRow { id => shared_note, note; case_id => phone })`: which column is the id of the row that a secret of
/// this record belongs to.
#[macro_export]
macro_rules! opens {
    ($row:ty { $($id:ident => $($field:ident),+);+ $(;)? }) => {
        impl $crate::base::sealed::Opens for $row {
            fn each(&mut self, job: &mut dyn FnMut(uuid::Uuid, &mut dyn $crate::base::sealed::Shut)) {
                use $crate::base::ids::Id as _;
                $(
                    let row = self.$id.uuid();
                    $(job(row, &mut self.$field);)+
                )+
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Note;
    impl Field for Note {
        const TABLE: &'static str = "notes";
        const COLUMN: &'static str = "note";
        type Value = String;
    }

    #[test]
    fn what_is_open_is_shown_only_when_asked_for() {
        let mut note: Sealed<Note> = Sealed(State::Shut(vec![1]));
        assert!(note.take(Some("bí mật".as_bytes())));
        assert_eq!(note.text(), "bí mật");
        assert_eq!(format!("{note:?} {:?}", Some(&note)), "<sealed> Some(<sealed>)");
        assert!(note.take(None) && note.is_erased());
        assert_eq!(note.text(), ERASED);
    }
}
