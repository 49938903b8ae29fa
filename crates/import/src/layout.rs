//! Sorts the lines of a source into title, byline, headings, text and furniture, and builds the
//! report from them.

use crate::byline::{self, Kind};
use crate::dirt::{self, Dirt};
use crate::heading::{self, rank};
use crate::line::{self, Line};
use crate::{assemble, date, furniture, names};
use anjuan_text::{FurnitureReason, Problem, RepairKind, ReportText};
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What the format says of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Hint {
    /// Nothing.
    #[default]
    None,
    /// It is the title.
    Title,
    /// A heading of this depth.
    Heading(u8),
    /// An item of a list.
    List,
    /// A row of a table.
    Table,
    /// The caption of a picture or table.
    Caption,
    /// It stands outside the main text.
    Outside,
    /// The page hides it.
    Hidden,
    /// It was set aside by the reader, which knows why.
    Aside(FurnitureReason),
    /// A note at the foot of a page or the end.
    Footnote,
}

/// A line of the source.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceLine {
    pub(crate) raw: String,
    pub(crate) hint: Hint,
    /// Whether an empty line or the end of a paragraph stands before it.
    pub(crate) gap: bool,
}

/// What is known from elsewhere than the lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// From the head of a page.
    pub(crate) title: Option<String>,
    /// ISO 8601, from the head of a page.
    pub(crate) published: Option<String>,
    /// From the head of a page.
    pub(crate) source: Option<String>,
    /// From the head of a page.
    pub(crate) author: Option<String>,
    /// From the name of the file.
    pub(crate) file_title: Option<String>,
    /// The URL that the source names as its own.
    pub(crate) address: Option<String>,
}

impl Facts {
    /// The same where the page was decoded wrongly before it was saved.
    fn mended(&self, dirt: &Dirt) -> Self {
        let mend = |value: &Option<String>| {
            value
                .as_ref()
                .map(|v| dirt.decoded(v).map_or_else(|| v.clone(), |mended| mended.apply(v)))
        };
        Self {
            title: mend(&self.title),
            source: mend(&self.source),
            author: mend(&self.author),
            ..self.clone()
        }
    }
}

/// What a reader makes of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    pub(crate) lines: Vec<SourceLine>,
    pub(crate) facts: Facts,
    /// What is odd about the file, without places.
    pub(crate) problems: Vec<Problem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Undecided,
    Title,
    Heading(u8),
    Paragraph,
    /// A paragraph whose first sentence is a heading of this rank.
    Headed(u8),
    Caption,
    Byline,
    Salutation,
    List,
    Table,
    Signature,
    Footnote,
    /// Text that stands there once more.
    Repeated,
    Aside(FurnitureReason),
}

/// A line or part of one, and what it is.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) line: Line,
    pub(crate) class: Class,
    gap: bool,
    /// A line break was put in before it, and this stood there.
    pub(crate) restored: Option<&'static str>,
}

impl Piece {
    fn new(line: Line, class: Class, gap: bool) -> Self {
        Self { line, class, gap, restored: None }
    }

    pub(crate) fn key(&self) -> &str {
        &self.line.key
    }

    fn undecided(&self) -> bool {
        self.class == Class::Undecided
    }

    /// Whether it could stand between the title and the text.
    pub(crate) fn is_head(&self) -> bool {
        matches!(self.class, Class::Byline | Class::Paragraph | Class::Heading(rank::BARE))
            && !self.is_prose()
    }

    /// Whether it reads as running text: whole sentences.
    fn is_prose(&self) -> bool {
        matches!(self.class, Class::Undecided | Class::Paragraph | Class::Headed(_))
            && is_prose(self.key())
    }
}

/// Whether a line is running text: it ends like a sentence, or is too long to be anything else.
fn is_prose(key: &str) -> bool {
    let len = key.chars().count();
    let closed =
        key.trim_end_matches(['”', '"', ')', '」', '』']).ends_with(['。', '!', '?', ';', '…']);
    (closed && len >= 12) || (len > 60 && key.contains('。')) || (len > 120)
}

/// What bylines say, in the order of the source.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Labelled fields.
    pub(crate) fields: Vec<(Kind, String)>,
    /// Names without label.
    pub(crate) authors: Vec<String>,
    /// When a speech was held.
    pub(crate) held: Option<String>,
    /// When a law or resolution was adopted last.
    pub(crate) adopted: Option<String>,
    /// When a law or resolution was made public.
    pub(crate) announced: Option<String>,
    /// The date under the text.
    pub(crate) signed: Option<String>,
}

/// The lines of a plain text.
pub(crate) fn lines_of(text: &str) -> Vec<SourceLine> {
    let mut lines = Vec::new();
    let mut gap = false;
    // Among other controls of its kind U+0085 is half a character that was decoded wrongly.
    let garbled = text.chars().any(|c| matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}'));
    let breaks = |c: char| match c {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => true,
        '\u{85}' => !garbled,
        _ => false,
    };
    for raw in text.split(breaks) {
        if raw.chars().all(line::is_blank) {
            gap = true;
        } else {
            lines.push(SourceLine { raw: raw.to_owned(), hint: Hint::None, gap });
            gap = false;
        }
    }
    // \r\n leaves an empty piece between its two; that is no empty line.
    if text.contains("\r\n") {
        let unified = text.replace("\r\n", "\n");
        return lines_of(&unified);
    }
    lines
}

