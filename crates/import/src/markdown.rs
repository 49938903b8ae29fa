//! Markdown: headings, lists, tables and emphasis reduced to their text.
//!
//! Reports kept as Markdown are Chinese text first: a paragraph that stands in by four spaces is no
//! code, `1．` no list of the program's numbering, a lone `*` a note sign. So lines stay lines, and
//! only what is markup beyond doubt is taken away.

use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::{date, html};
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Whether a file is Markdown: by its name alone, since any text could be.
pub(crate) fn is_markdown(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        ["md", "markdown", "mdown", "mkd", "mkdn", "mdx", "rmd", "qmd"]
            .contains(&ending.to_ascii_lowercase().as_str())
    })
}

/// Reads a text.
pub(crate) fn read(text: &str) -> Page {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut reader = Reader::default();
    let mut at = reader.front_matter(&lines);
    while at < lines.len() {
        at = reader.line(&lines, at);
    }
    let headings = reader.out.iter().filter(|l| l.hint == Hint::Heading(1)).count();
    if headings == 1 {
        // The only heading of the first level is the title, unless text stands before it.
        let first = reader.out.iter_mut().find(|l| l.hint != Hint::Outside);
        if let Some(line) = first.filter(|l| l.hint == Hint::Heading(1)) {
            line.hint = Hint::Title;
        }
    }
    Page { lines: reader.out, facts: reader.facts, problems: Vec::new() }
}

#[derive(Default)]
struct Reader {
    out: Vec<SourceLine>,
    facts: Facts,
    gap: bool,
    /// The fence that ends the block of code being read.
    fence: Option<String>,
}

static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(#{1,6})(?:\s+(.*?)|([^#\s][^#]*?))\s*#*$").expect("a constant pattern")
});
static RULE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$").expect("a constant pattern")
});
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[-*+]\s+(\S.*)$").expect("a constant pattern"));
static DELIMITER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$").expect("a constant pattern")
});
static NOTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\[\^([^\]]{1,40})\]:\s*(.*)$").expect("a constant pattern"));
static TARGET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\[[^\]]{1,200}\]:\s*<?(?:https?:|/|\.|#|mailto:)\S*\s*.*$")
        .expect("a constant pattern")
});
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^<(table|div|p|center|ul|ol|dl|h[1-6]|details|section|article|blockquote|figure|pre)\b")
        .expect("a constant pattern")
});

impl Reader {
    fn push(&mut self, raw: &str, hint: Hint) {
        if raw.trim().is_empty() {
            return;
        }
        let gap = std::mem::take(&mut self.gap);
        self.out.push(SourceLine { raw: raw.to_owned(), hint, gap });
    }

    /// Reads the block of facts at the beginning; the line behind it.
    fn front_matter(&mut self, lines: &[&str]) -> usize {
        let closes: fn(&str) -> bool = match lines.first().map(|l| l.trim_end()) {
            Some("---") => |line| matches!(line, "---" | "..."),
            Some("+++") => |line| line == "+++",
            _ => return 0,
        };
        let end = lines.iter().skip(1).take(200).position(|l| closes(l.trim_end()));
        let Some(end) = end.map(|end| end + 1) else { return 0 };
        let inner = &lines[1..end];
        let keyed = |line: &&&str| {
            line.trim_start().starts_with(['#', '-', ' '])
                || line.contains([':', '='])
                || line.trim().is_empty()
        };
        if inner.is_empty() || !inner.iter().all(|line| keyed(&line)) {
            return 0;
        }
        let mut key = String::new();
        for line in inner {
            self.push(line, Hint::Outside);
            let item = line.trim().strip_prefix("- ");
            if let Some(item) = item {
                self.fact(&key, item);
            } else if let Some((name, value)) = line.split_once([':', '=', '：']) {
                key = name.trim().trim_matches('"').to_lowercase();
                self.fact(&key.clone(), value);
            }
        }
        self.gap = true;
        end + 1
    }

    fn fact(&mut self, key: &str, value: &str) {
        let quotes = ['"', '\'', ' '];
        let value = value.trim().trim_start_matches('[').trim_end_matches(']');
        let values: Vec<&str> =
            value.split(',').map(|v| v.trim_matches(quotes)).filter(|v| !v.is_empty()).collect();
        let Some(first) = values.first() else { return };
        let whole = value.trim_matches(quotes);
        let facts = &mut self.facts;
        match key {
            "title" | "标题" | "標題" | "题目" => facts.title = Some(whole.to_owned()),
            "date" | "published" | "日期" | "时间" | "發布時間" | "发布时间" | "发布日期" =>
            {
                facts.published = date::parse(whole).or(facts.published.take());
            }
            "author" | "authors" | "作者" => {
                let before = facts.author.take().map(|a| format!("{a}、")).unwrap_or_default();
                facts.author = Some(format!("{before}{}", values.join("、")));
            }
            "source" | "publisher" | "来源" | "來源" | "出处" => {
                facts.source = Some((*first).to_owned());
            }
            "url" | "link" | "permalink" | "canonical" | "链接" | "网址" | "原文链接"
                if whole.starts_with("http") =>
            {
                facts.address = Some(whole.to_owned());
            }
            _ => {}
        }
    }

