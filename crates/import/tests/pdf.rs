//! PDFs written by hand: what lines, columns, pages and fonts do to a text, and what damage does.

mod material;

use anjuan_import::pdf::{self, RecognisedPage, Word, WordLine, boxes};
use anjuan_import::{Format, ImportError, Imported, Options, Source, import, import_with};
use anjuan_text::{BlockKind, FurnitureReason, OffsetMap, ProblemCode, ReportText};
use material::assert_shape;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A font that is not embedded and whose codes are UTF-16.
const SONG: &str = "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H\
    /DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light\
    /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>]>>";

/// Pages being written.
#[derive(Default)]
struct Sheet(String);

impl Sheet {
    /// Text at a place, in a size.
    fn text(mut self, x: f32, y: f32, size: f32, text: &str) -> Self {
        let codes: String = text.encode_utf16().fold(String::new(), |mut out, unit| {
            let _ = write!(out, "{unit:04X}");
            out
        });
        let _ = writeln!(self.0, "BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET");
        self
    }

    fn raw(mut self, operators: &str) -> Self {
        self.0.push_str(operators);
        self.0.push('\n');
        self
    }

    /// Lines below each other, 20 points apart.
    fn lines(self, x: f32, y: f32, size: f32, lines: &[&str]) -> Self {
        let mut sheet = self;
        for (at, line) in lines.iter().enumerate() {
            sheet = sheet.text(x, y - 20.0 * at as f32, size, line);
        }
        sheet
    }
}

/// A document of pages with this font, a picture `/I`, and more objects.
fn document(pages: Vec<Sheet>, font: &str) -> Vec<u8> {
    let picture = "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8\
        /ColorSpace/DeviceGray/Length 1>>\nstream\n\u{1}\nendstream";
    let kids: String = (0..pages.len()).fold(String::new(), |mut out, n| {
        let _ = write!(out, "{} 0 R ", 5 + 2 * n);
        out
    });
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()),
        font.to_owned(),
        picture.to_owned(),
    ];
    for (n, Sheet(content)) in pages.into_iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R\
             /Resources<</Font<</F1 3 0 R>>/XObject<</I 4 0 R>>>>>>",
            6 + 2 * n
        ));
        objects.push(format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()));
    }
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", n + 1).as_bytes());
    }
    let start = out.len();
    let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in places {
        let _ = writeln!(end, "{place:010} 00000 n ");
    }
    let _ = write!(
        end,
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend_from_slice(end.as_bytes());
    out
}

fn read(bytes: &[u8]) -> ReportText {
    let Imported { report, format, .. } =
        import(Source { name: "a.pdf", bytes }).expect("a document");
    assert_eq!(format, Format::Pdf);
    assert_shape(&report, "a.pdf");
    report
}

fn blocks(report: &ReportText) -> Vec<(BlockKind, String)> {
    let map = OffsetMap::new(&report.text);
    report.blocks.iter().map(|b| (b.kind, map.slice(b.range).to_owned())).collect()
}

fn texts(report: &ReportText) -> Vec<String> {
    blocks(report).into_iter().map(|(_, text)| text).collect()
}

fn codes(report: &ReportText) -> Vec<ProblemCode> {
    report.problems.iter().map(|p| p.code).collect()
}

/// Lines of sixteen characters, the width of a column at 16 points from 60.
const FULL: [&str; 4] = [
    "五年来云溪市侨联坚持凝聚侨心汇集",
    "侨智发挥侨力维护侨益各项工作迈上",
    "了新的台阶全市归侨侨眷和海外侨胞",
    "为经济社会发展作出了积极的贡献。",
];

/// The paragraph of these lines that speaks of so many years: no two are the same.
fn paragraph(years: usize) -> String {
    let number = ["一", "二", "三", "四", "五", "六", "七", "八", "九"][years - 1];
    FULL.concat().replacen('五', number, 1)
}

fn body(sheet: Sheet, x: f32, y: f32) -> Sheet {
    body_of(sheet, x, y, 5)
}

/// A paragraph whose first line is drawn in by two characters.
fn body_of(sheet: Sheet, x: f32, y: f32, years: usize) -> Sheet {
    let all: Vec<char> = paragraph(years).chars().collect();
    let (first, rest) = all.split_at(14);
    let mut sheet = sheet.text(x + 32.0, y, 16.0, &first.iter().collect::<String>());
    for (at, line) in rest.chunks(16).enumerate() {
        let line: String = line.iter().collect();
        sheet = sheet.text(x, y - 24.0 * (at + 1) as f32, 16.0, &line);
    }
    sheet
}

