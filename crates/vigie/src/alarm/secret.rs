//! Passwords and tokens: from a file or from the environment, never from the settings themselves.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Something that is never shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// To be sent, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// What stands in the settings in clear, where a secret could stand too.
pub fn in_the_open(text: &str) -> Secret {
    Secret(text.to_owned())
}

/// The secret `what` (`password`) that stands in a file or in a variable of the environment; `None` where neither is named.
/// White space at both ends is no part of it.
pub fn read(
    what: &str,
    file: Option<&PathBuf>,
    variable: Option<&String>,
    folder: &Path,
) -> Result<Option<Secret>> {
    let text = match (file, variable) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => bail!("{what}_file and {what}_env are both set: keep one"),
        (Some(file), None) => {
            let path = folder.join(file);
            refuse_readable_by_all(&path)?;
            std::fs::read_to_string(&path)
                .with_context(|| format!("{what}_file: {} cannot be read", path.display()))?
        }
        (None, Some(variable)) => std::env::var(variable)
            .ok()
            .with_context(|| format!("{what}_env: the environment has no variable {variable}"))?,
    };
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        bail!("{what}: what the file or variable holds is empty or more than one line");
    }
    Ok(Some(Secret(text.to_owned())))
}

fn refuse_readable_by_all(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let Ok(metadata) = std::fs::metadata(path) else {
        return Ok(()); // Reading it says what is wrong.
    };
    if metadata.permissions().mode() & 0o004 != 0 {
        bail!(
            "{} can be read by everybody on this machine: chmod 600 it",
            path.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn from_a_file_of_ones_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "hunter2\n").unwrap();
        let name = PathBuf::from("token");
        let read = || super::read("token", Some(&name), None, folder.path());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read().unwrap_err().to_string().contains("chmod 600"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let secret = read().unwrap().unwrap();
        assert_eq!(secret.expose(), "hunter2");
        assert_eq!(format!("{secret:?}"), "Secret");
        std::fs::write(&path, " \n").unwrap();
        assert!(read().is_err());
    }

    #[test]
    fn what_is_not_there_is_named() {
        let name = "VIGIE_TEST_NO_SUCH_VARIABLE".to_owned();
        let error = read("password", None, Some(&name), Path::new("/")).unwrap_err();
        assert!(error.to_string().contains(&name));
        assert!(
            read("password", None, None, Path::new("/"))
                .unwrap()
                .is_none()
        );
    }
}
