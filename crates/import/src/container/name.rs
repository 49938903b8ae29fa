//! Names of files: made harmless, and what they say of what is inside.

use std::fmt::Write as _;

/// Longest label in characters; what is longer is cut in the middle.
const LONGEST: usize = 400;

/// What a file is by its name, among others in a folder or container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearing {
    /// It may be a report.
    Report,
    /// It holds other files.
    Container,
    /// Text, but no report: what it is, in English.
    Data(&'static str),
    /// A picture, style, font, or what a system leaves behind.
    Ignored,
}

/// The ending of a name in small letters, without the dot.
pub(super) fn ending(name: &str) -> String {
    let name = file_name(name);
    name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// What a file among others is, by its name.
pub fn bearing(path: &str) -> Bearing {
    let hidden = |part: &str| {
        (part.starts_with('.') && part.len() > 1) || part.eq_ignore_ascii_case("__MACOSX")
    };
    if path.split('/').any(hidden) {
        return Bearing::Ignored;
    }
    match file_name(path).to_ascii_lowercase().as_str() {
        "thumbs.db" | "desktop.ini" | "icon\r" => return Bearing::Ignored,
        _ => {}
    }
    match ending(path).as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "webp" | "svg" | "ico" | "tif" | "tiff"
        | "avif" | "css" | "js" | "mjs" | "woff" | "woff2" | "ttf" | "otf" | "eot" | "mp3"
        | "mp4" | "wav" | "avi" | "mov" | "flv" | "swf" | "webm" | "m4a" | "m3u8" | "map"
        | "download" | "tmp" | "part" | "crdownload" | "lnk" | "cdx" | "cdxj" | "idx" => {
            Bearing::Ignored
        }
        "json" | "jsonl" | "ndjson" => Bearing::Data("JSON data"),
        "xml" | "rss" | "atom" | "xsl" | "xsd" | "dtd" => Bearing::Data("XML data"),
        "yaml" | "yml" | "toml" | "ini" | "cfg" | "conf" | "properties" => {
            Bearing::Data("a configuration")
        }
        "ts" | "py" | "rs" | "sh" | "bat" | "sql" | "r" | "java" | "c" | "h" | "cpp" | "go"
        | "ps1" | "vbs" | "ipynb" => Bearing::Data("a program"),
        "log" => Bearing::Data("a log"),
        "zip" | "wacz" | "warc" | "arc" | "gz" | "tgz" | "tar" => Bearing::Container,
        _ => Bearing::Report,
    }
}

/// The stem of the page that a folder belongs to, as browsers name it beside a saved page:
/// `某页_files`, `某页.files`, `某页_文件`.
pub fn saved_folder(folder: &str) -> Option<&str> {
    ["_files", ".files", "_文件", "_檔案", "-Dateien", "_fichiers"]
        .iter()
        .find_map(|mark| folder.strip_suffix(mark))
        .filter(|stem| !stem.is_empty())
}

/// A name as a label that leads nowhere: no steps upwards, no drive, no control characters, the
/// parts divided by `/`.
pub(super) fn neutral(name: &str) -> String {
    let mut clean = String::with_capacity(name.len());
    for part in name.split(['/', '\\']) {
        let part = part.trim();
        let drive =
            part.len() == 2 && part.ends_with(':') && part.as_bytes()[0].is_ascii_alphabetic();
        if part.is_empty() || part == "." || part == ".." || drive {
            continue;
        }
        if !clean.is_empty() {
            clean.push('/');
        }
        for c in part.chars() {
            // What turns the direction of writing around could disguise an ending.
            if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') {
                clean.push('_');
            } else {
                clean.push(c);
            }
        }
    }
    let length = clean.chars().count();
    if length > LONGEST {
        let half = LONGEST / 2;
        let end: String = clean.chars().skip(length - half).collect();
        clean = clean.chars().take(half).collect();
        clean.push('…');
        clean.push_str(&end);
    }
    if clean.is_empty() { "_".to_owned() } else { clean }
}

/// Names that occur again get a number, so that each stands for one file.
#[derive(Debug, Default)]
pub(super) struct Unique(std::collections::HashMap<String, u32>);

impl Unique {
    pub(super) fn name(&mut self, mut name: String) -> String {
        let count = self.0.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            let _ = write!(name, "#{count}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        for (name, label) in [
            ("报告/一.html", "报告/一.html"),
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            (r"C:\报告\..\一.txt", "报告/一.txt"),
            ("a/./b//c", "a/b/c"),
            ("坏\0名\u{202E}txt.exe", "坏_名_txt.exe"),
            ("..", "_"),
            ("", "_"),
        ] {
            assert_eq!(neutral(name), label, "{name}");
        }
        assert!(neutral(&"长".repeat(5_000)).chars().count() <= LONGEST + 1);
    }

    #[test]
    fn what_a_name_says() {
        assert_eq!(bearing("报告/一.html"), Bearing::Report);
        assert_eq!(bearing("报告/无名"), Bearing::Report);
        assert_eq!(bearing("__MACOSX/报告/._一.html"), Bearing::Ignored);
        assert_eq!(bearing("a_files/x.PNG"), Bearing::Ignored);
        assert_eq!(bearing("a/data.json"), Bearing::Data("JSON data"));
        assert_eq!(bearing("a/b.warc.gz"), Bearing::Container);
        assert_eq!(saved_folder("某页_files"), Some("某页"));
        assert_eq!(saved_folder("某页"), None);
    }
}
