//! Lists of reports in tables: what the columns mean, and what each row becomes. A row is a report
//! of its own, or says what is known of a file beside the table.

use crate::archive::Archive;
use crate::error::{Result, bad_request, from_import};
use crate::pinyin;
use anjuan_import::sheet::{self, Column, Sheet};
use anjuan_import::{ImportError, Options, Source};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, TableField};
use anjuan_store::MetadataPatch;
use anjuan_text::{IssuerLevel, Period, ReportKind};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Rows that a preview shows.
const SHOWN: usize = 20;
/// Values of a column that a preview shows.
const SAMPLES: usize = 5;
/// Longest value that a preview shows, in characters.
const CELL: usize = 200;

/// What the user said of tables, by path.
pub(super) struct Tables(HashMap<String, wire::TableChoice>);

impl Tables {
    pub(super) fn new(all: &[wire::TableChoice]) -> Self {
        Self(all.iter().map(|table| (table.path.clone(), table.clone())).collect())
    }

    pub(super) fn of(&self, path: &str) -> Option<&wire::TableChoice> {
        self.0.get(path)
    }
}

/// What a row gives.
pub(super) struct RowOf {
    /// How it is called among the others.
    pub(super) label: String,
    pub(super) content: Row,
    pub(super) address: Option<String>,
    pub(super) metadata: MetadataPatch,
}

/// Where the text of a row's report is.
pub(super) enum Row {
    Text(String),
    File(String),
}

/// The sheet of a file, its header as it is said to be.
fn sheet_of(
    name: &str,
    bytes: &[u8],
    wanted: Option<&str>,
    header: Option<bool>,
) -> std::result::Result<(Vec<String>, Sheet), ImportError> {
    let sheets = sheet::read(Source { name, bytes }, &Options::default())?;
    let names = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let at = sheets.iter().position(|s| Some(s.name.as_str()) == wanted).unwrap_or(0);
    let mut chosen = sheets.into_iter().nth(at).ok_or(ImportError::Empty)?;
    match header {
        Some(false) if !chosen.header.is_empty() => {
            chosen.rows.insert(0, std::mem::take(&mut chosen.header));
            chosen.first_row = chosen.first_row.saturating_sub(1);
        }
        Some(true) if chosen.header.is_empty() && !chosen.rows.is_empty() => {
            chosen.header = chosen.rows.remove(0);
            chosen.first_row += 1;
        }
        _ => {}
    }
    Ok((names, chosen))
}

fn column(field: Option<TableField>) -> Column {
    match field {
        Some(TableField::Text) => Column::Text,
        Some(TableField::File) => Column::File,
        Some(TableField::Title) => Column::Title,
        Some(TableField::Published) => Column::Date,
        Some(TableField::Authors) => Column::Author,
        Some(TableField::Source) => Column::Source,
        Some(TableField::Place) => Column::Place,
        Some(TableField::Organisation) => Column::Organisation,
        Some(TableField::Address) => Column::Url,
        _ => Column::Ignored,
    }
}

/// What a column seems to mean: what the reader proposes, and by its name what that does not know.
fn proposed(proposed: Column, name: &str) -> Option<TableField> {
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["报告日期", "报告时间", "作报告", "召开", "報告日期"]) {
        return Some(TableField::Delivered);
    }
    Some(match proposed {
        Column::Title => TableField::Title,
        Column::Date => TableField::Published,
        Column::Place => TableField::Place,
        Column::Organisation => TableField::Organisation,
        Column::Source => TableField::Source,
        Column::Author => TableField::Authors,
        Column::Url => TableField::Address,
        Column::Text => TableField::Text,
        Column::File => TableField::File,
        Column::Ignored if says(&["年度", "年份", "年", "period"]) => TableField::Period,
        Column::Ignored if says(&["级别", "層級", "层级", "level"]) => TableField::Level,
        Column::Ignored if says(&["类型", "类别", "種類", "kind"]) => TableField::Kind,
        Column::Ignored if says(&["编辑", "責編", "责编", "editor"]) => TableField::Editor,
        Column::Ignored => return None,
    })
}

/// The rows of a table as what they become. A row without text and without file is left out.
pub(super) fn rows(
    name: &str,
    bytes: &[u8],
    table: &wire::TableChoice,
) -> std::result::Result<Vec<RowOf>, ImportError> {
    let (_, sheet) = sheet_of(name, bytes, table.sheet.as_deref(), Some(table.header))?;
    let columns: Vec<Column> = table.fields.iter().map(|field| column(*field)).collect();
    let delivered: Vec<Column> = table
        .fields
        .iter()
        .map(|f| if *f == Some(TableField::Delivered) { Column::Date } else { Column::Ignored })
        .collect();
    let mut rows = Vec::new();
    for n in 0..sheet.rows.len() {
        let entry = sheet.entry(n, &columns);
        let held = sheet.entry(n, &delivered).date;
        let cell = |wanted: TableField| {
            let at = table.fields.iter().position(|f| *f == Some(wanted))?;
            let cell = sheet.rows[n].get(at)?.trim();
            (!cell.is_empty()).then_some(cell)
        };
        let label = format!("{}.txt", sheet.first_row + n);
        let content = match (entry.text.clone(), entry.file.clone()) {
            (Some(text), _) => Row::Text(with_title(text, entry.title.as_deref())),
            (None, Some(file)) => Row::File(file),
            (None, None) => continue,
        };
        let mut known = anjuan_text::Metadata::default();
        entry.fill(&mut known);
        let set = |value: Option<String>| value.map(Some);
        let metadata = MetadataPatch {
            title_key: known.title.as_deref().map(pinyin::sort_key),
            title: set(known.title),
            published: set(known.published),
            authors: (!known.authors.is_empty()).then_some(known.authors),
            source: set(known.source),
            editor: set(cell(TableField::Editor).map(str::to_owned)),
            place: set(known.place),
            organisation: set(known.organisation),
            delivered: set(held),
            period: cell(TableField::Period)
                .and_then(|cell| Period::parse(cell.trim_end_matches(['年', '度'])))
                .map(Some),
            kind: cell(TableField::Kind).and_then(kind).map(Some),
            level: cell(TableField::Level).and_then(level).map(Some),
            address: set(known.address),
            ..MetadataPatch::default()
        };
        rows.push(RowOf { label, content, address: entry.address, metadata });
    }
    Ok(rows)
}

