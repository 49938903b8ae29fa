//! Saved web pages: the main text, what stands around it, and what the head of the page says.
//!
//! A page is flattened to lines that remember their element. Which of them are the text is
//! weighed line by line and element by element (`weigh`). All other lines stay in the list, marked
//! as standing outside, so that nothing is lost.

mod credits;
mod flatten;
mod head;
mod hidden;
mod refuse;
mod slim;
mod weigh;
mod words;

use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::line::{Line, is_blank, key_char};
use crate::{ImportError, Refusal, byline, date, names};
use anjuan_text::{Problem, ProblemCode};
use flatten::{Flat, Tag, Taken};
use head::Head;
use regex::Regex;
use scraper::node::Element;
use scraper::{Html, Node};
use std::sync::LazyLock;

static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<!doctype\s+html|<(?:html|head|body)[\s>]").expect("a constant pattern")
});
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)</(?:p|div|span|td|li|h[1-6]|a)>|<br\s*/?>").expect("a constant pattern")
});

/// Whether a text is a web page: it opens like one, or it is full of closing tags.
pub(crate) fn is_html(name: &str, text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4096)];
    if MARKUP.is_match(head) {
        return true;
    }
    let named = name.rsplit_once('.').is_some_and(|(_, ending)| {
        ["html", "htm", "shtml", "xhtml", "asp", "aspx", "php", "jsp"]
            .contains(&ending.to_ascii_lowercase().as_str())
    });
    let sample = &text[..text.floor_char_boundary(200_000)];
    CLOSING.find_iter(sample).take(8).count() >= if named { 1 } else { 8 }
}

/// The names of the folders that browsers save beside a page.
pub(crate) fn companion_folders(name: &str) -> Vec<String> {
    let Some((stem, ending)) = name.rsplit_once('.') else { return Vec::new() };
    if !["html", "htm", "xhtml", "shtml"].iter().any(|e| ending.eq_ignore_ascii_case(e)) {
        return Vec::new();
    }
    ["_files", ".files", "_file", ".fld", "-Dateien", "_fichiers"]
        .iter()
        .map(|tail| format!("{stem}{tail}"))
        .collect()
}

/// Largest page that is taken apart as a tree, in bytes; above it only its lines are read.
const TREE_BYTES: usize = 24 << 20;
/// Deepest nesting of elements that is taken apart as a tree. The parser's time grows with the
/// square of it.
const DEPTH: usize = 1500;

/// An attribute of an element. By hand, since the library makes an interned name of each that is
/// asked for, and nearly all of them are not there.
fn attr<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    element.attrs().find(|(own, _)| *own == name).map(|(_, value)| value)
}

/// Reads a page that is text from its first line to its last, such as a part of a document or book.
pub(crate) fn whole(text: &str) -> Page {
    let flat = flatten::flatten(&Html::parse_document(text));
    let lines = flat.lines.into_iter().map(|line| SourceLine {
        hint: if line.hidden { Hint::Hidden } else { line.hint },
        raw: line.text,
        gap: line.gap,
    });
    Page { lines: lines.collect(), ..Page::default() }
}

/// Reads a page, also one that is no report where `anyway` is set.
///
/// # Errors
/// Where it is no report: a list, an error, a check, an empty shell.
pub(crate) fn read(text: &str, anyway: bool) -> Result<Page, ImportError> {
    read_page(text, anyway)
}

/// Reads a piece of a page, as the clipboard has it: all of it is text.
pub(crate) fn read_piece(text: &str) -> Page {
    // Browsers and office programs mark which part of it was copied.
    let piece = text
        .split_once("<!--StartFragment-->")
        .map_or(text, |(_, rest)| rest.split_once("<!--EndFragment-->").map_or(rest, |r| r.0));
    let piece = slim::slim(piece);
    if slim::depth(&piece) > DEPTH {
        return Page { lines: slim::lines(&piece), ..Page::default() };
    }
    let page = Html::parse_fragment(&piece);
    let address = text.lines().take(12).find_map(|l| l.strip_prefix("SourceURL:"));
    let lines = flatten::flatten(&page).lines.into_iter().map(|line| SourceLine {
        hint: if line.hidden { Hint::Hidden } else { line.hint },
        raw: line.text,
        gap: line.gap,
    });
    let facts = Facts { address: address.map(|a| a.trim().to_owned()), ..Facts::default() };
    Page { lines: lines.collect(), facts, problems: Vec::new() }
}

