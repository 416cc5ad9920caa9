//! The root key: where it lies, who may read it, how it is made.
//!
//! A file of it is text, a line a key: `1 <base64>`; lines that begin with `#` are for people. While the root key is being
//! changed there are two lines.

use super::super::Fault;
use super::cipher::Secret;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Where the root key comes from.
#[derive(Clone, Debug)]
pub enum RootPlace {
    /// What the service manager hands over. Only it can change it.
    Credential(PathBuf),
    /// A file of ours, made at the first start.
    File(PathBuf),
    /// The words themselves, from a variable: whoever may look at the process can read them.
    Given(GivenKey),
}

/// The words of a root key. Never shown.
#[derive(Clone)]
pub struct GivenKey(Zeroizing<String>);

impl GivenKey {
    pub fn new(words: String) -> GivenKey {
        GivenKey(Zeroizing::new(words))
    }
}

impl std::fmt::Debug for GivenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<key>")
    }
}

/// Root keys by version.
pub type Roots = BTreeMap<i64, Secret>;

const HEAD: &str = "# Root key of Đường Về. Whoever has it and the keyring can read every secret; without it nobody can.\n\
                    # Keep a copy on paper or on another machine, never beside a backup of the database.\n";

impl RootPlace {
    /// The keys that are there. A file that is not there yet has none.
    ///
    /// # Errors
    /// [`Fault::Keys`]: others can read the file; it is no key.
    pub fn read(&self) -> Result<Roots, Fault> {
        let text = match self {
            RootPlace::Given(words) => words.0.clone(),
            RootPlace::Credential(path) => Zeroizing::new(read(path)?),
            RootPlace::File(path) => match std::fs::metadata(path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Roots::new()),
                Err(error) => return Err(told(path, "cannot be read", &error)),
                Ok(there) if there.permissions().mode() & 0o077 != 0 => {
                    let path = path.display();
                    return Err(Fault::Keys(format!(
                        "root key {path} can be read by others on this machine: chmod 600 {path}, and think who has seen it"
                    )));
                }
                Ok(_own) => Zeroizing::new(read(path)?),
            },
        };
        parse(&text)
            .ok_or_else(|| Fault::Keys(format!("{self} is no root key: lines of a number and 32 bytes in base64")))
    }

    /// Writes these keys in place of those that are there, and does not return before they are on the disk.
    pub(super) fn write(&self, roots: &Roots, first: bool) -> Result<(), Fault> {
        let RootPlace::File(path) = self else {
            return Err(Fault::Keys(format!("{self} is given from outside: add the new key there")));
        };
        let mut text = Zeroizing::new(HEAD.to_owned());
        for (version, root) in roots {
            *text += &format!("{version} {}\n", STANDARD.encode(root.bytes()));
        }
        let written = if first { make(path, &text) } else { replace(path, &text) };
        written.map_err(|error| told(path, "cannot be written", &error))
    }

    pub(super) fn is_ours(&self) -> bool {
        matches!(self, RootPlace::File(_))
    }
}

impl std::fmt::Display for RootPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RootPlace::Credential(path) => write!(f, "credential {}", path.display()),
            RootPlace::File(path) => write!(f, "root key {}", path.display()),
            RootPlace::Given(_) => f.write_str("the variable DUONGVE_ROOT_KEY"),
        }
    }
}

fn told(path: &Path, what: &str, error: &std::io::Error) -> Fault {
    Fault::Keys(format!("root key {} {what}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|error| told(path, "cannot be read", &error))
}

fn parse(text: &str) -> Option<Roots> {
    // A variable has one line: there the keys stand with commas between them.
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#')).flat_map(|line| line.split(','));
    let lines = lines.map(str::trim).filter(|line| !line.is_empty());
    let mut roots = Roots::new();
    for line in lines {
        let (version, key) = line.split_once(' ').unwrap_or(("1", line));
        let bytes = Zeroizing::new(STANDARD.decode(key.trim()).ok()?);
        roots.insert(version.parse().ok().filter(|version| *version > 0)?, Secret::of(&bytes)?);
    }
    (!roots.is_empty()).then_some(roots)
}

/// A new file that was not there before, for its owner only.
fn make(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    sync_folder(path)
}

/// Written aside and put in place: there is a whole file at every moment.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let aside = path.with_extension("key.new");
    if let Err(error) = std::fs::remove_file(&aside)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(error);
    }
    make(&aside, text)?;
    std::fs::rename(&aside, path)?;
    sync_folder(path)
}

/// The name in the folder is durable too.
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_our_own_and_for_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        let place = RootPlace::File(dir.path().join("root.key"));
        assert!(place.read().unwrap().is_empty());
        place.write(&Roots::from([(1, Secret::random())]), true).unwrap();
        let RootPlace::File(path) = &place else { unreachable!() };
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(place.write(&Roots::from([(1, Secret::random())]), true).is_err(), "a key that is there is kept");
        let both = Roots::from([(1, Secret::random()), (2, Secret::random())]);
        place.write(&both, false).unwrap();
        assert_eq!(place.read().unwrap().keys().copied().collect::<Vec<_>>(), [1, 2]);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = place.read().unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }

    #[test]
    fn words_that_are_no_key_are_refused() {
        for words in ["", "# nothing", "1 kurz", "x AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
            assert!(parse(words).is_none(), "{words}");
        }
        assert!(parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").is_some_and(|roots| roots.contains_key(&1)));
    }
}
