//! From the domain's types to the wire's.

use anjuan_protocol as wire;
use anjuan_text as text;
use serde::Serialize;

/// The word that stands for a value of a closed set on the wire.
pub(crate) fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

pub(crate) fn format(format: anjuan_import::Format) -> wire::Format {
    use anjuan_import::Format;
    match format {
        Format::Text => wire::Format::Text,
        Format::Html => wire::Format::Html,
        Format::Markdown => wire::Format::Markdown,
        Format::Mhtml => wire::Format::Mhtml,
        Format::Pdf => wire::Format::Pdf,
        Format::Ofd => wire::Format::Ofd,
        Format::Doc => wire::Format::Doc,
        Format::Docx => wire::Format::Docx,
        Format::Odt => wire::Format::Odt,
        Format::Rtf => wire::Format::Rtf,
        Format::Epub => wire::Format::Epub,
        Format::Spreadsheet => wire::Format::Spreadsheet,
        Format::Slides => wire::Format::Slides,
        Format::Csv => wire::Format::Csv,
    }
}

pub(crate) fn metadata(metadata: &text::Metadata) -> wire::Metadata {
    wire::Metadata {
        title: metadata.title.clone(),
        published: metadata.published.clone(),
        authors: metadata.authors.clone(),
        source: metadata.source.clone(),
        editor: metadata.editor.clone(),
        place: metadata.place.clone(),
        organisation: metadata.organisation.clone(),
        script: metadata.script.map(|s| s.as_str().to_owned()),
        language: metadata.language.clone(),
        delivered: metadata.delivered.clone(),
        period: metadata.period.map(|p| wire::Period { from: p.from, to: p.to }),
        kind: metadata.kind.map(|k| k.as_str().to_owned()),
        level: metadata.level.map(|l| l.as_str().to_owned()),
        address: metadata.address.clone(),
    }
}

pub(crate) fn blocks(blocks: &[text::Block]) -> Vec<wire::Block> {
    let each = |b: &text::Block| wire::Block {
        kind: word(b.kind),
        level: b.level,
        start: b.range.start,
        end: b.range.end,
    };
    blocks.iter().map(each).collect()
}

pub(crate) fn furniture(furniture: &[text::Furniture]) -> Vec<wire::Furniture> {
    let each = |f: &text::Furniture| wire::Furniture {
        text: f.text.clone(),
        reason: word(f.reason),
        position: f.position,
    };
    furniture.iter().map(each).collect()
}

pub(crate) fn repairs(repairs: &[text::Repair]) -> Vec<wire::Repair> {
    let each = |r: &text::Repair| wire::Repair {
        kind: word(r.kind),
        start: r.range.start,
        end: r.range.end,
        original: r.original.clone(),
    };
    repairs.iter().map(each).collect()
}

pub(crate) fn problems(problems: &[text::Problem]) -> Vec<wire::Problem> {
    let each = |p: &text::Problem| wire::Problem {
        code: word(p.code),
        message: p.message.clone(),
        start: p.range.map(|r| r.start),
        end: p.range.map(|r| r.end),
    };
    problems.iter().map(each).collect()
}

pub(crate) fn recognition(recognition: &text::Recognition) -> wire::Recognition {
    let text::Recognition { program, confidence, pages, of } = recognition;
    wire::Recognition { program: program.clone(), confidence: *confidence, pages: *pages, of: *of }
}

pub(crate) fn range(range: text::CharRange) -> wire::Range {
    wire::Range { start: range.start, end: range.end }
}

pub(crate) fn passage(passage: &anjuan_store::Passage) -> wire::Passage {
    use anjuan_store::AnchorState;
    wire::Passage {
        id: passage.id.to_string(),
        report: passage.report.to_string(),
        revision: passage.revision.to_string(),
        start: passage.range.start,
        end: passage.range.end,
        quote: passage.quote.clone(),
        tags: passage.tags.iter().map(ToString::to_string).collect(),
        memo: passage.memo.clone(),
        coder: passage.coder.clone(),
        created: passage.created_at.clone(),
        modified: passage.modified_at.clone(),
        state: match passage.state {
            AnchorState::Kept => wire::AnchorState::Kept,
            AnchorState::Moved => wire::AnchorState::Moved,
            AnchorState::Lost => wire::AnchorState::Lost,
        },
    }
}
