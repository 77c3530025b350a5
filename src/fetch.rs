//! Fetching: the one module that speaks to a network, and only when a command says so.
//!
//! HTTPS alone, also after a redirect; with an end in time and in bytes. Proxies are those of the environment
//! (`HTTPS_PROXY`, `NO_PROXY`), as ureq reads them.

#![expect(clippy::disallowed_types, reason = "the seam itself")]

use std::time::Duration;

use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Error};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{pack as codes, workspace as workspace_codes};
use crate::pack::index::{FILE, Store};
use crate::uri;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(15);
/// How long a file may take, whole.
const WHOLE: Duration = Duration::from_secs(120);

/// The files of an index on a web server.
pub struct Https {
    agent: Agent,
    /// The address that their paths are put behind, with a `/` at its end.
    base: String,
}

impl Https {
    /// An index by its address: that of its folder, or of its `index.json`. Servers show a certificate that one of the
    /// authorities in `ca`, a PEM file, has signed; without it, one that browsers know (Mozilla's list).
    ///
    /// # Errors
    /// When the address is not one with https, or the PEM file has no certificate.
    pub fn new(address: &str, ca: Option<&[u8]>) -> Result<Https, Diagnostic> {
        let folder = address.strip_suffix(FILE).unwrap_or(address);
        let host = folder.strip_prefix("https://").unwrap_or_default();
        if host.trim_start_matches('/').is_empty() || host.contains(['?', '#', '@', ' ']) {
            let message = format!("`{address}` is not the address of an index");
            return Err(Diagnostic::fault(&workspace_codes::USAGE, message).help("write `https://host/folder/`"));
        }
        let mut tls = TlsConfig::builder();
        if let Some(pem) = ca {
            let items: Result<Vec<PemItem<'_>>, Error> = parse_pem(pem).collect();
            let certificates = items.unwrap_or_default().into_iter().filter_map(|item| match item {
                PemItem::Certificate(certificate) => Some(certificate),
                _ => None,
            });
            let certificates: Vec<_> = certificates.collect();
            if certificates.is_empty() {
                let message = "the file of `--ca` holds no certificate";
                return Err(Diagnostic::fault(&workspace_codes::USAGE, message)
                    .help("it begins with `-----BEGIN CERTIFICATE-----`"));
            }
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
        }
        let config = Agent::config_builder()
            .https_only(true)
            .max_redirects(4)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .user_agent(concat!("folio/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            .build();
        Ok(Https { agent: config.new_agent(), base: format!("{}/", folder.trim_end_matches('/')) })
    }
}

impl Store for Https {
    fn address(&self) -> &str {
        &self.base
    }

    fn get(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        let address = format!("{}{}", self.base, uri::path(path));
        let failed = |error: Error| {
            let problem = match error {
                Error::BodyExceedsLimit(_) => format!("it has more than {} KB", limit >> 10),
                Error::RequireHttpsOnly(_) => "it leads to an address without https".into(),
                error => said(&error),
            };
            Diagnostic::fault(&codes::PACK_FETCH, format!("`{address}` cannot be fetched: {problem}"))
        };
        let mut response = self.agent.get(&address).call().map_err(failed)?;
        response.body_mut().with_config().limit(limit).read_to_vec().map_err(failed)
    }
}

/// Why nothing came.
fn said(error: &Error) -> String {
    match error {
        Error::StatusCode(status @ (404 | 410)) => format!("there is no such file; the server says {status}"),
        Error::StatusCode(status @ (401 | 403)) => {
            format!("the server does not give it to everybody; it says {status}")
        }
        Error::StatusCode(status) => format!("the server answers with status {status}"),
        Error::HostNotFound => "there is no server of that name, or no network".to_owned(),
        Error::ConnectionFailed => "the server does not answer".to_owned(),
        Error::Timeout(_) => "the server takes too long".to_owned(),
        Error::TooManyRedirects | Error::RedirectFailed => "it leads from address to address".to_owned(),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) => {
            "the server does not show that it is the one it says; `--ca` names the authority of a house".to_owned()
        }
        Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => "the proxy does not take it on".to_owned(),
        Error::Io(error) => crate::reasons::io(error),
        _ => "the server answers in a way that is not understood".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_has_an_address_with_https() {
        for address in ["https://a.example/packs/", "https://a.example/packs", "https://a.example/packs/index.json"] {
            assert_eq!(Https::new(address, None).map(|store| store.base).unwrap(), "https://a.example/packs/");
        }
        for address in
            ["http://a.example/", "a.example", "https://", "file:///etc", "https://u:p@a.example/", "https:///"]
        {
            assert!(Https::new(address, None).is_err(), "{address}");
        }
        assert!(Https::new("https://a.example", Some(b"no certificate")).is_err());
    }
}
