//! Shared passages: examples, and the promises of `shared_passages` held against brute force.

use anjuan_compare::{PassageOptions, Shared, Stream, Text, shared_passages};
use anjuan_text::{Unit, to_simplified, to_traditional};
use proptest::prelude::*;
use std::fmt::Write;

fn shared(a: &str, b: &str) -> Vec<Shared> {
    let text = |text| Text { text, blocks: &[] };
    shared_passages(&text(a), &text(b), &PassageOptions::default())
}

/// The passages as `a | b | equal characters`, one a line.
fn shown(a: &str, b: &str) -> String {
    let part = |text: &str, range: anjuan_text::CharRange| -> String {
        text.chars().skip(range.start as usize).take(range.len() as usize).collect()
    };
    let mut lines = String::new();
    for Shared { a: in_a, b: in_b, chars } in shared(a, b) {
        writeln!(lines, "{} | {} | {chars}", part(a, in_a), part(b, in_b)).unwrap();
    }
    lines
}

#[test]
fn examples() {
    let check = |a: &str, b: &str, expect: &str| assert_eq!(shown(a, b), expect, "{a} / {b}");

    // Script, pinyin glosses, width, punctuation and line breaks make no difference.
    check(
        "会议指出，青川市侨联组织开展走访慰问活动12次。",
        "同年青川市僑聯(lián)組織開展“走訪慰問”\n活動１２次；",
        "青川市侨联组织开展走访慰问活动12次 | 青川市僑聯(lián)組織開展“走訪慰問”\n活動１２次 | 18\n",
    );
    // 計畫 is 计划 although 畫 is 画.
    check(
        "制定青川市五年发展计划实施方案",
        "公布青川市五年發展計畫實施方案",
        "青川市五年发展计划实施方案 | 青川市五年發展計畫實施方案 | 13\n",
    );
    // Eleven characters are a formula, not a passage.
    check("不断提升凝聚力和战斗力，甲乙丙丁", "子丑寅卯不断提升凝聚力和战斗力", "");
    // Figures that differ are bridged, and a range never ends in what differs.
    check(
        "甲：全年走访困难归侨侨眷35户，发放慰问金7万元，",
        "乙，全年走訪困難歸僑僑眷102戶，發放慰問金20萬元。",
        "全年走访困难归侨侨眷35户，发放慰问金 | 全年走訪困難歸僑僑眷102戶，發放慰問金 | 16\n",
    );
    // Sentences that changed places are one passage.
    check(
        "组织侨商考察团前往云岭县洽谈项目。邀请海外侨领参加青川投资推介大会。",
        "邀请海外侨领参加青川投资推介大会。组织侨商考察团前往云岭县洽谈项目。",
        "组织侨商考察团前往云岭县洽谈项目。邀请海外侨领参加青川投资推介大会 | 邀请海外侨领参加青川投资推介大会。组织侨商考察团前往云岭县洽谈项目 | 32\n",
    );
    check("", "青川市侨联", "");
    check("，。！", "\u{1}\u{2}", "");
}

#[test]
fn a_formula_that_recurs_is_paired_not_multiplied() {
    let filler = |n: u32| -> String {
        (0..120).map(|i| char::from_u32(0x5000 + n * 120 + i).unwrap()).collect()
    };
    let text = |from: u32, times: u32| -> String {
        (0..times).fold(String::new(), |text, n| {
            text + &filler(from + n) + "以习近平新时代中国特色社会主义思想为指导"
        })
    };
    assert_eq!(shared(&text(0, 10), &text(40, 10)).len(), 10);
    assert_eq!(shared(&text(0, 10), &text(40, 3)).len(), 10);
    assert_eq!(shared(&text(0, 1), &text(40, 7)).len(), 7);
    assert_eq!(shared(&text(0, 60), &text(70, 60)).len(), 60);
}

#[test]
fn repetition_does_not_explode() {
    let same = "走访慰问困难归侨侨眷，发放慰问金和慰问品。".repeat(2000);
    let counted: String = (0..2000).fold(String::new(), |mut text, n| {
        write!(text, "走访慰问困难归侨侨眷{n}户，发放慰问金{}元。", n * 37 % 1000).unwrap();
        text
    });
    let one_character = "侨".repeat(40_000);
    for (a, b) in [
        (&same, &same),
        (&same, &counted),
        (&counted, &counted),
        (&one_character, &one_character),
        (&one_character, &same),
    ] {
        // Without an end were each place paired with each.
        let found = shared(a, b);
        assert!(found.len() <= 4000, "{} passages", found.len());
    }
    assert_eq!(shared(&same, &same).len(), 1);
}

fn same(x: &Unit, y: &Unit) -> bool {
    x.is(y.folded) || x.alternative.is_some_and(|c| y.is(c))
}

/// Every maximal run of 12 equal units by looking at every pair of places.
fn brute_force(a: &[Unit], b: &[Unit]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    for i in 0..a.len() {
        for j in 0..b.len() {
            if i > 0 && j > 0 && same(&a[i - 1], &b[j - 1]) {
                continue;
            }
            let len = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| same(x, y)).count();
            if len >= 12 {
                found.push((i, j, len));
            }
        }
    }
    found
}