#[test]
fn title_heading_paragraphs_and_margins() {
    let pages = (1..=3_usize)
        .map(|n| {
            let sheet = Sheet::default().text(220.0, 800.0, 9.0, "云溪市人民政府公报").text(
                280.0,
                40.0,
                9.0,
                &format!("— {n} —"),
            );
            let sheet = if n == 1 {
                sheet.text(120.0, 740.0, 24.0, "云溪市侨联五年工作综述").text(
                    92.0,
                    690.0,
                    16.0,
                    "一、工作回顾",
                )
            } else {
                sheet
            };
            body_of(body_of(sheet, 60.0, 650.0, 2 * n - 1), 60.0, 530.0, 2 * n)
        })
        .collect();
    let report = read(&document(pages, SONG));
    assert_eq!(report.metadata.title.as_deref(), Some("云溪市侨联五年工作综述"));
    let found = blocks(&report);
    assert_eq!(found[0], (BlockKind::Title, "云溪市侨联五年工作综述".to_owned()));
    assert_eq!(found[1], (BlockKind::Heading, "一、工作回顾".to_owned()));
    let paragraphs: Vec<_> = (1..=6).map(|n| (BlockKind::Paragraph, paragraph(n))).collect();
    assert_eq!(found[2..], paragraphs);
    let aside = |reason| report.furniture.iter().filter(move |f| f.reason == reason).count();
    assert_eq!((aside(FurnitureReason::RunningHead), aside(FurnitureReason::PageNumber)), (3, 3));
}

#[test]
fn a_paragraph_over_two_pages_and_two_columns_is_one() {
    let narrow = |from: usize| -> Vec<String> {
        let all: Vec<char> = FULL.concat().repeat(4).chars().collect();
        all.chunks(14).skip(from).take(8).map(|c| c.iter().collect()).collect()
    };
    let column = |sheet: Sheet, x: f32, from: usize| {
        let lines = narrow(from);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        sheet.lines(x, 600.0, 16.0, &lines)
    };
    // The file draws both columns line by line, as some programs do.
    let (left, right) = (narrow(0), narrow(8));
    let mut mixed = Sheet::default().text(200.0, 700.0, 22.0, "云溪市侨联工作综述");
    for at in 0..8 {
        let y = 600.0 - 20.0 * at as f32;
        mixed = mixed.text(40.0, y, 16.0, &left[at]).text(310.0, y, 16.0, &right[at]);
    }
    let whole: String = narrow(0).concat() + &narrow(8).concat();
    let report = read(&document(vec![mixed], SONG));
    assert_eq!(texts(&report)[1..].concat(), whole, "{:?}", texts(&report));
    let pages = vec![column(Sheet::default(), 40.0, 0), column(Sheet::default(), 40.0, 8)];
    let report = read(&document(pages, SONG));
    assert_eq!(texts(&report).concat(), whole);
}

#[test]
fn spaces_stand_where_the_eye_sees_them() {
    // Han set apart by half a size, words of letters by a quarter.
    let spread = "BT /F1 16 Tf 1 0 0 1 60 700 Tm [<901A> -500 <77E5> -500 <4E66>] TJ ET";
    let words =
        "BT /F1 16 Tf 1 0 0 1 60 660 Tm [<0047> 500 <0044> 500 <0050> 200 <0041> 500 <0042>] TJ ET";
    let report = read(&document(vec![Sheet::default().raw(spread).raw(words)], SONG));
    let found = texts(&report);
    assert_eq!(found[0], "通知书");
    assert_eq!(found[1].replace(' ', ""), "GDPAB");
}

#[test]
fn a_character_struck_twice_is_one() {
    let sheet = Sheet::default()
        .text(60.0, 700.0, 16.0, "知识库建设")
        .text(60.3, 700.0, 16.0, "知识库建设")
        .text(60.0, 700.3, 16.0, "知识库建设")
        .text(60.0, 660.0, 16.0, "谢谢谢谢各位代表");
    let report = read(&document(vec![sheet], SONG));
    assert_eq!(texts(&report), ["知识库建设", "谢谢谢谢各位代表"]);
}

