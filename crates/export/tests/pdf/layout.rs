//! What is on the pages: text, legend, index, bookmarks, metadata, fonts.

use crate::read::{annotations, bookmarks, check_and_read, load, tool, whole_paragraphs};
use crate::{export, fonts, options, report, tag_words, tags};
use anjuan_export::{Document, ExportError, FontError, Fonts, Labels, Options, annotated_pdf};
use anjuan_text::BlockKind::{Byline, Caption, Heading, List, Paragraph, Table, Title};
use anjuan_text::{Block, CharRange, Script};
use lopdf::{Object, decode_text_string};

fn whole() -> Document {
    let mut document = report(&[
        (Title, "凝聚侨心　服务大局——云溪市侨联2021年工作总结"),
        (Byline, "2021-02-04 15:15"),
        (Byline, "来源：云溪侨网　编辑：周航"),
        (Paragraph, "2021年，云溪市侨联在市委领导下，围绕中心、服务大局，各项工作取得新成效。"),
        (Heading, "一、强化政治引领"),
        (Paragraph, "召开党组（扩大）会议12次，学习《中华人民共和国归侨侨眷权益保护法》。"),
        (Caption, "图一：市侨联召开学习会（2021年3月）"),
        (Heading, "二、汇聚侨心侨力"),
        (List, "1.走访侨眷460户次；"),
        (List, "2.调处涉侨纠纷11件。"),
        (Table, "项目\t数量"),
        (Table, "侨胞之家\t9个"),
    ]);
    document.place = Some("江东省云溪市".to_owned());
    document.organisation = Some("云溪市侨联".to_owned());
    document.authors = vec!["林一舟".to_owned()];
    tag_words(&mut document, "服务大局，各项工作", &[2], "常用语");
    tag_words(&mut document, "走访侨眷460户次", &[3, 1], "");
    document
}

/// Writes a PDF and reads its pages with independent programs.
fn pages_of(bytes: &[u8]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, bytes).unwrap();
    check_and_read(&path)
}

#[test]
fn a_whole_report_reads_in_order_with_legend_and_index_behind() {
    let Some(fonts) = fonts() else { return };
    let pdf = export(fonts, &[whole()]);
    assert_eq!(pdf.missing, Vec::<char>::new());
    assert_eq!(pdf.conformance, anjuan_export::Conformance::ArchivalAccessible);
    let Some(pages) = pages_of(&pdf.bytes) else { return };
    insta::assert_snapshot!(pages.join("\n--- page ---\n"));
}

#[test]
fn headings_become_bookmarks_below_the_title() {
    let Some(fonts) = fonts() else { return };
    let found = bookmarks(&load(&export(fonts, &[whole()]).bytes));
    let expect = [
        (0, "凝聚侨心　服务大局——云溪市侨联2021年工作总结"),
        (1, "一、强化政治引领"),
        (1, "二、汇聚侨心侨力"),
        (0, "图例"),
        (0, "段落索引"),
    ];
    assert_eq!(found, expect.map(|(depth, title)| (depth, title.to_owned())));
}

#[test]
fn metadata_language_and_dates_are_in_the_file() {
    let Some(fonts) = fonts() else { return };
    let file = load(&export(fonts, &[whole()]).bytes);
    let info = file.trailer.get_deref(b"Info", &file).and_then(Object::as_dict).unwrap();
    let text = |key: &[u8]| info.get(key).and_then(decode_text_string).unwrap();
    assert_eq!(text(b"Title"), "凝聚侨心　服务大局——云溪市侨联2021年工作总结");
    assert_eq!(text(b"Author"), "林一舟");
    assert_eq!(text(b"Creator"), "Anjuan");
    assert_eq!(text(b"Keywords"), "脱贫攻坚, 党建, 侨商");
    assert!(text(b"CreationDate").starts_with("D:20261121100000"));
    let language = file.catalog().and_then(|c| decode_text_string(c.get(b"Lang")?)).unwrap();
    assert_eq!(language, "zh-CN");
}

