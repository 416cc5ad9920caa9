//! Every setting of the program in one struct: flag, then environment, then file, then default. The only file that
//! reads the environment.

use crate::{
    base::time::Hours,
    store::{GivenKey, KeyPlaces, RootPlace},
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// How the program was told to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where SQLite's file, mails and keys lie.
    pub data_dir: PathBuf,
    /// SQLite's file, or `postgres://…`.
    pub database: String,
    /// Root key, keyring and the list of who was erased.
    pub keys: KeyPlaces,
    pub listen: SocketAddr,
    /// https ends at a proxy in front; its `X-Forwarded-*` headers are believed.
    pub trusted_proxy: bool,
    /// The address that links in mails begin with.
    pub public_url: String,
    pub mail: MailSettings,
    /// Where checkpoints are written beside the database, one a line.
    pub checkpoint_file: PathBuf,
    /// Runs the demo: its accounts sign in on loopback.
    pub demo: bool,
    /// https by the program itself.
    pub tls: Option<TlsFiles>,
    /// Names, without a port, under which the program is asked for beside its own.
    pub hosts: Vec<String>,
    /// This program's own file: it starts itself once more to read a file from outside.
    pub program: PathBuf,
    pub sign_in: SignInSettings,
    /// Where backups go; `None`: nobody has said so.
    pub backup: Option<BackupSettings>,
    /// Bring the schema up without a copy of what was before.
    pub without_backup: bool,
}

/// Where backups go, to whom they are shut, how long they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSettings {
    pub dir: PathBuf,
    /// Public keys of age (`age1…`): whoever has the other half of one of them, on a machine elsewhere, opens a backup.
    pub recipients: Vec<String>,
    /// Backups of the keyring are kept apart, and for days only.
    pub keyring_dir: PathBuf,
    pub keyring_recipients: Vec<String>,
    /// The newest of so many days, weeks and months is kept.
    pub daily: usize,
    pub weekly: usize,
    pub monthly: usize,
    pub keyring_days: i64,
}

/// Certificate (with its chain) and key, as PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// How people sign in.
#[derive(Clone, Debug)]
pub struct SignInSettings {
    /// From here an ordinary account needs no second factor.
    pub office_networks: Vec<IpNet>,
    /// Proxies whose word about the sender's address is believed.
    pub proxies: Vec<IpNet>,
    /// Admins work from here only; empty: from anywhere.
    pub admin_networks: Vec<IpNet>,
    /// Admins work in these hours only, Monday to Friday.
    pub admin_hours: Option<Hours>,
    /// A session ends after so many minutes without a request.
    pub idle_minutes: i64,
    /// The lock of the national rules: after so many wrong passwords …
    pub lock_after: Option<i64>,
    /// … for so many minutes, on devices that are not known.
    pub lock_minutes: i64,
    /// So many kinds of characters in a password (small, large, digit, other); 0: any.
    pub password_classes: usize,
    /// A password is changed after so many days; 0: never because of its age.
    pub password_days: i64,
    /// An account that nobody signed in to for so many days is shut.
    pub dormant_days: i64,
    /// Off only in the test that shows what the throttle is for; no flag says so.
    pub throttled: bool,
    /// The demo's accounts, which work on this machine only, are asked for no second factor; only `demo` says so.
    pub demo_without_factor: bool,
}

impl Default for SignInSettings {
    fn default() -> SignInSettings {
        SignInSettings {
            office_networks: Vec::new(),
            proxies: Vec::new(),
            admin_networks: Vec::new(),
            admin_hours: None,
            idle_minutes: 30,
            lock_after: None,
            lock_minutes: 15,
            password_classes: 0,
            password_days: 0,
            dormant_days: 45,
            throttled: true,
            demo_without_factor: false,
        }
    }
}