#[test]
fn vertical_text_is_read_from_right_to_left() {
    let font = SONG.replace("UTF16-H", "UTF16-V");
    let sheet = Sheet::default()
        .text(500.0, 760.0, 20.0, "云溪市侨联工作综述第一行文字甲乙")
        .text(470.0, 760.0, 20.0, "丙丁戊己庚辛壬癸子丑寅卯辰巳午未")
        .text(440.0, 760.0, 20.0, "申酉戌亥。");
    let report = read(&document(vec![sheet], &font));
    assert_eq!(
        texts(&report).concat(),
        "云溪市侨联工作综述第一行文字甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥。"
    );
}

#[test]
fn a_table_is_rows() {
    let mut sheet = Sheet::default().text(60.0, 740.0, 22.0, "主要指标");
    for y in [700, 670, 640, 610] {
        sheet = sheet.raw(&format!("60 {y} m 460 {y} l S"));
    }
    for x in [60, 260, 460] {
        sheet = sheet.raw(&format!("{x} 610 m {x} 700 l S"));
    }
    let sheet = sheet
        .text(70.0, 680.0, 14.0, "指标")
        .text(270.0, 680.0, 14.0, "数额")
        .text(70.0, 650.0, 14.0, "地区生产总值")
        .text(270.0, 650.0, 14.0, "415亿元")
        .text(70.0, 620.0, 14.0, "财政收入")
        .text(270.0, 620.0, 14.0, "26亿元");
    let report = read(&document(vec![sheet], SONG));
    let rows: Vec<String> = blocks(&report)
        .into_iter()
        .filter(|(k, _)| *k == BlockKind::Table)
        .map(|(_, t)| t)
        .collect();
    assert_eq!(rows, ["指标 数额", "地区生产总值 415亿元", "财政收入 26亿元"]);
}

#[test]
fn latin_letters_that_are_gbk_are_decoded() {
    let font = "<</Type/Font/Subtype/TrueType/BaseFont/SimSun/Encoding/WinAnsiEncoding\
        /FirstChar 0/LastChar 255/Widths[500]>>";
    let (bytes, ..) = encoding_rs::GBK.encode("云溪市政府工作报告2020年");
    let gbk = bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02X}");
        out
    });
    let sheet = Sheet::default().raw(&format!("BT /F1 16 Tf 60 700 Td <{gbk}> Tj ET"));
    let report = read(&document(vec![sheet], font));
    assert_eq!(report.text.replace(' ', ""), "云溪市政府工作报告2020年");
    assert!(codes(&report).contains(&ProblemCode::Mojibake));
}

#[test]
fn codes_of_a_collection_are_told_and_unknown_ones_said() {
    // 中国 in Adobe-GB1 are the numbers 4559 and 1893 or thereabouts: told by the collection.
    let font = SONG.replace("UniGB-UTF16-H", "Identity-H");
    let sheet = Sheet::default().raw("BT /F1 16 Tf 60 700 Td <11CF 0765> Tj ET");
    let report = read(&document(vec![sheet], &font));
    assert_eq!(
        report.text.chars().filter(|&c| anjuan_text::is_han(c)).count(),
        2,
        "{}",
        report.text
    );
    let font = font.replace("(GB1)", "(Identity)");
    let sheet = Sheet::default().raw("BT /F1 16 Tf 60 700 Td <11CF 0765> Tj ET");
    let report = read(&document(vec![sheet], &font));
    assert!(codes(&report).contains(&ProblemCode::CharactersUnmapped), "{:?}", report.problems);
}

#[test]
fn scans_are_reports_that_say_so() {
    let scan = || Sheet::default().raw("q 595 0 0 842 0 0 cm /I Do Q");
    let bytes = document(vec![scan(), scan()], SONG);
    let report =
        import(Source { name: "云溪市侨联工作总结.pdf", bytes: &bytes }).expect("a scan").report;
    assert_eq!(report.text, "");
    assert_eq!(report.metadata.title.as_deref(), Some("云溪市侨联工作总结"));
    assert!(codes(&report).contains(&ProblemCode::NoTextLayer));
    let mixed = document(vec![body(Sheet::default(), 60.0, 700.0), scan(), scan()], SONG);
    let report = read(&mixed);
    let said = report.problems.iter().find(|p| p.code == ProblemCode::NoTextLayer).expect("said");
    assert_eq!(said.message, "Pages without a text layer: 2, 3.");
    assert_eq!(pdf::scans(&mixed, &Options::default()).expect("scans").pages, [1, 2]);
    // An unseen layer over the picture is the text.
    let layer =
        document(vec![scan().raw("3 Tr").raw(&body(Sheet::default(), 60.0, 700.0).0)], SONG);
    let report = read(&layer);
    assert_eq!(report.text, FULL.concat());
    assert!(codes(&report).contains(&ProblemCode::Recognised));
}

