//! Mails against a real server on a socket: taken, refused, cut off; and the administrator's page of dead letters.

use crate::{
    both,
    office::{Read, furnish, number, read, second_node, sql, tick},
};
use duongve::{
    app::App,
    base::time::At,
    config::{MailSettings, SmtpSecurity, SmtpSettings},
};
use jiff::civil::date;
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// A small SMTP server (RFC 5321) on a port of this machine.
#[derive(Default)]
struct Server {
    taken: Mutex<Vec<(String, String)>>,
    /// Answers `550` to this address.
    refused: Mutex<Option<String>>,
    /// Answers `451` to this address.
    greylisted: Mutex<Option<String>>,
    /// Hangs up at so many `DATA`.
    drops: AtomicUsize,
    logins: AtomicUsize,
}

impl Server {
    async fn start() -> (Arc<Server>, SocketAddr) {
        let server = Arc::new(Server::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _peer)) = listener.accept().await {
                let server = shared.clone();
                tokio::spawn(async move { server.talk(stream).await });
            }
        });
        (server, address)
    }

    /// One connection; `None` when the other side is gone, or we hang up.
    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let (input, mut output) = stream.into_split();
        let mut input = BufReader::new(input).lines();
        output.write_all(b"220 test ESMTP\r\n").await.ok()?;
        self.logins.fetch_add(1, Ordering::SeqCst);
        let mut to = String::new();
        while let Some(line) = input.next_line().await.ok()? {
            let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match word.as_str() {
                "EHLO" => "250-test\r\n250 8BITMIME",
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    let is = |of: &Mutex<Option<String>>| of.lock().unwrap().as_deref() == Some(to.as_str());
                    match (is(&self.refused), is(&self.greylisted)) {
                        (true, _) => "550 5.1.1 no such mailbox",
                        (_, true) => "451 4.7.1 try again later",
                        _ => "250 ok",
                    }
                }
                "DATA" => {
                    let drop = self.drops.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
                    if drop.is_ok() {
                        return None;
                    }
                    output.write_all(b"354 go on\r\n").await.ok()?;
                    let mut data = String::new();
                    loop {
                        let line = input.next_line().await.ok()??;
                        if line == "." {
                            break;
                        }
                        data += line.strip_prefix('.').unwrap_or(&line);
                        data += "\r\n";
                    }
                    self.taken.lock().unwrap().push((to.clone(), data));
                    "250 taken"
                }
                "QUIT" => {
                    output.write_all(b"221 bye\r\n").await.ok()?;
                    return None;
                }
                _ => "250 ok",
            };
            output.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
        None
    }

    fn taken(&self) -> Vec<(String, Read)> {
        self.taken.lock().unwrap().iter().map(|(to, raw)| (to.clone(), read(raw))).collect()
    }

    fn to(&self, username: &str) -> usize {
        self.taken().iter().filter(|(to, _)| *to == format!("{username}@duongve.example")).count()
    }
}

/// The same house with a mail server.
fn with_server(house: &crate::house::House, address: SocketAddr) -> App {
    let mut settings = house.app.settings().clone();
    settings.mail = MailSettings::Smtp(SmtpSettings {
        host: address.ip().to_string(),
        port: address.port(),
        from: "Đường Về <duongve@duongve.example>".to_owned(),
        user: None,
        password: None,
        security: SmtpSecurity::None,
    });
    App::new(house.store().clone(), settings)
}

fn minutes(house: &crate::house::House, minutes: i64) {
    house.clock.set(At::of(date(2026, 11, 23), 7, 30).plus(minutes * 60));
}

both!(one_refused_address_holds_up_nobody, async |house: crate::house::House| {
    furnish(&house).await;
    let (server, address) = Server::start().await;
    let app = with_server(&house, address);
    *server.refused.lock().unwrap() = Some("officer2@duongve.example".to_owned());
    duongve::jobs::tick(&app).await.unwrap();
    let taken = server.taken();
    assert_eq!(taken.len(), 5, "{taken:?}");
    for name in ["supervisor", "supervisor3", "officer", "officer3", "province"] {
        assert_eq!(server.to(name), 1, "{name}");
    }
    let digest = taken.iter().find(|(to, _)| to == "supervisor@duongve.example").unwrap();
    assert!(digest.1.subject.starts_with("[Đường Về] "), "{:?}", digest.1);
    assert!(digest.1.text.contains("/digests/"));
    // A refusal for good is not tried again.
    minutes(&house, 60 * 5);
    duongve::jobs::tick(&app).await.unwrap();
    assert_eq!(server.taken().len(), 5);

    let admin = house.as_("admin").await;
    let page = admin.get("/mails").await.expect(200).text();
    assert!(page.contains("officer2@duongve.example") && page.contains("no such mailbox"), "{page}");
    assert!(!page.contains("Kính gửi"), "never the text of a mail");
    let form = page.split("action=\"").find_map(|part| part.strip_prefix("/mails/")).unwrap();
    let retry = format!("/mails/{}", form.split('"').next().unwrap());
    for name in ["supervisor", "officer2", "province", "inspector", "partner"] {
        let person = house.as_(name).await;
        person.get("/mails").await.expect(403);
        assert!(matches!(person.post(&retry, &[]).await.status.as_u16(), 403 | 404), "{name}");
    }
    *server.refused.lock().unwrap() = None;
    admin.post(&retry, &[]).await.expect(303);
    admin.post(&retry, &[]).await.expect(422);
    assert!(!admin.get("/mails").await.expect(200).text().contains("officer2@"));
    duongve::jobs::tick(&app).await.unwrap();
    assert_eq!(server.to("officer2"), 1);
    assert_eq!(number(&house, "select count(*) from mails where sent_at is null").await, 0);
});

