//! XLSX and ODS: cells as they are shown.

use super::{MAX_COLUMNS, MAX_ROWS, Raw};
use crate::docx::main_part;
use crate::package::{Package, damaged, locked};
use crate::xml::{Document, Element};
use crate::{ImportError, Options};
use std::collections::HashMap;

/// Sheets of one workbook.
const MAX_SHEETS: usize = 256;

/// How the numbers of a cell are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shown {
    #[default]
    Number,
    Date,
    /// Hours and minutes without a day.
    Time,
    /// With so many decimals.
    Percent(usize),
}

/// Reads the sheets of an XLSX workbook.
pub(super) fn read_xlsx(
    package: &Package<'_>,
    options: &Options<'_>,
) -> Result<Vec<Raw>, ImportError> {
    let part = main_part(package, "xl/workbook.xml")?;
    let Some(workbook) = package.xml(&part)? else {
        return Err(damaged("workbook", "its list of sheets is missing"));
    };
    let relations = crate::docx::relations(package, &part)?;
    let beside = |kind: &str, usual: &str| {
        let named = relations.values().find(|r| r.kind == kind).map(|r| r.target.clone());
        named.unwrap_or_else(|| usual.to_owned())
    };
    let strings = package.xml(&beside("sharedStrings", "xl/sharedStrings.xml"))?;
    let strings: Vec<String> = strings.as_ref().map(shared_strings).unwrap_or_default();
    let styles = package.xml(&beside("styles", "xl/styles.xml"))?;
    let styles = styles.as_ref().map(shown_styles).unwrap_or_default();
    let early = workbook
        .root()
        .descendants()
        .find(|e| e.local() == "workbookPr")
        .and_then(|e| e.attribute("date1904"))
        .is_some_and(|v| matches!(v, "1" | "true"));
    let mut sheets = Vec::new();
    for (at, sheet) in workbook.root().descendants().filter(|e| e.local() == "sheet").enumerate() {
        options.go_on()?;
        if sheets.len() >= MAX_SHEETS {
            break;
        }
        let related = sheet.attribute("r:id").and_then(|id| relations.get(id));
        let usual = format!("xl/worksheets/sheet{}.xml", at + 1);
        let target = related.map_or(usual, |r| r.target.clone());
        let Some(document) = package.xml(&target)? else { continue };
        let name = sheet.attribute("name").unwrap_or("").to_owned();
        let (rows, left_out) = rows_of(&document, &strings, &styles, early);
        sheets.push(Raw { name, rows, left_out });
    }
    Ok(sheets)
}

/// The text of a string item: its runs, without readings above them.
fn string_of(item: Element<'_>) -> String {
    let mut text = String::new();
    for child in item.children() {
        match child.local() {
            "t" => text.push_str(&child.text()),
            "r" => {
                let runs = child.children().filter(|c| c.local() == "t");
                runs.for_each(|run| text.push_str(&run.text()));
            }
            _ => {}
        }
    }
    unescaped(&text)
}

/// Characters that XML cannot hold are written `_x000D_`.
fn unescaped(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let escape = rest.get(at + 2..at + 7).filter(|e| e.ends_with('_'));
        let code = escape.and_then(|e| u32::from_str_radix(&e[..4], 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            out.extend((c != '\r').then_some(c));
            rest = &rest[at + 7..];
        } else {
            out.push_str("_x");
            rest = &rest[at + 2..];
        }
    }
    out + rest
}

fn shared_strings(document: &Document) -> Vec<String> {
    document.root().descendants().filter(|e| e.local() == "si").map(string_of).collect()
}

/// How each format of cells shows numbers.
fn shown_styles(document: &Document) -> Vec<Shown> {
    let mut codes: HashMap<u32, String> = HashMap::new();
    for format in document.root().descendants().filter(|e| e.local() == "numFmt") {
        let id = format.attribute("numFmtId").and_then(|id| id.parse().ok());
        if let (Some(id), Some(code)) = (id, format.attribute("formatCode")) {
            codes.insert(id, code.to_owned());
        }
    }
    let formats = document.root().descendants().find(|e| e.local() == "cellXfs");
    let formats = formats.into_iter().flat_map(Element::children);
    formats
        .map(|format| {
            let id =
                format.attribute("numFmtId").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
            match codes.get(&id) {
                Some(code) => shown_by(code),
                None => builtin(id),
            }
        })
        .collect()
}