/// What may be said on the command line, in the environment or in the settings file. The command line and the
/// environment are clap's; `--config FILE` names the same words in TOML, with `_` for `-`.
#[derive(Clone, Debug, Default, clap::Args, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Flags {
    /// Folder of the SQLite file [default: duongve-data; for demo a folder that goes away with it]
    #[arg(long, env = "DUONGVE_DATA_DIR", value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// postgres://… , or the path of an SQLite file [default: duongve.sqlite in the data folder]
    #[arg(long, env = "DUONGVE_DATABASE", value_name = "URL", global = true, hide_env_values = true)]
    pub database: Option<String>,
    /// File of the root key, for its owner only; made at the first start [default: root.key beside the SQLite file, or in the data folder]
    #[arg(long, env = "DUONGVE_ROOT_KEY_FILE", value_name = "FILE", global = true, help_heading = "Keys")]
    pub root_key: Option<PathBuf>,
    /// Where the keys lie: a file, or postgres://… [default: the database's name with .keyring; in PostgreSQL its schema keyring]
    #[arg(
        long,
        env = "DUONGVE_KEYRING",
        value_name = "URL",
        global = true,
        hide_env_values = true,
        help_heading = "Keys"
    )]
    pub keyring: Option<String>,
    /// The list of who was erased, replayed over a database that comes back from a copy [default: erased.list beside the root key]
    #[arg(long, env = "DUONGVE_ERASED", value_name = "FILE", global = true, help_heading = "Keys")]
    pub erased: Option<PathBuf>,
    /// Address to listen on; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, env = "DUONGVE_LISTEN", value_name = "ADDR:PORT", global = true)]
    pub listen: Option<SocketAddr>,
    /// Settings file in TOML; a flag or a variable goes before it
    #[arg(long, env = "DUONGVE_CONFIG", value_name = "FILE", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// The address that links in mails begin with [default: http:// and the address listened on]
    #[arg(long, env = "DUONGVE_PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<String>,
    /// Certificate with its chain as PEM: the program speaks https itself
    #[arg(long, env = "DUONGVE_TLS_CERT", value_name = "FILE", global = true)]
    pub tls_cert: Option<PathBuf>,
    /// Its key as PEM, readable for the program's own user only
    #[arg(long, env = "DUONGVE_TLS_KEY", value_name = "FILE", global = true)]
    pub tls_key: Option<PathBuf>,
    /// Another name under which the program is asked for; others are answered 421
    #[arg(long = "host", env = "DUONGVE_HOSTS", value_name = "NAME", global = true, value_delimiter = ',')]
    pub hosts: Option<Vec<String>>,
    /// https ends at a proxy in front, whose X-Forwarded headers are believed
    #[arg(long, env = "DUONGVE_TRUSTED_PROXY", global = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_name = "BOOL")]
    pub trusted_proxy: Option<bool>,
    /// Proxies whose X-Forwarded-For is believed, separated by commas [default: this machine]
    #[arg(long, env = "DUONGVE_TRUSTED_PROXIES", value_name = "CIDR", global = true, value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Networks of offices, separated by commas: there an ordinary account needs no second factor [default: none]
    #[arg(
        long,
        env = "DUONGVE_OFFICE_NETWORKS",
        value_name = "CIDR",
        global = true,
        value_delimiter = ',',
        help_heading = "Signing in"
    )]
    pub office_networks: Option<Vec<IpNet>>,
    /// Networks that admins work from, separated by commas [default: any]
    #[arg(
        long,
        env = "DUONGVE_ADMIN_NETWORKS",
        value_name = "CIDR",
        global = true,
        value_delimiter = ',',
        help_heading = "Signing in"
    )]
    pub admin_networks: Option<Vec<IpNet>>,
    /// Hours in which admins work, Monday to Friday, for example 07:00-18:00 [default: any]
    #[arg(long, env = "DUONGVE_ADMIN_HOURS", value_name = "FROM-TO", global = true, help_heading = "Signing in")]
    pub admin_hours: Option<Hours>,
    /// A session ends after so many minutes without a request [default: 30]
    #[arg(long, env = "DUONGVE_IDLE_MINUTES", value_name = "N", global = true, help_heading = "Signing in",
          value_parser = clap::value_parser!(i64).range(1..=720))]
    pub idle_minutes: Option<i64>,
    /// Lock an account on unknown devices after so many wrong passwords [default: it is slowed, not locked]
    #[arg(long, env = "DUONGVE_LOCK_AFTER", value_name = "N", global = true, help_heading = "Signing in",
          value_parser = clap::value_parser!(i64).range(3..=100))]
    pub lock_after: Option<i64>,
    /// For so many minutes [default: 15]
    #[arg(long, env = "DUONGVE_LOCK_MINUTES", value_name = "N", global = true, help_heading = "Signing in",
          value_parser = clap::value_parser!(i64).range(1..=1440))]
    pub lock_minutes: Option<i64>,
    /// Kinds of characters that a password needs, 1 to 4 [default: any]
    #[arg(long, env = "DUONGVE_PASSWORD_CLASSES", value_name = "N", global = true, help_heading = "Signing in",
          value_parser = clap::value_parser!(u8).range(0..=4))]
    pub password_classes: Option<u8>,
    /// Days after which a password must be changed [default: never because of its age]
    #[arg(long, env = "DUONGVE_PASSWORD_DAYS", value_name = "N", global = true, help_heading = "Signing in",
          value_parser = clap::value_parser!(i64).range(0..=3650))]
    pub password_days: Option<i64>,
    /// Days after which an unused account is shut [default: 45]
    #[arg(long, env = "DUONGVE_DORMANT_DAYS", value_name = "N", global = true, help_heading = "Signing in",
          value_parser = clap::value_parser!(i64).range(7..=3650))]
    pub dormant_days: Option<i64>,
    /// Folder that backups are written to, each in a folder of its own [default: none, and no backups]
    #[arg(long, env = "DUONGVE_BACKUP_DIR", value_name = "DIR", global = true, help_heading = "Backup")]
    pub backup_dir: Option<PathBuf>,
    /// Public key (age1…) that backups are shut to; the other half never lies on this machine
    #[arg(
        long = "backup-recipient",
        env = "DUONGVE_BACKUP_RECIPIENTS",
        value_name = "AGE1…",
        global = true,
        value_delimiter = ',',
        help_heading = "Backup"
    )]
    pub backup_recipients: Option<Vec<String>>,
    /// Folder of the keyring's backups [default: beside the other, its name with .keyring]
    #[arg(long, env = "DUONGVE_KEYRING_BACKUP_DIR", value_name = "DIR", global = true, help_heading = "Backup")]
    pub keyring_backup_dir: Option<PathBuf>,
    /// Public key that the keyring's backups are shut to [default: the same]
    #[arg(
        long = "keyring-backup-recipient",
        env = "DUONGVE_KEYRING_BACKUP_RECIPIENTS",
        value_name = "AGE1…",
        global = true,
        value_delimiter = ',',
        help_heading = "Backup"
    )]
    pub keyring_backup_recipients: Option<Vec<String>>,
    /// The newest backup of so many days is kept [default: 7]
    #[arg(long, env = "DUONGVE_BACKUP_DAILY", value_name = "N", global = true, help_heading = "Backup",
          value_parser = clap::value_parser!(i64).range(1..=3650))]
    pub backup_daily: Option<i64>,
    /// And of so many weeks [default: 4]
    #[arg(long, env = "DUONGVE_BACKUP_WEEKLY", value_name = "N", global = true, help_heading = "Backup",
          value_parser = clap::value_parser!(i64).range(0..=520))]
    pub backup_weekly: Option<i64>,
    /// And of so many months [default: 12]
    #[arg(long, env = "DUONGVE_BACKUP_MONTHLY", value_name = "N", global = true, help_heading = "Backup",
          value_parser = clap::value_parser!(i64).range(0..=600))]
    pub backup_monthly: Option<i64>,
    /// Backups of the keyring are kept so many days: longer than that nobody who was erased can come back [default: 30]
    #[arg(long, env = "DUONGVE_KEYRING_BACKUP_DAYS", value_name = "N", global = true, help_heading = "Backup",
          value_parser = clap::value_parser!(i64).range(1..=365))]
    pub keyring_backup_days: Option<i64>,
    /// Bring the schema up even if no copy of the database can be made first
    #[arg(long, env = "DUONGVE_WITHOUT_BACKUP", global = true, num_args = 0..=1, require_equals = true,
          default_missing_value = "true", value_name = "BOOL", help_heading = "Backup")]
    pub without_backup: Option<bool>,
    /// Checkpoints of the audit are also written here, outside the database [default: beside the data folder, its name with .checkpoints]
    #[arg(long, env = "DUONGVE_CHECKPOINT_FILE", value_name = "FILE", global = true)]
    pub checkpoint_file: Option<PathBuf>,
    /// Write mails as .eml files into this folder
    #[arg(long, env = "DUONGVE_MAIL_DIR", value_name = "DIR", global = true, help_heading = "Mail")]
    pub mail_dir: Option<PathBuf>,
    /// Mail server
    #[arg(long, env = "DUONGVE_SMTP_HOST", value_name = "HOST", global = true, help_heading = "Mail")]
    pub smtp_host: Option<String>,
    /// Its port [default: 587 for starttls, 465 for tls, 25 for none]
    #[arg(long, env = "DUONGVE_SMTP_PORT", value_name = "PORT", global = true, help_heading = "Mail")]
    pub smtp_port: Option<u16>,
    /// The address that mails come from
    #[arg(long, env = "DUONGVE_SMTP_FROM", value_name = "ADDRESS", global = true, help_heading = "Mail")]
    pub smtp_from: Option<String>,
    /// Name to sign in with at the mail server
    #[arg(long, env = "DUONGVE_SMTP_USER", value_name = "NAME", global = true, help_heading = "Mail")]
    pub smtp_user: Option<String>,
    /// File whose first line is that name's password
    #[arg(long, env = "DUONGVE_SMTP_PASSWORD_FILE", value_name = "FILE", global = true, help_heading = "Mail")]
    pub smtp_password_file: Option<PathBuf>,
    /// How the mail server is spoken to; none only on this machine [default: starttls]
    #[arg(long, env = "DUONGVE_SMTP_SECURITY", value_name = "HOW", global = true, help_heading = "Mail")]
    pub smtp_security: Option<SmtpSecurity>,
}

