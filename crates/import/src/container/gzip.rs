//! gzip: one file after the other in members, of which broken ones are passed over.

use super::{Kind, Place, Walk, damaged, kind, name, warc};
use crate::ImportError;
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};

const MAGIC: &[u8] = b"\x1F\x8B\x08";

/// What is in all members, one after the other. Where one is broken, reading fails once; the next
/// read goes on with the next member.
struct Members<R: BufRead> {
    state: State<R>,
}

enum State<R: BufRead> {
    Between(R),
    Inside(Box<GzDecoder<Counted<R>>>),
    /// While one state is turned into the next.
    Moving,
}

/// Counts what was read, since a member that cannot even be begun must not be begun again.
struct Counted<R> {
    source: R,
    consumed: usize,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(out)?;
        self.consumed += read;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.source.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.consumed += amount;
        self.source.consume(amount);
    }
}

impl<R: BufRead> Members<R> {
    fn new(source: R) -> Self {
        Self { state: State::Between(source) }
    }

    /// Passes over what is no member; whether there is one.
    fn seek_member(source: &mut R) -> io::Result<bool> {
        loop {
            let buffer = source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            match memchr::memmem::find(buffer, MAGIC) {
                Some(0) => return Ok(true),
                Some(at) => source.consume(at),
                // The magic may lie across the end of the buffer: that member is lost, which
                // happens only behind a broken one.
                None => {
                    let length = buffer.len();
                    source.consume(length);
                }
            }
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Moving) {
                State::Between(mut source) => {
                    let starts = {
                        let buffer = source.fill_buf()?;
                        buffer.starts_with(MAGIC) || (buffer.len() < 3 && !buffer.is_empty())
                    };
                    if !starts && !Self::seek_member(&mut source)? {
                        self.state = State::Between(source);
                        return Ok(0);
                    }
                    self.state =
                        State::Inside(Box::new(GzDecoder::new(Counted { source, consumed: 0 })));
                }
                State::Inside(mut decoder) => match decoder.read(out) {
                    Ok(0) => self.state = State::Between(decoder.into_inner().source),
                    Ok(read) => {
                        self.state = State::Inside(decoder);
                        return Ok(read);
                    }
                    Err(error) => {
                        let Counted { mut source, consumed } = decoder.into_inner();
                        if consumed == 0 && !source.fill_buf()?.is_empty() {
                            source.consume(1);
                        }
                        self.state = State::Between(source);
                        return Err(io::Error::new(io::ErrorKind::InvalidData, error));
                    }
                },
                State::Moving => return Ok(0),
            }
        }
    }
}

/// Goes through a file packed by gzip.
pub(super) fn walk(
    walk: &mut Walk<'_, '_>,
    file: &str,
    stream: &mut dyn BufRead,
    place: &Place,
) -> Result<(), ImportError> {
    let mut members = BufReader::with_capacity(64 << 10, Members::new(stream));
    let head = match members.fill_buf() {
        Ok(head) => head[..head.len().min(super::HEAD)].to_vec(),
        Err(error) => return Err(damaged("gzip file", &error)),
    };
    // 报告.html.gz holds 报告.html.
    let inner = name::neutral(file.rsplit(['/', '\\']).next().unwrap_or(file));
    let inner = match (inner.rsplit_once('.'), name::ending(&inner).as_str()) {
        (Some((stem, _)), "gz") => stem.to_owned(),
        (Some((stem, _)), "tgz") => format!("{stem}.tar"),
        _ => inner,
    };
    match kind(&inner, &head) {
        Some(Kind::Warc) => warc::walk(walk, &mut members, place, warc::Form::Warc),
        Some(Kind::Arc) => warc::walk(walk, &mut members, place, warc::Form::Arc),
        Some(Kind::Tar) => super::tar::walk(walk, &mut members, place),
        _ => walk.file(place, &inner, &mut members).map(drop),
    }
}