/// What the formats show that every workbook has.
pub(super) fn builtin(number: u32) -> Shown {
    match number {
        9 => Shown::Percent(0),
        10 => Shown::Percent(2),
        14..=17 | 22 | 27..=31 | 34..=36 | 50..=54 | 57..=58 => Shown::Date,
        18..=21 | 32..=33 | 45..=47 | 55..=56 => Shown::Time,
        _ => Shown::Number,
    }
}

/// What a format code shows, its quoted words, escapes and colours left out.
pub(super) fn shown_by(code: &str) -> Shown {
    let mut plain = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => {
                let inner: String = chars.by_ref().take_while(|&c| c != ']').collect();
                // Hours beyond a day stand in brackets, too.
                if inner.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) {
                    plain.push_str(&inner);
                }
            }
            ';' => break,
            _ => plain.push(c.to_ascii_lowercase()),
        }
    }
    if plain.contains(['y', 'd', '年', '日', 'e'])
        && !plain.contains("e+")
        && !plain.contains("general")
    {
        Shown::Date
    } else if plain.contains(['h', 's']) {
        Shown::Time
    } else if plain.contains('m') {
        Shown::Date
    } else if plain.contains('%') {
        let decimals = plain
            .split_once('.')
            .map_or(0, |(_, d)| d.chars().take_while(|c| matches!(c, '0' | '#')).count());
        Shown::Percent(decimals.min(6))
    } else {
        Shown::Number
    }
}

fn rows_of(
    document: &Document,
    strings: &[String],
    styles: &[Shown],
    early: bool,
) -> (Vec<Vec<String>>, usize) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut left_out = 0;
    for row in document.root().descendants().filter(|e| e.local() == "row") {
        let number = row.attribute("r").and_then(|r| r.parse::<usize>().ok());
        let at = number.and_then(|r| r.checked_sub(1)).unwrap_or(rows.len()).max(rows.len());
        if at >= MAX_ROWS {
            left_out += 1;
            continue;
        }
        let mut cells: Vec<String> = Vec::new();
        for cell in row.children().filter(|e| e.local() == "c") {
            let place = cell.attribute("r").and_then(column_of).unwrap_or(cells.len());
            if place >= MAX_COLUMNS {
                continue;
            }
            let text = cell_text(cell, strings, styles, early);
            if cells.len() <= place {
                cells.resize(place + 1, String::new());
            }
            cells[place] = text;
        }
        if cells.iter().any(|c| !c.is_empty()) {
            rows.resize(at, Vec::new());
            rows.push(cells);
        }
    }
    (rows, left_out)
}