fn read_page(text: &str, anyway: bool) -> Result<Page, ImportError> {
    let text = slim::slim(text);
    if text.len() > TREE_BYTES || slim::depth(&text) > DEPTH {
        return Ok(Page { lines: slim::lines(&text), ..Page::default() });
    }
    let page = Html::parse_document(&text);
    if let Some(source) = viewed_source(&page, &text) {
        return read_page(&source, anyway);
    }
    let mut taken = flatten::flatten(&page);
    let Head { mut facts, other_date, whole_title, continued, frames } = head::read_head(&page);
    let names = Names::new(facts.title.as_deref(), &whole_title);
    let guess = find_title(&taken.lines, &names, taken.lines.len());
    let mut chosen = weigh::choose(&taken, guess);
    // A title stands before the text or among its first lines.
    let first = chosen.kept.iter().position(|&k| k).unwrap_or(taken.lines.len());
    let zone = taken.lines.len().min(first.saturating_add(3));
    let mut title = find_title(&taken.lines, &names, zone);
    let refused = refuse::reason(&taken, &chosen, title, &whole_title)
        .map(|reason| if frames && reason == Refusal::ListPage { Refusal::NoText } else { reason });
    match refused {
        Some(reason) if !anyway => return Err(ImportError::NotAReport { reason }),
        Some(_) if !refuse::has_text(&taken, &chosen, title) => {
            // Nothing on it is text more than the rest: all that it shows is.
            chosen.kept = taken.lines.iter().map(|line| !line.hidden).collect();
            title = guess;
        }
        _ => {}
    }
    let kept = &chosen.kept;
    let first = kept.iter().position(|&k| k).unwrap_or(taken.lines.len());
    let last = kept.iter().rposition(|&k| k).unwrap_or(0);
    let Taken { places, lines } = &mut taken;
    let mut around = credits::read(lines, kept, title);
    if facts.published.is_none() {
        facts.published = around.published.take().or(other_date);
    }
    if !around.authors.is_empty() {
        // Who signs the text says more than a field that editors fill in.
        facts.author = Some(around.authors.join("、"));
    }

    let mut problems: Vec<Problem> = refused.map(Refusal::problem).into_iter().collect();
    // Menus and dialogs that wait hide on every page; words inside the text, or more of them than
    // it has, do not.
    let hides = |range: &[Flat]| range.iter().filter(|l| l.hidden).map(|l| l.chars).sum::<usize>();
    let (inside, unseen) = (hides(lines.get(first..=last).unwrap_or_default()), hides(lines));
    let shown: usize = lines.iter().zip(kept).filter(|(_, k)| **k).map(|(l, _)| l.chars).sum();
    if inside > 0 || (unseen > 2000 && unseen > shown) {
        let message = format!("The page hides {unseen} characters; they are set aside.");
        problems.push(Problem { code: ProblemCode::HiddenText, message, range: None });
    }
    if continued {
        let message = "The text goes on at another page.".to_owned();
        problems.push(Problem { code: ProblemCode::ContinuedElsewhere, message, range: None });
    }

    let mut out: Vec<SourceLine> = Vec::with_capacity(lines.len());
    let links: Vec<bool> = lines.iter().map(Flat::is_link).collect();
    for at in 0..lines.len() {
        let line = &lines[at];
        let neighbour_links =
            (at > 0 && links[at - 1]) || links.get(at + 1).copied().unwrap_or(false);
        let link_list = links[at]
            && (neighbour_links || places[line.place].tag == Tag::Item || line.chars < 12);
        let reads_as_byline = || {
            if line.chars > 240 {
                return false;
            }
            let key = Line::clean(&line.text, false).key;
            byline::fields(&key).is_some() || names::people(key.trim_matches(['(', ')'])).is_some()
        };
        let near_title = title.is_some_and(|t| t < at && at < first)
            || (at < first && title.is_none() && first - at <= 8);
        let hint = if line.hidden {
            Hint::Hidden
        } else if title == Some(at) {
            Hint::Title
        } else if kept[at] && title.is_none_or(|t| at > t) {
            match line.hint {
                Hint::None
                    if line.strong
                        && line.chars <= 40
                        && line.chars >= 4
                        && !line.text.trim_end().ends_with(['。', '，', '：', ':', '；']) =>
                {
                    Hint::Heading(6)
                }
                hint => hint,
            }
        } else if (near_title
            || (first < at && at < last + 7)
            || (last < at && at < last + 30 && (chosen.within[at] || line.text.contains("编辑"))))
            && !link_list
            && reads_as_byline()
        {
            // Between the title and the text, and behind it, stands the byline.
            Hint::None
        } else if title.is_none() && near_title && chosen.within[at] && !link_list {
            // A text without marked title has it among its first lines.
            Hint::None
        } else {
            Hint::Outside
        };
        let mut raw = std::mem::take(&mut lines[at].text);
        let mut gap = lines[at].gap;
        if hint == Hint::Title
            && let Some(label) = label_of(&raw, &names)
        {
            // 原创 and the like stand in the heading, and are none of it.
            let rest = raw.split_off(label);
            out.push(SourceLine { raw, hint: Hint::Outside, gap });
            (raw, gap) = (rest, true);
        }
        if hint == Hint::Outside
            && let Some(label) = out.last_mut().filter(|l| l.hint == Hint::Outside)
            && is_label_of_day(&label.raw)
            && date::parse(&raw).is_some()
            && raw.chars().count() <= 30
        {
            // 发布日期： and the day beside it, in cells of their own.
            label.raw.push_str(&raw);
            label.hint = Hint::None;
            continue;
        }
        out.push(SourceLine { raw, hint, gap });
    }
    Ok(Page { lines: out, facts, problems })
}

