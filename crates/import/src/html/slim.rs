//! What is done to a page before it is taken apart, and for pages that cannot be.

use crate::layout::{Hint, SourceLine};
use memchr::{memchr_iter, memmem};
use std::borrow::Cow;

/// Inlined files shorter than this stay: they cost nothing.
const INLINED: usize = 512;

/// The page without the files inlined in its attributes (`src="data:image/png;base64,…"`), which
/// make the pages that SingleFile saves ten times as large as their text.
pub(super) fn slim(text: &str) -> Cow<'_, str> {
    let mut kept: Option<String> = None;
    let mut from = 0;
    let mut at = 0;
    for found in memmem::find_iter(text.as_bytes(), "data:") {
        let start = found + "data:".len();
        if found < at {
            continue;
        }
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let len = rest
            .iter()
            .take_while(|b| {
                b.is_ascii_alphanumeric()
                    || matches!(
                        b,
                        b'+' | b'/'
                            | b'='
                            | b';'
                            | b','
                            | b'-'
                            | b'.'
                            | b'%'
                            | b'_'
                            | b'\n'
                            | b'\r'
                    )
            })
            .count();
        if len >= INLINED && rest[..len.min(128)].contains(&b',') {
            let kept = kept.get_or_insert_with(|| String::with_capacity(text.len() / 2));
            kept.push_str(&text[from..start]);
            from = start + len;
        }
        at = start + len;
    }
    match kept {
        Some(mut kept) => {
            kept.push_str(&text[from..]);
            Cow::Owned(kept)
        }
        None => Cow::Borrowed(text),
    }
}

/// Elements that nest nothing, or that end by themselves.
fn is_shallow(tag: &[u8]) -> bool {
    matches!(
        tag,
        b"br"
            | b"img"
            | b"input"
            | b"meta"
            | b"link"
            | b"hr"
            | b"area"
            | b"base"
            | b"col"
            | b"embed"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
            | b"p"
            | b"li"
            | b"td"
            | b"th"
            | b"tr"
            | b"dd"
            | b"dt"
            | b"option"
            | b"frame"
            | b"bgsound"
            | b"keygen"
            | b"tbody"
            | b"thead"
            | b"rp"
            | b"rt"
    )
}

/// How deep the elements of a page nest at most, as far as its tags say.
pub(super) fn depth(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut deepest, mut code_end) = (0_usize, 0, 0);
    for open in memchr_iter(b'<', bytes) {
        if open < code_end {
            continue;
        }
        let closing = bytes.get(open + 1) == Some(&b'/');
        let start = open + 1 + usize::from(closing);
        let rest = &bytes[start.min(bytes.len())..];
        let mut name = [0_u8; 16];
        let mut len = 0;
        for (slot, byte) in
            name.iter_mut().zip(rest.iter().take_while(|b| b.is_ascii_alphanumeric()))
        {
            *slot = byte.to_ascii_lowercase();
            len += 1;
        }
        let tag = &name[..len];
        if len == 0 || is_shallow(tag) {
            continue;
        }
        if closing {
            depth = depth.saturating_sub(1);
        } else if let Some(end) = end_of_code(tag) {
            code_end = start + code_len(&bytes[start..], end);
        } else {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// What ends a script or style sheet; `None` for other elements.
fn end_of_code(tag: &[u8]) -> Option<&'static [u8]> {
    match tag {
        b"script" => Some(b"</script"),
        b"style" => Some(b"</style"),
        _ => None,
    }
}

/// How far it is to the end of a script or style sheet.
fn code_len(rest: &[u8], end: &[u8]) -> usize {
    let is_end =
        |at: &usize| rest.get(*at..at + end.len()).is_some_and(|b| b.eq_ignore_ascii_case(end));
    memchr_iter(b'<', rest).find(is_end).unwrap_or(rest.len())
}

/// The lines of a page that is too large or too deep for a tree: what stands between its tags.
pub(super) fn lines(text: &str) -> Vec<SourceLine> {
    let mut lines: Vec<SourceLine> = Vec::new();
    let mut line = String::new();
    let mut flush = |line: &mut String| {
        let raw = entities(line);
        line.clear();
        if !raw.chars().all(crate::line::is_blank) {
            lines.push(SourceLine { raw, hint: Hint::None, gap: true });
        }
    };
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        line.extend(rest[..open].chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }));
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let name = rest[1..].trim_start_matches('/');
        let len = name.bytes().take(16).take_while(u8::is_ascii_alphanumeric).count();
        if len == 0 && !rest[1..].starts_with(['/', '!', '?']) {
            line.push('<');
            rest = &rest[1..];
            continue;
        }
        let tag = name[..len].to_ascii_lowercase();
        if let Some(end) = end_of_code(tag.as_bytes()).filter(|_| !rest.starts_with("</")) {
            rest = &rest[code_len(rest.as_bytes(), end)..];
            if rest.is_empty() {
                break;
            }
        }
        if !matches!(
            tag.as_str(),
            "a" | "b"
                | "i"
                | "u"
                | "em"
                | "strong"
                | "span"
                | "font"
                | "sup"
                | "sub"
                | "small"
                | "big"
                | "ins"
                | "img"
        ) {
            flush(&mut line);
        }
        rest = rest.split_once('>').map_or("", |(_, rest)| rest);
    }
    line.push_str(rest);
    flush(&mut line);
    lines
}

/// The commonest entities as characters.
fn entities(line: &str) -> String {
    if !line.contains('&') {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let named = end.map(|end| (end, &rest[1..end]));
        let c = named.and_then(|(_, name)| match name {
            "nbsp" | "ensp" | "emsp" => Some(' '),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "ldquo" => Some('“'),
            "rdquo" => Some('”'),
            "middot" => Some('·'),
            "mdash" => Some('—'),
            "hellip" => Some('…'),
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                };
                code.and_then(char::from_u32).filter(|&c| c != '\0')
            }
        });
        if let (Some(c), Some((end, _))) = (c, named) {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inlined_files_are_left_out() {
        let page = format!("<p>前<img src=\"data:image/png;base64,{}\">后</p>", "A".repeat(2000));
        assert_eq!(slim(&page), "<p>前<img src=\"data:\">后</p>");
        assert!(matches!(slim("<p>data: 一二三</p>"), Cow::Borrowed(_)));
    }

    #[test]
    fn nesting_is_counted() {
        assert_eq!(depth(&"<div>".repeat(3000)), 3000);
        assert_eq!(depth(&"<p>x<br>".repeat(3000)), 0);
        assert_eq!(depth("<div><script>'<div><div>'</script></div>"), 1);
    }

    #[test]
    fn lines_stand_between_tags() {
        let found = lines(
            "<!-- x --><div>甲<b>乙</b>&nbsp;&#20001;<br>3 < 4<script>x</script><p>丁 &foo; 戊",
        );
        let found: Vec<&str> = found.iter().map(|l| l.raw.trim()).collect();
        assert_eq!(found, ["甲乙 両", "3 < 4", "丁 &foo; 戊"]);
    }
}
