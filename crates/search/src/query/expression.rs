//! Regular expressions over the folded text.
//!
//! The expression is folded as the text is: 計 in it is 计, Ａ is a, a comma is any run of
//! punctuation, white space is nothing. It is looked for in each paragraph by itself, as a line of
//! text is elsewhere, so that `.*` does not swallow a report; `^` and `$` are the ends of the
//! paragraph. Where conversion by phrases reads a paragraph otherwise (計畫 is 计划), that reading
//! is looked at too.

use super::leaf::Run;
use crate::document::FoldedDocument;
use anjuan_text::{GAP, fold_char};
use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{Ast, ClassSet, ClassSetItem, parse::ParserBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::fmt::Write as _;

/// Characters of the longest expression.
pub(crate) const LONGEST: usize = 500;
/// Bytes of the compiled expression, and of its cache.
const SIZE: usize = 1 << 20;
/// Groups inside groups.
const DEPTH: u32 = 50;
/// Characters of a class that are looked up one by one.
const FEW: u32 = 8;
/// Members of a range that are folded; more are taken as they are.
const RANGE: u32 = 0x1_0000;

/// A regular expression.
#[derive(Debug, Clone)]
pub struct Expression {
    /// As typed, without the slashes.
    pub source: String,
    regex: Regex,
    pub(crate) needs: Needs,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// What stands in every text that an expression is found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing that is known.
    Nothing,
    /// These units next to each other; never empty.
    Run(Vec<char>),
    /// All of them.
    All(Vec<Self>),
    /// At least one of them; never empty.
    Any(Vec<Self>),
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it, in English.
    pub fn new(source: &str) -> Result<Self, String> {
        if source.chars().count() > LONGEST {
            return Err("it is too long".to_owned());
        }
        let ast = ParserBuilder::new()
            .nest_limit(DEPTH)
            .build()
            .parse(source)
            .map_err(|error| error.kind().to_string())?;
        let mut edits = Vec::new();
        fold(&ast, &mut edits);
        edits.sort_unstable_by_key(|(start, ..)| *start);
        let mut folded = String::with_capacity(source.len());
        let mut done = 0;
        for (start, end, text) in edits {
            folded.push_str(&source[done..start]);
            folded.push_str(&text);
            done = end;
        }
        folded.push_str(&source[done..]);
        let regex = RegexBuilder::new(&folded)
            .nest_limit(DEPTH)
            .size_limit(SIZE)
            .dfa_size_limit(SIZE)
            .build()
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                _ => "it cannot be read".to_owned(),
            })?;
        let needs = regex_syntax::ParserBuilder::new()
            .nest_limit(DEPTH)
            .build()
            .parse(&folded)
            .map_or(Needs::Nothing, |hir| needed(&hir));
        Ok(Self { source: source.to_owned(), regex, needs })
    }

    /// Where it stands, in order; what matches nothing at all stands nowhere.
    pub(crate) fn found(&self, document: &FoldedDocument<'_>) -> Vec<Run> {
        let mut found = Vec::new();
        let units = document.text().units();
        let (mut by_characters, mut by_phrases) = (String::new(), String::new());
        let mut start = 0;
        for paragraph in document.paragraphs().chunk_by(|a, b| a == b) {
            let inside = &units[start..start + paragraph.len()];
            by_characters.clear();
            by_characters.extend(inside.iter().map(|unit| unit.folded));
            self.find(&by_characters, start, &mut found);
            if inside.iter().any(|unit| unit.alternative.is_some()) {
                by_phrases.clear();
                by_phrases.extend(inside.iter().map(|u| u.alternative.unwrap_or(u.folded)));
                self.find(&by_phrases, start, &mut found);
            }
            start += paragraph.len();
        }
        found.sort_unstable_by_key(|run| (run.start, run.end));
        found.dedup();
        found
    }

    /// Notes the runs of a paragraph that begins at this unit.
    fn find(&self, paragraph: &str, first: usize, found: &mut Vec<Run>) {
        let (mut byte, mut unit) = (0, first);
        for place in self.regex.find_iter(paragraph).filter(|place| !place.is_empty()) {
            let start = unit + paragraph[byte..place.start()].chars().count();
            let end = start + place.as_str().chars().count();
            found.push(start..end);
            (byte, unit) = (place.end(), end);
        }
    }
}

/// A piece of the expression as bytes, and what stands there instead.
type Edit = (usize, usize, String);

