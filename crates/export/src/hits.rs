//! Places that a search found, as a table: one line each, with the report they stand in.

use crate::labels::is_traditional;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::fmt::Write as _;

/// The form of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Office Open XML workbook.
    Xlsx,
    /// Comma-separated values in UTF-8 (RFC 4180) behind a byte order mark, without which
    /// spreadsheets take them for another encoding.
    Csv,
}

/// A place that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundPlace {
    /// Identifier of the report.
    pub report: String,
    /// Its title.
    pub title: String,
    /// Place.
    pub place: Option<String>,
    /// Date of publication, ISO 8601.
    pub published: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// What stands before.
    pub left: String,
    /// What was found.
    pub middle: String,
    /// What stands behind.
    pub right: String,
    /// First code point in the reading text.
    pub start: u32,
    /// First code point after.
    pub end: u32,
}

/// What can go wrong while a table is made.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// More lines than a sheet can have.
    #[error("a sheet holds {most} lines at the most")]
    TooLong {
        /// So many, without the headings.
        most: u32,
    },
    /// The workbook.
    #[error("the workbook could not be made: {0}")]
    Workbook(#[from] XlsxError),
    /// The values.
    #[error("the table could not be made: {0}")]
    Values(#[from] csv::Error),
}

/// Rows of a sheet (ECMA-376, part 1, 18.3.1.73), the headings taken off.
const ROWS: u32 = 1_048_575;

/// Widths of the columns in characters of the sheet's font.
const WIDTHS: [f64; COLUMNS] =
    [36.0, 18.0, 12.0, 18.0, 18.0, 24.0, 44.0, 18.0, 44.0, 8.0, 8.0, 60.0, 38.0];
const COLUMNS: usize = 13;

fn headings(language: &str) -> [&'static str; COLUMNS] {
    let language = language.to_lowercase();
    if language.starts_with("en") {
        [
            "Title",
            "Place",
            "Date",
            "Source",
            "Authors",
            "Organisation",
            "Before",
            "Found",
            "After",
            "Start",
            "End",
            "Citation",
            "Report",
        ]
    } else if is_traditional(&language) {
        [
            "標題",
            "地區",
            "日期",
            "來源",
            "作者",
            "機構",
            "前文",
            "命中",
            "後文",
            "起",
            "止",
            "出處",
            "報告標識",
        ]
    } else {
        [
            "标题",
            "地区",
            "日期",
            "来源",
            "作者",
            "机构",
            "前文",
            "命中",
            "后文",
            "起",
            "止",
            "出处",
            "报告标识",
        ]
    }
}

/// A column of offsets, which are numbers.
const OFFSETS: std::ops::Range<usize> = 9..11;

fn cells(found: &FoundPlace) -> [String; COLUMNS] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        found.title.clone(),
        text(&found.place),
        text(&found.published),
        text(&found.source),
        found.authors.join("、"),
        text(&found.organisation),
        found.left.clone(),
        found.middle.clone(),
        found.right.clone(),
        found.start.to_string(),
        found.end.to_string(),
        citation(found),
        found.report.clone(),
    ]
}

/// Authors or organisation, title, place, date and source, as far as they are known. The reports
/// are Chinese, so is the form.
fn citation(found: &FoundPlace) -> String {
    let by = if found.authors.is_empty() {
        found.organisation.clone().unwrap_or_default()
    } else {
        found.authors.join("、")
    };
    let colon = if by.is_empty() { "" } else { "：" };
    let mut parts = vec![format!("{by}{colon}《{}》", found.title)];
    parts.extend(found.source.clone());
    parts.extend(found.published.as_deref().and_then(day));
    format!("{}。", parts.join("，"))
}

/// `2021-02-04T15:15` as `2021年2月4日`; a less precise date in as many parts as it has.
fn day(published: &str) -> Option<String> {
    let date = published.split(['T', ' ']).next()?;
    let mut written = String::new();
    for (part, unit) in date.split('-').zip(["年", "月", "日"]) {
        let _ = write!(written, "{}{unit}", part.parse::<u32>().ok()?);
    }
    Some(written)
}

/// The table of some places, headings in a language.
///
/// # Errors
/// Where there are more than a sheet can hold, or the table cannot be made.
pub fn found_places(
    places: impl Iterator<Item = FoundPlace>,
    format: TableFormat,
    language: &str,
) -> Result<Vec<u8>, TableError> {
    match format {
        TableFormat::Xlsx => workbook(places, language),
        TableFormat::Csv => values(places, language),
    }
}

fn workbook(
    places: impl Iterator<Item = FoundPlace>,
    language: &str,
) -> Result<Vec<u8>, TableError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (column, heading) in (0_u16..).zip(headings(language)) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        sheet.set_column_width(column, WIDTHS[usize::from(column)])?;
    }
    let mut last = 0;
    for (row, found) in (1_u32..).zip(places) {
        if row > ROWS {
            return Err(TableError::TooLong { most: ROWS });
        }
        last = row;
        for (column, cell) in (0_u16..).zip(cells(&found)) {
            if OFFSETS.contains(&usize::from(column)) {
                let offset =
                    if usize::from(column) == OFFSETS.start { found.start } else { found.end };
                sheet.write_number(row, column, offset)?;
            } else {
                sheet.write_string(row, column, cell)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last, COLUMNS as u16 - 1)?;
    Ok(book.save_to_buffer()?)
}

fn values(places: impl Iterator<Item = FoundPlace>, language: &str) -> Result<Vec<u8>, TableError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(headings(language))?;
    for found in places {
        writer.write_record(cells(&found).map(|cell| plain(&cell)))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

/// A cell that no spreadsheet takes for a formula: text of the web must not compute anything
/// (OWASP, CSV injection).
fn plain(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> FoundPlace {
        FoundPlace {
            report: "1".into(),
            title: "云州市侨联工作报告".into(),
            published: Some("2021-02-04T15:15".into()),
            authors: vec!["林一".into(), "何二".into()],
            left: "=1+1，“汇集”".into(),
            middle: "僑聯".into(),
            right: "𠀀\n完".into(),
            start: 7,
            end: 9,
            ..FoundPlace::default()
        }
    }

    #[test]
    fn values_are_quoted_marked_as_utf_8_and_never_formulas() {
        let made = found_places([found()].into_iter(), TableFormat::Csv, "zh-Hant").expect("made");
        let text = String::from_utf8(made).expect("UTF-8");
        let expect = "\u{feff}標題,地區,日期,來源,作者,機構,前文,命中,後文,起,止,出處,報告標識\r\n\
            云州市侨联工作报告,,2021-02-04T15:15,,林一、何二,,'=1+1，“汇集”,僑聯,\"𠀀\n完\",7,9,\
            林一、何二：《云州市侨联工作报告》，2021年2月4日。,1\r\n";
        assert_eq!(text, expect);
    }

    #[test]
    fn a_workbook_holds_text_as_text_and_offsets_as_numbers() {
        let places = std::iter::repeat_n(found(), 3);
        let made = found_places(places, TableFormat::Xlsx, "en").expect("made");
        assert!(made.starts_with(b"PK"));
        let none = found_places(std::iter::empty(), TableFormat::Xlsx, "zh-Hans").expect("made");
        assert!(none.starts_with(b"PK"));
    }

    #[test]
    fn dates_are_as_precise_as_known() {
        for (published, expect) in [
            ("2021", Some("2021年")),
            ("2021-02", Some("2021年2月")),
            ("2021-02-04", Some("2021年2月4日")),
            ("unknown", None),
        ] {
            assert_eq!(day(published).as_deref(), expect);
        }
    }
}