    /// Reads a line, and those that belong to it; the line behind.
    fn line(&mut self, lines: &[&str], at: usize) -> usize {
        let line = lines[at].trim();
        if let Some(fence) = &self.fence {
            if line.starts_with(fence.as_str()) && line.trim_start_matches(['`', '~']).is_empty() {
                self.fence = None;
                self.gap = true;
            } else {
                self.push(lines[at], Hint::None);
            }
            return at + 1;
        }
        if line.is_empty() {
            self.gap = true;
            return at + 1;
        }
        if line.starts_with("```") || line.starts_with("~~~") {
            let sign = line.chars().next().unwrap_or('`');
            self.fence = Some(line.chars().take_while(|&c| c == sign).collect());
            self.gap = true;
            return at + 1;
        }
        if BLOCK.is_match(line) {
            return self.block(lines, at);
        }
        let line = line.trim_start_matches(['>', ' ']);
        if let Some(found) = HEADING.captures(line) {
            let text = found.get(2).or(found.get(3)).map_or("", |t| t.as_str());
            // A number sign is one, too: #话题#, #1.
            let spaced = found.get(2).is_some();
            if spaced
                || (!line.ends_with('#') && text.chars().next().is_some_and(anjuan_text::is_han))
            {
                self.gap = true;
                self.push(&inline(text), Hint::Heading(found[1].len() as u8));
                self.gap = true;
                return at + 1;
            }
        }
        let next = lines.get(at + 1).map_or("", |l| l.trim());
        if line.contains('|')
            && DELIMITER.is_match(next)
            && next.contains('-')
            && next.contains('|')
        {
            return self.table(lines, at);
        }
        if RULE.is_match(line) {
            self.gap = true;
            return at + 1;
        }
        let underlined = |sign: char| next.len() >= 3 && next.chars().all(|c| c == sign);
        let alone = at == 0 || lines[at - 1].trim().is_empty();
        if alone && line.chars().count() <= 60 && (underlined('=') || underlined('-')) {
            self.gap = true;
            self.push(&inline(line), Hint::Heading(if underlined('=') { 1 } else { 2 }));
            self.gap = true;
            return at + 2;
        }
        if let Some(note) = NOTE.captures(line) {
            self.push(&format!("[{}] {}", &note[1], inline(&note[2])), Hint::Footnote);
        } else if TARGET.is_match(line) {
            self.push(line, Hint::Outside);
        } else if let Some(item) = ITEM.captures(line) {
            self.push(&inline(&item[1]), Hint::List);
        } else {
            for part in BREAK.split(line) {
                self.push(&inline(part), Hint::None);
            }
        }
        at + 1
    }

    fn table(&mut self, lines: &[&str], from: usize) -> usize {
        let mut at = from;
        while let Some(line) = lines.get(at).map(|l| l.trim()).filter(|l| l.contains('|')) {
            if at != from + 1 {
                let row = line.strip_prefix('|').unwrap_or(line);
                let row = row.strip_suffix('|').unwrap_or(row).replace("\\|", "\u{1}");
                let cells: Vec<String> = row
                    .split('|')
                    .map(|cell| inline(BREAK.replace_all(cell, " ").trim()).replace('\u{1}', "|"))
                    .collect();
                self.push(cells.join("\u{3000}").trim_end(), Hint::Table);
            }
            at += 1;
        }
        self.gap = true;
        at
    }

    /// HTML in the text, up to the end of its element or an empty line.
    fn block(&mut self, lines: &[&str], from: usize) -> usize {
        let first = lines[from].trim();
        let tag = BLOCK.captures(first).map_or(String::new(), |f| f[1].to_ascii_lowercase());
        let close = format!("</{tag}>");
        let rest = &lines[from..];
        let closing = rest.iter().take(5000).position(|l| l.to_ascii_lowercase().contains(&close));
        let blank = rest.iter().position(|l| l.trim().is_empty()).unwrap_or(rest.len());
        // Tables go on over empty lines.
        let count = match closing {
            Some(closing) if tag == "table" || closing < blank => closing + 1,
            _ => blank,
        };
        let page = html::whole(&rest[..count].join("\n"));
        self.out.extend(page.lines);
        self.gap = true;
        from + count.max(1)
    }
}

static BREAK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)<br\s*/?>").expect("a constant pattern"));