#[test]
fn hidden_text_is_set_aside() {
    let sheet =
        body(Sheet::default(), 60.0, 700.0).raw("3 Tr").text(60.0, 500.0, 16.0, "看不见的文字");
    let report = read(&document(vec![sheet], SONG));
    assert_eq!(report.text, FULL.concat());
    assert!(
        report
            .furniture
            .iter()
            .any(|f| f.reason == FurnitureReason::Hidden && f.text == "看不见的文字")
    );
}

#[test]
fn every_character_has_its_box() {
    let bytes = document(
        vec![body(Sheet::default(), 60.0, 700.0), body_of(Sheet::default(), 60.0, 700.0, 6)],
        SONG,
    );
    let mut report = read(&bytes);
    let places = boxes(&bytes, &Options::default(), &report).expect("boxes");
    assert_eq!(places.pages, 2);
    // The fourth character of the second line stands 48 points from the left, 24 below the first.
    let at = 14 + 3;
    let place = places.chars[at].expect("a box");
    let ((left, _), (right, _)) = (place.quad[0], place.quad[1]);
    assert!((left - 108.0).abs() < 0.1 && (right - 124.0).abs() < 0.1, "{place:?}");
    assert!(place.quad[0].1 < 676.0 && place.quad[2].1 > 676.0 + 10.0, "{place:?}");
    let pages: Vec<u32> = places.chars.iter().flatten().map(|b| b.page).collect();
    assert!(pages.is_sorted() && pages.last() == Some(&1));
    // A text that was edited keeps the boxes of what stayed.
    report.text = report.text.replacen("坚持", "始终坚持", 1);
    let edited = boxes(&bytes, &Options::default(), &report).expect("boxes");
    let missing = report.text.chars().zip(&edited.chars).filter(|(c, b)| *c != '\n' && b.is_none());
    assert_eq!(missing.map(|(c, _)| c).collect::<String>(), "始终");
}

#[test]
fn recognised_words_become_a_report() {
    let scan = Sheet::default().raw("q 595 0 0 842 0 0 cm /I Do Q");
    let bytes = document(vec![scan], SONG);
    let line = |top: f32, size: f32, left: f32, words: &[(&str, f32)]| {
        let mut x = left;
        let words: Vec<Word> = words
            .iter()
            .map(|&(text, confidence)| {
                let width = size * text.chars().count() as f32;
                let area = [x + 2.0, top, x + width - 2.0, top + size];
                x += width;
                Word { text: text.to_owned(), confidence, area }
            })
            .collect();
        WordLine { area: [left, top, x, top + size], words }
    };
    let page = RecognisedPage {
        width: 2480,
        height: 3508,
        lines: vec![
            line(300.0, 90.0, 700.0, &[("云溪市侨联", 96.0), ("工作总结", 95.0)]),
            line(
                520.0,
                50.0,
                400.0,
                &[
                    ("五年来", 96.0),
                    ("云溪市侨联", 95.0),
                    ("坚持凝聚侨心，汇集侨智，发挥侨力，", 93.0),
                ],
            ),
            line(
                600.0,
                50.0,
                300.0,
                &[
                    ("维护侨益，各项工作迈上了新的", 94.0),
                    ("合阶", 31.0),
                    ("，全市归侨侨眷共享", 90.0),
                ],
            ),
            line(680.0, 50.0, 300.0, &[("发展成果。", 92.0)]),
        ],
    };
    let pages: BTreeMap<u32, RecognisedPage> = [(0, page)].into();
    let source = Source { name: "a.pdf", bytes: &bytes };
    let read =
        pdf::recognised(source, &Options::default(), &pages, "tesseract 5.3.0").expect("a report");
    let report = read.report;
    assert_shape(&report, "recognised");
    assert_eq!(
        texts(&report),
        [
            "云溪市侨联工作总结",
            "五年来云溪市侨联坚持凝聚侨心，汇集侨智，发挥侨力，维护侨益，各项工作迈上了新的合阶，全市归侨侨眷共享发展成果。"
        ]
    );
    assert_eq!(report.metadata.title.as_deref(), Some("云溪市侨联工作总结"));
    let told = report.recognition.as_ref().expect("marked");
    assert_eq!((told.program.as_str(), told.pages, told.of), ("tesseract 5.3.0", 1, 1));
    assert!((85..=95).contains(&told.confidence), "{told:?}");
    let codes = codes(&report);
    assert!(codes.contains(&ProblemCode::Recognised) && !codes.contains(&ProblemCode::NoTextLayer));
    let unsure =
        report.problems.iter().find(|p| p.code == ProblemCode::RecognitionUncertain).expect("told");
    assert_eq!(OffsetMap::new(&report.text).slice(unsure.range.expect("a place")), "合阶");
}