both!(a_connection_that_is_cut_is_tried_again_with_the_same_message_id, async |house: crate::house::House| {
    let (server, address) = Server::start().await;
    let app = with_server(&house, address);
    server.drops.store(1, Ordering::SeqCst);
    duongve::jobs::tick(&app).await.unwrap();
    assert_eq!(server.taken().len(), 1, "two digests, one cut off");
    assert_eq!(number(&house, "select count(*) from mails where sent_at is null and attempts = 1").await, 1);
    duongve::jobs::tick(&app).await.unwrap();
    assert_eq!(server.taken().len(), 1, "it waits a minute");
    minutes(&house, 1);
    duongve::jobs::tick(&app).await.unwrap();
    duongve::jobs::tick(&app).await.unwrap();
    assert_eq!((server.to("supervisor"), server.to("supervisor3")), (1, 1));
    let known = number(&house, "select count(*) from mails where sent_at is not null and last_error = ''").await;
    assert_eq!(known, 2);
    for (_, mail) in server.taken() {
        let sql = format!("select count(*) from mails where message_id = '{}'", mail.message_id);
        assert_eq!(number(&house, &sql).await, 1);
    }
});

both!(a_server_that_says_later_is_asked_twelve_times, async |house: crate::house::House| {
    let (server, address) = Server::start().await;
    let app = with_server(&house, address);
    *server.greylisted.lock().unwrap() = Some("supervisor@duongve.example".to_owned());
    let mut at = 0;
    for attempt in 1..=12 {
        minutes(&house, at);
        // Only the mails: the calendar goes on for days here.
        duongve::mails::send_due(&app).await.unwrap();
        if attempt == 1 {
            duongve::jobs::tick(&app).await.unwrap();
        }
        let waiting = "select count(*) from mails where sent_at is null and dead_at is null";
        assert_eq!(number(&house, waiting).await, i64::from(attempt < 12), "after {attempt}");
        at += 1 << (attempt - 1);
    }
    assert_eq!(number(&house, "select max(attempts) from mails").await, 12);
    assert!(house.as_("admin").await.get("/mails").await.text().contains("try again later"));
    assert_eq!((server.to("supervisor"), server.to("supervisor3")), (0, 1));
});

both!(two_nodes_send_a_mail_once, async |house: crate::house::House| {
    furnish(&house).await;
    let (server, address) = Server::start().await;
    let (one, two) = (with_server(&house, address), with_server(&house, address));
    let third = second_node(&house).await;
    let third = App::new(third.store().clone(), one.settings().clone());
    // The letters wait in the outbox first.
    let mut settings = house.app.settings().clone();
    settings.mail = MailSettings::None;
    duongve::jobs::tick(&App::new(house.store().clone(), settings)).await.unwrap();
    assert_eq!(number(&house, "select count(*) from mails where sent_at is null").await, 6);
    let (a, b, c) =
        tokio::join!(duongve::mails::send_due(&one), duongve::mails::send_due(&two), duongve::mails::send_due(&third));
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 6);
    assert_eq!(server.taken().len(), 6);
});

both!(a_line_break_in_an_address_becomes_a_dead_letter, async |house: crate::house::House| {
    let (server, address) = Server::start().await;
    let break_in = if house.store().is_postgres() { "E'\\r\\n'" } else { "char(13, 10)" };
    let evil = format!("'a@duongve.example' || {break_in} || 'Bcc: b@duongve.example'");
    sql(&house, &format!("update users set email = {evil} where username = 'supervisor'")).await;
    duongve::jobs::tick(&with_server(&house, address)).await.unwrap();
    assert_eq!(server.taken().len(), 1, "the other head's");
    assert_eq!(number(&house, "select count(*) from mails where dead_at is not null").await, 1);
});

both!(without_tls_nothing_leaves_this_machine, async |house: crate::house::House| {
    let mut settings = with_server(&house, SocketAddr::from(([127, 0, 0, 1], 9))).settings().clone();
    if let MailSettings::Smtp(smtp) = &mut settings.mail {
        smtp.host = "192.0.2.1".to_owned();
    }
    let app = App::new(house.store().clone(), settings.clone());
    duongve::jobs::tick(&app).await.unwrap();
    assert_eq!(number(&house, "select count(*) from mails where sent_at is null and attempts = 0").await, 2);
    // A server that speaks no TLS gets no mail either when TLS is asked for.
    let (server, address) = Server::start().await;
    for security in [SmtpSecurity::Starttls, SmtpSecurity::Tls] {
        let mut settings = with_server(&house, address).settings().clone();
        if let MailSettings::Smtp(smtp) = &mut settings.mail {
            smtp.security = security;
        }
        minutes(&house, if security == SmtpSecurity::Tls { 10 } else { 0 });
        duongve::jobs::tick(&App::new(house.store().clone(), settings)).await.unwrap();
    }
    assert_eq!(server.taken().len(), 0);
    assert_eq!(number(&house, "select count(*) from mails where sent_at is null and attempts = 2").await, 2);
    tick(&house).await;
});
