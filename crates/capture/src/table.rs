//! Tables as text: one row a line, fields parted by comma, semicolon or tab, perhaps quoted. A field does not go over a line
//! end, so that one stray quote cannot swallow the rest of a damaged file.

use std::borrow::Cow;

/// Lines that are not blank, with their byte offset, without line ends and byte order mark.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut at = 0usize;
    bytes.split(|&b| b == b'\n').filter_map(move |line| {
        let offset = at as u64;
        at += line.len() + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let marked = if offset == 0 {
            line.strip_prefix(b"\xEF\xBB\xBF")
        } else {
            None
        };
        let line = marked.unwrap_or(line);
        (!line.trim_ascii().is_empty()).then_some((offset, line))
    })
}

/// The header of a table: what parts its fields, and their names.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    delimiter: char,
    pub(crate) names: Vec<String>,
}

impl Header {
    /// From a table's first line; `None` where it is no table of at least two columns.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let count = |c: char| line.matches(c).count();
        let delimiter = [';', ',', '\t'].into_iter().max_by_key(|&c| count(c))?;
        if count(delimiter) == 0 || line.len() > 64 * 1024 {
            return None;
        }
        let mut names = Vec::new();
        split(line, delimiter, &mut names);
        let names = names.into_iter().map(|n| n.trim().to_owned()).collect();
        Some(Self { delimiter, names })
    }

    /// Index of the first column with one of these names, whatever their case.
    pub(crate) fn find(&self, wanted: &[&str]) -> Option<usize> {
        self.names
            .iter()
            .position(|n| wanted.iter().any(|w| n.eq_ignore_ascii_case(w)))
    }

    /// Splits a row; `None` where it is no text or has fewer fields than the header has columns.
    pub(crate) fn row<'a>(&self, line: &'a [u8], fields: &mut Vec<Cow<'a, str>>) -> Option<()> {
        split(std::str::from_utf8(line).ok()?, self.delimiter, fields);
        (fields.len() >= self.names.len()).then_some(())
    }
}

fn split<'a>(line: &'a str, delimiter: char, fields: &mut Vec<Cow<'a, str>>) {
    fields.clear();
    let mut rest = line;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (field, behind) = unquote(quoted);
            fields.push(field);
            match behind.split_once(delimiter) {
                Some((_, next)) => rest = next,
                None => return,
            }
        } else {
            match rest.split_once(delimiter) {
                Some((field, next)) => {
                    fields.push(Cow::Borrowed(field));
                    rest = next;
                }
                None => {
                    fields.push(Cow::Borrowed(rest));
                    return;
                }
            }
        }
    }
}

/// The field up to its closing quote, doubled quotes made single, and what is behind it.
fn unquote(text: &str) -> (Cow<'_, str>, &str) {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let Some((part, behind)) = rest.split_once('"') else {
            field.push_str(rest);
            return (Cow::Owned(field), "");
        };
        field.push_str(part);
        match behind.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                rest = more;
            }
            None => return (Cow::Owned(field), behind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(line: &str, delimiter: char) -> Vec<String> {
        let mut out = Vec::new();
        split(line, delimiter, &mut out);
        out.into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn fields_may_be_quoted() {
        assert_eq!(fields("a,b,,c", ','), ["a", "b", "", "c"]);
        assert_eq!(fields(r#""a,""b""",c"#, ','), [r#"a,"b""#, "c"]);
        assert_eq!(fields(r#"a;"b"#, ';'), ["a", "b"]);
        assert_eq!(fields("", ','), [""]);
        assert_eq!(fields(r#""a"#, ','), ["a"]);
    }

    #[test]
    fn lines_keep_their_offsets() {
        let found: Vec<_> = lines(b"ab\r\n\n \ncd").collect();
        assert_eq!(found, [(0, b"ab".as_slice()), (7, b"cd".as_slice())]);
    }

    #[test]
    fn a_header_tells_its_delimiter() {
        let header = Header::parse(b"Time;lat, deg;lon").unwrap();
        assert_eq!(header.names, ["Time", "lat, deg", "lon"]);
        assert_eq!(header.find(&["time"]), Some(0));
        assert!(Header::parse(b"only one column").is_none());
        let mut fields = Vec::new();
        assert!(header.row(b"1;2", &mut fields).is_none());
        assert!(header.row(b"1;2;3;4", &mut fields).is_some());
    }
}
