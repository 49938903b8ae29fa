//! The highlights: where they are, what they say, how they are drawn.

use crate::read::{annotations, check_and_read, highlights, load, text_in, tool, without_space};
use crate::{export, fonts, options, report, tag, tag_words, tags};
use anjuan_export::annotated_pdf;
use anjuan_text::BlockKind::{Byline, Heading, Paragraph, Title};
use anjuan_text::CharRange;
use lopdf::Object;
use std::collections::BTreeSet;

const OPENING: &str = "今年以来，云溪市侨联围绕“地方侨联＋大学侨联＋校友会”的工作机制，组织侨界人士捐赠口罩120,000只、\
    防护服3,600套，协助37家侨资企业复工复产，受到市委、市政府的肯定。";

fn small() -> anjuan_export::Document {
    report(&[
        (Title, "云溪市侨联2021年工作总结"),
        (Byline, "2021-02-04 来源：云溪侨网"),
        (Heading, "一、强化政治引领"),
        (Paragraph, OPENING),
        (Heading, "二、汇聚侨心侨力"),
        (Paragraph, "全年走访侨眷460户次，调处涉侨纠纷11件，办结率100%。"),
    ])
}

#[test]
fn a_highlight_says_who_tagged_what_and_when() {
    let Some(fonts) = fonts() else { return };
    let mut document = small();
    tag_words(&mut document, "捐赠口罩120,000只", &[0, 3], "与上年口径不同，待核。");
    let pdf = export(fonts, &[document]);
    let file = load(&pdf.bytes);
    let [only] = &highlights(&file)[..] else { panic!("one highlight") };
    let mut lines = Vec::new();
    for key in ["Contents", "Subj", "T", "CreationDate", "M", "NM", "Zotero:Tags"] {
        lines.push(format!("{key}: {}", only.text(key).unwrap_or_default()));
    }
    for key in ["F", "C", "CA"] {
        lines.push(format!("{key}: {:?}", only.dict.get(key.as_bytes()).unwrap()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_appearance_multiplies_without_a_group() {
    let Some(fonts) = fonts() else { return };
    let mut document = small();
    tag_words(&mut document, "复工复产", &[3], "");
    let file = load(&export(fonts, &[document]).bytes);
    let only = &highlights(&file)[0];
    let look = only.dict.get(b"AP").and_then(Object::as_dict).unwrap().get_deref(b"N", &file);
    let look = look.and_then(Object::as_stream).unwrap();
    assert!(!look.dict.has(b"Group"), "a group turns black in some viewers");
    assert_eq!(look.dict.get(b"BBox").unwrap(), only.dict.get(b"Rect").unwrap());
    let states =
        look.dict.get(b"Resources").and_then(|r| r.as_dict()?.get(b"ExtGState")?.as_dict());
    let state = states.and_then(|s| s.get_deref(b"G", &file)?.as_dict()).unwrap();
    assert_eq!(state.get(b"BM").and_then(Object::as_name).unwrap(), b"Multiply");
    assert!(look.content.starts_with(b"/G gs\n"));
}

#[test]
fn options_leave_memos_and_coders_out_but_never_the_tags() {
    let Some(fonts) = fonts() else { return };
    let mut document = small();
    tag_words(&mut document, "复工复产", &[3], "秘密的备忘");
    let options = anjuan_export::Options { memos: false, coders: false, ..options() };
    let pdf = annotated_pdf(fonts, &[document], &tags(), &options).unwrap();
    let listed = highlights(&load(&pdf.bytes));
    assert_eq!(listed[0].contents, "【侨商】");
    assert!(!listed[0].dict.has(b"T"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Some(pages) = check_and_read(&path) else { return };
    let text = pages.concat();
    assert!(!text.contains("秘密") && !text.contains("林一舟"), "{text}");
}

#[test]
fn passages_lie_on_their_words_by_the_reading_of_pdftotext() {
    let Some(fonts) = fonts() else { return };
    let mut document = small();
    let words = [
        "云溪市侨联2021年",          // the title, in larger type
        "2021-02-04 来源：云溪侨网", // a whole byline with a space
        "强化政治",                  // a heading
        "“地方侨联＋大学侨联",       // begins with a quotation mark
        "120,000",                   // figures only
        "口",                        // one character
        "组织侨界人士捐赠口罩120,000只、防护服3,600套，协助37家侨资企业复工复产，受到市委", // over lines
        "办结率100%。", // at the end of the text
    ];
    for (count, words) in words.iter().enumerate() {
        tag_words(&mut document, words, &[count % 4], "");
    }
    // Overlaps: inside, across, equal.
    tag_words(&mut document, "捐赠口罩", &[1], "");
    tag_words(&mut document, "口罩120,000只、防护服", &[2], "");
    tag_words(&mut document, "捐赠口罩", &[3], "");
    let pdf = export(fonts, &[document.clone()]);
    assert_eq!((pdf.highlights, pdf.unplaced.len()), (document.passages.len() as u32, 0));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let listed = highlights(&load(&pdf.bytes));
    for passage in &document.passages {
        let CharRange { start, end } = passage.range;
        let expect: String =
            document.text.chars().skip(start as usize).take((end - start) as usize).collect();
        let at = listed.iter().find(|l| l.name == format!("anjuan-{}-1", passage.id)).unwrap();
        let mut under = String::new();
        for quad in &at.quads {
            let Some(text) = text_in(&path, at.page, *quad) else { return };
            under.push_str(&text);
        }
        assert_eq!(under, without_space(&expect));
    }
}

#[test]
fn a_passage_over_a_page_break_is_one_highlight_on_each_page() {
    let Some(fonts) = fonts() else { return };
    let long = OPENING.repeat(40);
    let mut document = report(&[(Title, "跨页"), (Paragraph, &long)]);
    let length = document.text.chars().count() as u32;
    tag(&mut document, 10, length - 10, &[2], "全文");
    let pdf = export(fonts, &[document]);
    let listed = highlights(&load(&pdf.bytes));
    let pages: Vec<u32> = listed.iter().map(|l| l.page).collect();
    assert!(pages.len() > 1, "the fixture is longer than a page: {pages:?}");
    assert_eq!(pages, (1..=pages.len() as u32).collect::<Vec<_>>());
    assert!(listed.iter().all(|l| l.contents == "【党建】全文"));
    let names: BTreeSet<&str> = listed.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names.len(), listed.len(), "every annotation has a name of its own");
    assert_eq!(pdf.highlights as usize, listed.len());
}

#[test]
fn a_passage_that_prints_nothing_is_returned_and_not_lost() {
    let Some(fonts) = fonts() else { return };
    let mut document = report(&[(Paragraph, "前面\u{200b}后面"), (Paragraph, "第二段")]);
    tag(&mut document, 1, 1, &[0], "空");
    tag(&mut document, 2, 3, &[0], "零宽");
    tag(&mut document, 5, 6, &[0], "换行");
    tag(&mut document, 900, 950, &[0], "文外");
    tag(&mut document, 4, 7, &[0], "跨段");
    let pdf = export(fonts, &[document.clone()]);
    let unplaced: Vec<&str> = pdf.unplaced.iter().map(|u| u.passage.as_str()).collect();
    let expect: BTreeSet<&str> = document.passages[..4].iter().map(|p| p.id.as_str()).collect();
    assert_eq!(unplaced.iter().copied().collect::<BTreeSet<_>>(), expect);
    assert_eq!(pdf.highlights, 1);
    assert_eq!(highlights(&load(&pdf.bytes))[0].quads.len(), 2, "one on each of the two lines");
}

#[test]
fn a_tagged_file_names_every_annotation_in_its_structure_tree() {
    let Some(fonts) = fonts() else { return };
    let mut document = small();
    tag_words(&mut document, "复工复产", &[3], "");
    tag_words(&mut document, "涉侨纠纷", &[], "");
    let pdf = export(fonts, &[document]);
    let file = load(&pdf.bytes);
    let tree =
        file.catalog().and_then(|c| c.get_deref(b"StructTreeRoot", &file)?.as_dict()).unwrap();
    let parents =
        tree.get(b"ParentTree").and_then(|p| p.as_dict()?.get(b"Nums")?.as_array()).unwrap();
    let mut seen = 0;
    for id in file.get_pages().into_values() {
        for annotation in annotations(&file, id) {
            let key = annotation.get(b"StructParent").and_then(Object::as_i64).unwrap();
            let entry = parents.chunks(2).find(|pair| pair[0].as_i64().unwrap() == key).unwrap();
            let element = file.get_dictionary(entry[1].as_reference().unwrap()).unwrap();
            assert!(element.has(b"K"), "the element points back");
            seen += 1;
        }
    }
    assert!(seen >= 4, "two highlights and two links of the index: {seen}");
    let next = tree.get(b"ParentTreeNextKey").and_then(Object::as_i64).unwrap();
    let keys: Vec<i64> = parents.chunks(2).map(|pair| pair[0].as_i64().unwrap()).collect();
    assert!(keys.is_sorted() && keys.last().is_some_and(|last| *last < next));
}

#[test]
fn poppler_draws_the_tag_colour_and_keeps_the_text_black() {
    let Some(fonts) = fonts() else { return };
    let mut document = report(&[(Paragraph, "一二三四五六七八九十")]);
    tag(&mut document, 2, 5, &[0], "");
    tag(&mut document, 4, 8, &[1], "");
    let pdf = export(fonts, &[document]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let base = folder.path().join("page");
    let (file, base) = (path.to_str().unwrap(), base.to_str().unwrap());
    if tool("pdftoppm", &["-r", "72", "-singlefile", file, base]).is_none() {
        return;
    }
    let image = std::fs::read(format!("{base}.ppm")).unwrap();
    // Binary PPM: "P6\n595 842\n255\n" and three bytes a pixel.
    let header = image.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(2).unwrap().0 + 1;
    let pixels: BTreeSet<[u8; 3]> =
        image[header..].chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    let near = |[r, g, b]: [u8; 3]| {
        pixels.iter().any(|p| p[0].abs_diff(r) < 3 && p[1].abs_diff(g) < 3 && p[2].abs_diff(b) < 3)
    };
    let tint = |colour: [u8; 3], percent: u16| {
        colour.map(|c| 255 - ((255 - u16::from(c)) * percent / 100) as u8)
    };
    for tag in &tags()[..2] {
        let painted = (25..=60).step_by(5).any(|percent| near(tint(tag.colour, percent)));
        assert!(painted, "no tint of {}", tag.name);
    }
    assert!(pixels.iter().any(|p| p.iter().all(|c| *c < 60)), "the text stays dark");
}