#[test]
fn damage_gives_what_is_left_or_says_so() {
    let bytes = document(
        vec![body(Sheet::default(), 60.0, 700.0), body_of(Sheet::default(), 60.0, 700.0, 6)],
        SONG,
    );
    let end = bytes.windows(5).rposition(|w| w == b"xref\n").expect("a table");
    let cut = read(&bytes[..end]);
    assert_eq!(texts(&cut), [paragraph(5), paragraph(6)]);
    assert!(codes(&cut).contains(&ProblemCode::Truncated));
    let damaged = |bytes: &[u8]| import(Source { name: "a.pdf", bytes });
    assert!(matches!(
        damaged(b"%PDF-1.7\nnothing of a document"),
        Err(ImportError::Damaged { .. })
    ));
    assert!(matches!(damaged(&bytes[..60]), Err(ImportError::Damaged { .. })));
}

#[test]
fn work_can_be_broken_off() {
    let bytes = document(vec![body(Sheet::default(), 60.0, 700.0)], SONG);
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let options = Options { cancel: Some(&cancel), ..Options::default() };
    let broken = import_with(Source { name: "a.pdf", bytes: &bytes }, &options);
    assert_eq!(broken.err(), Some(ImportError::Cancelled));
}

/// The whole number that this nearly is.
fn whole(number: f32) -> usize {
    (0..100_u8).find(|&n| (f32::from(n) - number).abs() < 0.5).expect("a small number").into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_does_harm(
        changes in prop::collection::vec((0_usize..4000, any::<u8>()), 1..30),
        cut in 0_usize..4000,
    ) {
        let sheet = body(Sheet::default().raw("q 200 0 0 200 0 0 cm /I Do Q"), 60.0, 700.0);
        let mut bytes = document(vec![sheet, body(Sheet::default(), 60.0, 700.0)], SONG);
        for (at, byte) in changes {
            let len = bytes.len();
            bytes[at % len] = byte;
        }
        if cut < bytes.len() {
            bytes.truncate(bytes.len() - cut / 8);
        }
        if let Ok(imported) = import(Source { name: "a.pdf", bytes: &bytes }) {
            assert_shape(&imported.report, "damaged");
            if imported.format == Format::Pdf {
                let places = boxes(&bytes, &Options::default(), &imported.report).expect("boxes");
                prop_assert_eq!(places.chars.len(), imported.report.text.chars().count());
            }
        }
    }

    #[test]
    fn chance_does_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut file = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_vec();
        file.extend(bytes);
        let _ = import(Source { name: "a.pdf", bytes: &file });
    }

    #[test]
    fn boxes_line_up_with_characters(lines in prop::collection::vec("[\u{4e00}-\u{4e40}a-z0-9，。 ]{1,24}", 1..12)) {
        let mut sheet = Sheet::default();
        for (at, line) in lines.iter().enumerate() {
            sheet = sheet.text(60.0, 780.0 - 24.0 * at as f32, 14.0, line);
        }
        let bytes = document(vec![sheet], SONG);
        let report = read(&bytes);
        let places = boxes(&bytes, &Options::default(), &report).expect("boxes");
        for (c, place) in report.text.chars().zip(&places.chars) {
            let Some(place) = place else {
                prop_assert!(c.is_whitespace(), "{} has no box", c);
                continue;
            };
            // The line that stands at this height has this character at this place.
            let row = whole((780.0 - (place.quad[0].1 + 0.14 * 14.0)) / 24.0);
            let column = whole((place.quad[0].0 - 60.0) / 14.0);
            prop_assert_eq!(lines[row].chars().nth(column), Some(c));
        }
    }
}