/// Where a label ends that stands before the title in its own line.
fn label_of(line: &str, names: &Names) -> Option<usize> {
    let named = names.title.as_deref().filter(|t| t.chars().count() >= 6)?;
    let own = squeezed(line);
    let before = own.strip_suffix(named)?.chars().count();
    if before == 0 || before > 6 {
        return None;
    }
    // As many characters that are to be seen.
    let mut seen = line.char_indices().filter(|&(_, c)| !is_blank(c));
    seen.nth(before).map(|(at, _)| at)
}

/// Whether a line is the label of the day on which the page was published.
fn is_label_of_day(line: &str) -> bool {
    let label: String = squeezed(line);
    label.strip_suffix(':').is_some_and(|label| {
        ["发布", "发文", "公开", "公布", "生成", "发表"].iter().any(|word| {
            label.strip_prefix(word).is_some_and(|rest| matches!(rest, "日期" | "时间"))
        })
    })
}

/// The source of a page, where what was saved is a browser's view of it.
fn viewed_source(page: &Html, text: &str) -> Option<String> {
    let head = &text[..text.floor_char_boundary(20_000)];
    let cells = head.contains("line-content") && head.contains("line-number");
    if !cells && !head.contains("id=\"viewsource\"") {
        return None;
    }
    let mut source = String::new();
    for node in page.tree.root().descendants() {
        let Node::Element(element) = node.value() else { continue };
        let wanted = match element.name() {
            "td" => cells && attr(element, "class").is_some_and(|c| c.contains("line-content")),
            "pre" => !cells,
            _ => false,
        };
        if wanted {
            source.extend(node.descendants().filter_map(|n| n.value().as_text()).map(|t| &**t));
            source.push('\n');
        }
    }
    // Its own text must not be a view again.
    (MARKUP.is_match(&source) && !source.contains("line-gutter")).then_some(source)
}

/// What the head of a page calls it.
struct Names {
    /// Without the site.
    title: Option<String>,
    /// With it.
    whole: String,
}

