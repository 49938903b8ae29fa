//! Web pages with their pictures in one file, as browsers save them (MHTML, RFC 2557), and mails
//! that hold a page.
//!
//! The page is taken out of its envelope and then read like any other; pictures and style sheets
//! are left alone.

use crate::layout::{Page, lines_of};
use crate::{ImportError, html};
use anjuan_text::{Problem, ProblemCode};
use encoding_rs::Encoding;

/// The page of an envelope.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Unpacked {
    /// The page as it was before it was packed.
    pub(crate) bytes: Vec<u8>,
    /// Where it was saved from.
    pub(crate) address: Option<String>,
    /// What the envelope calls it.
    pub(crate) subject: Option<String>,
    /// The file ends before its last part does.
    pub(crate) truncated: bool,
}

/// How far the header of an envelope is looked for.
const HEAD: usize = 8192;
/// Deepest nesting of parts.
const DEPTH: usize = 8;
/// Most parts that are looked at.
const PARTS: usize = 5000;

/// Whether a file is such an envelope: it begins with the header of a mail that says so.
pub(crate) fn is_mhtml(name: &str, bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    // A header begins with a name and a colon.
    let name_len = head.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    if name_len == 0 || head.get(name_len) != Some(&b':') {
        return false;
    }
    let (fields, _) = header(head);
    let kind = field(&fields, "content-type").unwrap_or_default().to_ascii_lowercase();
    let named = name.rsplit_once('.').is_some_and(|(_, ending)| {
        ["mht", "mhtml", "eml"].iter().any(|e| ending.eq_ignore_ascii_case(e))
    });
    kind.starts_with("multipart/")
        || (kind.starts_with("text/")
            && (named || field(&fields, "mime-version").is_some())
            && field(&fields, "content-transfer-encoding").is_some())
}

/// Reads what was taken out, decoded.
pub(crate) fn read(unpacked: &Unpacked, text: &str, anyway: bool) -> Result<Page, ImportError> {
    let mut page = if html::is_html("page.html", text) {
        html::read(text, anyway)?
    } else {
        Page { lines: lines_of(text), ..Page::default() }
    };
    page.facts.address = unpacked.address.clone().or(page.facts.address);
    page.facts.title = page.facts.title.or_else(|| unpacked.subject.clone());
    if unpacked.truncated {
        let message = "The file ends before the page does.".to_owned();
        page.problems.push(Problem { code: ProblemCode::Truncated, message, range: None });
    }
    Ok(page)
}

/// One part, as far as it can be the page.
struct Part {
    bytes: Vec<u8>,
    html: bool,
    address: Option<String>,
    id: Option<String>,
}

/// Takes the page out; `None` where there is none.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Unpacked> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let (fields, body) = header(bytes);
    let mut parts = Vec::new();
    let mut truncated = false;
    collect(&fields, body, 0, &mut parts, &mut truncated);
    let kind = field(&fields, "content-type").unwrap_or_default();
    let wanted = parameter(kind, "start");
    let at = address(&fields, "snapshot-content-location");
    let score = |part: &Part| {
        let root = wanted.is_some() && part.id == wanted;
        let located = at.is_some() && part.address == at;
        // A page of frames is put together of its parts; the longest holds the text.
        let frames = contains(&part.bytes, b"<frameset") || contains(&part.bytes, b"<FRAMESET");
        (!frames, part.html, root, located)
    };
    // Of equals the first; of the frames of a page the largest.
    let framed =
        parts.iter().any(|p| contains(&p.bytes, b"<frameset") || contains(&p.bytes, b"<FRAMESET"));
    let mut best: Option<Part> = None;
    for part in parts {
        let better = best.as_ref().is_none_or(|best| {
            score(&part) > score(best)
                || (framed && score(&part) == score(best) && part.bytes.len() > best.bytes.len())
        });
        if better {
            best = Some(part);
        }
    }
    let Part { bytes, address: part_address, .. } = best?;
    let subject = field(&fields, "subject").map(words).filter(|s| !s.is_empty());
    let address = at.or(part_address).or_else(|| address(&fields, "content-location"));
    Some(Unpacked { bytes, address, subject, truncated })
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes[..bytes.len().min(20_000)].windows(needle.len()).any(|w| w == needle)
}

type Fields = Vec<(String, String)>;

/// The fields of a header, folded lines joined, and what follows it.
fn header(bytes: &[u8]) -> (Fields, &[u8]) {
    let mut fields: Fields = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| at + n + 1);
        let line = bytes[at..end].trim_ascii_end();
        at = end;
        if line.is_empty() {
            break;
        }
        let text = String::from_utf8_lossy(line);
        if text.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(text.trim());
            }
        } else if let Some((name, value)) = text.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        if fields.len() > 200 {
            break;
        }
    }
    (fields, &bytes[at.min(bytes.len())..])
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

fn address(fields: &Fields, name: &str) -> Option<String> {
    field(fields, name)
        .filter(|a| a.starts_with("http://") || a.starts_with("https://"))
        .map(str::to_owned)
}