/// The title that the name of a file holds, if it is one.
pub(crate) fn title_of_file(name: &str) -> Option<String> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).trim();
    let han = stem.chars().filter(|&c| anjuan_text::is_han(c)).count();
    (han >= 4 && han * 2 > stem.chars().count()).then(|| stem.to_owned())
}

/// Sorts lines into a report.
pub(crate) fn arrange(lines: Vec<SourceLine>, facts: &Facts) -> ReportText {
    // A reader that told text and page apart knows where the links begin.
    let told_apart = lines.iter().any(|l| l.hint == Hint::Outside);
    let dirt = Dirt::survey(&lines);
    let facts = &facts.mended(&dirt);
    let mut said = Said::default();
    let mut pieces = first_look(lines, &dirt, &mut said);
    join_over_pages(&mut pieces);
    join_clauses(&mut pieces);
    unwrap_lines(&mut pieces);
    let title = find_title(&mut pieces);
    let body = sort_head(&mut pieces, title, &mut said);
    if !told_apart {
        set_related_aside(&mut pieces);
    }
    sort_tail(&mut pieces, body, &mut said);
    for piece in pieces.iter().skip(body) {
        // A day in brackets that is neither that of the speech nor that of the signature.
        if piece.class == Class::Byline && date::is_bracketed_day(piece.key()) {
            said.fields.push((Kind::BareDate, piece.line.text.clone()));
        }
    }
    let mut pieces = sort_body(pieces, body, &mut said);
    settle_lists(&mut pieces, body);
    settle_heads(&mut pieces);
    set_repetition_apart(&mut pieces);
    read_inline_credits(&mut pieces, &mut said);
    assemble::report(&pieces, facts, &said)
}

/// Furniture, spam and bylines: what one line tells by itself.
fn first_look(lines: Vec<SourceLine>, dirt: &Dirt, said: &mut Said) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(lines.len() + 8);
    for (index, SourceLine { raw, hint, gap }) in lines.into_iter().enumerate() {
        // Readers give a title of several lines as one.
        let parts = raw.split('\n').map(|part| Line::mended(part, dirt, index));
        let line = match hint {
            Hint::Title => parts.reduce(|line, part| line.join(&part, "")).unwrap_or_default(),
            _ => Line::mended(&raw, dirt, index),
        };
        if line.is_empty() && line.marks.is_empty() {
            continue;
        }
        let class = match hint {
            Hint::Hidden => Class::Aside(FurnitureReason::Hidden),
            Hint::Aside(reason) => Class::Aside(reason),
            Hint::Outside => {
                let reason = furniture::reason(&line.key);
                Class::Aside(reason.unwrap_or(FurnitureReason::Navigation))
            }
            Hint::Title => Class::Title,
            Hint::Table => Class::Table,
            Hint::Caption => Class::Caption,
            Hint::Footnote => Class::Footnote,
            _ if furniture::is_spam(&line.key, pieces.iter().all(|p| !p.undecided())) => {
                Class::Aside(FurnitureReason::Spam)
            }
            _ => furniture::reason(&line.key).map_or(Class::Undecided, Class::Aside),
        };
        if class != Class::Undecided {
            pieces.push(Piece::new(line, class, gap));
            continue;
        }
        if date::is_bracketed_day(&line.key) {
            // What it tells is known by where it stands.
            pieces.push(Piece::new(line, Class::Byline, gap));
            continue;
        }
        if let Some(fields) = byline::fields(&line.key).filter(|_| !date::is_history(&line.key)) {
            push_fields(&mut pieces, &line, &fields, gap, said);
            continue;
        }
        let class = match hint {
            Hint::Heading(depth) if !is_prose(&line.key) && line.len() <= 80 => {
                Class::Heading(heading::numbered(&line.key).unwrap_or(rank::MARKED + depth))
            }
            Hint::List if line.len() > 2 => Class::List,
            _ => Class::Undecided,
        };
        pieces.push(Piece::new(line, class, gap));
    }
    pieces
}

