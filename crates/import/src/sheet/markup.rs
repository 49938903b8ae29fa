//! Tables that programs write as a web page or as XML of Excel 2003 and call `.xls`.

use super::{MAX_COLUMNS, MAX_ROWS, Raw};
use crate::ImportError;
use crate::package::damaged;
use crate::xml::Element;
use scraper::{ElementRef, Html, Selector};
use std::sync::LazyLock;

/// Sheets of one file.
const MAX_SHEETS: usize = 256;

/// Whether a text is a workbook in XML.
pub(super) fn is_workbook(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(4096)];
    head.contains("urn:schemas-microsoft-com:office:spreadsheet") && head.contains("Workbook")
}

/// Reads a workbook in XML.
pub(super) fn read_workbook(text: &str) -> Result<Vec<Raw>, ImportError> {
    let parsed = crate::xml::parse(text);
    let document = parsed.map_err(|refused| damaged("XML", refused.reason()))?;
    let sheets = document.root().descendants().filter(|e| e.local() == "Worksheet");
    Ok(sheets
        .take(MAX_SHEETS)
        .map(|sheet| {
            let name = sheet.attribute("ss:Name").unwrap_or("").to_owned();
            let mut rows: Vec<Vec<String>> = Vec::new();
            let mut left_out = 0;
            for row in sheet.descendants().filter(|e| e.local() == "Row") {
                if rows.len() >= MAX_ROWS {
                    left_out += 1;
                    continue;
                }
                let mut cells: Vec<String> = Vec::new();
                for cell in row.children().filter(|e| e.local() == "Cell") {
                    // Empty cells are left out, and the next one says its number.
                    let number = cell.attribute("ss:Index").and_then(|n| n.parse::<usize>().ok());
                    let at = number.and_then(|n| n.checked_sub(1)).unwrap_or(cells.len());
                    if at >= MAX_COLUMNS {
                        break;
                    }
                    let data = cell.children().find(|e| e.local() == "Data");
                    let text = data.map(Element::text).unwrap_or_default();
                    cells.resize(at.max(cells.len()), String::new());
                    cells.push(text.trim_end_matches("T00:00:00.000").to_owned());
                }
                rows.push(cells);
            }
            Raw { name, rows, left_out }
        })
        .collect())
}

/// Reads the tables of a page that hold no other table.
pub(super) fn read_page(text: &str) -> Vec<Raw> {
    static TABLE: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("table").ok());
    static ROW: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("tr").ok());
    let (Some(table), Some(row)) = (&*TABLE, &*ROW) else { return Vec::new() };
    let page = Html::parse_document(text);
    let tables = page.select(table).filter(|t| t.select(table).next().is_none());
    tables
        .take(MAX_SHEETS)
        .enumerate()
        .map(|(number, found)| {
            let mut rows = Vec::new();
            let mut left_out = 0;
            for row in found.select(row) {
                if rows.len() >= MAX_ROWS {
                    left_out += 1;
                    continue;
                }
                let cells = row.children().filter_map(ElementRef::wrap);
                let cells = cells.filter(|c| matches!(c.value().name(), "td" | "th"));
                let mut texts: Vec<String> = Vec::new();
                for cell in cells.take(MAX_COLUMNS) {
                    let text: String = cell.text().collect();
                    texts.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
                    let span = cell.value().attr("colspan").and_then(|s| s.trim().parse().ok());
                    let span = usize::min(span.unwrap_or(1), MAX_COLUMNS);
                    texts.extend(std::iter::repeat_n(String::new(), span.saturating_sub(1)));
                }
                texts.truncate(MAX_COLUMNS);
                rows.push(texts);
            }
            Raw { name: (number + 1).to_string(), rows, left_out }
        })
        .collect()
}