/// Settings that cannot be: what, in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsFault(String);

impl SettingsFault {
    pub fn new(line: String) -> SettingsFault {
        SettingsFault(line)
    }
}

fn fault<T>(line: impl Into<String>) -> Result<T, SettingsFault> {
    Err(SettingsFault(line.into()))
}

impl Flags {
    /// What the flags and the environment say, and for the rest what the settings file says.
    ///
    /// # Errors
    /// A file that cannot be read, or with a word that is not known.
    pub fn with_file(self) -> Result<Flags, SettingsFault> {
        let Some(path) = &self.config else { return Ok(self) };
        let text = std::fs::read_to_string(path)
            .or_else(|error| fault(format!("settings file {} cannot be read: {error}", path.display())))?;
        let file: Flags = toml::from_str(&text).or_else(|error| {
            let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            fault(format!("settings file {} line {line}: {}", path.display(), error.message().replace('\n', " ")))
        })?;
        // Where mails go is one choice: a flag for the one goes before a file's word for the other.
        let keeps_folder = self.smtp_host.is_none();
        let keeps_server = self.mail_dir.is_none();
        Ok(Flags {
            data_dir: self.data_dir.or(file.data_dir),
            database: self.database.or(file.database),
            root_key: self.root_key.or(file.root_key),
            keyring: self.keyring.or(file.keyring),
            erased: self.erased.or(file.erased),
            listen: self.listen.or(file.listen),
            public_url: self.public_url.or(file.public_url),
            tls_cert: self.tls_cert.or(file.tls_cert),
            tls_key: self.tls_key.or(file.tls_key),
            hosts: self.hosts.or(file.hosts),
            trusted_proxy: self.trusted_proxy.or(file.trusted_proxy),
            trusted_proxies: self.trusted_proxies.or(file.trusted_proxies),
            office_networks: self.office_networks.or(file.office_networks),
            admin_networks: self.admin_networks.or(file.admin_networks),
            admin_hours: self.admin_hours.or(file.admin_hours),
            idle_minutes: self.idle_minutes.or(file.idle_minutes),
            lock_after: self.lock_after.or(file.lock_after),
            lock_minutes: self.lock_minutes.or(file.lock_minutes),
            password_classes: self.password_classes.or(file.password_classes),
            password_days: self.password_days.or(file.password_days),
            dormant_days: self.dormant_days.or(file.dormant_days),
            backup_dir: self.backup_dir.or(file.backup_dir),
            backup_recipients: self.backup_recipients.or(file.backup_recipients),
            keyring_backup_dir: self.keyring_backup_dir.or(file.keyring_backup_dir),
            keyring_backup_recipients: self.keyring_backup_recipients.or(file.keyring_backup_recipients),
            backup_daily: self.backup_daily.or(file.backup_daily),
            backup_weekly: self.backup_weekly.or(file.backup_weekly),
            backup_monthly: self.backup_monthly.or(file.backup_monthly),
            keyring_backup_days: self.keyring_backup_days.or(file.keyring_backup_days),
            without_backup: self.without_backup.or(file.without_backup),
            checkpoint_file: self.checkpoint_file.or(file.checkpoint_file),
            mail_dir: self.mail_dir.or(file.mail_dir.filter(|_| keeps_folder)),
            smtp_host: self.smtp_host.or(file.smtp_host.filter(|_| keeps_server)),
            smtp_port: self.smtp_port.or(file.smtp_port),
            smtp_from: self.smtp_from.or(file.smtp_from),
            smtp_user: self.smtp_user.or(file.smtp_user),
            smtp_password_file: self.smtp_password_file.or(file.smtp_password_file),
            smtp_security: self.smtp_security.or(file.smtp_security),
            config: self.config,
        })
    }

