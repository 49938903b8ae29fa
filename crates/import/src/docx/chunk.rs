//! Web pages inside documents, kept as one file with their pictures.

/// The page in a web archive (`multipart/related`), if the bytes are one.
pub(super) fn page_of_archive(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.trim_start();
    head.get(..13).filter(|h| h.eq_ignore_ascii_case("MIME-Version:"))?;
    let (headers, body) = split_head(head)?;
    let Some(boundary) = parameter(&headers, "boundary") else {
        return Some(decoded(&headers, body));
    };
    let fence = format!("--{boundary}");
    body.split(fence.as_str()).skip(1).find_map(|part| {
        let (headers, body) = split_head(part.trim_start_matches(['\r', '\n']))?;
        let kind = field(&headers, "content-type")?.to_ascii_lowercase();
        kind.contains("html").then(|| decoded(&headers, body))
    })
}

/// The head of a part, its folded lines joined, and its body.
fn split_head(part: &str) -> Option<(Vec<String>, &str)> {
    let mut headers: Vec<String> = Vec::new();
    let mut rest = part;
    loop {
        let (line, behind) = rest.split_once('\n')?;
        rest = behind;
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            return Some((headers, rest));
        }
        match headers.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line),
            _ => headers.push(line.to_owned()),
        }
    }
}

fn field<'h>(headers: &'h [String], name: &str) -> Option<&'h str> {
    headers.iter().find_map(|header| {
        let (key, value) = header.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

fn parameter(headers: &[String], name: &str) -> Option<String> {
    let value = field(headers, "content-type")?;
    value.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn decoded(headers: &[String], body: &str) -> Vec<u8> {
    let way = field(headers, "content-transfer-encoding").unwrap_or("").to_ascii_lowercase();
    match way.as_str() {
        "quoted-printable" => quoted_printable(body.as_bytes()),
        "base64" => base64(body.as_bytes()),
        _ => body.as_bytes().to_vec(),
    }
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(&byte) = body.get(at) {
        at += 1;
        if byte != b'=' {
            out.push(byte);
            continue;
        }
        let digit = |at: usize| body.get(at).and_then(|&b| char::from(b).to_digit(16));
        match (digit(at), digit(at + 1), body.get(at)) {
            (Some(high), Some(low), _) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (_, _, Some(b'\n')) => at += 1,
            (_, _, Some(b'\r')) => at += 1 + usize::from(body.get(at + 1) == Some(&b'\n')),
            _ => out.push(byte),
        }
    }
    out
}

fn base64(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for &byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}