impl Names {
    fn new(title: Option<&str>, whole: &str) -> Self {
        Self { title: title.map(squeezed), whole: squeezed(whole) }
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|&c| !is_blank(c)).map(key_char).collect()
}

/// The line that is the title, among those before `end`: a first-level heading or a line that the
/// head of the page names.
fn find_title(lines: &[Flat], names: &Names, end: usize) -> Option<usize> {
    let named = names.title.as_deref().map(|t| (t, t.chars().count())).filter(|t| t.1 >= 4);
    let score = |line: &Flat| -> usize {
        if line.hidden || line.chars < 4 || line.chars > 100 {
            return 0;
        }
        let heading: usize = match line.hint {
            Hint::Heading(1) => 3,
            Hint::Heading(2) => 2,
            Hint::Heading(_) => 1,
            _ => 0,
        };
        let said: usize = match named {
            Some((named, len)) if line.chars <= len * 2 => {
                let own = squeezed(&line.text);
                if named == own {
                    8
                } else if line.chars * 2 > len && named.contains(&own) {
                    6
                } else if line.chars < len * 2 && own.contains(named) {
                    5
                } else {
                    0
                }
            }
            _ => 0,
        };
        // The site's own name is often a first-level heading, too.
        let is_site = said == 0 && heading > 0 && {
            let own = squeezed(&line.text);
            names.whole.find(&own).is_some_and(|at| at > 0)
        };
        let link = usize::from(line.is_link()) * 3 + usize::from(is_site) * 3;
        if said + heading < 3 { 0 } else { (said * 2 + heading).saturating_sub(link) }
    };
    let (best, at) = lines[..end].iter().enumerate().map(|(at, line)| (score(line), at)).max()?;
    (best >= 3).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// Writes what `data/page_lines.py` learns from: for each page of the folder that
    /// `ANJUAN_PAGES` names, its lines with their features, to the file that `ANJUAN_FEATURES`
    /// names.
    #[test]
    #[ignore = "makes the material that the weights of lines are learned from"]
    fn features_of_pages() {
        let folder = std::env::var("ANJUAN_PAGES").expect("ANJUAN_PAGES");
        let target = std::env::var("ANJUAN_FEATURES").expect("ANJUAN_FEATURES");
        let mut out = std::io::BufWriter::new(std::fs::File::create(target).expect("a file"));
        let folder = std::path::Path::new(&folder);
        for set in std::fs::read_dir(folder).expect("folder").flatten() {
            let Ok(files) = std::fs::read_dir(set.path()) else { continue };
            for file in files.flatten() {
                let bytes = std::fs::read(file.path()).expect("a page");
                let decoded = crate::decode::decode(&bytes).expect("text");
                let page = Html::parse_document(&decoded.text);
                let taken = flatten::flatten(&page);
                let head = head::read_head(&page);
                let names = Names::new(head.facts.title.as_deref(), &head.whole_title);
                let title = find_title(&taken.lines, &names, taken.lines.len());
                let (seen, features) = weigh::features(&taken, title);
                let path = file.path();
                let name = path.strip_prefix(folder).expect("inside").display().to_string();
                writeln!(out, "page\t{name}\t{}", taken.places.len()).expect("written");
                let parents: Vec<String> =
                    taken.places.iter().map(|p| p.parent.to_string()).collect();
                writeln!(out, "parents\t{}", parents.join(" ")).expect("written");
                for (&at, row) in seen.iter().zip(&features) {
                    let line = &taken.lines[at];
                    let row: Vec<String> = row.iter().map(|f| format!("{f:.4}")).collect();
                    writeln!(
                        out,
                        "line\t{}\t{}\t{}\t{}\t{}\t{}",
                        line.place,
                        line.chars,
                        u8::from(title == Some(at)),
                        u8::from(line.prose() > 0),
                        row.join(" "),
                        line.text.replace(['\t', '\n', '\r'], " ")
                    )
                    .expect("written");
                }
            }
        }
        let names = weigh::FEATURES.join("\t");
        writeln!(out, "names\t{names}").expect("written");
    }
}
