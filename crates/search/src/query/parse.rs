//! Reading a query as typed. Nothing is an error: what cannot be meant is repaired and noted.
//!
//! ```text
//! any     = all { OR all }
//! all     = unary { [AND] unary }
//! unary   = { NOT | "-" } ( "(" any ")" | field ":" value | chunk )
//! value   = "(" any ")" | chunk
//! ```
//!
//! A chunk runs to the next space. A line break does not end it, so that pasted lines stay one
//! phrase; nor does a space inside 「」『』“” or "". Brackets and quotation marks in the middle of a
//! chunk are text, because that is how they stand in reports: 世贸(WTO)组织, “放管服”改革. What is
//! alone is text where it makes no sense otherwise: 或, -20, 来源：

use super::{Chip, ChipKind, Filter, Node, Note, NoteCode, Parsed, Phrase, Query, TextField};
use anjuan_text::numeral::digit;
use anjuan_text::{Script, fold_char};

/// Groups inside groups; deeper brackets are text.
const MAX_DEPTH: usize = 24;
/// Parts that a person types; a longer query is pasted text and taken as one phrase.
const MAX_PARTS: usize = 48;
/// Length of the longest field name with room for its colon.
const LONGEST_NAME: usize = 13;

/// Reads a query. Any input gives a query; see [`NoteCode`] for what there may be to say about it.
pub fn parse(input: &str) -> Parsed {
    let mut lexer = Lexer::new(input);
    lexer.run();
    let Lexer { mut tokens, mut notes, parts, .. } = lexer;
    if parts > MAX_PARTS {
        notes =
            vec![note(NoteCode::TakenAsPhrase, "The long text was searched for as one phrase.")];
        tokens = vec![Token::Chunk { text: input.trim().to_owned(), quoted: false }];
    }
    match tokens.as_mut_slice() {
        // 或 alone is looked for; so is a piece of text that begins with a dash.
        [Token::Operator(_, raw)] => {
            let text = std::mem::take(raw);
            tokens = vec![Token::Chunk { text, quoted: false }];
        }
        [Token::Minus, Token::Chunk { quoted: false, .. }] => {
            tokens.remove(0);
        }
        // So is 来源: while nothing else is typed.
        [] => tokens.push(Token::Chunk { text: input.trim().to_owned(), quoted: false }),
        _ => {}
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), chips: Vec::new(), notes };
    let root = parser.any(Context { field: None, excluded: false });
    let Parser { chips, mut notes, .. } = parser;
    if root.is_none() {
        notes.push(note(NoteCode::NothingToSearch, "There is nothing to search for."));
    }
    Parsed { query: Query { root, relaxed: false }, chips, notes }
}

