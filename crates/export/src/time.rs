//! Times as PDF writes them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use typst::foundations::Datetime;

/// An ISO 8601 time in UTC; one without an offset is taken to be in UTC. `None` where it is none.
fn utc(time: &str) -> Option<DateTime> {
    match time.parse::<Timestamp>() {
        Ok(instant) => Some(instant.to_zoned(TimeZone::UTC).datetime()),
        Err(_) => time.parse::<DateTime>().ok(),
    }
}

/// An ISO 8601 time as a PDF date, `D:20261121100000Z`.
pub(crate) fn pdf_date(time: &str) -> Option<String> {
    utc(time).map(|time| time.strftime("D:%Y%m%d%H%M%SZ").to_string())
}

/// An ISO 8601 time as typst counts it.
pub(crate) fn timestamp(time: &str) -> Option<typst_pdf::Timestamp> {
    let time = utc(time)?;
    let part = |number: i8| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        i32::from(time.year()),
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
    )
    .map(typst_pdf::Timestamp::new_utc)
}

#[cfg(test)]
mod tests {
    use super::pdf_date;

    #[test]
    fn an_iso_time_becomes_a_pdf_date_in_utc() {
        let check = |time: &str, expect: Option<&str>| {
            assert_eq!(pdf_date(time).as_deref(), expect, "{time}");
        };
        check("2026-11-21T18:00:05+08:00", Some("D:20261121100005Z"));
        check("2026-11-21T10:00:00Z", Some("D:20261121100000Z"));
        check("2026-11-21T10:00:00.123456Z", Some("D:20261121100000Z"));
        check("2026-11-21T10:00", Some("D:20261121100000Z"));
        check("2026-11-21", Some("D:20261121000000Z"));
        check("", None);
        check("yesterday", None);
    }
}