fn with_title(text: String, title: Option<&str>) -> String {
    match title {
        Some(title) if !text.trim_start().starts_with(title) => format!("{title}\n{text}"),
        _ => text,
    }
}

/// A kind of report by its spelling or its name.
fn kind(cell: &str) -> Option<ReportKind> {
    let named = [
        ("工作报告", ReportKind::WorkReport),
        ("總結", ReportKind::Summary),
        ("总结", ReportKind::Summary),
        ("综述", ReportKind::MultiYear),
        ("计划", ReportKind::Plan),
        ("要点", ReportKind::Plan),
        ("访谈", ReportKind::Interview),
        ("新闻", ReportKind::News),
        ("讲话", ReportKind::Speech),
        ("法规", ReportKind::Law),
        ("通知", ReportKind::Notice),
        ("公告", ReportKind::Notice),
        ("公报", ReportKind::Statistics),
    ];
    ReportKind::parse(cell)
        .or_else(|| named.iter().find(|(name, _)| cell.contains(name)).map(|(_, kind)| *kind))
}

fn level(cell: &str) -> Option<IssuerLevel> {
    let named = [
        ("全国", IssuerLevel::National),
        ("国家", IssuerLevel::National),
        ("省", IssuerLevel::Province),
        ("地", IssuerLevel::Prefecture),
        ("县", IssuerLevel::County),
        ("區", IssuerLevel::County),
        ("区", IssuerLevel::County),
        ("乡", IssuerLevel::Township),
        ("镇", IssuerLevel::Township),
        ("市", IssuerLevel::Prefecture),
    ];
    IssuerLevel::parse(cell)
        .or_else(|| named.iter().find(|(name, _)| cell.contains(name)).map(|(_, level)| *level))
}

/// The file that a row names, where it lies beside the table or below: a table from elsewhere must
/// not reach for other files.
pub(super) fn beside(folder: &Path, named: &str) -> Option<PathBuf> {
    let folder = std::fs::canonicalize(folder).ok()?;
    let named = named.trim().replace('\\', "/");
    let last = named.rsplit('/').next().unwrap_or(&named);
    [named.as_str(), last].into_iter().find_map(|name| {
        let file = std::fs::canonicalize(folder.join(name)).ok()?;
        (file.starts_with(&folder) && file.is_file()).then_some(file)
    })
}

pub(super) fn not_there(folder: &Path, named: &str) -> CommandError {
    CommandError::new(
        ErrorCode::Missing,
        format!("{named} was not found beside the table, in {}.", folder.display()),
    )
    .hint("Put the files into the folder of the table.")
}

impl Archive {
    /// The columns and first rows of a table, with what the columns seem to mean.
    ///
    /// # Errors
    /// When the file cannot be read or is no table.
    pub fn table_preview(&self, request: &wire::TableRequest) -> Result<wire::TablePreview> {
        let path = Path::new(&request.path);
        let bytes = super::read_file(path)?;
        let name = super::sources::file_name(path);
        let (sheets, sheet) = sheet_of(&name, &bytes, request.sheet.as_deref(), request.header)
            .map_err(|error| from_import(path, &error))?;
        if sheet.columns.is_empty() {
            return Err(bad_request(format!("{} has no columns.", path.display())));
        }
        let short = |cell: &str| -> String { cell.chars().take(CELL).collect() };
        let columns = sheet.columns.iter().enumerate().map(|(at, column)| {
            let name = sheet.header.get(at).map(|name| name.trim()).unwrap_or_default();
            let samples = sheet.rows.iter().filter_map(|row| row.get(at)).filter(|c| !c.is_empty());
            wire::TableColumn {
                field: proposed(*column, name),
                name: if name.is_empty() { letters(at) } else { name.to_owned() },
                samples: samples.take(SAMPLES).map(|cell| short(cell)).collect(),
            }
        });
        Ok(wire::TablePreview {
            path: request.path.clone(),
            sheets,
            columns: columns.collect(),
            header: !sheet.header.is_empty(),
            total: u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX),
            rows: sheet
                .rows
                .iter()
                .take(SHOWN)
                .map(|row| row.iter().map(|cell| short(cell)).collect())
                .collect(),
            sheet: sheet.name,
        })
    }
}

/// A column's letters as spreadsheets name it.
fn letters(mut at: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + (at % 26) as u8));
        if at < 26 {
            return name;
        }
        at = at / 26 - 1;
    }
}
