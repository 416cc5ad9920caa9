//! `duongve config`: what the program would run with, without secrets.

use super::{Failed, say};
use crate::config::{BackupSettings, Flags, MailSettings, Settings};

#[derive(clap::Args)]
pub struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(flags: Flags, args: Args) -> Result<(), Failed> {
    let settings = Settings::gather(flags)?;
    let settings = settings.clone().listening_on(settings.listen);
    let mail = match &settings.mail {
        MailSettings::Folder(dir) => format!("files in {}", dir.display()),
        MailSettings::Smtp(smtp) => {
            let as_whom = smtp.user.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
            format!("{}:{} ({:?}){as_whom}, from {}", smtp.host, smtp.port, smtp.security, smtp.from)
        }
        MailSettings::None => "none: mails wait in the database".to_owned(),
    };
    let backup = |say: fn(&BackupSettings) -> String| {
        settings.backup.as_ref().map_or_else(|| "none: nothing is backed up".to_owned(), say)
    };
    let lines = [
        ("data_dir", settings.data_dir.display().to_string()),
        ("database", settings.database_shown()),
        ("root_key", settings.keys.root.to_string()),
        ("keyring", settings.keyring_shown()),
        ("erased", settings.keys.tombstones.display().to_string()),
        ("listen", settings.listen.to_string()),
        ("public_url", settings.public_url.clone()),
        ("tls_cert", settings.tls.as_ref().map(|tls| tls.cert.display().to_string()).unwrap_or_default()),
        ("tls_key", settings.tls.as_ref().map(|tls| tls.key.display().to_string()).unwrap_or_default()),
        ("hosts", settings.hosts.join(",")),
        ("trusted_proxy", settings.trusted_proxy.to_string()),
        ("mail", mail),
        ("checkpoint_file", settings.checkpoint_file.display().to_string()),
        ("backup_dir", backup(|backup| backup.dir.display().to_string())),
        ("keyring_backups", backup(|backup| backup.keyring_dir.display().to_string())),
    ];
    if args.json {
        let object: serde_json::Map<String, serde_json::Value> =
            lines.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        return say(&serde_json::Value::Object(object).to_string());
    }
    for (name, value) in lines {
        say(&format!("{name:<15} {value}"))?;
    }
    Ok(())
}