fn note(code: NoteCode, message: impl Into<String>) -> Note {
    Note { code, message: message.into() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Text(TextField),
    Year,
    Script,
}

impl Field {
    /// Whether it can have the value.
    fn takes(self, value: &str) -> bool {
        match self {
            Self::Text(_) => true,
            Self::Year => years(value).is_some(),
            Self::Script => script(value).is_some(),
        }
    }

    /// What to say of a value that it cannot have.
    fn refusal(self) -> NoteCode {
        match self {
            Self::Text(_) => NoteCode::EmptyField,
            Self::Year => NoteCode::InvalidYear,
            Self::Script => NoteCode::InvalidScript,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    /// With its name as typed.
    Operator(Operator, String),
    Minus,
    Field(Field),
    Chunk {
        text: String,
        quoted: bool,
    },
}

fn operator(chunk: &str) -> Option<Operator> {
    let ascii: String = chunk.chars().map(to_ascii).collect();
    match ascii.as_str() {
        "AND" | "&&" | "与" | "與" | "且" => Some(Operator::And),
        "OR" | "||" | "或" => Some(Operator::Or),
        "NOT" | "非" => Some(Operator::Not),
        _ => None,
    }
}

/// Field names, folded.
fn field(name: &str) -> Option<Field> {
    Some(match name {
        "地区" | "地点" | "地方" | "place" => Field::Text(TextField::Place),
        "年" | "年份" | "year" => Field::Year,
        "来源" | "source" => Field::Text(TextField::Source),
        "标签" | "tag" => Field::Text(TextField::Tag),
        "机构" | "组织" | "organisation" | "organization" => {
            Field::Text(TextField::Organisation)
        }
        "作者" | "author" => Field::Text(TextField::Author),
        "标题" | "题名" | "title" => Field::Text(TextField::Title),
        "文集" | "collection" => Field::Text(TextField::Collection),
        "文种" | "script" => Field::Script,
        _ => return None,
    })
}

/// Full-width ASCII as ASCII.
fn to_ascii(c: char) -> char {
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

/// Marks that open a phrase, by what closes it. Input methods leave “ and ” in the wrong place, so
/// they stand for each other.
const QUOTES: [(&str, &str); 4] =
    [("\"“”＂", "\"“”＂"), ("'‘’", "'‘’"), ("「", "」"), ("『", "』")];

/// Which of [`QUOTES`] a mark opens.
fn quote_family(c: char) -> Option<usize> {
    QUOTES.iter().position(|(opens, _)| opens.contains(c))
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    /// For every bracket the index of its partner.
    partner: Vec<Option<usize>>,
    /// Closing brackets of groups, by index.
    closes_group: Vec<bool>,
    depth: usize,
    /// Families of quotation marks that are known not to be closed any more.
    unclosed: [bool; QUOTES.len()],
    tokens: Vec<Token>,
    notes: Vec<Note>,
    /// Chunks so far.
    parts: usize,
}

impl Lexer {
    fn new(input: &str) -> Self {
        let chars: Vec<char> = input.chars().collect();
        let mut partner = vec![None; chars.len()];
        let mut open = Vec::new();
        for (at, &c) in chars.iter().enumerate() {
            if is_open(c) {
                open.push(at);
            } else if is_close(c)
                && let Some(start) = open.pop()
            {
                partner[start] = Some(at);
                partner[at] = Some(start);
            }
        }
        Self {
            at: 0,
            closes_group: vec![false; chars.len()],
            partner,
            chars,
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

    /// Goes to the next character that is no white space; false at the end.
    fn skip_spaces(&mut self) -> bool {
        while self.at < self.chars.len() && self.chars[self.at].is_whitespace() {
            self.at += 1;
        }
        self.at < self.chars.len()
    }

    fn repaired(&mut self, code: NoteCode, message: &str) {
        if !self.notes.iter().any(|note| note.code == code) {
            self.notes.push(note(code, message));
        }
    }

    /// Whether a part ends in front of this index.
    fn ends(&self, at: usize) -> bool {
        self.chars.get(at).is_none_or(|c| c.is_whitespace() || self.closes_group[at])
    }

    fn token(&mut self) {
        let c = self.chars[self.at];
        if self.closes_group[self.at] {
            self.tokens.push(Token::Close);
            self.depth -= 1;
            self.at += 1;
            return;
        }
        if self.group() {
            return;
        }
        if (is_open(c) || is_close(c)) && self.partner[self.at].is_none() {
            self.repaired(
                NoteCode::UnbalancedParenthesis,
                "A bracket without its partner was left out.",
            );
            self.at += 1;
            return;
        }
        let next = self.chars.get(self.at + 1).copied().unwrap_or(' ');
        if matches!(c, '-' | '－' | '!')
            && !next.is_whitespace()
            && !matches!(next, '-' | '－' | '!')
            && !self.ends(self.at + 1)
        {
            self.tokens.push(Token::Minus);
            self.at += 1;
            return;
        }
        match self.field() {
            Some((field, behind_colon)) => self.value(field, behind_colon),
            None => self.chunk(true),
        }
    }

    /// Reads an opening bracket as the begin of a group where it can be one.
    fn group(&mut self) -> bool {
        if !is_open(self.chars[self.at]) || self.depth >= MAX_DEPTH {
            return false;
        }
        let Some(end) = self.partner[self.at] else { return false };
        // (试行)办法 is text, (甲 或 乙)丙 is a group.
        let text_follows = !self.ends(end + 1);
        if text_follows && !self.chars[self.at..end].iter().any(|c| c.is_whitespace()) {
            return false;
        }
        self.closes_group[end] = true;
        self.depth += 1;
        self.tokens.push(Token::Open);
        self.at += 1;
        true
    }

    /// The field whose name and colon begin here, with the index behind the colon.
    fn field(&self) -> Option<(Field, usize)> {
        let ahead = &self.chars[self.at..self.chars.len().min(self.at + LONGEST_NAME)];
        let colon = ahead.iter().position(|&c| matches!(c, ':' | '：'))?;
        let name: Option<String> = ahead[..colon].iter().map(|&c| fold_char(c)).collect();
        Some((field(&name?)?, self.at + colon + 1))
    }

    /// Reads the value of a field. 地区: 长沙 with a space is meant as without.
    fn value(&mut self, field: Field, behind_colon: usize) {
        let start = std::mem::replace(&mut self.at, behind_colon);
        let before = self.tokens.len();
        if self.skip_spaces() && !self.closes_group[self.at] {
            self.tokens.push(Token::Field(field));
            if self.group() {
                return;
            }
            self.chunk(false);
            match self.tokens.last() {
                Some(Token::Chunk { text, .. }) if field.takes(text) => return,
                // 2019年：一是 cut in the middle.
                Some(Token::Chunk { .. }) => {
                    self.tokens.truncate(before);
                    self.at = start;
                    self.parts -= 1;
                    self.chunk(false);
                    self.repaired(
                        field.refusal(),
                        "The value does not fit the field; it was taken as text.",
                    );
                    return;
                }
                // Empty quotation marks.
                _ => self.tokens.truncate(before),
            }
        }
        self.repaired(NoteCode::EmptyField, "A field without a value was left out.");
    }

    /// Index of the mark that closes the quotation opened here.
    fn closing_quote(&mut self, at: usize) -> Option<usize> {
        let family = quote_family(self.chars[at])?;
        if self.unclosed[family] {
            return None;
        }
        let found = self.chars[at + 1..].iter().position(|&c| QUOTES[family].1.contains(c));
        self.unclosed[family] = found.is_none();
        Some(at + 1 + found?)
    }

    /// Reads a chunk; where operators count, a chunk that names one becomes it.
    fn chunk(&mut self, operators: bool) {
        let start = self.at;
        if quote_family(self.chars[start]).is_some() {
            match self.closing_quote(start) {
                Some(end) if self.ends(end + 1) => {
                    let text: String = self.chars[start + 1..end].iter().collect();
                    self.at = end + 1;
                    if !text.trim().is_empty() {
                        self.parts += 1;
                        self.tokens.push(Token::Chunk { text, quoted: true });
                    }
                    return;
                }
                Some(end) => self.at = end + 1,
                None => {
                    self.repaired(
                        NoteCode::UnbalancedQuote,
                        "A quotation mark without its partner was taken as text.",
                    );
                    self.at += 1;
                }
            }
        }
        while self.at < self.chars.len() && !self.closes_group[self.at] {
            let c = self.chars[self.at];
            if c.is_whitespace() {
                let run = self.chars[self.at..].iter().take_while(|c| c.is_whitespace());
                let (length, breaks) = run.fold((0, false), |(length, breaks), &c| {
                    (length + 1, breaks || matches!(c, '\n' | '\r'))
                });
                if !breaks {
                    break;
                }
                self.at += length;
                continue;
            }
            // Straight marks inside a chunk are inches and apostrophes.
            let protects = matches!(c, '“' | '「' | '『');
            self.at = match protects.then(|| self.closing_quote(self.at)).flatten() {
                Some(end) => end + 1,
                None => self.at + 1,
            };
        }
        let text: String = self.chars[start..self.at].iter().collect();
        let text = text.trim_end().to_owned();
        match operator(&text) {
            Some(operator) if operators => self.tokens.push(Token::Operator(operator, text)),
            _ => {
                self.parts += 1;
                self.tokens.push(Token::Chunk { text, quoted: false });
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Context {
    /// The field that chunks are values of.
    field: Option<Field>,
    /// Whether an odd number of negations stands in front.
    excluded: bool,
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    chips: Vec<Chip>,
    notes: Vec<Note>,
}

impl Parser {
    fn repaired(&mut self, code: NoteCode, message: impl Into<String>) {
        if !self.notes.iter().any(|note| note.code == code) {
            self.notes.push(note(code, message));
        }
    }

    fn dangling(&mut self, name: &str) {
        self.repaired(
            NoteCode::DanglingOperator,
            format!("“{name}” has no word beside it and was left out."),
        );
    }

    fn any(&mut self, context: Context) -> Option<Node> {
        let mut nodes: Vec<Node> = self.all(context).into_iter().collect();
        while let Some(Token::Operator(Operator::Or, name)) =
            self.tokens.next_if(|token| matches!(token, Token::Operator(Operator::Or, _)))
        {
            let before = nodes.len();
            nodes.extend(self.all(context));
            if before == 0 || nodes.len() == before {
                self.dangling(&name);
            }
        }
        one_or(nodes, Node::Any)
    }

    fn all(&mut self, context: Context) -> Option<Node> {
        let mut nodes = Vec::new();
        loop {
            match self.tokens.peek() {
                None | Some(Token::Close | Token::Operator(Operator::Or, _)) => break,
                Some(Token::Operator(Operator::And, _)) => {
                    let first = nodes.is_empty();
                    let Some(Token::Operator(_, name)) = self.tokens.next() else { break };
                    let last = matches!(
                        self.tokens.peek(),
                        None | Some(
                            Token::Close | Token::Operator(Operator::And | Operator::Or, _)
                        )
                    );
                    if first || last {
                        self.dangling(&name);
                    }
                }
                Some(_) => nodes.extend(self.unary(context)),
            }
        }
        one_or(nodes, Node::All)
    }

    fn unary(&mut self, context: Context) -> Option<Node> {
        let mut negated = false;
        let mut last = None;
        while let Some(token) = self
            .tokens
            .next_if(|token| matches!(token, Token::Minus | Token::Operator(Operator::Not, _)))
        {
            negated = !negated;
            last = Some(match token {
                Token::Operator(_, name) => name,
                _ => "-".to_owned(),
            });
        }
        let context = Context { excluded: context.excluded ^ negated, ..context };
        let node = match self
            .tokens
            .next_if(|token| matches!(token, Token::Open | Token::Field(_) | Token::Chunk { .. }))
        {
            Some(Token::Open) => self.group(context),
            Some(Token::Field(field)) => {
                let context = Context { field: Some(field), ..context };
                match self.tokens.next() {
                    Some(Token::Open) => self.group(context),
                    Some(Token::Chunk { text, quoted }) => self.leaf(context, &text, quoted),
                    _ => None,
                }
            }
            Some(Token::Chunk { text, quoted }) => self.leaf(context, &text, quoted),
            _ => {
                if let Some(name) = last {
                    self.dangling(&name);
                }
                None
            }
        };
        node.map(|node| if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn group(&mut self, context: Context) -> Option<Node> {
        let node = self.any(context);
        self.tokens.next_if_eq(&Token::Close);
        node
    }

    fn chip(&mut self, kind: ChipKind, text: impl Into<String>, context: Context) {
        self.chips.push(Chip { kind, text: text.into(), excluded: context.excluded });
    }

    fn leaf(&mut self, context: Context, text: &str, quoted: bool) -> Option<Node> {
        match context.field {
            None => {
                let phrase = Phrase::new(text, quoted)?;
                self.chip(ChipKind::Phrase, text.trim(), context);
                Some(Node::Phrase(phrase))
            }
            Some(Field::Text(field)) => {
                let filter = Filter::text(field, text).or_else(|| self.refused(context, text))?;
                self.chip(chip_kind(field), text.trim(), context);
                Some(Node::Filter(filter))
            }
            Some(Field::Year) => {
                let ranges = years(text).or_else(|| self.refused(context, text))?;
                let nodes = ranges
                    .into_iter()
                    .map(|(from, to)| {
                        self.chip(ChipKind::Year, shown(from, to), context);
                        Node::Filter(Filter::Years { from, to })
                    })
                    .collect();
                one_or(nodes, Node::Any)
            }
            Some(Field::Script) => {
                let script = script(text).or_else(|| self.refused(context, text))?;
                self.chip(ChipKind::Script, script.as_str(), context);
                Some(Node::Filter(Filter::Script(script)))
            }
        }
    }

    /// Notes that a field cannot have the value, and leaves it out.
    fn refused<T>(&mut self, context: Context, value: &str) -> Option<T> {
        let code = context.field.map_or(NoteCode::EmptyField, Field::refusal);
        self.repaired(code, format!("“{}” does not fit the field and was left out.", value.trim()));
        None
    }
}

fn one_or(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(join(nodes)),
    }
}

fn chip_kind(field: TextField) -> ChipKind {
    match field {
        TextField::Title => ChipKind::Title,
        TextField::Place => ChipKind::Place,
        TextField::Source => ChipKind::Source,
        TextField::Tag => ChipKind::Tag,
        TextField::Organisation => ChipKind::Organisation,
        TextField::Author => ChipKind::Author,
        TextField::Collection => ChipKind::Collection,
    }
}

/// Years as a chip shows them.
fn shown(from: Option<i32>, to: Option<i32>) -> String {
    let year = |year: Option<i32>| year.map_or(String::new(), |year| year.to_string());
    if from == to { year(from) } else { format!("{}..{}", year(from), year(to)) }
}

fn script(value: &str) -> Option<Script> {
    let folded: String =
        value.chars().filter_map(fold_char).filter(|c| c.is_alphabetic()).collect();
    match folded.as_str() {
        "hans" | "zhhans" | "简" | "简体" | "简体字" | "简体中文" | "simplified" => {
            Some(Script::Hans)
        }
        "hant" | "zhhant" | "繁" | "繁体" | "繁体字" | "繁体中文" | "正体" | "traditional" => {
            Some(Script::Hant)
        }
        _ => None,
    }
}

type YearRange = (Option<i32>, Option<i32>);

/// Ranges of years: `2018`, `2018年`, `二〇一八`, `2018..2021`, `2018-2021`, `2018至2021`, `2018..`,
/// `>=2018`, `2018,2020`; of a date (`2018-05`) the year.
fn years(value: &str) -> Option<Vec<YearRange>> {
    let plain: String = value
        .chars()
        .map(to_ascii)
        .filter(|c| !c.is_whitespace() && *c != '年')
        .map(|c| match c {
            '—' | '–' | '―' | '~' | '～' | '至' | '到' => '~',
            '、' | ';' => ',',
            _ => digit(c).and_then(|d| char::from_digit(d.try_into().ok()?, 10)).unwrap_or(c),
        })
        .collect();
    plain
        .split(',')
        .filter(|part| !part.is_empty())
        .map(year_range)
        .collect::<Option<Vec<_>>>()
        .filter(|ranges| !ranges.is_empty())
}

fn year_range(part: &str) -> Option<YearRange> {
    let part = part.replace('≥', ">=").replace('≤', "<=");
    let year = |digits: &str| -> Option<i32> {
        (1..=4).contains(&digits.len()).then_some(())?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    if let Some(rest) = part.strip_prefix(">=") {
        return Some((Some(year(rest)?), None));
    }
    if let Some(rest) = part.strip_prefix("<=") {
        return Some((None, Some(year(rest)?)));
    }
    if let Some(rest) = part.strip_prefix('>') {
        return Some((Some(year(rest)? + 1), None));
    }
    if let Some(rest) = part.strip_prefix('<') {
        return Some((None, Some(year(rest)? - 1)));
    }
    let part = part.strip_prefix('=').unwrap_or(&part);
    if let Some(only) = year(part) {
        return Some((Some(only), Some(only)));
    }
    let split = |by: &str| {
        let (from, to) = part.split_once(by)?;
        // “2018...2021”, “2018~~2021”
        Some((from, to.trim_start_matches(['.', '~', '-'])))
    };
    let (from, to) = split("..").or_else(|| split("~")).or_else(|| split("-"))?;
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let open = |digits: &str| if digits.is_empty() { Some(None) } else { year(digits).map(Some) };
    let from = open(from)?;
    // Of a date the year counts: 2018-05, 2018-05-12.
    let date = part.contains('-') && (to.len() <= 2 || to.contains('-')) && !to.is_empty();
    if date && from.is_some() {
        return Some((from, from));
    }
    let to = open(to)?;
    Some(match (from, to) {
        (Some(a), Some(b)) if a > b => (Some(b), Some(a)),
        range => range,
    })
}
