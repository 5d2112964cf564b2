//! A sliding window on a file: one reusable buffer, refilled in large reads.

use std::io::{self, Read, Seek};

/// What a recording is read from: a file, or bytes in memory.
pub(crate) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// Bytes asked from the source at once. Large enough that the system call vanishes (64 to 512 KiB measured the same), small enough
/// that hundreds of segments can be open at once.
const READ_SIZE: usize = 64 * 1024;

/// No record may need more than this at once; what states more is damage.
pub(crate) const MAX_RECORD: usize = 16 * 1024 * 1024;

pub(crate) struct Window {
    source: Box<dyn Source>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the source of `buffer[0]`.
    base: u64,
    ended: bool,
}

impl Window {
    pub(crate) fn new(source: Box<dyn Source>) -> Self {
        Self {
            source,
            buffer: vec![0; READ_SIZE],
            start: 0,
            end: 0,
            base: 0,
            ended: false,
        }
    }

    /// Offset in the source of the first byte not yet consumed.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// What is buffered and not consumed.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Makes at least `n` bytes available, unless the source ends before: then `false`.
    #[inline]
    pub(crate) fn fill(&mut self, n: usize) -> io::Result<bool> {
        if self.end - self.start >= n {
            Ok(true)
        } else {
            self.refill(n)
        }
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self, n: usize) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let n = n.min(MAX_RECORD);
        self.buffer.copy_within(self.start..self.end, 0);
        self.base += self.start as u64;
        self.end -= self.start;
        self.start = 0;
        while self.end < n && !self.ended {
            // Grown only as bytes arrive: a damaged length alone takes no memory.
            if self.end == self.buffer.len() {
                self.buffer.resize(self.buffer.len() * 2, 0);
            }
            let Some(room) = self.buffer.get_mut(self.end..) else {
                break;
            };
            match self.source.read(room) {
                Ok(0) => self.ended = true,
                Ok(got) => self.end += got,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(self.end >= n)
    }

    /// Takes `n` buffered bytes and tells where in the buffer they are, for [`Self::slice`].
    #[inline]
    pub(crate) fn consume(&mut self, n: usize) -> usize {
        let at = self.start;
        self.start = (self.start + n).min(self.end);
        at
    }

    /// Bytes at a place told by [`Self::consume`]; valid until the next refill.
    #[inline]
    pub(crate) fn slice(&self, at: usize, len: usize) -> &[u8] {
        self.buffer.get(at..at + len).unwrap_or_default()
    }

    /// Everything that is left, up to `limit` bytes; the flag tells whether there was more.
    pub(crate) fn read_rest(&mut self, limit: u64) -> io::Result<(Vec<u8>, bool)> {
        let mut rest = self.bytes().to_vec();
        self.start = self.end;
        if !self.ended {
            let room = (limit + 1).saturating_sub(rest.len() as u64);
            (&mut self.source).take(room).read_to_end(&mut rest)?;
        }
        let over = rest.len() as u64 > limit;
        rest.truncate(limit as usize);
        Ok((rest, over))
    }

    /// The source itself, at its start again.
    pub(crate) fn into_source(mut self) -> io::Result<Box<dyn Source>> {
        self.source.rewind()?;
        Ok(self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_across_refills_are_whole() {
        let data: Vec<u8> = (0..1_000_000u32).map(|i| (i % 251) as u8).collect();
        let mut window = Window::new(Box::new(io::Cursor::new(data.clone())));
        let mut at = 0;
        let mut step = 1;
        while window.fill(step).unwrap() {
            assert_eq!(window.offset(), at as u64);
            let place = window.consume(step);
            assert_eq!(window.slice(place, step), &data[at..at + step]);
            at += step;
            step = step * 7 % 100_003 + 1;
        }
        assert_eq!(window.bytes(), &data[at..]);
    }

    #[test]
    fn the_rest_is_read_up_to_the_limit() {
        let mut window = Window::new(Box::new(io::Cursor::new(vec![7; 1000])));
        assert!(window.fill(10).unwrap());
        window.consume(10);
        assert_eq!(window.read_rest(500).unwrap(), (vec![7; 500], true));
    }
}