/// Splits a byline: what says something stays in the text, counters and buttons go aside.
fn push_fields(
    pieces: &mut Vec<Piece>,
    line: &Line,
    fields: &[byline::Field],
    gap: bool,
    said: &mut Said,
) {
    let aside = |field: &byline::Field| {
        if field.kind == Kind::Tool {
            Some(FurnitureReason::PageTool)
        } else if field.value.is_empty() {
            Some(FurnitureReason::Label)
        } else {
            None
        }
    };
    let mut at = 0;
    let mut from = 0;
    while at < fields.len() {
        let reason = aside(&fields[at]);
        let mut until = at + 1;
        // Fields that stay make one line; those set aside stay apart, each with its reason.
        while reason.is_none() && until < fields.len() && aside(&fields[until]).is_none() {
            until += 1;
        }
        let end = fields.get(until).map_or(line.key.len(), |next| next.whole.start);
        let class = reason.map_or(Class::Byline, Class::Aside);
        let part = line.cut(from..end);
        if !part.is_empty() {
            pieces.push(Piece::new(part, class, gap && at == 0));
        }
        from = end;
        at = until;
    }
    for field in fields {
        let value = line.cut(field.value.clone()).text;
        if !value.is_empty() && !matches!(field.kind, Kind::Tool | Kind::Other) {
            said.fields.push((field.kind, value));
        }
    }
}

/// Joins sentences that the end of a page cut in two.
fn join_over_pages(pieces: &mut Vec<Piece>) {
    let mut at = 1;
    while at < pieces.len() {
        let numbered = pieces[at].undecided()
            && pieces[at].line.marks.iter().any(|m| m.at == 0 && m.kind == RepairKind::PageNumber);
        let before = pieces[..at].iter().rposition(Piece::undecided);
        match before {
            Some(before)
                if numbered && before + 1 == at && dirt::ends_open(pieces[before].key()) =>
            {
                let next = pieces.remove(at);
                pieces[before].line = pieces[before].line.join(&next.line, "");
            }
            _ => at += 1,
        }
    }
}

/// Joins what a line break cut behind a comma.
fn join_clauses(pieces: &mut Vec<Piece>) {
    pieces.dedup_by(|next, piece| {
        let cut = piece.undecided()
            && next.undecided()
            && !next.gap
            && piece.key().ends_with([',', '、'])
            && heading::numbered(next.key()).is_none();
        if cut {
            piece.line = piece.line.join(&next.line, "");
        }
        cut
    });
}

/// Share of full lines, in percent, and their least number, that make a text hard-wrapped.
const WRAPPED_PERCENT: usize = 60;
const WRAPPED_LINES: usize = 8;

/// Columns that a line takes: a Chinese character takes two.
fn columns(key: &str) -> usize {
    key.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Joins the lines of a text that was broken at a fixed width.
fn unwrap_lines(pieces: &mut Vec<Piece>) {
    let open =
        |p: &Piece| p.undecided() && !p.key().ends_with(['。', '!', '?', ':', ';', '”', ')']);
    let mut widths: Vec<usize> =
        pieces.iter().filter(|p| open(p)).map(|p| columns(p.key())).collect();
    widths.sort_unstable();
    let Some(&width) = widths.get(widths.len() * 7 / 10) else { return };
    if !(36..=120).contains(&width) {
        return;
    }
    let full = |p: &Piece| {
        p.undecided() && (width.saturating_sub(5)..=width + 5).contains(&columns(p.key()))
    };
    let follows = |w: &[Piece]| w[0].undecided() && w[1].undecided() && !w[1].gap;
    let wrapped = pieces.windows(2).filter(|w| follows(w) && full(&w[0]) && open(&w[0])).count();
    // Where empty lines part the paragraphs, only lines inside of them count.
    let inside = pieces.windows(2).filter(|w| follows(w)).count();
    if wrapped < WRAPPED_LINES || wrapped * 100 < inside * WRAPPED_PERCENT {
        return;
    }
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut continues = false;
    for piece in pieces.drain(..) {
        let next = full(&piece) || (open(&piece) && columns(piece.key()) * 4 >= width * 3);
        match joined.last_mut() {
            Some(last)
                if continues
                    && piece.undecided()
                    && !piece.gap
                    && heading::numbered(piece.key()).is_none() =>
            {
                last.line = last.line.join(&piece.line, "");
            }
            _ => joined.push(piece),
        }
        continues = next;
    }
    *pieces = joined;
}

/// Longest title in characters.
const TITLE: usize = 120;

/// Chooses the title: the first line that is neither furniture nor byline nor text.
fn find_title(pieces: &mut Vec<Piece>) -> Option<usize> {
    if let Some(marked) = pieces.iter().position(|p| p.class == Class::Title) {
        return Some(marked);
    }
    let at = pieces.iter().position(|p| matches!(p.class, Class::Undecided | Class::Heading(_)))?;
    let key = pieces[at].key();
    let salutation = key.ends_with(':') && key.chars().count() < 20;
    let numbered =
        heading::numbered(key).is_some_and(|r| !(rank::PART..=rank::SECTION).contains(&r));
    let closed = key.ends_with(['。', ';', ',', '、']) || key.contains('。');
    if closed
        || salutation
        || numbered
        || pieces[at].line.len() > TITLE
        || pieces[at].line.len() < 2
    {
        return None;
    }
    // 政府工作报告 ——2005年5月28日在某市第四届人民代表大会第一次会议上, all on one line.
    let delivery = date::delivery_in(key);
    pieces[at].class = Class::Title;
    if let Some(cut) = delivery {
        let line = std::mem::take(&mut pieces[at].line);
        let (gap, len) = (pieces[at].gap, line.key.len());
        pieces[at].line = line.cut(0..cut);
        let delivery = Piece::new(line.cut(cut..len), Class::Undecided, gap);
        pieces.insert(at + 1, Piece { restored: Some(""), ..delivery });
        return Some(at);
    }
    // A subtitle behind a dash belongs to the title; where and when a speech was held does not.
    if let Some(next) = pieces.get(at + 1)
        && next.undecided()
        && next.key().starts_with(['—', '―', '─'])
        && !next.key().ends_with('。')
        && next.line.len() <= 60
        && date::dates(next.key()).is_empty()
        && !MEETING.is_match(next.key())
    {
        let next = pieces.remove(at + 1);
        pieces[at].line = pieces[at].line.join(&next.line, " ");
    }
    Some(at)
}

/// A meeting, which is where a speech was held and no subtitle.
static MEETING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[—―─]+\s*在|代表大会|[次届]会议|全体会议").expect("a constant pattern")
});
/// Where a speech was held.
static HELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"在.{2,40}(?:会议?|大会)上?(?:的?(?:讲话|报告|发言))?\s*[)）]?$")
        .expect("a constant pattern")
});
/// The second half of such a line: 第三次会议上.
static HELD_END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{Han}\d]{0,24}(?:次(?:全体)?会议|代表大会|[次届]全会)(?:第[\p{Han}\d]{1,3}次会议)?(?:上|通过|批准)?\s*[)）]?$")
        .expect("a constant pattern")
});
/// An office or committee that signs.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^[\p{Han}()·]{2,26}(?:侨联|联合会|政府|办公室|委员会|局|厅|会|院|日报|统计局|人民政府)$",
    )
    .expect("a constant pattern")
});
/// A body that can stand under a title as the one that reports.
static ISSUER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{Han}·]{2,24}(?:人民政府|侨联|联合会|委员会|统计局|党委|办公室)$")
        .expect("a constant pattern")
});
/// Whom a speech addresses.
static SALUTATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:尊敬的|亲爱的|敬爱的|各位|诸位|同志们|女士们|先生们|朋友们|代表们|委员们|同胞们|乡亲们|主席|主席团|大会主席团)[\p{Han}、,\s]{0,36}|[\p{Han}、,\s]{0,20}(?:各位代表|同志们|女士们|先生们|朋友们|代表们))\s*[:!]$")
        .expect("a constant pattern")
});