/// Notes what to put in place of the literal characters.
fn fold(ast: &Ast, edits: &mut Vec<Edit>) {
    match ast {
        Ast::Literal(literal) => {
            edits.push((literal.span.start.offset, literal.span.end.offset, folded(literal.c)));
        }
        Ast::ClassBracketed(class) => fold_set(&class.kind, edits),
        Ast::Repetition(repetition) => fold(&repetition.ast, edits),
        Ast::Group(group) => fold(&group.ast, edits),
        Ast::Alternation(alternation) => {
            alternation.asts.iter().for_each(|ast| fold(ast, edits));
        }
        Ast::Concat(concat) => {
            let mut gap = false;
            for ast in &concat.asts {
                let before = std::mem::take(&mut gap);
                fold(ast, edits);
                if let Ast::Literal(literal) = ast {
                    gap = fold_char(literal.c) == Some(GAP);
                    // A run of punctuation is one unit.
                    if gap
                        && before
                        && let Some((.., text)) = edits.last_mut()
                    {
                        "(?:)".clone_into(text);
                    }
                    gap |= before && fold_char(literal.c).is_none();
                }
            }
        }
        Ast::Empty(_)
        | Ast::Flags(_)
        | Ast::Dot(_)
        | Ast::Assertion(_)
        | Ast::ClassUnicode(_)
        | Ast::ClassPerl(_) => {}
    }
}

fn folded(c: char) -> String {
    fold_char(c).map_or_else(|| "(?:)".to_owned(), escaped)
}

/// A character that nothing takes for an operator.
fn escaped(c: char) -> String {
    format!("\\x{{{:X}}}", c as u32)
}

fn fold_set(set: &ClassSet, edits: &mut Vec<Edit>) {
    match set {
        ClassSet::Item(item) => fold_item(item, edits),
        ClassSet::BinaryOp(op) => {
            fold_set(&op.lhs, edits);
            fold_set(&op.rhs, edits);
        }
    }
}

fn fold_item(item: &ClassSetItem, edits: &mut Vec<Edit>) {
    match item {
        ClassSetItem::Literal(literal) => {
            // White space stays: nothing matches it, and an empty class would be an error.
            let c = fold_char(literal.c).unwrap_or(literal.c);
            edits.push((literal.span.start.offset, literal.span.end.offset, escaped(c)));
        }
        ClassSetItem::Range(range) => {
            let (start, end) = (range.start.c, range.end.c);
            let mut text = format!("{}-{}", escaped(start), escaped(end));
            if end as u32 - start as u32 <= RANGE {
                let mut members: Vec<char> = (start..=end)
                    .filter_map(fold_char)
                    .filter(|c| !(start..=end).contains(c))
                    .collect();
                members.sort_unstable();
                members.dedup();
                for run in members.chunk_by(|a, b| *a as u32 + 1 == *b as u32) {
                    let _ = write!(text, "{}-{}", escaped(run[0]), escaped(run[run.len() - 1]));
                }
            }
            edits.push((range.span.start.offset, range.span.end.offset, text));
        }
        ClassSetItem::Bracketed(class) => fold_set(&class.kind, edits),
        ClassSetItem::Union(union) => {
            union.items.iter().for_each(|item| fold_item(item, edits));
        }
        ClassSetItem::Empty(_)
        | ClassSetItem::Ascii(_)
        | ClassSetItem::Unicode(_)
        | ClassSetItem::Perl(_) => {}
    }
}

/// What stands in every text that the expression is found in.
fn needed(hir: &Hir) -> Needs {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    collect(hir, &mut run, &mut runs);
    flush(&mut run, &mut runs);
    runs.retain(|needs| *needs != Needs::Nothing);
    match runs.len() {
        0 => Needs::Nothing,
        1 => runs.remove(0),
        _ => Needs::All(runs),
    }
}

fn flush(run: &mut Vec<char>, needs: &mut Vec<Needs>) {
    if !run.is_empty() {
        needs.push(Needs::Run(std::mem::take(run)));
    }
}

/// Goes on with a run of literal characters and notes what else is needed.
fn collect(hir: &Hir, run: &mut Vec<char>, needs: &mut Vec<Needs>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => run.extend(text.chars()),
            Err(_) => flush(run, needs),
        },
        HirKind::Capture(capture) => collect(&capture.sub, run, needs),
        HirKind::Concat(parts) => parts.iter().for_each(|part| collect(part, run, needs)),
        HirKind::Repetition(repetition) => {
            flush(run, needs);
            if repetition.min > 0 {
                needs.push(needed(&repetition.sub));
            }
        }
        HirKind::Class(class) => {
            flush(run, needs);
            needs.push(needed_of_class(class));
        }
        HirKind::Alternation(parts) => {
            flush(run, needs);
            let parts: Vec<Needs> = parts.iter().map(needed).collect();
            if !parts.contains(&Needs::Nothing) {
                needs.push(Needs::Any(parts));
            }
        }
    }
}

fn needed_of_class(class: &Class) -> Needs {
    let Class::Unicode(class) = class else { return Needs::Nothing };
    let members: u32 =
        class.iter().map(|range| range.end() as u32 - range.start() as u32 + 1).sum();
    if members == 0 || members > FEW {
        return Needs::Nothing;
    }
    let members = class.iter().flat_map(|range| range.start()..=range.end());
    Needs::Any(members.map(|c| Needs::Run(vec![c])).collect())
}