    fn mail(&self) -> Result<MailSettings, SettingsFault> {
        match (&self.mail_dir, &self.smtp_host) {
            (Some(_), Some(_)) => fault("--mail-dir and --smtp-host: mails go to one place"),
            (Some(dir), None) => Ok(MailSettings::Folder(dir.clone())),
            (None, Some(host)) => self.smtp(host).map(MailSettings::Smtp),
            (None, None) => Ok(MailSettings::None),
        }
    }

    /// # Errors
    /// Words that do not fit each other; a recipient that is no public key of age; a number out of range.
    fn backup(&self, root_key: Option<&Path>) -> Result<Option<BackupSettings>, SettingsFault> {
        let recipients = self.backup_recipients.clone().unwrap_or_default();
        let Some(dir) = self.backup_dir.clone() else {
            return if recipients.is_empty() { Ok(None) } else { fault("--backup-recipient needs --backup-dir") };
        };
        if recipients.is_empty() {
            return fault("--backup-dir needs --backup-recipient: a backup is shut to somebody's key, or it is none");
        }
        let keyring_dir = self.keyring_backup_dir.clone().unwrap_or_else(|| with_end(&dir, ".keyring"));
        if keyring_dir.starts_with(&dir) || dir.starts_with(&keyring_dir) {
            return fault("--keyring-backup-dir: apart from --backup-dir, or whoever takes the one has the other");
        }
        if let Some(root) = root_key.filter(|root| root.starts_with(&dir) || root.starts_with(&keyring_dir)) {
            return fault(format!("root key {}: never where backups lie", root.display()));
        }
        let keyring_recipients = self
            .keyring_backup_recipients
            .clone()
            .filter(|some| !some.is_empty())
            .unwrap_or_else(|| recipients.clone());
        for recipient in recipients.iter().chain(&keyring_recipients) {
            if recipient.parse::<age::x25519::Recipient>().is_err() {
                return fault(format!("{recipient} is no public key of age (age1…)"));
            }
        }
        let count = |name: &str, value: Option<i64>, usual: i64, least: i64| match value {
            Some(value) if value < least => fault(format!("{name} {value}: at least {least}")),
            value => Ok(value.unwrap_or(usual)),
        };
        let size = |count: i64| usize::try_from(count).unwrap_or(usize::MAX);
        Ok(Some(BackupSettings {
            dir,
            recipients,
            keyring_dir,
            keyring_recipients,
            daily: size(count("backup_daily", self.backup_daily, 7, 1)?),
            weekly: size(count("backup_weekly", self.backup_weekly, 4, 0)?),
            monthly: size(count("backup_monthly", self.backup_monthly, 12, 0)?),
            keyring_days: count("keyring_backup_days", self.keyring_backup_days, 30, 1)?,
        }))
    }