/// A line of the head without the signs that markup leaves around it.
fn stripped(key: &str) -> std::ops::Range<usize> {
    let ornament = |c: char| matches!(c, '*' | '>' | '#' | '_' | '(' | ')' | ' ' | '【' | '】');
    let start = key.len() - key.trim_start_matches(ornament).len();
    let end = key.trim_end_matches(ornament).len();
    start..end.max(start)
}

/// Whether a line is no more part of the head of a report.
fn begins_text(key: &str) -> bool {
    is_prose(key) && !date::is_history(key)
        || heading::numbered(key).is_some_and(|r| r != rank::FRONT)
        || key.ends_with(':')
        || SALUTATION.is_match(key)
}

/// What a line of the ceremony is: when and where a speech was held, who holds it.
fn is_ceremony(key: &str) -> bool {
    let inner = &key[stripped(key)];
    HELD.is_match(inner)
        || HELD_END.is_match(inner)
        || date::is_history(key)
        || names::speaker(inner).is_some()
}

/// Sorts what stands between the title and the text; returns where the text begins.
fn sort_head(pieces: &mut [Piece], title: Option<usize>, said: &mut Said) -> usize {
    let from = title.map_or(0, |at| at + 1);
    let mut body = from;
    // Whether a speaker or a meeting is still to come before the text.
    let last_ceremony = pieces
        .iter()
        .enumerate()
        .skip(from)
        .take_while(|(_, p)| !p.undecided() || !begins_text(p.key()))
        .filter(|(_, p)| p.undecided() && is_ceremony(p.key()))
        .map(|(at, _)| at)
        .last();
    let mut previous_ceremony = false;
    for at in from..pieces.len() {
        body = at;
        let next = pieces
            .get(at + 1..)
            .and_then(|rest| rest.iter().find(|p| !matches!(p.class, Class::Aside(_))));
        let next_is_text = next.is_some_and(Piece::is_prose);
        let next_begins = next.is_some_and(|p| p.undecided() && begins_text(p.key()));
        let piece = &mut pieces[at];
        let key = piece.line.key.as_str();
        match piece.class {
            Class::Undecided => {}
            Class::Aside(_) | Class::Byline => {
                if date::is_bracketed_day(key) {
                    for event in date::events(key) {
                        note_event(said, event);
                    }
                }
                body = at + 1;
                continue;
            }
            _ => break,
        }
        if begins_text(key) {
            break;
        }
        let inner = stripped(key);
        let offset = inner.start;
        let inner = &key[inner];
        let after_ceremony = std::mem::replace(&mut previous_ceremony, is_ceremony(key));
        let credit = |said: &mut Said, line: &Line, name: std::ops::Range<usize>| {
            let name = line.cut(name.start + offset..name.end + offset).text;
            said.authors.push(name.split_whitespace().collect());
        };
        let events = date::events(key);
        if let Some(name) = names::speaker(inner) {
            for name in name {
                credit(said, &piece.line, name);
            }
            for event in events {
                note_event(said, event);
            }
        } else if HELD.is_match(inner)
            || HELD_END.is_match(inner)
            || (!events.is_empty() && (piece.line.len() <= 50 || date::is_history(key)))
        {
            for event in events {
                note_event(said, event);
            }
        } else if let Some(people) = names::people(inner) {
            for name in people {
                credit(said, &piece.line, name);
            }
        } else if (after_ceremony && next_begins) && names::is_any_name(inner) {
            // 巴塔: behind the place and before the first word of a speech a name of any people.
            credit(said, &piece.line, 0..inner.len());
        } else if last_ceremony.is_some_and(|last| last > at) {
            // The title once more, or a line that belongs to the ceremony.
            piece.class = Class::Paragraph;
            body = at + 1;
            continue;
        } else if at == from && ISSUER.is_match(inner) {
            // Who reports, right under the title.
        } else if title.is_some() && (next_is_text || !SIGNATURE.is_match(key)) {
            // A heading or the first lines of a text of short lines.
            break;
        }
        piece.class = Class::Byline;
        body = at + 1;
    }
    if let Some(at) = title {
        read_title(&pieces[at], said);
    }
    body
}

