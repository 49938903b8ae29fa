//! Lists of reports kept in a spreadsheet: the rows, what each column is likely to hold, and the
//! report or the metadata that a row becomes.
//!
//! A list is read with [`read`], shown to the user with the columns that [`Sheet::columns`]
//! proposes, and turned into entries with [`Sheet::entry`]. An entry with text of its own becomes a
//! report by [`Entry::import`]; one that names a file or an address is metadata for that.
//!
//! ```
//! use anjuan_import::{Options, Source, sheet::{self, Column}};
//!
//! let list = "标题,发布日期,来源\n云溪市侨联工作报告,2023年1月5日,云溪日报\n";
//! let sheets = sheet::read(Source { name: "list.csv", bytes: list.as_bytes() }, &Options::default())?;
//! assert_eq!(sheets[0].columns, [Column::Title, Column::Date, Column::Source]);
//! let entry = sheets[0].entry(0, &sheets[0].columns);
//! assert_eq!(entry.date.as_deref(), Some("2023-01-05"));
//! # Ok::<(), anjuan_import::ImportError>(())
//! ```

mod biff;
mod columns;
mod csv;
mod markup;
mod workbook;

use crate::layout::{Facts, Hint, Page, SourceLine};
use crate::line::{Line, is_blank};
use crate::ole::Compound;
use crate::package::{Content, Package};
use crate::{Format, ImportError, Imported, Options, Source, date, decode, html, layout};
use serde::{Deserialize, Serialize};

/// Rows of one sheet that are read.
pub const MAX_ROWS: usize = 200_000;
/// Columns that are read.
pub const MAX_COLUMNS: usize = 256;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The title of the report.
    Title,
    /// The day on which it was published.
    Date,
    /// The administrative division. Several such columns (province, city) make one place.
    Place,
    /// The organisation that reports.
    Organisation,
    /// Where it was published.
    Source,
    /// Who wrote or held it.
    Author,
    /// The address it was published at.
    Url,
    /// The text itself.
    Text,
    /// The name or path of the file that holds it.
    File,
    /// Nothing that is imported.
    Ignored,
}

impl Column {
    /// All of them, as they are offered.
    pub const ALL: [Self; 10] = [
        Self::Title,
        Self::Date,
        Self::Place,
        Self::Organisation,
        Self::Source,
        Self::Author,
        Self::Url,
        Self::Text,
        Self::File,
        Self::Ignored,
    ];
}

/// A sheet with its rows, every cell as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name; that of the file for CSV.
    pub name: String,
    /// What stands over the columns; empty where nothing does.
    pub header: Vec<String>,
    /// The rows under the header.
    pub rows: Vec<Vec<String>>,
    /// The number of the first of the rows in the file, from 1 on, to speak of rows to the user.
    pub first_row: usize,
    /// What each column is likely to hold.
    pub columns: Vec<Column>,
    /// Rows that were more than are read.
    pub left_out: usize,
}

/// What a row says of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entry {
    /// The title.
    pub title: Option<String>,
    /// ISO 8601, as precise as the cell.
    pub date: Option<String>,
    /// The administrative division as written.
    pub place: Option<String>,
    /// The organisation.
    pub organisation: Option<String>,
    /// Where it was published.
    pub source: Option<String>,
    /// Who wrote or held it.
    pub authors: Vec<String>,
    /// The address.
    pub address: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// The file that holds it.
    pub file: Option<String>,
    /// Cells of a column of dates that are no date.
    pub unread: Vec<String>,
}

/// Whether a file is a spreadsheet, of which a list can be read.
pub fn is_sheet(source: Source<'_>) -> bool {
    let content = Package::open(source.bytes).and_then(|package| package.content());
    matches!(content, Some(Content::Workbook | Content::Sheets))
        || Compound::open(source.bytes).is_some_and(|file| is_old_workbook(&file))
        || is_csv(source.name)
        // Web pages and XML that are called so.
        || has_ending(source.name, &["xls", "et"])
}

/// Whether a text is a workbook of Excel 2003 in XML.
pub(crate) fn is_xml_workbook(text: &str) -> bool {
    markup::is_workbook(text)
}

/// Whether a compound file is a workbook of Excel 5 to 2003.
pub(crate) fn is_old_workbook(file: &Compound<'_>) -> bool {
    biff::is_workbook(file)
}

