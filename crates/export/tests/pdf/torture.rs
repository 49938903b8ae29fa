//! Texts that look like markup, have odd characters or are very long.

use crate::read::{check_and_read, highlights, load, whole_paragraphs, without_space};
use crate::{export, fonts, report, tag, tag_words};
use anjuan_export::Document;
use anjuan_text::BlockKind::{Paragraph, Title};
use anjuan_text::CharRange;
use proptest::prelude::*;

/// Exports and asserts that the lines come back whole, whatever they are made of.
fn comes_back(lines: &[&str]) {
    let Some(fonts) = fonts() else { return };
    let blocks: Vec<_> = lines.iter().map(|line| (Paragraph, *line)).collect();
    let mut document = report(&blocks);
    let length = document.text.chars().count() as u32;
    tag(&mut document, 0, length, &[0], "");
    let pdf = export(fonts, &[document]);
    assert_eq!(pdf.missing, Vec::<char>::new());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Some(pages) = check_and_read(&path) else { return };
    assert_eq!(whole_paragraphs(&pages, lines), lines.len());
}

#[test]
fn what_looks_like_markup_is_text() {
    comes_back(&[
        "= 不是标题 == 也不是",
        "- 不是列表 + 不是编号 / 不是: 术语",
        "1. 不是编号 12. 也不是",
        "#let x = 1 #[块] #\"文\" #{代码} $x^2$ `原文` ```块```",
        "*不粗* _不斜_ <标签> @引用 ~不换行~ \\u{4e00} \\反斜",
        "-- --- ... -? \"双\" '单' “双” ‘单’ // 注释 /* 注释 */",
        "https://www.example.org/a_b/c?d=e&f=%E4%BE%A8#g http://例.中国/路径",
        "《法规》〈章〉「引」『内』【括】〔注〕（全角）——……·、，。；：？！％",
        "第１２３号　全角空格　之间",
        "百分之 50%，$100，A&B，C|D，E^F，{G}，[H]",
    ]);
}

#[test]
fn rare_and_traditional_characters_are_set() {
    comes_back(&[
        "𠮷田先生與𡃁仔，㐀字，囍，龘，〇，々，ㄅㄆㄇ，Ａｂｃ",
        "臺灣、香港、澳門僑界人士與衡陽市僑聯座談，聽取關於《歸僑僑眷權益保護法》的意見。",
        "ΑΒΓ αβγ Привет ①②③ Ⅳ ℃ ㎡ № → ★ ■ ½",
    ]);
}

#[test]
fn a_long_word_stays_on_the_page() {
    let long = "x".repeat(300);
    let url = format!("见https://example.org/{}。", "abcdefghij0123456789".repeat(12));
    comes_back(&[&long, &url]);
    let Some(fonts) = fonts() else { return };
    let mut document = report(&[(Paragraph, &long), (Paragraph, &url)]);
    tag(&mut document, 0, 600, &[0], "");
    for listed in highlights(&load(&export(fonts, &[document]).bytes)) {
        for [left, bottom, right, top] in listed.quads {
            assert!(left > 80.0 && right < 515.0 && bottom > 60.0 && top < 780.0);
        }
    }
}

#[test]
fn a_character_without_a_glyph_is_shown_by_its_number_and_reported() {
    let Some(fonts) = fonts() else { return };
    let mut document =
        report(&[(Title, "缺字\u{20000}"), (Paragraph, "甲\u{20000}乙\u{E5E5}丙丁😀戊")]);
    tag_words(&mut document, "\u{20000}乙", &[0], "备忘里的\u{2A6D6}字");
    tag_words(&mut document, "\u{E5E5}", &[1], "");
    let pdf = export(fonts, &[document]);
    assert!(pdf.missing.starts_with(&['\u{E5E5}']) && pdf.missing.contains(&'\u{20000}'));
    assert!(pdf.missing.contains(&'\u{2A6D6}') || fonts.missing("\u{2A6D6}").is_empty());
    assert_eq!((pdf.highlights, pdf.unplaced.len()), (2, 0));
    assert_eq!(pdf.conformance, anjuan_export::Conformance::ArchivalAccessible);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Some(pages) = check_and_read(&path) else { return };
    let text = without_space(&pages.concat());
    assert!(text.contains("甲[U+20000]乙[U+E5E5]丙丁"), "{text}");
    assert!(text.starts_with("缺字[U+20000]"), "{text}");
}

#[test]
fn invisible_characters_do_not_disturb() {
    let Some(fonts) = fonts() else { return };
    let text = "甲\u{202e}乙\u{feff}丙\u{200b}丁\u{0}戊\u{7f}己\u{ad}庚\u{fe0f}辛 \t  壬\u{a0}癸";
    let mut document = Document { text: text.to_owned(), ..Document::default() };
    tag_words(&mut document, "丙\u{200b}丁\u{0}戊", &[0], "控制\u{1}字符");
    tag_words(&mut document, "癸", &[1], "");
    let pdf = export(fonts, &[document]);
    assert_eq!((pdf.highlights, &pdf.missing[..]), (2, &[][..]));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Some(pages) = check_and_read(&path) else { return };
    assert!(without_space(&pages[0]).contains("甲乙丙丁戊己庚\u{fe0f}辛壬癸"), "{}", pages[0]);
}

#[test]
fn sixty_passages_of_a_paragraph_of_sixty_thousand_characters_are_all_placed() {
    let Some(fonts) = fonts() else { return };
    // No ASCII punctuation, so that nothing but the export itself divides the text.
    let text: String =
        "云溪市侨联围绕中心服务大局，凝聚侨心汇集侨力，".chars().cycle().take(60_000).collect();
    let mut document = report(&[(Paragraph, &text)]);
    for count in 0..60 {
        tag(&mut document, count * 1000 + 7, count * 1000 + 27, &[0], "");
    }
    let started = std::time::Instant::now();
    let pdf = export(fonts, &[document.clone()]);
    eprintln!("60,000 characters in one paragraph: {:?}, {} pages", started.elapsed(), pdf.pages);
    assert_eq!(pdf.unplaced, []);
    let listed = highlights(&load(&pdf.bytes));
    for passage in &document.passages {
        let of = format!("anjuan-{}-", passage.id);
        let width: f64 = listed
            .iter()
            .filter(|l| l.name.starts_with(&of))
            .flat_map(|l| &l.quads)
            .map(|q| q[2] - q[0])
            .sum();
        // Twenty characters of 11 points, of which commas may be squeezed to a half.
        assert!((195.0..=230.0).contains(&width), "{}: {width} points wide", passage.id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_passage_with_a_visible_character_is_placed(
        text in "[一二三侨聯、。“”《》 \\t\nA-z0-9#$*_=\\-./\\\\\u{200b}\u{20000}\u{301}é😀]{1,120}",
        start in 0_u32..120,
        length in 1_u32..40,
    ) {
        let Some(fonts) = fonts() else { return Ok(()) };
        let mut document = Document { text: text.clone(), ..Document::default() };
        tag(&mut document, start, start + length, &[0], "");
        let pdf = export(fonts, &[document]);
        let range = CharRange::new(start, start + length);
        let inside = text.chars().skip(start as usize).take(range.len() as usize);
        // A lone accent may have no width of its own.
        let visible = inside.clone().any(|c| !c.is_whitespace() && !"\u{200b}\u{301}".contains(c));
        if visible {
            prop_assert_eq!(pdf.unplaced.len(), 0, "{:?} of {:?}", range, text);
        }
        prop_assert_eq!(pdf.highlights as usize, highlights(&load(&pdf.bytes)).len());
    }
}