/// 政府工作报告(2014年1月7日 某某): when it was held and who held it, where no line says so.
fn read_title(title: &Piece, said: &mut Said) {
    let key = title.key();
    let Some(found) = date::dates(key).pop() else { return };
    let behind = &key[found.range.end..];
    if behind.chars().count() > 16 || found.iso.len() < 10 {
        return;
    }
    // 2023年1月 in a line and 2023年1月6日 in the title are the same day.
    if said.held.as_ref().is_none_or(|held| found.iso.starts_with(held)) {
        said.held = Some(found.iso);
    }
    let name = behind.trim_matches(|c: char| matches!(c, ' ' | '(' | ')' | ','));
    if said.authors.is_empty() && names::is_any_name(name) {
        let start = found.range.end + behind.find(name).unwrap_or(0);
        let name = title.line.cut(start..start + name.len()).text;
        said.authors.push(name.split_whitespace().collect());
    }
}

fn note_event(said: &mut Said, event: date::Event) {
    let date::Event { what, iso } = event;
    match what {
        date::What::Held => {
            said.held.get_or_insert(iso);
        }
        // The last one made the text what it is.
        date::What::Adopted => said.adopted = said.adopted.take().max(Some(iso)),
        date::What::Announced => said.announced = said.announced.take().max(Some(iso)),
        date::What::InForce => {}
    }
}

/// Behind "related news" in the tail only links follow.
fn set_related_aside(pieces: &mut [Piece]) {
    let last_prose = pieces
        .iter()
        .rposition(|p| p.is_prose() && p.key().contains(['。', ';', ',']))
        .unwrap_or(0);
    let Some(opener) = pieces
        .iter()
        .enumerate()
        .skip(last_prose)
        .find(|(_, p)| matches!(p.class, Class::Aside(_)) && furniture::opens_related(p.key()))
        .map(|(at, _)| at)
    else {
        return;
    };
    for piece in &mut pieces[opener + 1..] {
        if matches!(piece.class, Class::Undecided | Class::List | Class::Heading(_)) {
            piece.class = Class::Aside(FurnitureReason::Related);
        }
    }
}

/// Names, dates and signatures behind the text.
fn sort_tail(pieces: &mut [Piece], body: usize, said: &mut Said) {
    let Some(last) = pieces.iter().rposition(Piece::is_prose).filter(|&at| at >= body) else {
        return;
    };
    let mut signed = false;
    for piece in &mut pieces[last + 1..] {
        let behind_name = std::mem::replace(&mut signed, false);
        if piece.class == Class::Byline {
            if behind_name && date::is_day(piece.key()) {
                piece.class = Class::Signature;
            } else if date::is_bracketed_day(piece.key()) {
                said.signed = date::dates(piece.key()).into_iter().next().map(|d| d.iso);
                piece.class = Class::Signature;
            }
        }
        if !piece.undecided() {
            continue;
        }
        let key = piece.line.key.clone();
        let inner = key.trim_matches(['(', ')', '【', '】', '[', ']']);
        let offset = key.find(inner).unwrap_or(0);
        if let Some(people) = names::people(inner) {
            for name in people {
                let name = piece.line.cut(name.start + offset..name.end + offset).text;
                said.authors.push(name.split_whitespace().collect());
            }
            piece.class = Class::Byline;
        } else if let [only] = &date::dates(&key)[..]
            && only.range == (0..key.len())
        {
            said.signed = Some(only.iso.clone());
            piece.class = Class::Signature;
        } else if SIGNATURE.is_match(&key) {
            piece.class = Class::Signature;
            signed = true;
        }
    }
}