/// Whether a file is a table of values in text, by its name: any text could be.
pub(crate) fn is_csv(name: &str) -> bool {
    has_ending(name, &["csv", "tsv", "tab"])
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Reads the sheets of a file, those without any cell left out.
///
/// # Errors
/// Where the file is no spreadsheet, or damaged so that nothing of it can be read.
pub fn read(source: Source<'_>, options: &Options<'_>) -> Result<Vec<Sheet>, ImportError> {
    if source.bytes.len() > crate::MAX_BYTES {
        let (bytes, limit) = (source.bytes.len(), crate::MAX_BYTES);
        return Err(ImportError::TooLarge { bytes, limit });
    }
    let tables = tables(source, options)?;
    let mut sheets: Vec<Sheet> = tables.into_iter().filter_map(sheet_of).collect();
    if sheets.is_empty() {
        return Err(ImportError::Empty);
    }
    sheets.truncate(256);
    Ok(sheets)
}

/// A table as the file has it.
struct Raw {
    name: String,
    rows: Vec<Vec<String>>,
    left_out: usize,
}

fn tables(source: Source<'_>, options: &Options<'_>) -> Result<Vec<Raw>, ImportError> {
    if let Some(package) = Package::open(source.bytes) {
        return match package.content() {
            Some(Content::Workbook) => workbook::read_xlsx(&package, options),
            Some(Content::Sheets) => workbook::read_ods(&package, options),
            _ => {
                Err(ImportError::Unsupported { kind: "ZIP archive without a workbook".to_owned() })
            }
        };
    }
    if let Some(file) = Compound::open(source.bytes) {
        return biff::read(&file, options);
    }
    let decoded = decode::decode(source.bytes)?;
    if markup::is_workbook(&decoded.text) {
        return markup::read_workbook(&decoded.text);
    }
    if !is_csv(source.name) && html::is_html(source.name, &decoded.text) {
        return Ok(markup::read_page(&decoded.text));
    }
    let name = source.name.rsplit(['/', '\\']).next().unwrap_or(source.name);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let (rows, left_out) = csv::read(&decoded.text);
    Ok(vec![Raw { name, rows, left_out }])
}

/// Finds the header of a table and what its columns hold.
fn sheet_of(raw: Raw) -> Option<Sheet> {
    let Raw { name, mut rows, left_out } = raw;
    for row in &mut rows {
        while row.last().is_some_and(|cell| cell.chars().all(is_blank)) {
            row.pop();
        }
    }
    let blank = |row: &Vec<String>| row.is_empty();
    let before = rows.iter().take_while(|r| blank(r)).count();
    rows.drain(..before);
    while rows.last().is_some_and(blank) {
        rows.pop();
    }
    if rows.is_empty() {
        return None;
    }
    let at = columns::header_row(&rows);
    let mut first_row = before + 1;
    let header = match at {
        Some(at) => {
            first_row += at + 1;
            // What stands over the header is the name of the list.
            rows.drain(..=at).next_back().unwrap_or_default()
        }
        None => Vec::new(),
    };
    let width = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    let columns = columns::propose(&header, &rows, width);
    Some(Sheet { name, header, rows, first_row, columns, left_out })
}

impl Sheet {
    /// What a row says, its columns taken for what they are said to hold.
    pub fn entry(&self, row: usize, columns: &[Column]) -> Entry {
        let mut entry = Entry::default();
        let Some(cells) = self.rows.get(row) else { return entry };
        for (cell, column) in cells.iter().zip(columns) {
            let text = cell.trim_matches(|c: char| is_blank(c));
            if text.is_empty() {
                continue;
            }
            let value = || Some(text.to_owned());
            match column {
                Column::Title => entry.title = entry.title.or_else(value),
                Column::Date => match date_of(text) {
                    Some(date) => entry.date = entry.date.or(Some(date)),
                    None => entry.unread.push(text.to_owned()),
                },
                Column::Place => {
                    let place = entry.place.get_or_insert_default();
                    if !place.ends_with(text) {
                        place.push_str(text);
                    }
                }
                Column::Organisation => entry.organisation = entry.organisation.or_else(value),
                Column::Source => entry.source = entry.source.or_else(value),
                Column::Author => {
                    let names = text.split(['、', ',', '，', ';', '；', '\n', '/']);
                    let names = names.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
                    entry.authors.extend(names);
                }
                Column::Url => entry.address = entry.address.or_else(value),
                Column::Text => entry.text = entry.text.or_else(value),
                Column::File => entry.file = entry.file.or_else(value),
                Column::Ignored => {}
            }
        }
        entry
    }
}

/// The date in a cell, in forms too that would be none in a text: `2023-06`, `20230605`.
fn date_of(cell: &str) -> Option<String> {
    let key = Line::clean(cell, false).key;
    if let Some(date) = date::parse(&key) {
        return Some(date);
    }
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let spelled = match key.split(['-', '/', '.']).collect::<Vec<_>>()[..] {
        [year, month] if year.len() == 4 && digits(year) && digits(month) => {
            format!("{year}年{month}月")
        }
        [day] if day.len() == 8 && digits(day) => {
            format!("{}年{}月{}日", &day[..4], &day[4..6], &day[6..])
        }
        _ => return None,
    };
    date::parse(&spelled)
}

impl Entry {
    /// The report that the row holds; `None` where it has no text of its own.
    pub fn import(&self, name: &str) -> Option<Imported> {
        let text = self.text.as_ref()?;
        let mut page = if html::is_html("", text) {
            html::whole(text)
        } else {
            Page { lines: layout::lines_of(text), ..Page::default() }
        };
        if let Some(title) = &self.title {
            let plain =
                |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
            // The text may begin with its title.
            let first = page.lines.first_mut().filter(|l| plain(&l.raw) == plain(title));
            if let Some(first) = first {
                first.hint = Hint::Title;
            } else {
                let line = SourceLine { raw: title.clone(), hint: Hint::Title, gap: true };
                page.lines.insert(0, line);
            }
        }
        page.facts = Facts { file_title: layout::title_of_file(name), ..page.facts };
        let mut report = layout::arrange(page.lines, &page.facts);
        self.fill(&mut report.metadata);
        Some(Imported { encoding: None, format: Format::Spreadsheet, report })
    }

    /// Puts what the row says into the metadata of its report: a list made by hand is surer than
    /// what was recognised.
    pub fn fill(&self, metadata: &mut anjuan_text::Metadata) {
        let put = |field: &mut Option<String>, value: &Option<String>| {
            if value.is_some() {
                field.clone_from(value);
            }
        };
        put(&mut metadata.title, &self.title);
        put(&mut metadata.published, &self.date);
        put(&mut metadata.organisation, &self.organisation);
        put(&mut metadata.source, &self.source);
        put(&mut metadata.address, &self.address);
        if let Some(place) = &self.place {
            let known = crate::places::resolve(place);
            let known = known.map(|path| crate::places::in_script(&path, metadata.script));
            metadata.place = known.or_else(|| Some(place.clone()));
        }
        if !self.authors.is_empty() {
            metadata.authors.clone_from(&self.authors);
        }
    }
}

/// A spreadsheet as a report of its own: its rows as rows of tables.
pub(crate) fn page(source: Source<'_>, options: &Options<'_>) -> Result<Page, ImportError> {
    let tables = tables(source, options)?;
    let several = tables.len() > 1;
    let mut lines = Vec::new();
    for Raw { name, rows, .. } in tables {
        let filled = rows.iter().filter(|r| r.iter().any(|c| !c.chars().all(is_blank)));
        let mut first = true;
        for row in filled {
            if std::mem::take(&mut first) && several {
                lines.push(SourceLine { raw: name.clone(), hint: Hint::Heading(1), gap: true });
            }
            let cells: Vec<String> = row.iter().map(|c| c.replace('\n', " ")).collect();
            let raw = cells.join("\u{3000}");
            // A row of one cell is a line over or under the table.
            let single = row.iter().filter(|c| !c.trim().is_empty()).count() < 2;
            let hint = if single && rows_are_wide(&rows) { Hint::None } else { Hint::Table };
            lines.push(SourceLine { raw: raw.trim_end().to_owned(), hint, gap: false });
        }
    }
    Ok(Page { lines, ..Page::default() })
}

fn rows_are_wide(rows: &[Vec<String>]) -> bool {
    rows.iter().any(|r| r.len() > 1)
}
