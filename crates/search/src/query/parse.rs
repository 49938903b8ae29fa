//! Reading a query as typed. Nothing is an error: what cannot be meant is repaired and noted.
//!
//! ```text
//! any     = all { OR all }
//! all     = unary { [AND] unary }
//! unary   = { NOT | "-" } row
//! row     = part { near part }
//! near    = "NEAR/" n | "近/" n | "NEAR" | SENTENCE | PARAGRAPH
//! part    = "(" any ")" | field ":" value | phrase
//! value   = "(" any ")" | chunk
//! phrase  = chunk | chunk "~" | "=" chunk | "/" expression "/"
//! ```
//!
//! OR is also 或 and ||, AND is 与 且 &&, NOT is 非 and !, SENTENCE is 句, PARAGRAPH is 段; NEAR
//! alone is NEAR/10. All of it may be typed in full width.
//!
//! A chunk runs to the next space. A line break does not end it, so that pasted lines stay one
//! phrase; nor does a space inside 「」『』“” or "". Brackets and quotation marks in the middle of a
//! chunk are text, because that is how they stand in reports: 世贸(WTO)组织, “放管服”改革. What is
//! alone is text where it makes no sense otherwise: 或, -20, 来源：
//!
//! Signs that also stand in ordinary text are signs only where they make no sense as text:
//! - `~` and `~1` end a chunk, directly behind a Han character, a letter or a closing quotation
//!   mark; the full-width ～ is text.
//! - `*` has a Han character on one side, and another one, a wildcard or the end of the chunk on the
//!   other, as in 侨*会 and 侨联*; or it ends a chunk behind a Latin letter. So 5*3 and (50%*) are
//!   text, and so is the full-width ＊.
//! - `?` has Han characters or wildcards on both sides, as in 侨?会; at the end of a chunk it is a
//!   question mark, and ？ always is.
//! - In quotation marks, in values of fields and in chunks of more than forty characters there are
//!   no wildcards.
//! - `/` opens an expression at the begin of a part only, where the next `/` ends the part, with no
//!   white space between; `\/` is a slash inside. So 2018/05, http://例子/甲/ and /usr/bin/ are text.
//! - `=` opens exact characters at the begin of a part, in front of a Han character or a quotation
//!   mark; so =5 is text.
//!
//! A backslash in front of anything but a letter, a digit or a Han character makes it text, a space
//! too; at the begin of a part it makes a word text that would be an operator or a field: `\或`.

use super::leaf::{Loose, Original, Phrase, Piece, Wildcard};
use super::near::Relation;
use super::tree::{Field, Tree, TreeKind};
use super::{Expression, Note, NoteCode, Parsed, Query, TextField};
use crate::query::expression;
use anjuan_text::{CharRange, fold_char, is_han};

/// Groups inside groups; deeper brackets are text.
const MAX_DEPTH: usize = 24;
/// Parts that a person types; a longer query is pasted text and taken as one phrase.
const MAX_PARTS: usize = 48;
/// Length of the longest field name with room for its colon.
const LONGEST_NAME: usize = 13;
/// Characters of a chunk that may have wildcards.
const LONGEST_WILDCARD: usize = 40;
/// Units of NEAR without a number.
const NEAR: u32 = 10;
/// Notes on one query.
const MAX_NOTES: usize = 16;

/// Reads a query. Any input gives a query; see [`NoteCode`] for what there may be to say about it.
pub fn parse(input: &str) -> Parsed {
    let mut lexer = Lexer::new(input);
    lexer.run();
    let Lexer { mut tokens, mut notes, parts, .. } = lexer;
    let text = |text: &str| Token::Leaf(TreeKind::Phrase { text: text.to_owned(), quoted: false });
    let lead = input.chars().take_while(|c| c.is_whitespace()).count() as u32;
    let whole = CharRange::new(lead, lead + input.trim().chars().count() as u32);
    if parts > MAX_PARTS {
        notes = vec![Note {
            code: NoteCode::TakenAsPhrase,
            message: "The long text was searched for as one phrase.".to_owned(),
            range: Some(whole),
        }];
        tokens = vec![(text(input.trim()), whole)];
    }
    match tokens.as_mut_slice() {
        // 或 alone is looked for; so is a piece of text that begins with a dash.
        [(Token::Operator(_, raw), range)] => tokens = vec![(text(raw), *range)],
        [(Token::Minus, _), (Token::Leaf(TreeKind::Phrase { quoted: false, .. }), _)] => {
            tokens.remove(0);
        }
        // So is 来源: while nothing else is typed.
        [] => tokens.push((text(input.trim()), whole)),
        _ => {}
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), notes };
    let tree = parser.any(None);
    let Parser { mut notes, .. } = parser;
    let root = tree.as_ref().and_then(Tree::condition);
    if root.is_none() {
        notes.push(Note {
            code: NoteCode::NothingToSearch,
            message: "There is nothing to search for.".to_owned(),
            range: None,
        });
    }
    let chips = tree.as_ref().map(Tree::chips).unwrap_or_default();
    Parsed { query: Query { root, ..Query::default() }, tree, chips, notes }
}