/// Longest caption in characters.
const CAPTION: usize = 80;

static CAPTIONED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:图[为:]|(?:图|表)\s*\d{1,3}[\s:、.-]|[左右上下]图[为:]?)|(?:\s|[。)(])(?:[\p{Han}]{2,8}\s*)?(?:摄|摄影|供图|提供)\s*[)。]?$|^[^,。]{2,26}(?:现场|合影|留影)。?$")
        .expect("a constant pattern")
});
/// Whether a line behind a picture can be its caption: one sentence or less, and short.
fn names_picture(key: &str) -> bool {
    heading::numbered(key).is_none()
        && !key.ends_with([':', ',', ';'])
        && key.matches(['。', ';', ',']).count() <= 2
        && key.chars().count() <= CAPTION / 2
}

static BULLET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[•●◆■▪◦○★※▲►]|[-*·]\s|[—―─]{2})\s*\S").expect("a constant pattern")
});

/// Headings, captions, lists and paragraphs.
fn sort_body(pieces: Vec<Piece>, body: usize, said: &mut Said) -> Vec<Piece> {
    let mut sorted: Vec<Piece> = Vec::with_capacity(pieces.len() + 8);
    let counted = counts_lone_numbers(&pieces);
    let mut queue = pieces.into_iter().peekable();
    let mut index = 0;
    let mut picture = false;
    // Whether a line that could be a heading has text to stand over is known once the next is seen.
    while let Some(mut piece) = queue.next() {
        let here = index;
        index += 1;
        if !piece.undecided() || here < body {
            if piece.undecided() {
                piece.class = Class::Paragraph;
            }
            picture = piece.class == Class::Aside(FurnitureReason::Picture);
            sorted.push(piece);
            continue;
        }
        let after_picture = std::mem::take(&mut picture);
        let key = piece.key();
        let caption = piece.line.len() <= CAPTION
            && ((after_picture && names_picture(key)) || CAPTIONED.is_match(key));
        if caption {
            piece.class = Class::Caption;
        } else if SALUTATION.is_match(key) {
            piece.class = Class::Salutation;
        } else if counted && heading::lone_number(key).is_some() {
            piece.class = Class::Heading(rank::FIRST);
        } else if let Some(rank) = heading::numbered(key).filter(|&r| r != rank::ORDINAL) {
            piece.class = Class::Heading(rank);
        } else if BULLET.is_match(key) || heading::is_item(key) {
            piece.class = Class::List;
        } else if heading::bare(key) || heading::numbered(key).is_some() {
            let rank = heading::numbered(key).unwrap_or(rank::BARE);
            // A question over two lines.
            if let Some(next) = queue.peek()
                && next.undecided()
                && !next.gap
                && next.key().ends_with('?')
                && !key.ends_with(['?', '!'])
                && heading::bare(next.key())
                && piece.line.len() + next.line.len() <= 60
                && let Some(next) = queue.next()
            {
                index += 1;
                piece.line = piece.line.join(&next.line, "");
            }
            let stands_over = queue.peek().is_some_and(|next| {
                next.is_prose()
                    // The title of a second text in the same file.
                    || (next.undecided() && is_ceremony(next.key()) && !is_ceremony(piece.key()))
                    || next.class == Class::Aside(FurnitureReason::Picture)
                    || (next.undecided() && heading::numbered(next.key()).is_some())
            });
            piece.class = if stands_over { Class::Heading(rank) } else { Class::Paragraph };
        } else {
            piece.class = Class::Paragraph;
            sorted.extend(split_run_in(piece));
            continue;
        }
        sorted.push(piece);
    }
    split_glued_name(&mut sorted, said);
    sorted
}

/// Whether sections are counted by lines that are a numeral and nothing else.
fn counts_lone_numbers(pieces: &[Piece]) -> bool {
    let mut next = 1;
    for piece in pieces.iter().filter(|p| p.undecided()) {
        if let Some(number) = heading::lone_number(piece.key()) {
            if number != next {
                return false;
            }
            next += 1;
        }
    }
    next > 2
}

/// How many numbered lines without text under them, one after another, are a list.
const LIST: usize = 3;
/// How many lines make a table of contents.
const CONTENTS: usize = 4;

