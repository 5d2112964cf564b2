//! Whom we believe to be who they say: the authorities that this machine knows, or those of one file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// The one implementation of cryptography that is used.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Authorities: those of `ca_file` alone where one is named, else those of the machine.
pub fn authorities(
    ca_file: Option<&PathBuf>,
    folder: &Path,
) -> Result<Vec<CertificateDer<'static>>> {
    let Some(file) = ca_file else {
        let found = rustls_native_certs::load_native_certs().certs;
        if found.is_empty() {
            bail!(
                "this machine knows no certificate authority: install ca-certificates, or name a ca_file"
            );
        }
        return Ok(found);
    };
    certificates("ca_file", &folder.join(file))
}

fn certificates(key: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let found = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("{key}: {} cannot be read", path.display()))?;
    if found.is_empty() {
        bail!("{key}: {} holds no certificate (PEM)", path.display());
    }
    Ok(found)
}

/// A TLS client that believes these authorities, and shows our own certificate where there is one: files of it and its key.
pub fn client(
    authorities: Vec<CertificateDer<'static>>,
    own: Option<(&Path, &Path)>,
) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(authorities);
    if added == 0 {
        bail!("none of the certificates of authorities can be used");
    }
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let Some((certificate, key)) = own else {
        return Ok(Arc::new(builder.with_no_client_auth()));
    };
    let chain = certificates("certificate_file", certificate)?;
    let secret = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("key_file: {} cannot be read", key.display()))?;
    let config = builder.with_client_auth_cert(chain, secret);
    Ok(Arc::new(
        config.context("certificate_file and key_file do not fit")?,
    ))
}