/// A line without the markup in it.
fn inline(text: &str) -> String {
    static PICTURE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"!\[([^\]]*)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])")
            .expect("a constant pattern")
    });
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\[((?:[^\[\]]|\[[^\[\]]*\])+)\]\(\s*(?:<[^>]*>|[^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)"#)
            .expect("a constant pattern")
    });
    static NOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[\^([^\]]{1,40})\]").expect("a constant pattern"));
    static AUTO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"<((?:https?|mailto):[^<>\s]+)>").expect("a constant pattern")
    });
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)<!--.*?-->|</?(?:a|b|i|u|s|em|strong|span|font|sub|sup|small|big|code|kbd|mark|del|ins|img|p|div|center|br|hr)(?:\s[^<>]*)?/?>")
            .expect("a constant pattern")
    });
    static STRONG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\*\*\*|\*\*|___|__|~~)(\S(?:.*?\S)??)(\*\*\*|\*\*|___|__|~~)")
            .expect("a constant pattern")
    });
    static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(^|[^A-Za-z0-9%*\\])\*([\p{L}\p{N}“《【](?:[^*]*[^\s*\\])?)\*($|[^A-Za-z0-9*])",
        )
        .expect("a constant pattern")
    });
    static UNDERLINED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(^|[^\w\\])_([^\s_](?:[^_]*[^\s_])?)_($|\W)").expect("a constant pattern")
    });
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(`+)([^`]+)(`+)").expect("a constant pattern"));
    static ESCAPED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\\([\\`*_{}\[\]()#+\-.!|<>~])").expect("a constant pattern"));
    /// Sets of replacements change each other's text; a line without any sign needs none.
    const SIGNS: &[char] = &['*', '_', '`', '[', '<', '\\', '~', '&'];
    if !text.contains(SIGNS) {
        return text.to_owned();
    }
    let text = PICTURE.replace_all(text, "$1");
    let text = LINK.replace_all(&text, "$1");
    let text = NOTED.replace_all(&text, "[$1]");
    let text = AUTO.replace_all(&text, "$1");
    let text = TAG.replace_all(&text, "");
    let paired = |found: &Captures<'_>| {
        if found[1] == found[3] { found[2].to_owned() } else { found[0].to_owned() }
    };
    let text = STRONG.replace_all(&text, paired);
    let text = EMPHASIS.replace_all(&text, "$1$2$3");
    let text = UNDERLINED.replace_all(&text, "$1$2$3");
    let text = CODE.replace_all(&text, paired);
    let text = ESCAPED.replace_all(&text, "$1");
    entities(&text).into_owned()
}

/// The commonest references to characters; any other stays as it is.
fn entities(text: &str) -> Cow<'_, str> {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp|emsp|ensp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|times));")
            .expect("a constant pattern")
    });
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    REFERENCE.replace_all(text, |found: &Captures<'_>| {
        let decimal = found.get(1).and_then(|d| d.as_str().parse().ok());
        let hex = found.get(2).and_then(|h| u32::from_str_radix(h.as_str(), 16).ok());
        let named = match found.get(3).map(|n| n.as_str()) {
            Some("amp") => Some('&'),
            Some("lt") => Some('<'),
            Some("gt") => Some('>'),
            Some("quot") => Some('"'),
            Some("apos") => Some('\''),
            Some("nbsp") => Some('\u{a0}'),
            Some("emsp") => Some('\u{2003}'),
            Some("ensp") => Some('\u{2002}'),
            Some("ldquo") => Some('“'),
            Some("rdquo") => Some('”'),
            Some("lsquo") => Some('‘'),
            Some("rsquo") => Some('’'),
            Some("mdash") => Some('—'),
            Some("ndash") => Some('–'),
            Some("hellip") => Some('…'),
            Some("middot") => Some('·'),
            Some("times") => Some('×'),
            _ => None,
        };
        let c = named.or_else(|| char::from_u32(decimal.or(hex)?));
        c.map_or_else(|| found[0].to_owned(), String::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_text_stays() {
        for (line, expect) in [
            ("***目    录***", "目    录"),
            ("[第一章 总则](#第一章-总----则)", "第一章 总则"),
            ("**一、总体要求。**坚持稳中求进", "一、总体要求。坚持稳中求进"),
            ("见[附件(1)](files/a(1).docx \"附件\")。", "见附件(1)。"),
            ("增长\\*10.5%", "增长*10.5%"),
            ("5*3*2=30", "5*3*2=30"),
            ("*注：按可比价格计算", "*注：按可比价格计算"),
            ("*注：*按可比价格计算", "注：按可比价格计算"),
            ("增长5%*（注）、8%*（注）", "增长5%*（注）、8%*（注）"),
            ("a_b_c", "a_b_c"),
            ("1．加强领导", "1．加强领导"),
            ("改革[^1]，", "改革[1]，"),
            ("<font color=red>重点</font>&nbsp;工作 &lt;5%", "重点\u{a0}工作 <5%"),
            ("![图片](a.png)", "图片"),
            ("<增长>5%", "<增长>5%"),
            ("〔2023〕[2]号", "〔2023〕[2]号"),
        ] {
            assert_eq!(inline(line), expect, "{line}");
        }
    }
}