/// Numbered lines that have no text under them are items of a list, and lines that come once
/// more further down are a table of contents.
fn settle_lists(pieces: &mut [Piece], body: usize) {
    let shown: Vec<usize> = (body.min(pieces.len())..pieces.len())
        .filter(|&at| !matches!(pieces[at].class, Class::Aside(_)))
        .collect();
    // Contents: lines that could be headings, one behind the other, most of which come again.
    let words = |at: usize| -> String {
        let key = pieces[at].key();
        let key = key.trim_end_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '.' | '…' | '·' | ' ' | '-')
        });
        key.chars().filter(|&c| anjuan_text::is_han(c) || c.is_alphanumeric()).collect()
    };
    let mut lists: Vec<usize> = Vec::new();
    let short = |at: usize| {
        matches!(pieces[at].class, Class::Heading(_) | Class::Paragraph)
            && pieces[at].line.len() <= 60
            && !pieces[at].is_prose()
    };
    let mut from = 0;
    while from < shown.len() {
        let until = from + shown[from..].iter().take_while(|&&at| short(at)).count();
        if until - from >= CONTENTS {
            let later: HashSet<String> = shown[until..]
                .iter()
                .filter(|&&at| matches!(pieces[at].class, Class::Heading(_)))
                .map(|&at| words(at))
                .collect();
            let again = |&at: &usize| later.contains(&words(at));
            // The run may end with the first heading of the text itself.
            let end =
                shown[from..until].iter().rposition(again).map_or(from, |last| from + last + 1);
            let met = shown[from..end].iter().filter(|at| again(at)).count();
            if met >= CONTENTS && met * 10 >= (end - from) * 6 {
                lists.extend(&shown[from..end]);
            }
        }
        from = until.max(from + 1);
    }
    // Items: the last of those that end with a semicolon, and the same form of number, line behind
    // line.
    for pair in shown.windows(2) {
        let [before, at] = [pair[0], pair[1]];
        let item = pieces[before].class == Class::List || lists.contains(&before);
        if item
            && matches!(pieces[at].class, Class::Heading(_))
            && heading::follows(pieces[before].key(), pieces[at].key())
        {
            lists.push(at);
        }
    }
    let ranked = |at: usize| match pieces[at].class {
        Class::Heading(rank) if (rank::FIRST..rank::BARE).contains(&rank) => Some(rank),
        _ => None,
    };
    let mut from = 0;
    while from < shown.len() {
        let rank = ranked(shown[from]);
        let mut until = from + 1;
        while rank.is_some()
            && until < shown.len()
            && ranked(shown[until]) == rank
            && heading::number_of(pieces[shown[until]].key())
                > heading::number_of(pieces[shown[until - 1]].key())
        {
            until += 1;
        }
        if until - from >= LIST {
            lists.extend(&shown[from..until]);
        }
        from = until;
    }
    for at in lists {
        pieces[at].class = Class::List;
    }
}

/// Paragraphs that begin with a numbered heading, where the report has several of that form.
fn settle_heads(pieces: &mut [Piece]) {
    let mut seen = [0_usize; rank::BARE as usize];
    for piece in pieces.iter() {
        let rank = match piece.class {
            Class::Heading(rank) => Some(rank),
            Class::Paragraph => heading::run_in_head(piece.key()),
            _ => None,
        };
        if let Some(count) = rank.and_then(|r| seen.get_mut(r as usize)) {
            *count += 1;
        }
    }
    for piece in pieces.iter_mut().filter(|p| p.class == Class::Paragraph) {
        if let Some(rank) = heading::run_in_head(piece.key()).filter(|&r| seen[r as usize] > 1) {
            piece.class = Class::Headed(rank);
        }
    }
}

/// A heading and its text with only a space between them, where the line break was lost.
fn split_spaced(piece: &Piece) -> Option<[Piece; 2]> {
    static SPACED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<head>(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))?\s?[^\s。;:!?]{3,36}(?:回顾|总结|安排|任务|要求|目标|重点|部署|思路|措施|发展|情况|工作|成效|成绩|问题|打算|意见|建议|形势))\s+(?P<text>[\p{Han}\d“《][^\s].{38,})$")
            .expect("a constant pattern")
    });
    let found = SPACED.captures(piece.key())?;
    let (head, text) = (found.name("head")?, found.name("text")?);
    let numbered = heading::numbered(head.as_str());
    let rank = numbered.or_else(|| heading::bare(head.as_str()).then_some(rank::BARE))?;
    (is_prose(text.as_str()) && (numbered.is_some() || !head.as_str().contains(','))).then(|| {
        let heading = Piece::new(piece.line.cut(head.range()), Class::Heading(rank), piece.gap);
        let text = Piece::new(piece.line.cut(text.range()), Class::Paragraph, false);
        [heading, Piece { restored: Some(" "), ..text }]
    })
}

/// Cuts a long paragraph at the headings that lost their line breaks.
fn split_run_in(piece: Piece) -> Vec<Piece> {
    if let Some([heading, text]) = split_spaced(&piece) {
        let mut parts = vec![heading];
        let restored = text.restored;
        let mut rest = split_run_in(text);
        rest[0].restored = restored;
        parts.append(&mut rest);
        return parts;
    }
    let found = heading::run_in(piece.key());
    if found.is_empty() {
        return vec![piece];
    }
    let mut parts: Vec<Piece> = Vec::with_capacity(found.len() * 2 + 1);
    let mut from = 0;
    let mut put = |range: std::ops::Range<usize>, class, restored| {
        let line = piece.line.cut(range);
        if !line.is_empty() {
            let first = parts.is_empty();
            let restored = if first { None } else { Some(restored) };
            parts.push(Piece { line, class, gap: first && piece.gap, restored });
        }
    };
    let mut before = "";
    for heading::RunIn { heading, after, rank } in found {
        put(from..heading.start, Class::Paragraph, before);
        before = match &piece.key()[heading.end..after] {
            "!" => "！",
            "?" => "？",
            _ => "。",
        };
        put(heading, Class::Heading(rank), "");
        from = after;
    }
    put(from..piece.key().len(), Class::Paragraph, before);
    parts
}