    /// # Errors
    /// Numbers out of range in the settings file; the command line and the environment were checked by then.
    fn sign_in(&self) -> Result<SignInSettings, SettingsFault> {
        let usual = SignInSettings::default();
        let within = |name: &str, value: Option<i64>, usual: i64, range: std::ops::RangeInclusive<i64>| match value {
            Some(value) if !range.contains(&value) => {
                fault(format!("{name} {value}: {} to {}", range.start(), range.end()))
            }
            value => Ok(value.unwrap_or(usual)),
        };
        if let Some(after) = self.lock_after {
            within("lock_after", Some(after), after, 3..=100)?;
        }
        Ok(SignInSettings {
            office_networks: self.office_networks.clone().unwrap_or_default(),
            proxies: match (&self.trusted_proxies, self.trusted_proxy) {
                (Some(listed), _) => listed.clone(),
                (None, Some(true)) => loopback(),
                (None, _) => Vec::new(),
            },
            admin_networks: self.admin_networks.clone().unwrap_or_default(),
            admin_hours: self.admin_hours,
            idle_minutes: within("idle_minutes", self.idle_minutes, usual.idle_minutes, 1..=720)?,
            lock_after: self.lock_after,
            lock_minutes: within("lock_minutes", self.lock_minutes, usual.lock_minutes, 1..=1440)?,
            password_classes: usize::from(self.password_classes.unwrap_or(0).min(4)),
            password_days: within("password_days", self.password_days, usual.password_days, 0..=3650)?,
            dormant_days: within("dormant_days", self.dormant_days, usual.dormant_days, 7..=3650)?,
            throttled: true,
            demo_without_factor: false,
        })
    }