#[test]
fn every_font_is_an_embedded_subset() {
    let Some(fonts) = fonts() else { return };
    let pdf = export(fonts, &[whole()]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Some(listed) = tool("pdffonts", &[path.to_str().unwrap()]) else { return };
    let faces: Vec<&str> = listed.lines().skip(2).collect();
    assert!(!faces.is_empty());
    for face in faces {
        // Columns from the right: emb sub uni, object number, generation.
        let columns: Vec<&str> = face.split_whitespace().rev().skip(2).take(3).collect();
        assert_eq!(columns, ["yes"; 3], "{face}");
    }
    // 283 KB of fonts were measured for a report of 5,000 characters.
    assert!(pdf.bytes.len() < 300_000, "{} bytes", pdf.bytes.len());
}

#[test]
fn several_reports_are_bound_each_in_its_own_script() {
    let Some(fonts) = fonts() else { return };
    let mut traditional = report(&[
        (Title, "海東市僑聯二〇二一年工作總結"),
        (Paragraph, "全年走訪僑眷三百戶次，協助企業復工復產。"),
    ]);
    traditional.script = Some(Script::Hant);
    tag_words(&mut traditional, "復工復產", &[3], "");
    let untitled =
        Document { text: "没有标题的一份材料。".to_owned(), ..Document::default() };
    let pdf = export(fonts, &[whole(), traditional, untitled]);
    let file = load(&pdf.bytes);
    let titles: Vec<String> =
        bookmarks(&file).into_iter().filter(|(d, _)| *d == 0).map(|(_, t)| t).collect();
    assert_eq!(titles[1..3], ["海東市僑聯二〇二一年工作總結", "无标题报告"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Some(pages) = check_and_read(&path) else { return };
    assert_eq!(pages.len(), 4, "each report begins a page, legend and index follow");
    assert!(pages[1].contains("協助企業復工復產") && pages[2].contains("没有标题"));
    let Some(faces) = tool("pdffonts", &[path.to_str().unwrap()]) else { return };
    assert!(faces.contains("NotoSerifCJKtc") && faces.contains("NotoSerifCJKsc"), "{faces}");
}

#[test]
fn entries_of_the_index_lead_to_their_page() {
    let Some(fonts) = fonts() else { return };
    let mut document = whole();
    // The second passage stands behind a page of filling.
    let filling = "云溪市侨联积极联系海外侨团，推动经贸合作。".repeat(120);
    document.text.push('\n');
    document.text.push_str(&filling);
    document.text.push_str("最后一句");
    tag_words(&mut document, "最后一句", &[0], "");
    let file = load(&export(fonts, &[document]).bytes);
    let pages = file.get_pages();
    let mut targets = Vec::new();
    for id in pages.values() {
        for link in annotations(&file, *id) {
            if link.get(b"Subtype").and_then(Object::as_name).unwrap() != b"Link" {
                continue;
            }
            let destination = link
                .get_deref(b"Dest", &file)
                .or_else(|_| link.get_deref(b"A", &file)?.as_dict()?.get_deref(b"D", &file));
            let page = destination.and_then(Object::as_array).unwrap()[0].as_reference().unwrap();
            targets.push(*pages.iter().find(|(_, id)| **id == page).unwrap().0);
        }
    }
    assert_eq!(targets, [1, 1, 3]);
}

#[test]
fn legend_and_index_can_be_left_out_and_speak_english() {
    let Some(fonts) = fonts() else { return };
    let bare = Options { legend: false, index: false, ..options() };
    let pdf = annotated_pdf(fonts, &[whole()], &tags(), &bare).unwrap();
    assert_eq!((pdf.pages, pdf.highlights), (1, 2));
    let english = Options { labels: Labels::of("en"), language: "en".to_owned(), ..options() };
    let pdf = annotated_pdf(fonts, &[whole()], &tags(), &english).unwrap();
    let titles: Vec<String> =
        bookmarks(&load(&pdf.bytes)).into_iter().map(|(_, title)| title).collect();
    assert_eq!(titles[3..], ["Legend", "Index of passages"]);
    // Nothing tagged: nothing to explain.
    let plain = report(&[(Title, "题"), (Paragraph, "文")]);
    assert_eq!(export(fonts, &[plain]).pages, 1);
}

#[test]
fn text_that_no_block_covers_is_printed_and_odd_blocks_do_no_harm() {
    let Some(fonts) = fonts() else { return };
    let mut document = Document {
        text: "开头没有块\n一、标题\n正文甲。\n\n正文乙。".to_owned(),
        ..Document::default()
    };
    let block = |kind, level, start, end| Block { kind, level, range: CharRange::new(start, end) };
    document.blocks = vec![
        block(Heading, Some(9), 6, 10),
        block(Paragraph, None, 8, 15), // overlaps the heading
        block(Title, None, 500, 600),  // outside
        block(Paragraph, None, 3, 3),  // empty
    ];
    let pdf = export(fonts, &[document.clone()]);
    let Some(pages) = pages_of(&pdf.bytes) else { return };
    let lines: Vec<&str> = document.text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(whole_paragraphs(&pages, &lines), lines.len(), "{pages:?}");
}

#[test]
fn the_same_input_gives_the_same_file() {
    let Some(fonts) = fonts() else { return };
    assert!(export(fonts, &[whole()]).bytes == export(fonts, &[whole()]).bytes);
}

#[test]
fn errors_say_what_is_missing() {
    let nowhere = Fonts::in_folders(&["/no/such/folder".into()]);
    assert!(matches!(nowhere, Err(FontError::None(folders)) if folders.len() == 1));
    let unreadable = Fonts::from_files(["/no/such/font.ttc".into()]);
    assert!(matches!(unreadable, Err(FontError::Unreadable { .. })));
    let Some(fonts) = fonts() else { return };
    let nothing = annotated_pdf(fonts, &[], &[], &Options::default());
    assert!(matches!(nothing, Err(ExportError::Nothing)));
}
