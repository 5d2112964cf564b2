//! Encryption of what is written: a stolen recorder tells nothing.
//!
//! A segment is a magic text and a row of age messages (<https://age-encryption.org/v1>), each with its length in front: whole
//! in itself, so that a power cut costs the last of them and no more.

use std::io::{self, Write};

/// How an encrypted segment begins.
pub(crate) const MAGIC: &[u8] = b"vigie-age-segments-v1\n";

/// Who can read it.
#[derive(Clone)]
pub struct Recipients(std::sync::Arc<Vec<age::x25519::Recipient>>);

impl std::fmt::Debug for Recipients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} recipients", self.0.len())
    }
}

impl Recipients {
    /// From public keys, `age1…`.
    ///
    /// # Errors
    /// The first that is none.
    pub fn parse(keys: &[String]) -> Result<Self, String> {
        let mut recipients = Vec::new();
        for key in keys {
            let recipient = key.trim().parse::<age::x25519::Recipient>();
            recipients.push(recipient.map_err(|e| format!("{key}: {e}"))?);
        }
        if recipients.is_empty() {
            return Err("no key".to_owned());
        }
        Ok(Self(std::sync::Arc::new(recipients)))
    }

    /// One age message.
    pub(crate) fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let recipients = self.0.iter().map(|r| r as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
        let mut sealed = Vec::with_capacity(plain.len() + 512);
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(plain)?;
        writer.finish()?;
        Ok(sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_sealed_is_opened_with_the_key_alone() {
        let key = age::x25519::Identity::generate();
        let other = age::x25519::Identity::generate();
        let recipients = Recipients::parse(&[key.to_public().to_string()]).unwrap();
        let sealed = recipients.seal(b"48.8566 2.3522").unwrap();
        assert!(!sealed.windows(7).any(|w| w == b"48.8566"));
        let open = |identity: &age::x25519::Identity| {
            let identity: &dyn age::Identity = identity;
            let opened = age::Decryptor::new(&sealed[..]).unwrap();
            let mut plain = Vec::new();
            opened
                .decrypt(std::iter::once(identity))
                .map(|mut reader| reader.read_to_end(&mut plain).map(|_| plain))
        };
        assert_eq!(open(&key).unwrap().unwrap(), b"48.8566 2.3522");
        assert!(open(&other).is_err());
        assert!(Recipients::parse(&["age1nothing".into()]).is_err());
    }
}
