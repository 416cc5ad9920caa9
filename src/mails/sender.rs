//! Hands mails to a server, or writes them into a folder.

use super::model::Outbound;
use crate::config::{MailSettings, SmtpSecurity, SmtpSettings};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{PoolConfig, authentication::Credentials},
};
use std::{path::PathBuf, time::Duration};

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum MailFault {
    /// Address or subject cannot stand in a mail: also a line break in a header.
    #[error("the mail cannot be written: {0}")]
    Unwritable(String),
    #[error("{0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    #[error("the folder for mails: {0}")]
    Folder(#[from] std::io::Error),
    /// Plain text would leave this machine.
    #[error("a mail server without TLS is allowed on this machine only, not at {0}")]
    WithoutTls(String),
    #[error("the sender's address {0} is no mail address")]
    From(String),
}

impl MailFault {
    /// The server refused this mail for good, or it can never be written. A refused sign-in (530 to 538) is a matter of
    /// the settings and is tried again.
    pub fn is_permanent(&self) -> bool {
        match self {
            MailFault::Unwritable(_) => true,
            MailFault::Smtp(error) => {
                let code = error.status().map(u16::from);
                error.is_permanent() && !code.is_some_and(|code| (530..=538).contains(&code))
            }
            _ => false,
        }
    }

    /// One short line for the administrator.
    pub fn told(&self) -> String {
        let line: String = match self {
            MailFault::Smtp(error) => std::error::Error::source(error)
                .map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
            other => other.to_string(),
        };
        line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(300).collect()
    }
}

/// Where mails go, ready to take them.
pub enum Sender {
    Folder(PathBuf),
    Smtp { from: Mailbox, transport: Box<AsyncSmtpTransport<Tokio1Executor>> },
}

const TIMEOUT: Duration = Duration::from_secs(30);
const FOLDER_FROM: &str = "duongve@localhost";

impl Sender {
    /// `None`: mails wait in the database.
    pub fn new(settings: &MailSettings) -> Result<Option<Sender>, MailFault> {
        Ok(match settings {
            MailSettings::None => None,
            MailSettings::Folder(folder) => Some(Sender::Folder(folder.clone())),
            MailSettings::Smtp(smtp) => {
                let from = smtp.from.parse().map_err(|_| MailFault::From(smtp.from.clone()))?;
                Some(Sender::Smtp { from, transport: Box::new(transport(smtp)?) })
            }
        })
    }

    pub async fn send(&self, mail: &Outbound) -> Result<(), MailFault> {
        match self {
            Sender::Folder(folder) => {
                let from = FOLDER_FROM.parse().map_err(|_| MailFault::From(FOLDER_FROM.to_owned()))?;
                let message = message(mail, from)?.formatted();
                tokio::fs::create_dir_all(folder).await?;
                // Written aside and then put in place: nobody reads half a mail, and a second try replaces the first.
                let aside = folder.join(format!(".{}.part", mail.id));
                tokio::fs::write(&aside, message).await?;
                // For the program's own user only, like the database.
                let own = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
                tokio::fs::set_permissions(&aside, own).await?;
                Ok(tokio::fs::rename(&aside, folder.join(format!("{}.eml", mail.id))).await?)
            }
            Sender::Smtp { from, transport } => {
                transport.send(message(mail, from.clone())?).await?;
                Ok(())
            }
        }
    }
}

/// The mail as RFC 5322 wants it. The builder refuses line breaks in headers; so do we, before it could fold them.
fn message(mail: &Outbound, from: Mailbox) -> Result<Message, MailFault> {
    let unwritable = |error: &dyn std::fmt::Display| MailFault::Unwritable(error.to_string());
    if [mail.address.text(), mail.subject.text(), &mail.message_id].iter().any(|header| header.contains(['\r', '\n'])) {
        return Err(unwritable(&"a line break in a header"));
    }
    let to: Mailbox = mail.address.text().parse().map_err(|error: lettre::address::AddressError| unwritable(&error))?;
    Message::builder()
        .from(from)
        .to(to)
        .subject(mail.subject.told())
        .message_id(Some(mail.message_id.clone()))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.told())
        .map_err(|error| unwritable(&error))
}

fn transport(smtp: &SmtpSettings) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailFault> {
    let builder = match smtp.security {
        SmtpSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&smtp.host)?,
        SmtpSecurity::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&smtp.host)?,
        SmtpSecurity::None if is_this_machine(&smtp.host) => {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        }
        SmtpSecurity::None => return Err(MailFault::WithoutTls(smtp.host.clone())),
    };
    let builder = builder.port(smtp.port).timeout(Some(TIMEOUT)).pool_config(PoolConfig::new().min_idle(0).max_size(1));
    Ok(match (&smtp.user, &smtp.password) {
        (Some(user), Some(password)) => builder.credentials(Credentials::new(user.clone(), password.clone())).build(),
        _ => builder.build(),
    })
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::base::{
        ids::{Id, MailId},
        sealed::Sealed,
    };

    fn mail(address: &str, subject: &str) -> Outbound {
        Outbound {
            id: MailId::from_uuid(uuid::Uuid::nil()),
            address: Sealed::known(address.to_owned()),
            subject: Sealed::known(subject.to_owned()),
            body: Sealed::known("Quá hạn: 3 việc\n".to_owned()),
            message_id: "<1@duongve.example>".to_owned(),
            attempts: 1,
        }
    }

    #[test]
    fn a_line_break_adds_no_header() {
        let from: Mailbox = FOLDER_FROM.parse().unwrap();
        for (address, subject) in [
            ("a@duongve.example", "3 việc\r\nBcc: all@duongve.example"),
            ("a@duongve.example", "3 việc\nBcc: all@duongve.example"),
            ("a@duongve.example\r\nBcc: all@duongve.example", "3 việc"),
        ] {
            let refused = message(&mail(address, subject), from.clone()).unwrap_err();
            assert!(refused.is_permanent());
        }
        let written =
            String::from_utf8(message(&mail("a@duongve.example", "3 việc"), from).unwrap().formatted()).unwrap();
        assert!(written.contains("Message-ID: <1@duongve.example>"), "{written}");
        assert!(written.contains("Subject: 3 =?utf-8?b?"), "{written}");
    }

    #[test]
    fn plain_text_leaves_no_machine() {
        let smtp = |host: &str| SmtpSettings {
            host: host.to_owned(),
            port: 25,
            from: "duongve@duongve.example".to_owned(),
            user: None,
            password: None,
            security: SmtpSecurity::None,
        };
        assert!(matches!(transport(&smtp("mail.duongve.example")), Err(MailFault::WithoutTls(_))));
        assert!(matches!(transport(&smtp("127.0.0.1.duongve.example")), Err(MailFault::WithoutTls(_))));
    }
}
