//! Title, date, source, authors, editor, place and organisation of a report.

use crate::byline::{self, Kind};
use crate::layout::{Class, Facts, Piece, Said};
use crate::line::Line;
use crate::{date, names, organisation, scope};
use anjuan_text::{Metadata, ReportKind, detect_script};
use regex::Regex;
use std::sync::LazyLock;

/// Names of sources that say only "here".
static HERE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:本站|本网|本网站|网站|网络|互联网|原创|转载|未知|其他|佚名)(?:原创|整理|转载|编辑|发布)?$").expect("a constant pattern")
});
/// Authors that are editors.
static EDITOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[\p{Han}]{0,6}编辑|小编|管理员|网站管理员|admin\w*|webmaster)$")
        .expect("a constant pattern")
});

/// The name of an editor without the number that a publishing system sets behind it
/// (`周婉清_NB1234`) and without what follows a closing bracket.
fn editor_in(value: &str) -> Option<String> {
    let end = value.find(['】', ']', '］', '_']).unwrap_or(value.len());
    let name = value[..end].trim_matches(|c: char| c.is_whitespace() || matches!(c, '【' | '['));
    (!name.is_empty()).then(|| name.to_owned())
}

/// Weighs what bylines, the page and the file say of the report against each other.
pub(crate) fn collect(pieces: &[Piece], facts: &Facts, said: &Said, text: &str) -> Metadata {
    let script = detect_script(text);
    let fold = |value: &str| Line::clean(value, false).key;
    let of = |kind: Kind| said.fields.iter().filter(move |f| f.0 == kind);

    let title_line = pieces.iter().find(|p| p.class == Class::Title).map(|p| &p.line);
    let title = title_line
        .map(|l| l.text.clone())
        .or_else(|| facts.title.clone())
        .or_else(|| facts.file_title.clone());

    // The tail credits where a text was taken from, the head of a page often only itself.
    let sources: Vec<&String> = of(Kind::Source).map(|f| &f.1).collect();
    let source = sources
        .iter()
        .find(|s| !HERE.is_match(&fold(s)))
        .map(|s| (*s).clone())
        .or_else(|| facts.source.clone().filter(|s| !HERE.is_match(&fold(s))))
        .or_else(|| sources.first().map(|s| (*s).clone()))
        .or_else(|| facts.source.clone());

    let mut editor = of(Kind::Editor).find_map(|f| editor_in(&f.1));
    let mut authors: Vec<String> = Vec::new();
    let mut credit = |name: String| {
        if !name.is_empty() && !authors.contains(&name) {
            authors.push(name);
        }
    };
    for (_, value) in of(Kind::Author) {
        let key = fold(value);
        if EDITOR.is_match(&key) {
            editor.get_or_insert_with(|| value.clone());
        } else if let Some(people) = names::people(&key) {
            let line = Line::clean(value, false);
            for name in people {
                credit(line.cut(name).text.split_whitespace().collect());
            }
        } else if !matches!(key.as_str(), "未知" | "佚名" | "无" | "-" | "不详" | "匿名") {
            credit(value.clone());
        }
    }
    for name in &said.authors {
        credit(name.clone());
    }
    if authors.is_empty()
        && let Some(author) = &facts.author
    {
        authors.extend(author.split('、').map(str::to_owned));
    }

    let dated = |kind: Kind| of(kind).find_map(|f| date::parse(&fold(&f.1)));
    let delivered = said.adopted.clone().max(said.held.clone());
    // Where nothing says when it came out, the day on which it was given dates a report.
    let published = dated(Kind::Date)
        .or_else(|| dated(Kind::BareDate))
        .or_else(|| facts.published.clone())
        .or_else(|| said.announced.clone())
        .or_else(|| said.signed.clone())
        .or_else(|| delivered.clone());
    // The head of a page often knows the minute of the day that the byline names.
    let published = match (published, &facts.published) {
        (Some(day), Some(exact)) if exact.starts_with(&day) => Some(exact.clone()),
        (day, _) => day,
    };

    // Where a speech was held and who held it says more than a sentence; 来源 says less.
    let head = head_of(pieces);
    let evidence: Vec<(&Line, usize)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(at, p)| match p.class {
            Class::Paragraph | Class::Heading(_) if head.contains(&at) => Some((&p.line, 5)),
            Class::Paragraph | Class::Headed(_) | Class::List | Class::Heading(_) => {
                Some((&p.line, 1))
            }
            Class::Signature => Some((&p.line, 5)),
            Class::Byline if byline::fields(p.key()).is_none() => Some((&p.line, 5)),
            _ => None,
        })
        .collect();
    let made_title;
    let title_line = match (title_line, &title) {
        (None, Some(text)) => {
            made_title = Line::clean(text, false);
            Some(&made_title)
        }
        (line, _) => line,
    };
    let found = organisation::find(title_line, &evidence, source.as_deref(), script);
    let keys = |wanted: fn(Class) -> bool| -> Vec<&str> {
        pieces.iter().filter(|p| wanted(p.class)).map(Piece::key).collect()
    };
    let scope = scope::Evidence {
        title: title_line.map_or("", |l| l.key.as_str()),
        head: head.iter().map(|&at| pieces[at].key()).collect(),
        headings: keys(|c| matches!(c, Class::Heading(_) | Class::Headed(_))),
        paragraphs: keys(|c| matches!(c, Class::Paragraph | Class::Headed(_) | Class::List)),
        delivered: delivered.as_deref(),
    };
    let kind = scope::kind(&scope);
    let period = scope::period(kind, &scope);
    Metadata {
        title,
        published,
        authors,
        source,
        editor,
        place: found.place,
        organisation: found.organisation,
        script,
        language: script.map(|_| "zh".to_owned()),
        address: facts.address.clone(),
        delivered,
        period,
        kind,
        // Of news it is the paper that reports, not the body it tells of.
        level: found.level.filter(|_| kind != Some(ReportKind::News)),
    }
}

/// The first lines between the title and the text.
fn head_of(pieces: &[Piece]) -> Vec<usize> {
    let Some(title) = pieces.iter().position(|p| p.class == Class::Title) else {
        return Vec::new();
    };
    (title + 1..pieces.len())
        .filter(|&at| !matches!(pieces[at].class, Class::Aside(_)))
        .take_while(|&at| pieces[at].is_head())
        .take(4)
        .collect()
}
