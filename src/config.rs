//! Every setting of the program in one struct: flag, then environment, then file.

use std::{net::SocketAddr, path::PathBuf};

/// How the program was told to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where SQLite's file, mails and keys lie.
    pub data_dir: PathBuf,
    /// SQLite's file, or `postgres://…`.
    pub database: String,
    pub listen: SocketAddr,
    /// https ends at a proxy in front; its `X-Forwarded-*` headers are believed.
    pub trusted_proxy: bool,
    /// The address that links in mails begin with.
    pub public_url: String,
    pub mail: MailSettings,
    /// Runs the demo: its accounts sign in on loopback.
    pub demo: bool,
}

/// Where mails go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailSettings {
    /// Files `*.eml` in a folder.
    Folder(PathBuf),
    /// A mail server.
    Smtp(SmtpSettings),
    /// Mails wait in the database.
    None,
}

/// A mail server. The password is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub from: String,
    pub user: Option<String>,
    pub password: Option<String>,
    /// `starttls`, `tls`, or `none` (loopback only).
    pub security: SmtpSecurity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum SmtpSecurity {
    Starttls,
    Tls,
    None,
}

impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmtpSettings({}:{} {:?})", self.host, self.port, self.security)
    }
}

impl Settings {
    /// Is the address of this program loopback, so that browsers keep a Secure cookie on plain http?
    pub fn on_loopback(&self) -> bool {
        self.listen.ip().is_loopback()
    }
}