/// A name glued to the last full stop of the text is its author.
fn split_glued_name(pieces: &mut Vec<Piece>, said: &mut Said) {
    let Some(last) = pieces.iter().rposition(|p| p.class == Class::Paragraph) else { return };
    let key = pieces[last].key();
    let Some(stop) = key.rfind(['。', '!', '…']) else { return };
    let closing = key[stop..].trim_start_matches(['。', '!', '…', '”', '"', '」', '』']);
    let start = key.len() - closing.len();
    let tail = key[start..].trim().trim_matches(['(', ')']);
    let Some(people) = names::people(tail).filter(|_| key[..stop].chars().count() > 20) else {
        return;
    };
    let offset = start + key[start..].find(tail).unwrap_or(0);
    for name in people {
        let name = pieces[last].line.cut(name.start + offset..name.end + offset).text;
        said.authors.push(name.split_whitespace().collect());
    }
    let (body, name) = (pieces[last].line.cut(0..start), pieces[last].line.cut(start..key.len()));
    pieces[last].line = body;
    let byline = Piece { line: name, class: Class::Byline, gap: false, restored: Some("") };
    pieces.insert(last + 1, byline);
}

/// Length of a line, in characters, from which on it does not stand there twice by chance, and of
/// several lines together.
const OWN_WORDS: usize = 40;
const OWN_LINES: usize = 120;

/// Finds text that a page has twice: a paragraph behind itself, several in a row, or the whole.
fn set_repetition_apart(pieces: &mut [Piece]) {
    let texts: Vec<usize> = (0..pieces.len())
        .filter(|&at| {
            matches!(pieces[at].class, Class::Paragraph | Class::Heading(_) | Class::List)
                && !pieces[at].line.is_empty()
        })
        .collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut repeated = Vec::new();
    let mut at = 0;
    while at < texts.len() {
        let key = |place: usize| pieces[texts[place]].key();
        // Blanks to be filled in look the same everywhere.
        let words =
            key(at).chars().filter(|&c| anjuan_text::is_han(c) || c.is_alphanumeric()).count();
        let long = key(at).chars().count() >= OWN_WORDS && words * 2 >= OWN_WORDS;
        if let Some(&first) = seen.get(key(at)).filter(|_| long) {
            let same = (0..at - first)
                .take_while(|n| at + n < texts.len() && key(first + n) == key(at + n))
                .count();
            let length: usize = (at..at + same).map(|place| key(place).chars().count()).sum();
            if first + same == at || (same >= 2 && length >= OWN_LINES) {
                repeated.extend(at..at + same);
                at += same;
                continue;
            }
        }
        seen.entry(key(at)).or_insert(at);
        at += 1;
    }
    for at in repeated {
        pieces[texts[at]].class = Class::Repeated;
    }
}

/// 本报讯(某报记者 某某 报道) at the head of a paragraph, (来源:某报) at the end of the last one.
fn read_inline_credits(pieces: &mut [Piece], said: &mut Said) {
    static OPENING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:【?(?:本报|本网|本站|[\p{Han}]{2,10}(?:网|社|报))[\p{Han}]{0,10}(?:讯|电|消息)】?)?\s*\(?\s*(?P<who>[\p{Han}·\s、,]*?(?:记者|通讯员|总编辑|特派员|评论员)[\p{Han}\s、,:/]{2,40}?)\s*(?:\)|报道[::]?|$)")
            .expect("a constant pattern")
    });
    static CLOSING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\([^()]{2,60}\)$").expect("a constant pattern"));
    for piece in pieces.iter().filter(|p| p.class == Class::Paragraph) {
        if let Some(found) = OPENING.captures(piece.key())
            && let Some(who) = found.name("who")
            && who.start() > 0
            && let Some(people) = names::people(who.as_str())
        {
            for name in people {
                let name = piece.line.cut(name.start + who.start()..name.end + who.start()).text;
                said.authors.push(name.split_whitespace().collect());
            }
        }
    }
    if let Some(piece) = pieces.iter().rfind(|p| p.class == Class::Paragraph)
        && let Some(found) = CLOSING.find(piece.key())
        && let Some(fields) = byline::fields(found.as_str())
    {
        for field in fields {
            let value = field.value.start + found.start()..field.value.end + found.start();
            let value = piece.line.cut(value).text;
            if !value.is_empty() && !matches!(field.kind, Kind::Tool | Kind::Other) {
                said.fields.push((field.kind, value));
            }
        }
    }
}