/// The column of a reference such as `AB12`, from 0 on.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters
        .take(4)
        .fold(0_usize, |n, b| n * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

fn cell_text(cell: Element<'_>, strings: &[String], styles: &[Shown], early: bool) -> String {
    let inner = |name: &str| cell.children().find(|e| e.local() == name);
    let value = || inner("v").map(Element::text).unwrap_or_default();
    match cell.attribute("t") {
        Some("s") => {
            let index = value().trim().parse::<usize>().ok();
            index.and_then(|i| strings.get(i)).cloned().unwrap_or_default()
        }
        Some("inlineStr") => inner("is").map(string_of).unwrap_or_default(),
        Some("str" | "e") => unescaped(&value()),
        Some("b") => if value().trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
        Some("d") => value().trim_end_matches("T00:00:00").to_owned(),
        _ => {
            let value = value();
            let Ok(number) = value.trim().parse::<f64>() else { return value };
            let style = cell.attribute("s").and_then(|s| s.parse::<usize>().ok());
            let shown = style.and_then(|s| styles.get(s)).copied().unwrap_or_default();
            shown_number(number, shown, early)
        }
    }
}

/// A number as its format shows it: days as dates, shares as percent.
pub(super) fn shown_number(number: f64, shown: Shown, early: bool) -> String {
    match shown {
        Shown::Percent(decimals) => format!("{:.decimals$}%", number * 100.0),
        Shown::Date if (1.0..2_958_466.0).contains(&number) => day(number, early),
        Shown::Time if (0.0..1.0).contains(&number) => clock(number),
        _ => plain(number),
    }
}

/// With the fifteen digits that spreadsheets keep, so that no sum ends in 0.30000000000000004.
fn plain(number: f64) -> String {
    if number.fract().abs() < f64::EPSILON && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn clock(fraction: f64) -> String {
    let minutes = (fraction * 1440.0).round() as i64 % 1440;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The day with a number, counted from 1900 or 1904.
fn day(number: f64, early: bool) -> String {
    let days = number.floor() as i64;
    // The first calendar takes 1900 for a leap year: before March it is one day ahead.
    let offset = match (early, days) {
        (true, _) => 1462,
        (false, ..60) => 1,
        (false, _) => 0,
    };
    let days = days + offset - 25_569;
    // Days since 1970 to a date of the Gregorian calendar.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{day:02}");
    let fraction = number - number.floor();
    if fraction > 1.0 / 2880.0 { format!("{date} {}", clock(fraction)) } else { date }
}

/// Reads the sheets of an ODS workbook.
pub(super) fn read_ods(
    package: &Package<'_>,
    options: &Options<'_>,
) -> Result<Vec<Raw>, ImportError> {
    if package.is_encrypted()? {
        return Err(locked("OpenDocument"));
    }
    let Some(content) = package.xml("content.xml")? else {
        return Err(damaged("workbook", "the part with its cells is missing"));
    };
    let mut sheets = Vec::new();
    let tables = content.root().descendants().filter(|e| e.name() == "table:table");
    for table in tables.take(MAX_SHEETS) {
        options.go_on()?;
        let name = table.attribute("table:name").unwrap_or("").to_owned();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut left_out = 0;
        // Empty rows count once a row with cells follows.
        let mut pending = 0_usize;
        for row in table.descendants().filter(|e| e.name() == "table:table-row") {
            let cells = ods_row(row);
            let repeated = repeated(row, "table:number-rows-repeated");
            if cells.is_empty() {
                pending = pending.saturating_add(repeated);
                continue;
            }
            let room = MAX_ROWS.saturating_sub(rows.len());
            let blank = std::mem::take(&mut pending).min(room);
            rows.resize(rows.len() + blank, Vec::new());
            for _ in 0..repeated {
                if rows.len() >= MAX_ROWS || rows.len() * cells.len() > 20_000_000 {
                    left_out += 1;
                    break;
                }
                rows.push(cells.clone());
            }
        }
        sheets.push(Raw { name, rows, left_out });
    }
    Ok(sheets)
}

fn repeated(element: Element<'_>, name: &str) -> usize {
    element.attribute(name).and_then(|r| r.parse().ok()).unwrap_or(1).clamp(1, 2_000_000)
}

fn ods_row(row: Element<'_>) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    let mut pending = 0_usize;
    for cell in row.children() {
        if !matches!(cell.name(), "table:table-cell" | "table:covered-table-cell") {
            continue;
        }
        let repeated = repeated(cell, "table:number-columns-repeated");
        let text = ods_text(cell);
        if text.is_empty() {
            pending = pending.saturating_add(repeated);
            continue;
        }
        let blank = std::mem::take(&mut pending).min(MAX_COLUMNS);
        for text in
            std::iter::repeat_n(String::new(), blank).chain(std::iter::repeat_n(text, repeated))
        {
            if cells.len() >= MAX_COLUMNS {
                break;
            }
            cells.push(text);
        }
    }
    cells
}

fn ods_text(cell: Element<'_>) -> String {
    if cell.attribute("office:value-type") == Some("date")
        && let Some(date) = cell.attribute("office:date-value")
    {
        return date.trim_end_matches("T00:00:00").replace('T', " ");
    }
    let paragraphs = cell.children().filter(|e| e.name() == "text:p");
    let lines: Vec<String> = paragraphs.map(Element::text).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_by_their_format() {
        assert_eq!(
            shown_number(44_931.0, shown_by("yyyy\"年\"m\"月\"d\"日\""), false),
            "2023-01-05"
        );
        assert_eq!(shown_number(44_931.5, shown_by("yyyy/m/d h:mm"), false), "2023-01-05 12:00");
        assert_eq!(shown_number(1.0, Shown::Date, false), "1900-01-01");
        assert_eq!(shown_number(61.0, Shown::Date, false), "1900-03-01");
        assert_eq!(shown_number(0.105, shown_by("0.0%"), false), "10.5%");
        assert_eq!(shown_number(0.1 + 0.2, Shown::Number, false), "0.3");
        assert_eq!(shown_number(2510.0, shown_by("#,##0"), false), "2510");
        assert_eq!(shown_number(0.5, shown_by("h:mm"), false), "12:00");
        assert_eq!(shown_by("General"), Shown::Number);
        assert_eq!(shown_by("[Red]0.00E+00"), Shown::Number);
        assert_eq!(shown_by("[$-804]yyyy\\-mm\\-dd;@"), Shown::Date);
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!(column_of("A1"), Some(0));
        assert_eq!(column_of("AB12"), Some(27));
        assert_eq!(column_of("12"), None);
    }

    #[test]
    fn escapes_of_strings_are_read() {
        assert_eq!(unescaped("一_x000D_\n二_x4E09_、a_xyz"), "一\n二三、a_xyz");
    }
}