/// What must hold for any two texts.
fn hold(a: &str, b: &str) -> Result<(), TestCaseError> {
    let found = shared(a, b);
    let (x, y) = (Stream::new(a), Stream::new(b));
    let runs = brute_force(x.units(), y.units());
    for &(i, j, len) in &runs {
        let (in_a, in_b) = (x.span(i..i + len), y.span(j..j + len));
        prop_assert!(found.iter().any(|s| s.a.contains(in_a)), "{in_a:?} of the first is missing");
        prop_assert!(found.iter().any(|s| s.b.contains(in_b)), "{in_b:?} of the second is missing");
        // A run that stands once in each text is paired with itself.
        let alone = runs.iter().all(|&(k, l, other)| {
            (k, l) == (i, j)
                || ((k + other <= i || i + len <= k) && (l + other <= j || j + len <= l))
        });
        prop_assert!(
            !alone || found.iter().any(|s| s.a.contains(in_a) && s.b.contains(in_b)),
            "{in_a:?} and {in_b:?} are not paired"
        );
    }
    let (a_len, b_len) = (a.chars().count() as u32, b.chars().count() as u32);
    for s in &found {
        prop_assert!(s.a.end <= a_len && s.b.end <= b_len);
        prop_assert!(s.chars >= 12 && s.chars <= s.a.len().min(s.b.len()));
        // Ends lie on characters, not in what is between them.
        for (range, units) in [(s.a, x.units()), (s.b, y.units())] {
            prop_assert!(units.iter().any(|u| u.start == range.start));
            prop_assert!(units.iter().any(|u| u.end == range.end));
        }
    }
    for pair in found.windows(2) {
        prop_assert!(pair[0].a.start <= pair[1].a.start);
        prop_assert!((pair[0].a, pair[0].b) != (pair[1].a, pair[1].b));
    }
    Ok(())
}

/// A text out of few pieces, so that much recurs, with dirt in between.
fn text(alphabet: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(alphabet), 0..most).prop_map(|v| v.concat())
}

const PIECES: &[&str] = &[
    "不断增强凝聚力和战斗力",
    "不斷增強凝聚力和戰鬥力",
    "为侨服务",
    "僑聯(lián)",
    "計畫",
    "计划",
    "画",
    "了解",
    "瞭解",
    "著",
    "着",
    "𠀀",
    "𪚥",
    "，",
    "\n",
    " ",
    "1",
    "２",
    "万",
    "的",
    "Ａ",
    "a",
    "\u{e000}",
    "é",
];

const FEW: &[&str] = &["侨", "联", "僑", "聯", "，"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_run_is_covered(a in text(PIECES, 60), b in text(PIECES, 60)) {
        hold(&a, &b)?;
    }

    #[test]
    fn every_run_is_covered_in_repetitive_texts(a in text(FEW, 150), b in text(FEW, 150)) {
        hold(&a, &b)?;
    }

    #[test]
    fn any_text_is_taken(a in "\\PC{0,200}", b in ".{0,200}") {
        hold(&a, &b)?;
    }

    #[test]
    fn runs_of_frequent_grams_are_covered(n in 30_usize..80, m in 30_usize..80, cut in 0_usize..30) {
        // More than a thousand pairs a gram: the way by longest matches.
        let phrase = "不断增强侨联组织凝聚力战斗力";
        let a = phrase.repeat(n);
        let b: String = "甲乙".to_owned() + &phrase.repeat(m).chars().skip(cut).collect::<String>();
        hold(&a, &b)?;
    }
}

/// A text of its own for each number, with sentences that others have too.
fn report(number: usize, chars: usize) -> String {
    let common = [
        "以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神",
        "不断增强组织的凝聚力和战斗力，奋力开创各项工作新局面",
        "坚持稳中求进工作总基调，完整准确全面贯彻新发展理念",
    ];
    let mut random = number as u64 * 977 + 1;
    let mut next = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) as u32
    };
    let mut text = String::new();
    let mut length = 0;
    while length < chars {
        let sentence: String = match next() % 6 {
            0 => common[next() as usize % common.len()].to_owned(),
            // Frequent characters recur as they do in texts: the square makes low ones frequent.
            _ => (0..30)
                .map(|_| {
                    let n = next() % 1200;
                    char::from_u32(0x4E00 + n * n / 600).unwrap_or('的')
                })
                .collect(),
        };
        length += sentence.chars().count() + 1;
        text.push_str(&sentence);
        text.push('。');
    }
    text
}

#[test]
fn two_long_reports_share_the_same_in_either_script() {
    let (a, b) = (to_simplified(&report(1, 10_000)), to_simplified(&report(2, 10_000)));
    let simplified = shared(&a, &b);
    assert!(!simplified.is_empty());
    assert_eq!(simplified.len(), shared(&to_traditional(&a), &to_traditional(&b)).len());
}