/// The only part of a query, where it is one that has no parts itself.
pub(super) fn leaf_of(typed: &str) -> Option<TreeKind> {
    let mut lexer = Lexer::new(typed);
    lexer.run();
    match (lexer.tokens.pop(), lexer.tokens.is_empty()) {
        (Some((Token::Leaf(leaf), _)), true) => Some(leaf),
        _ => None,
    }
}

/// Adds a note, unless it is there or there are enough.
fn say(notes: &mut Vec<Note>, code: NoteCode, message: String, range: CharRange) {
    let range = Some(range);
    let known = notes.iter().any(|note| note.code == code && note.range == range);
    if !known && notes.len() < MAX_NOTES {
        notes.push(Note { code, message, range });
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Not,
    Near(Relation),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    /// With its name as typed.
    Operator(Operator, String),
    Minus,
    Field(Field),
    Leaf(TreeKind),
}

fn operator(chunk: &str) -> Option<Operator> {
    let ascii: String = chunk.chars().map(to_ascii).collect();
    Some(match ascii.as_str() {
        "AND" | "&&" | "与" | "與" | "且" => Operator::And,
        "OR" | "||" | "或" => Operator::Or,
        "NOT" | "非" => Operator::Not,
        "SENTENCE" | "句" => Operator::Near(Relation::Sentence),
        "PARAGRAPH" | "段" => Operator::Near(Relation::Paragraph),
        "NEAR" => Operator::Near(Relation::Within(NEAR)),
        _ => {
            let units = ascii.strip_prefix("NEAR/").or_else(|| ascii.strip_prefix("近/"))?;
            let few = (1..=4).contains(&units.len()) && units.bytes().all(|b| b.is_ascii_digit());
            Operator::Near(Relation::Within(few.then(|| units.parse().ok())??))
        }
    })
}

/// Field names, folded.
fn field(name: &str) -> Option<Field> {
    Some(match name {
        "地区" | "地点" | "地方" | "place" => Field::Text(TextField::Place),
        "年" | "年份" | "year" => Field::Year,
        "日期" | "date" => Field::Date,
        "字数" | "length" => Field::Length,
        "备注" | "备忘" | "memo" | "has" => Field::Memo,
        "来源" | "source" => Field::Text(TextField::Source),
        "标签" | "tag" => Field::Text(TextField::Tag),
        "机构" | "组织" | "organisation" | "organization" => {
            Field::Text(TextField::Organisation)
        }
        "作者" | "author" => Field::Text(TextField::Author),
        "标题" | "题名" | "title" => Field::Text(TextField::Title),
        "文集" | "集子" | "collection" => Field::Text(TextField::Collection),
        "文种" | "字形" | "script" => Field::Script,
        _ => return None,
    })
}

/// What to say of a value that the field cannot have.
fn refusal(field: Field) -> NoteCode {
    match field {
        Field::Text(_) => NoteCode::EmptyField,
        Field::Year => NoteCode::InvalidYear,
        Field::Date => NoteCode::InvalidDate,
        Field::Length => NoteCode::InvalidLength,
        Field::Memo => NoteCode::InvalidMemo,
        Field::Script => NoteCode::InvalidScript,
    }
}

/// Full-width ASCII as ASCII.
pub(super) fn to_ascii(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn is_close(c: char) -> bool {
    matches!(c, ')' | '）')
}

pub(super) fn is_bracket(c: char) -> bool {
    is_open(c) || is_close(c)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '－' | '!')
}

/// Marks that open a phrase, by what closes it. Input methods leave “ and ” in the wrong place, so
/// they stand for each other.
const QUOTES: [(&str, &str); 4] =
    [("\"“”＂", "\"“”＂"), ("'‘’", "'‘’"), ("「", "」"), ("『", "』")];

/// Which of [`QUOTES`] a mark opens.
fn quote_family(c: char) -> Option<usize> {
    QUOTES.iter().position(|(opens, _)| opens.contains(c))
}

pub(super) fn is_quote(c: char) -> bool {
    QUOTES.iter().any(|(opens, closes)| opens.contains(c) || closes.contains(c))
}

/// What a query is typed of.
#[derive(Debug, Clone, Copy)]
struct Sign {
    c: char,
    /// Whether it is text, whatever it is: behind a backslash, in quotation marks, in an expression.
    literal: bool,
    /// Index in the query as typed.
    from: u32,
    /// Index of what closes the quotation or expression that this opens, if it opens a whole part.
    part_end: Option<usize>,
}

impl Sign {
    fn is(self, test: fn(char) -> bool) -> bool {
        !self.literal && test(self.c)
    }
}

/// The query with its backslashes, quotations and expressions taken note of.
fn signs(typed: &[char]) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::with_capacity(typed.len());
    // Where the next closing mark of each family stands, as far as looked for.
    let mut next_close: [Option<usize>; QUOTES.len()] = [Some(0); QUOTES.len()];
    let ends = |at: usize| typed.get(at).is_none_or(|c| c.is_whitespace() || is_close(*c));
    let mut at = 0;
    while let Some(&c) = typed.get(at) {
        let sign = Sign { c, literal: false, from: at as u32, part_end: None };
        if let Some(next) = escaped(typed, at) {
            signs.push(Sign { c: next, literal: true, ..sign });
            at += 2;
            continue;
        }
        let end = match quote_family(c) {
            Some(family) if begins_part(&signs, true) => {
                next_close[family] = next_close[family].and_then(|known| {
                    if known > at { Some(known) } else { closing(typed, at + 1, family) }
                });
                next_close[family].filter(|&end| ends(end + 1) || typed[end + 1] == '~')
            }
            None if c == '/' && begins_part(&signs, false) => {
                expression_end(typed, at).filter(|&end| ends(end + 1))
            }
            _ => None,
        };
        let Some(end) = end else {
            signs.push(sign);
            at += 1;
            continue;
        };
        let opens = signs.len();
        signs.push(sign);
        at += 1;
        while at < end {
            let inside = Sign { c: typed[at], literal: true, from: at as u32, part_end: None };
            if let Some(next) = escaped(typed, at).filter(|_| c != '/') {
                signs.push(Sign { c: next, ..inside });
                at += 2;
            } else {
                signs.push(inside);
                at += 1;
            }
        }
        signs[opens].part_end = Some(signs.len());
        signs.push(Sign { c: typed[end], literal: false, from: end as u32, part_end: None });
        at = end + 1;
    }
    signs
}

