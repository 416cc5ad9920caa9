//! https by the program itself: TLS 1.2 and 1.3, the certificate read again when its file changes or a SIGHUP comes.

use crate::config::{SettingsFault, TlsFiles};
use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
    server::TlsStream,
};

/// So often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// What https is spoken with.
#[derive(Clone)]
pub struct Tls {
    files: TlsFiles,
    config: Arc<RwLock<Arc<ServerConfig>>>,
}

impl Tls {
    /// Reads certificate and key, and looks after them from now on.
    ///
    /// # Errors
    /// A file that cannot be read or does not fit the other; a key that others on this machine can read.
    pub fn open(files: &TlsFiles) -> Result<Tls, SettingsFault> {
        let config = Arc::new(RwLock::new(Arc::new(read(files)?)));
        let tls = Tls { files: files.clone(), config };
        tokio::spawn(tls.clone().look_after());
        Ok(tls)
    }

    /// Agrees on https with whoever has connected.
    ///
    /// # Errors
    /// What the other side did wrong, or that it went away.
    pub async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner).clone();
        TlsAcceptor::from(config).accept(stream).await
    }

    async fn look_after(self) {
        let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok();
        let mut seen = self.changed_at();
        loop {
            let asked = async {
                match &mut hangup {
                    Some(hangup) => hangup.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = asked => {}
                () = tokio::time::sleep(LOOK) => {
                    if self.changed_at() == seen {
                        continue;
                    }
                }
            }
            seen = self.changed_at();
            match read(&self.files) {
                Ok(config) => {
                    *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
                    tracing::info!("the certificate was read again");
                }
                // Half of a change: the other file comes in a moment, and the old pair holds until then.
                Err(fault) => tracing::error!(%fault, "the new certificate cannot be used; the old one stays"),
            }
        }
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.files.cert, &self.files.key].map(|file| std::fs::metadata(file).and_then(|of| of.modified()).ok())
    }
}

fn read(files: &TlsFiles) -> Result<ServerConfig, SettingsFault> {
    let certificates: Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_file_iter(&files.cert).and_then(Iterator::collect);
    let certificates = certificates.map_err(|error| unusable(&files.cert, &error))?;
    let rights = std::fs::metadata(&files.key).map_err(|error| unusable(&files.key, &error))?.permissions().mode();
    if rights & 0o077 != 0 {
        let line = format!("{} can be read by other users of this machine: chmod 600", files.key.display());
        return Err(SettingsFault::new(line));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| unusable(&files.key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, key))
        .map_err(|error| unusable(&files.cert, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn unusable(file: &Path, error: &dyn std::error::Error) -> SettingsFault {
    SettingsFault::new(format!("{} cannot be used: {error}", file.display()))
}