/// A parameter of a field: `boundary="…"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Every part that is text, in order.
fn collect(
    fields: &Fields,
    body: &[u8],
    depth: usize,
    parts: &mut Vec<Part>,
    truncated: &mut bool,
) {
    let kind = field(fields, "content-type").unwrap_or("text/plain");
    let lower = kind.to_ascii_lowercase();
    if lower.starts_with("multipart/") {
        let Some(boundary) = parameter(kind, "boundary").filter(|b| !b.is_empty()) else { return };
        if depth >= DEPTH {
            return;
        }
        let (pieces, closed) = split(body, format!("--{boundary}").as_bytes());
        *truncated |= !closed;
        for piece in pieces {
            if parts.len() >= PARTS {
                return;
            }
            let (fields, body) = header(piece);
            collect(&fields, body, depth + 1, parts, truncated);
        }
        return;
    }
    let html = lower.starts_with("text/html") || lower.starts_with("application/xhtml");
    if !html && !lower.starts_with("text/plain") {
        return;
    }
    let coding =
        field(fields, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
    let bytes = match coding.as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.to_vec(),
    };
    let id = field(fields, "content-id").map(str::to_owned);
    parts.push(Part { bytes, html, address: address(fields, "content-location"), id });
}

/// The pieces between boundaries, and whether the last boundary was there.
fn split<'a>(body: &'a [u8], boundary: &[u8]) -> (Vec<&'a [u8]>, bool) {
    let mut pieces = Vec::new();
    let mut from = None;
    let mut at = 0;
    while at < body.len() {
        let end = body[at..].iter().position(|&b| b == b'\n').map_or(body.len(), |n| at + n + 1);
        if let Some(rest) = body[at..end].strip_prefix(boundary) {
            let rest = rest.trim_ascii();
            if rest.is_empty() || rest == b"--" {
                if let Some(from) = from {
                    pieces.push(&body[from..at]);
                }
                from = Some(end);
                if rest == b"--" {
                    return (pieces, true);
                }
            }
        }
        at = end;
    }
    if let Some(from) = from {
        pieces.push(&body[from.min(body.len())..]);
    }
    (pieces, false)
}

/// Base64, what is no part of it skipped.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for &byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, held) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    out
}

/// Quoted-printable: `=E4=BA=91`, and lines that go on behind `=`.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|&b| (b as char).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'=' {
            out.push(bytes[at]);
            at += 1;
            continue;
        }
        if let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            out.push((high * 16 + low) as u8);
            at += 3;
            continue;
        }
        // White space that some program put between the sign and the end of the line.
        let blank =
            bytes[at + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        if bytes.get(at + 1 + blank) == Some(&b'\n') {
            at += blank + 2;
        } else {
            out.push(b'=');
            at += 1;
        }
    }
    out
}

/// Encoded words of a header: `=?utf-8?B?…?=`.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find("=?") {
        let (before, word) = rest.split_at(at);
        let mut parts = word[2..].splitn(4, '?');
        let (Some(label), Some(coding), Some(text), Some(after)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            break;
        };
        let Some(after) = after.strip_prefix('=') else { break };
        // Between two encoded words white space is none.
        if out.is_empty() || !before.trim().is_empty() {
            out.push_str(before);
        }
        let bytes = match coding {
            "B" | "b" => base64(text.as_bytes()),
            _ => quoted_printable(text.replace('_', " ").as_bytes()),
        };
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        out.push_str(&encoding.decode(&bytes).0);
        rest = after;
    }
    out.push_str(rest);
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAVED: &str = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.example.org/a.html\r\n\
        Subject: =?utf-8?Q?=E4=BA=91=E6=BA=AA?=\r\n =?utf-8?B?5L6o6IGU?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----Bound\"\r\n\r\n\r\n\
        ------Bound\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
        Content-Location: https://www.example.org/a.html\r\n\r\n<p class=3D\"a\">=E4=BA=91=\r\n=E6=BA=AA</p>\r\n\
        ------Bound\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
        ------Bound--\r\n";

    #[test]
    fn a_page_is_taken_out_of_its_envelope() {
        assert!(is_mhtml("a.mhtml", SAVED.as_bytes()));
        assert!(is_mhtml("a", SAVED.as_bytes()));
        assert!(!is_mhtml("a.txt", "来源: 某报\n\n正文".as_bytes()));
        assert!(!is_mhtml("a.txt", b"Subject: a plan\n\nText of the plan."));
        let found = unpack(SAVED.as_bytes()).expect("a page");
        assert_eq!(String::from_utf8(found.bytes).expect("UTF-8"), "<p class=\"a\">云溪</p>\r\n");
        assert_eq!(found.address.as_deref(), Some("https://www.example.org/a.html"));
        assert_eq!(found.subject.as_deref(), Some("云溪侨联"));
        assert!(!found.truncated);
        let cut = &SAVED[..SAVED.len() - 60];
        assert!(unpack(cut.as_bytes()).expect("a page").truncated);
    }

    #[test]
    fn of_a_page_of_frames_the_longest_is_taken() {
        let saved = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n\
            Content-Type: text/html\n\n<frameset><frame src=m></frameset>\n--b\n\
            Content-Type: text/html\n\n<p>menu\n--b\nContent-Type: text/html\n\n<p>the whole long text\n--b--\n";
        let found = unpack(saved.as_bytes()).expect("a page");
        assert_eq!(found.bytes, b"<p>the whole long text\n");
    }

    #[test]
    fn broken_codes_are_read_as_far_as_they_go() {
        assert_eq!(base64(b"5L6o\r\n6IGU=="), "侨联".as_bytes());
        assert_eq!(quoted_printable(b"a=zz=E4"), b"a=zz\xE4");
        assert_eq!(quoted_printable(b"="), b"=");
        assert_eq!(words("=?x?"), "=?x?");
    }
}