/// What the backslash at this index makes text.
fn escaped(typed: &[char], at: usize) -> Option<char> {
    let next = typed.get(at + 1).filter(|_| typed[at] == '\\')?;
    (!next.is_alphanumeric()).then_some(*next)
}

/// Whether a part can begin behind these; a quotation also behind a colon or an equals sign.
fn begins_part(before: &[Sign], quotation: bool) -> bool {
    let opens = |sign: &Sign| sign.is(char::is_whitespace) || sign.is(is_open);
    match before {
        [] => true,
        [.., last] if opens(last) => true,
        [.., last] if quotation && last.is(|c| matches!(c, ':' | '：' | '=' | '＝')) => true,
        [rest @ .., last] => last.is(is_dash) && rest.last().is_none_or(opens),
    }
}

/// Index of the first mark from here on that closes a quotation of the family.
fn closing(typed: &[char], from: usize, family: usize) -> Option<usize> {
    let mut at = from;
    while let Some(&c) = typed.get(at) {
        if escaped(typed, at).is_some() {
            at += 2;
            continue;
        }
        if QUOTES[family].1.contains(c) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Index of the slash that closes the expression opened here.
fn expression_end(typed: &[char], at: usize) -> Option<usize> {
    let mut end = at + 1;
    while end <= at + 1 + expression::LONGEST {
        match typed.get(end)? {
            '\\' => end += 2,
            '/' => return (end > at + 1).then_some(end),
            c if c.is_whitespace() => return None,
            _ => end += 1,
        }
    }
    None
}

/// What counts in a chunk beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Operators, `~` and wildcards.
    Query,
    /// `~` and wildcards.
    Phrase,
    /// Nothing.
    Value,
}

struct Lexer {
    typed: Vec<char>,
    signs: Vec<Sign>,
    at: usize,
    /// For every bracket the index of its partner.
    partner: Vec<Option<usize>>,
    /// Closing brackets of groups, by index.
    closes_group: Vec<bool>,
    depth: usize,
    /// Families of quotation marks that are known not to be closed any more.
    unclosed: [bool; QUOTES.len()],
    tokens: Vec<(Token, CharRange)>,
    notes: Vec<Note>,
    /// Leaves so far.
    parts: usize,
}

impl Lexer {
    fn new(input: &str) -> Self {
        let typed: Vec<char> = input.chars().collect();
        let signs = signs(&typed);
        let mut partner = vec![None; signs.len()];
        let mut open = Vec::new();
        for (at, sign) in signs.iter().enumerate() {
            if sign.is(is_open) {
                open.push(at);
            } else if sign.is(is_close)
                && let Some(start) = open.pop()
            {
                partner[start] = Some(at);
                partner[at] = Some(start);
            }
        }
        Self {
            at: 0,
            closes_group: vec![false; signs.len()],
            partner,
            typed,
            signs,
            depth: 0,
            unclosed: [false; QUOTES.len()],
            tokens: Vec::new(),
            notes: Vec::new(),
            parts: 0,
        }
    }

    fn run(&mut self) {
        while self.skip_spaces() && self.parts <= MAX_PARTS {
            self.token();
        }
    }

    fn is_space(&self, at: usize) -> bool {
        self.signs.get(at).is_some_and(|sign| sign.is(char::is_whitespace))
    }

    /// Goes to the next character that is no white space; false at the end.
    fn skip_spaces(&mut self) -> bool {
        while self.is_space(self.at) {
            self.at += 1;
        }
        self.at < self.signs.len()
    }

    /// Where in the query as typed.
    fn range(&self, from: usize, to: usize) -> CharRange {
        let typed =
            |at: usize| self.signs.get(at).map_or(self.typed.len() as u32, |sign| sign.from);
        CharRange::new(typed(from), typed(to))
    }

    fn repaired(&mut self, code: NoteCode, message: &str, range: CharRange) {
        say(&mut self.notes, code, message.to_owned(), range);
    }

    /// Whether a part ends in front of this index.
    fn ends(&self, at: usize) -> bool {
        at >= self.signs.len() || self.is_space(at) || self.closes_group[at]
    }

    /// Notes what stands from here up to an index, and goes there.
    fn push(&mut self, token: Token, to: usize) {
        let range = self.range(self.at, to);
        self.parts += usize::from(matches!(token, Token::Leaf(_)));
        self.tokens.push((token, range));
        self.at = to;
    }

    fn token(&mut self) {
        let (at, sign) = (self.at, self.signs[self.at]);
        if self.closes_group[at] {
            self.depth -= 1;
            return self.push(Token::Close, at + 1);
        }
        if self.group() {
            return;
        }
        if sign.is(is_bracket) && self.partner[at].is_none() {
            self.repaired(
                NoteCode::UnbalancedParenthesis,
                "A bracket without its partner was left out.",
                self.range(at, at + 1),
            );
            self.at += 1;
            return;
        }
        let next = self.signs.get(at + 1).copied();
        if sign.is(is_dash)
            && next.is_some_and(|next| next.literal || !is_dash(next.c))
            && !self.ends(at + 1)
        {
            return self.push(Token::Minus, at + 1);
        }
        if sign.is(|c| c == '/')
            && let Some(end) = sign.part_end
        {
            let source = self.typed[sign.from as usize + 1..self.signs[end].from as usize].iter();
            return self.push(Token::Leaf(TreeKind::Expression(source.collect())), end + 1);
        }
        if sign.is(|c| matches!(c, '=' | '＝'))
            && let Some(next) = next
            && (next.part_end.is_some() && next.c != '/' || is_han(next.c))
        {
            return self.original();
        }
        // What is behind a backslash is no operator and no field.
        if sign.is(|c| c == '\\') && next.is_some_and(|next| next.c.is_alphanumeric()) {
            return self.chunk(at + 1, Style::Phrase);
        }
        match self.field() {
            Some((field, behind_colon)) => self.value(field, behind_colon),
            None => self.chunk(at, Style::Query),
        }
    }

    /// Reads an opening bracket as the begin of a group where it can be one.
    fn group(&mut self) -> bool {
        if !self.signs[self.at].is(is_open) || self.depth >= MAX_DEPTH {
            return false;
        }
        let Some(end) = self.partner[self.at] else { return false };
        // (试行)办法 is text, (甲 或 乙)丙 is a group.
        let text_follows = !self.ends(end + 1);
        if text_follows && !(self.at..end).any(|at| self.is_space(at)) {
            return false;
        }
        self.closes_group[end] = true;
        self.depth += 1;
        self.push(Token::Open, self.at + 1);
        true
    }

    /// The field whose name and colon begin here, with the index behind the colon.
    fn field(&self) -> Option<(Field, usize)> {
        let ahead = &self.signs[self.at..self.signs.len().min(self.at + LONGEST_NAME)];
        let colon = ahead.iter().position(|sign| sign.is(|c| matches!(c, ':' | '：')))?;
        let name: Option<String> = ahead[..colon]
            .iter()
            .map(|sign| if sign.literal { None } else { fold_char(sign.c) })
            .collect();
        Some((field(&name?)?, self.at + colon + 1))
    }

    /// Reads the value of a field. 地区: 长沙 with a space is meant as without.
    fn value(&mut self, field: Field, behind_colon: usize) {
        let start = std::mem::replace(&mut self.at, behind_colon);
        let before = self.tokens.len();
        let name = self.range(start, behind_colon);
        if self.skip_spaces() && !self.closes_group[self.at] {
            self.tokens.push((Token::Field(field), name));
            if self.group() {
                return;
            }
            self.chunk(self.at, Style::Value);
            match self.tokens.last() {
                Some((Token::Leaf(TreeKind::Phrase { text, .. }), range)) => {
                    if let Some(value) = field.value(text) {
                        let range = CharRange::new(name.start, range.end);
                        self.tokens.truncate(before);
                        let leaf = TreeKind::Field { field, value: value.typed };
                        self.tokens.push((Token::Leaf(leaf), range));
                        return;
                    }
                    // An empty value is left out; 2019年：一是 cut in the middle is text.
                    if matches!(field, Field::Text(_)) {
                        self.tokens.truncate(before);
                        self.parts -= 1;
                    } else {
                        let range = CharRange::new(name.start, range.end);
                        self.tokens.truncate(before);
                        self.at = start;
                        self.parts -= 1;
                        self.chunk(start, Style::Phrase);
                        self.repaired(
                            refusal(field),
                            "The value does not fit the field; it was taken as text.",
                            range,
                        );
                        return;
                    }
                }
                // Empty quotation marks.
                _ => self.tokens.truncate(before),
            }
        }
        let range = CharRange::new(name.start, self.range(self.at, self.at).start);
        self.repaired(NoteCode::EmptyField, "A field without a value was left out.", range);
    }

    /// Index of the mark that closes the quotation opened here.
    fn closing_quote(&mut self, at: usize) -> Option<usize> {
        let family = quote_family(self.signs[at].c).filter(|_| !self.signs[at].literal)?;
        if self.unclosed[family] {
            return None;
        }
        let closes = |sign: &Sign| !sign.literal && QUOTES[family].1.contains(sign.c);
        let found = self.signs[at + 1..].iter().position(closes);
        self.unclosed[family] = found.is_none();
        Some(at + 1 + found?)
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.signs[from..to].iter().map(|sign| sign.c).collect()
    }

    /// Reads `=` with what must stand in these very characters.
    fn original(&mut self) {
        let start = self.at;
        let (text, end) = if let Some(end) = self.signs[start + 1].part_end {
            (self.text(start + 2, end), end + 1)
        } else {
            let end = self.chunk_end(start + 1);
            (self.text(start + 1, end).trim_end().to_owned(), end)
        };
        if !text.trim().is_empty() {
            self.push(Token::Leaf(TreeKind::Original(text)), end);
        }
        self.at = end;
    }

    /// Where the chunk ends that begins here.
    fn chunk_end(&mut self, start: usize) -> usize {
        let mut at = start;
        while at < self.signs.len() && !self.closes_group[at] {
            if self.is_space(at) {
                let length = self.signs[at..].iter().take_while(|s| s.is(char::is_whitespace));
                let (length, breaks) = length.fold((0, false), |(length, breaks), sign| {
                    (length + 1, breaks || matches!(sign.c, '\n' | '\r'))
                });
                if !breaks {
                    break;
                }
                at += length;
                continue;
            }
            // Straight marks inside a chunk are inches and apostrophes.
            let protects = self.signs[at].is(|c| matches!(c, '“' | '「' | '『'));
            at = match protects.then(|| self.closing_quote(at)).flatten() {
                Some(end) => end + 1,
                None => at + 1,
            };
        }
        at
    }

    /// Reads a chunk whose text begins at this index.
    fn chunk(&mut self, start: usize, style: Style) {
        let first = self.signs[start];
        let mut from = start;
        if let Some(end) = first.part_end.filter(|_| first.c != '/') {
            let text = self.text(start + 1, end);
            let behind = if style == Style::Value { 0 } else { self.tilde(end + 1) };
            if self.ends(end + 1 + behind) || self.signs[end + 1 + behind].is(is_close) {
                if text.trim().is_empty() {
                    self.at = end + 1 + behind;
                } else if behind > 0 {
                    self.loose(text, true, end + 1 + behind);
                } else {
                    self.push(Token::Leaf(TreeKind::Phrase { text, quoted: true }), end + 1);
                }
                return;
            }
            from = end + 1;
        } else if first.is(is_quote) && quote_family(first.c).is_some() {
            from = if let Some(end) = self.closing_quote(start) {
                end + 1
            } else {
                self.repaired(
                    NoteCode::UnbalancedQuote,
                    "A quotation mark without its partner was taken as text.",
                    self.range(start, start + 1),
                );
                start + 1
            };
        }
        let end = self.chunk_end(from);
        let blanks = self.signs[start..end].iter().rev().take_while(|s| s.c.is_whitespace());
        let inside = start..end - blanks.count();
        let text = self.text(inside.start, inside.end);
        if style == Style::Query
            && self.signs[inside.clone()].iter().all(|sign| !sign.literal)
            && let Some(operator) = operator(&text)
        {
            self.push(Token::Operator(operator, text), inside.end);
        } else if style == Style::Value {
            self.push(Token::Leaf(TreeKind::Phrase { text, quoted: false }), inside.end);
        } else if let Some(tilde) = self.tilde_behind(inside.clone()) {
            self.loose(self.text(inside.start, tilde), false, inside.end);
        } else {
            let pieces = wildcards(&self.signs[inside.clone()])
                .filter(|pieces| Wildcard::new(pieces).is_some());
            let leaf = match pieces {
                Some(pieces) => TreeKind::Wildcard(pieces),
                None => TreeKind::Phrase { text, quoted: false },
            };
            self.push(Token::Leaf(leaf), inside.end);
        }
        self.at = end;
    }

    /// Length of the `~` or `~1` that stands here and ends the part; 0 where there is none.
    fn tilde(&self, at: usize) -> usize {
        let is = |at: usize, c: char| {
            self.signs.get(at).is_some_and(|sign| !sign.literal && sign.c == c)
        };
        let ends =
            |at: usize| self.ends(at) || self.signs.get(at).is_some_and(|sign| sign.is(is_close));
        match () {
            () if is(at, '~') && ends(at + 1) => 1,
            () if is(at, '~') && is(at + 1, '1') && ends(at + 2) => 2,
            () => 0,
        }
    }

    /// Index of the `~` or `~1` that ends the chunk.
    fn tilde_behind(&self, inside: std::ops::Range<usize>) -> Option<usize> {
        let signs = &self.signs[inside.clone()];
        let tilde = |sign: &Sign| sign.is(|c| c == '~');
        let length = match signs {
            [.., last] if tilde(last) => 1,
            [.., tilde_before, last] if tilde(tilde_before) && last.is(|c| c == '1') => 2,
            _ => return None,
        };
        let before = signs[..signs.len() - length].last()?.c;
        let behind_word = before.is_alphabetic() || is_han(before);
        behind_word.then(|| inside.end - length)
    }

    /// Notes a phrase with `~` behind it; where that makes no sense, without it.
    fn loose(&mut self, text: String, quoted: bool, to: usize) {
        if Loose::new(&text).is_some() {
            return self.push(Token::Leaf(TreeKind::Loose(text)), to);
        }
        self.repaired(
            NoteCode::NotLoose,
            "Behind a single character or a long text “~” was left out.",
            self.range(self.at, to),
        );
        self.push(Token::Leaf(TreeKind::Phrase { text, quoted }), to);
    }
}

/// The chunk with its wildcards apart; `None` where it has none.
fn wildcards(chunk: &[Sign]) -> Option<Vec<Piece>> {
    let is_wild = |sign: &Sign| sign.is(|c| matches!(c, '*' | '?'));
    if chunk.len() > LONGEST_WILDCARD || !chunk.iter().any(is_wild) {
        return None;
    }
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut found = false;
    let mut before: Option<char> = None;
    let mut runs = chunk.chunk_by(|a, b| is_wild(a) == is_wild(b)).peekable();
    while let Some(run) = runs.next() {
        let behind = runs.peek().and_then(|run| run.first()).map(|sign| sign.c);
        let han = |c: Option<char>| c.is_some_and(is_han);
        let counts = is_wild(&run[0])
            && if run.iter().any(|sign| sign.c == '*') {
                let open = |c: Option<char>| c.is_none_or(is_han);
                (open(before) && open(behind) && (han(before) || han(behind)))
                    || (behind.is_none() && before.is_some_and(|c| c.is_ascii_alphabetic()))
            } else {
                han(before) && han(behind)
            };
        if counts {
            found = true;
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.extend(run.iter().map(|s| if s.c == '*' { Piece::Any } else { Piece::One }));
        } else {
            text.extend(run.iter().map(|sign| sign.c));
        }
        before = run.last().map(|sign| sign.c);
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    found.then_some(pieces)
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(Token, CharRange)>>,
    notes: Vec<Note>,
}

impl Parser {
    fn dangling(&mut self, name: &str, range: CharRange) {
        let message = format!("“{name}” has no word beside it and was left out.");
        say(&mut self.notes, NoteCode::DanglingOperator, message, range);
    }

    /// Takes the next token where it is an operator that passes the test.
    fn operator(&mut self, test: fn(Operator) -> bool) -> Option<(Operator, String, CharRange)> {
        let taken = self
            .tokens
            .next_if(|(token, _)| matches!(token, Token::Operator(operator, _) if test(*operator)));
        match taken {
            Some((Token::Operator(operator, name), range)) => Some((operator, name, range)),
            _ => None,
        }
    }

    /// Reads conditions inside the value of a field, where it is in one.
    fn any(&mut self, field: Option<Field>) -> Option<Tree> {
        let mut nodes: Vec<Tree> = self.all(field).into_iter().collect();
        while let Some((_, name, range)) = self.operator(|operator| operator == Operator::Or) {
            let before = nodes.len();
            nodes.extend(self.all(field));
            if before == 0 || nodes.len() == before {
                self.dangling(&name, range);
            }
        }
        joined(nodes, TreeKind::Any)
    }

    fn all(&mut self, field: Option<Field>) -> Option<Tree> {
        let mut nodes = Vec::new();
        loop {
            if let Some((_, name, range)) = self.operator(|operator| operator == Operator::And) {
                let last = matches!(
                    self.tokens.peek(),
                    None | Some((
                        Token::Close | Token::Operator(Operator::And | Operator::Or, _),
                        _
                    ))
                );
                if nodes.is_empty() || last {
                    self.dangling(&name, range);
                }
            } else if let Some((_, name, range)) =
                self.operator(|operator| matches!(operator, Operator::Near(_)))
            {
                self.dangling(&name, range);
            } else {
                match self.tokens.peek() {
                    None | Some((Token::Close | Token::Operator(Operator::Or, _), _)) => break,
                    Some(_) => self.unary(field, &mut nodes),
                }
            }
        }
        joined(nodes, TreeKind::All)
    }

    fn unary(&mut self, field: Option<Field>, nodes: &mut Vec<Tree>) {
        let mut negated = false;
        let mut last = None;
        let mut start = None;
        while let Some((token, range)) = self
            .tokens
            .next_if(|(token, _)| matches!(token, Token::Minus | Token::Operator(Operator::Not, _)))
        {
            negated = !negated;
            start.get_or_insert(range.start);
            let name = match token {
                Token::Operator(_, name) => name,
                _ => "-".to_owned(),
            };
            last = Some((name, range));
        }
        let first = nodes.len();
        let found = self.row(field, nodes);
        if let Some((name, range)) = last.filter(|_| !found) {
            self.dangling(&name, range);
        }
        if negated && let Some(node) = nodes.get_mut(first) {
            let range = CharRange::new(start.unwrap_or(node.range.start), node.range.end);
            let kind = std::mem::replace(&mut node.kind, TreeKind::All(Vec::new()));
            let inner = Tree { kind, range: node.range };
            *node = Tree { kind: TreeKind::Not(Box::new(inner)), range };
        }
    }

    /// Reads parts near each other; false where there is not even one to read.
    fn row(&mut self, field: Option<Field>, nodes: &mut Vec<Tree>) -> bool {
        let (read, mut tree) = self.part(field);
        if !read {
            return false;
        }
        while let Some((operator, name, range)) =
            self.operator(|operator| matches!(operator, Operator::Near(_)))
        {
            let Operator::Near(relation) = operator else { break };
            let (read, next) = self.part(field);
            if !read {
                self.dangling(&name, range);
                break;
            }
            let near = |tree: &Option<Tree>| {
                tree.as_ref()
                    .is_some_and(|t| t.is_text() || matches!(t.kind, TreeKind::Near { .. }))
            };
            tree = if near(&tree) && near(&next) {
                tree.zip(next).map(|(tree, next)| tree.near(relation, next))
            } else {
                let message = format!("“{name}” stands between phrases only and was left out.");
                say(&mut self.notes, NoteCode::NearWithoutPhrase, message, range);
                nodes.extend(tree);
                next
            };
        }
        nodes.extend(tree);
        true
    }

    /// Reads one part: whether there was one, and what is left of it.
    fn part(&mut self, field: Option<Field>) -> (bool, Option<Tree>) {
        let next = self
            .tokens
            .next_if(|(token, _)| matches!(token, Token::Open | Token::Field(_) | Token::Leaf(_)));
        match next {
            Some((Token::Open, range)) => (true, self.group(field, range)),
            Some((Token::Field(field), range)) => {
                let group = self.tokens.next_if(|(token, _)| *token == Token::Open);
                (true, group.and_then(|_| self.group(Some(field), range)))
            }
            Some((Token::Leaf(leaf), range)) => (true, self.leaf(field, leaf, range)),
            _ => (false, None),
        }
    }

    fn group(&mut self, field: Option<Field>, opened: CharRange) -> Option<Tree> {
        let mut tree = self.any(field);
        let close = self.tokens.next_if(|(token, _)| *token == Token::Close);
        if let Some(tree) = &mut tree
            && matches!(tree.kind, TreeKind::All(_) | TreeKind::Any(_))
        {
            let end = close.map_or(tree.range.end, |(_, range)| range.end);
            tree.range = CharRange::new(opened.start, end);
        }
        tree
    }

    fn leaf(&mut self, field: Option<Field>, leaf: TreeKind, range: CharRange) -> Option<Tree> {
        let leaf = match field {
            // A field inside the value of another counts for itself.
            Some(field) if !matches!(leaf, TreeKind::Field { .. }) => {
                self.field_leaf(field, leaf, range)?
            }
            _ => leaf,
        };
        let meant = match &leaf {
            TreeKind::Phrase { text, quoted } => Phrase::new(text, *quoted).is_some(),
            TreeKind::Original(text) => Original::new(text).is_some(),
            TreeKind::Expression(source) => {
                if let Err(error) = Expression::new(source) {
                    let message = format!("The expression finds nothing: {error}.");
                    say(&mut self.notes, NoteCode::InvalidExpression, message, range);
                }
                true
            }
            _ => true,
        };
        meant.then_some(Tree { kind: leaf, range })
    }

    /// A part of a group that is the value of a field.
    fn field_leaf(&mut self, field: Field, leaf: TreeKind, range: CharRange) -> Option<TreeKind> {
        let text = Tree { kind: leaf, range }.value()?;
        let Some(value) = field.value(&text) else {
            let message = format!("“{}” does not fit the field and was left out.", text.trim());
            say(&mut self.notes, refusal(field), message, range);
            return None;
        };
        Some(TreeKind::Field { field, value: value.typed })
    }
}

impl Tree {
    /// This in a relation to another; rows on either side become part of it.
    pub(super) fn near(self, relation: Relation, next: Self) -> Self {
        let range = CharRange::new(self.range.start, next.range.end);
        let row = |tree: Self| match tree.kind {
            TreeKind::Near { parts, relations } => (parts, relations),
            kind => (vec![Self { kind, range: tree.range }], Vec::new()),
        };
        let ((mut parts, mut relations), (next_parts, next_relations)) = (row(self), row(next));
        parts.extend(next_parts);
        relations.push(relation);
        relations.extend(next_relations);
        Self { kind: TreeKind::Near { parts, relations }, range }
    }
}

/// One node for several.
fn joined(nodes: Vec<Tree>, join: fn(Vec<Tree>) -> TreeKind) -> Option<Tree> {
    let (start, end) = (nodes.first()?.range.start, nodes.last()?.range.end);
    one_or(nodes, |nodes| Tree { kind: join(nodes), range: CharRange::new(start, end) })
}

pub(super) fn one_or<T>(mut nodes: Vec<T>, join: impl FnOnce(Vec<T>) -> T) -> Option<T> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(join(nodes)),
    }
}