    fn smtp(&self, host: &str) -> Result<SmtpSettings, SettingsFault> {
        let Some(from) = self.smtp_from.clone() else { return fault("--smtp-host needs --smtp-from") };
        if from.parse::<lettre::message::Mailbox>().is_err() {
            return fault(format!("--smtp-from {from} is not an e-mail address"));
        }
        let security = self.smtp_security.unwrap_or(SmtpSecurity::Starttls);
        let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if security == SmtpSecurity::None && !here {
            return fault("--smtp-security none: only for a mail server on this machine");
        }
        let port = self.smtp_port.unwrap_or(match security {
            SmtpSecurity::Starttls => 587,
            SmtpSecurity::Tls => 465,
            SmtpSecurity::None => 25,
        });
        let password = self.smtp_password_file.as_deref().map(first_line).transpose()?;
        if self.smtp_user.is_some() != password.is_some() {
            return fault("--smtp-user and --smtp-password-file come together");
        }
        Ok(SmtpSettings { host: host.to_owned(), port, from, user: self.smtp_user.clone(), password, security })
    }
}

/// The addresses of this machine itself.
fn loopback() -> Vec<IpNet> {
    ["127.0.0.0/8", "::1/128"].into_iter().filter_map(|net| net.parse().ok()).collect()
}

fn first_line(file: &Path) -> Result<String, SettingsFault> {
    let text = std::fs::read_to_string(file)
        .or_else(|error| fault(format!("password file {} cannot be read: {error}", file.display())))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => fault(format!("password file {} is empty", file.display())),
    }
}

impl Settings {
    /// Where files lie that are put with cases. Several nodes on one database share this folder.
    pub fn files(&self) -> PathBuf {
        self.data_dir.join("attachments")
    }

    /// Settings from flags, environment, file and defaults.
    ///
    /// # Errors
    /// Words that do not fit each other, a file that cannot be read.
    pub fn gather(flags: Flags) -> Result<Settings, SettingsFault> {
        let flags = flags.with_file()?;
        let data_dir = flags.data_dir.clone().unwrap_or_else(|| PathBuf::from("duongve-data"));
        let database = match &flags.database {
            Some(url) if is_postgres(url) => url.clone(),
            Some(other) if other.contains("://") || other.starts_with("sqlite:") => {
                return fault("--database: postgres://… or the path of an SQLite file");
            }
            Some(path) => path.clone(),
            None => data_dir.join("duongve.sqlite").display().to_string(),
        };
        let listen = flags.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)));
        let public_url = flags.public_url.clone().unwrap_or_default().trim_end_matches('/').to_owned();
        if !(public_url.is_empty() || public_url.starts_with("http://") || public_url.starts_with("https://")) {
            return fault(format!("--public-url {public_url}: begins with https:// (or http://)"));
        }
        let tls = match (&flags.tls_cert, &flags.tls_key) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert: cert.clone(), key: key.clone() }),
            (None, None) => None,
            _ => return fault("--tls-cert and --tls-key come together"),
        };
        if tls.is_some() && flags.trusted_proxy == Some(true) {
            return fault("--tls-cert and --trusted-proxy: https ends in one place");
        }
        let keys = key_places(&flags, &data_dir, &database);
        let root_key = match &keys.root {
            RootPlace::File(path) | RootPlace::Credential(path) => Some(path.clone()),
            RootPlace::Given(_) => None,
        };
        Ok(Settings {
            backup: flags.backup(root_key.as_deref())?,
            without_backup: flags.without_backup.unwrap_or(false),
            tls,
            hosts: flags.hosts.clone().unwrap_or_default(),
            mail: flags.mail()?,
            trusted_proxy: flags.trusted_proxy.unwrap_or(false),
            checkpoint_file: flags.checkpoint_file.clone().unwrap_or_else(|| beside(&data_dir)),
            keys,
            data_dir,
            database,
            listen,
            public_url,
            demo: false,
            // The file that is running, also after a newer one was put in its place.
            program: PathBuf::from("/proc/self/exe"),
            sign_in: flags.sign_in()?,
        })
    }

    /// The same once the port is known; links begin with that address unless another was said.
    #[must_use]
    pub fn listening_on(mut self, listen: SocketAddr) -> Settings {
        self.listen = listen;
        if self.public_url.is_empty() {
            let scheme = if self.tls.is_some() { "https" } else { "http" };
            self.public_url = format!("{scheme}://{listen}");
        }
        self
    }

    /// Is this a name under which one may ask for the program? Without a port.
    pub fn answers_to(&self, host: &str) -> bool {
        let own = self.public_url.split("://").nth(1).and_then(|rest| rest.split('/').next());
        let own = own.map(|authority| without_port(authority).to_ascii_lowercase());
        // No page of the outside can bear the names of this machine.
        let here = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        here || own.as_deref() == Some(host) || self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }

    /// Is the address of this program loopback, so that browsers keep a Secure cookie on plain http?
    pub fn on_loopback(&self) -> bool {
        self.listen.ip().is_loopback()
    }

    /// Makes the folders and the SQLite file, readable for the program's own user only. What is there already keeps
    /// its rights.
    ///
    /// # Errors
    /// The disk's own words, with the path.
    pub fn make_folders(&self) -> Result<(), SettingsFault> {
        make_folder(&self.data_dir)?;
        if let MailSettings::Folder(dir) = &self.mail {
            make_folder(dir)?;
        }
        for file in [&self.database, &self.keys.keyring].into_iter().filter(|url| !is_postgres(url)) {
            // SQLite gives its -wal and -shm files the rights of the file itself.
            std::fs::OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(file)
                .or_else(|error| fault(format!("{file} cannot be opened: {error}")))?;
        }
        Ok(())
    }

    /// Can others on this machine look into the data folder?
    pub fn is_open_to_others(&self) -> bool {
        std::fs::metadata(&self.data_dir).is_ok_and(|folder| folder.permissions().mode() & 0o077 != 0)
    }

    /// The database as it may be printed: without the password of its URL.
    pub fn database_shown(&self) -> String {
        shown(&self.database)
    }

    /// The same for the keyring.
    pub fn keyring_shown(&self) -> String {
        shown(&self.keys.keyring)
    }
}

fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let rest = rest.split_once('?').map_or(rest, |(rest, _)| rest);
    match rest.rsplit_once('@') {
        Some((user, place)) => {
            let user = user.split_once(':').map_or(user, |(user, _)| user);
            format!("{scheme}://{user}@{place}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

/// The name under which the service manager hands over the root key.
const CREDENTIAL: &str = "duongve-root-key";

/// The root key: what the service manager hands over, the file that was named, the variable, or a file of ours.
fn key_places(flags: &Flags, data_dir: &Path, database: &str) -> KeyPlaces {
    let beside = if is_postgres(database) {
        data_dir.to_owned()
    } else {
        Path::new(database).parent().unwrap_or(Path::new("")).to_owned()
    };
    let file = flags.root_key.clone().unwrap_or_else(|| beside.join("root.key"));
    let credential =
        variable("CREDENTIALS_DIRECTORY").map(|dir| Path::new(&dir).join(CREDENTIAL)).filter(|path| path.exists());
    let root = match (credential, &flags.root_key, variable("DUONGVE_ROOT_KEY")) {
        (Some(path), _, _) => RootPlace::Credential(path),
        (None, None, Some(words)) => {
            tracing::warn!(
                "the root key comes from a variable: whoever may look at this process can read it; a file or a credential is better"
            );
            RootPlace::Given(GivenKey::new(words))
        }
        _ => RootPlace::File(file.clone()),
    };
    let keyring = match &flags.keyring {
        Some(url) => url.clone(),
        None if is_postgres(database) => database.to_owned(),
        None => format!("{database}.keyring"),
    };
    let erased = flags.erased.clone().unwrap_or_else(|| file.with_file_name("erased.list"));
    KeyPlaces { root, keyring, tombstones: erased }
}

/// A host without its port; an address of IPv6 keeps its brackets.
pub fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    }
}

/// A file beside the data folder: a copy or a loss of the folder does not take it along.
fn beside(data_dir: &Path) -> PathBuf {
    with_end(data_dir, ".checkpoints")
}

/// A place beside a folder: its name with an ending.
fn with_end(folder: &Path, end: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or("duongve".as_ref()).to_owned();
    name.push(end);
    folder.with_file_name(name)
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

fn make_folder(dir: &Path) -> Result<(), SettingsFault> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .or_else(|error| fault(format!("folder {} cannot be made: {error}", dir.display())))
}

/// A new folder of one's own under the system's temporary folder.
///
/// # Errors
/// The disk's own words, with the path.
pub fn temporary_folder() -> Result<PathBuf, SettingsFault> {
    let name: u64 = rand::random();
    let dir = std::env::temp_dir().join(format!("duongve-demo-{name:016x}"));
    // Not recursive: a folder that somebody has put there before is refused.
    std::fs::DirBuilder::new()
        .mode(0o700)
        .create(&dir)
        .or_else(|error| fault(format!("folder {} cannot be made: {error}", dir.display())))?;
    Ok(dir)
}

/// The password that `DUONGVE_PASSWORD` gives, for commands that would ask for one. Not a flag: a command line can be read
/// by everyone on the machine.
pub fn given_password() -> Option<String> {
    variable("DUONGVE_PASSWORD")
}

/// The code of the second factor that `DUONGVE_CODE` gives, for commands that would ask for one.
pub fn given_code() -> Option<String> {
    variable("DUONGVE_CODE")
}

/// The password of the demo's cast, if `DUONGVE_DEMO_PASSWORD` gives one.
pub fn given_demo_password() -> Option<String> {
    variable("DUONGVE_DEMO_PASSWORD")
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(database: &str) -> Settings {
        Settings::gather(Flags { database: Some(database.to_owned()), ..Flags::default() }).unwrap()
    }

    #[test]
    fn a_database_url_is_printed_without_its_password() {
        let shown = settings("postgres://duongve:a@b:c@db.example/duongve?password=x").database_shown();
        assert_eq!(shown, "postgres://duongve@db.example/duongve");
        assert_eq!(settings("/srv/duongve.sqlite").database_shown(), "/srv/duongve.sqlite");
    }

    #[test]
    fn a_flag_goes_before_the_file_and_an_unknown_word_is_refused_with_its_line() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("duongve.toml");
        std::fs::write(&file, "data_dir = \"/srv/a\"\ntrusted_proxy = true\nmail_dir = \"/srv/mail\"\n").unwrap();
        let flags = Flags { config: Some(file.clone()), data_dir: Some("/srv/b".into()), ..Flags::default() };
        let settings = Settings::gather(flags.clone()).unwrap();
        assert_eq!(settings.database, "/srv/b/duongve.sqlite");
        assert!(settings.trusted_proxy);
        assert_eq!(settings.mail, MailSettings::Folder("/srv/mail".into()));
        std::fs::write(&file, "trusted_proxy = true\ndatadir = \"/srv/a\"\n").unwrap();
        let refused = Settings::gather(flags).unwrap_err().to_string();
        assert!(refused.contains("line 2") && refused.contains("datadir"), "{refused}");
    }

    #[test]
    fn mail_in_the_clear_goes_to_this_machine_only() {
        let flags = |host: &str| Flags {
            smtp_host: Some(host.to_owned()),
            smtp_from: Some("duongve@commune.example".to_owned()),
            smtp_security: Some(SmtpSecurity::None),
            ..Flags::default()
        };
        assert!(Settings::gather(flags("127.0.0.1")).is_ok());
        assert!(Settings::gather(flags("mail.example")).is_err());
    }
}
