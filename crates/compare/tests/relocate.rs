//! Re-anchoring: examples, invariants, and a synthetic re-import with known truth.

mod material;

use anjuan_compare::{Anchor, Relocated, relocate};
use anjuan_text::CharRange;
use proptest::prelude::*;
use std::fmt::Write;

/// The anchor of some code points of a text.
fn anchor(text: &str, start: usize, end: usize) -> Anchor {
    let chars: Vec<char> = text.chars().collect();
    let part = |from: usize, to: usize| chars[from..to.min(chars.len())].iter().collect();
    Anchor {
        range: CharRange::new(start as u32, end as u32),
        quote: part(start, end),
        before: part(start.saturating_sub(32), start),
        after: part(end, end + 32),
    }
}

/// The anchor of the nth place of a quote.
fn nth(text: &str, quote: &str, n: usize) -> Anchor {
    let (byte, _) = text.match_indices(quote).nth(n).expect("the quote stands there");
    let start = text[..byte].chars().count();
    anchor(text, start, start + quote.chars().count())
}

fn slice(text: &str, range: CharRange) -> String {
    text.chars().skip(range.start as usize).take(range.len() as usize).collect()
}

/// `kept 3: text`, `moved 3: text` or `lost`.
fn told(old: &str, new: &str, anchor: Anchor) -> String {
    match relocate(old, new, &[anchor])[0] {
        Relocated::Kept(range) => format!("kept {}: {}", range.start, slice(new, range)),
        Relocated::Moved(range) => format!("moved {}: {}", range.start, slice(new, range)),
        Relocated::Lost => "lost".to_owned(),
    }
}

const OLD: &str = "一、强化引领。五年来，青川市侨联组织学习会12次。\n\
    二、为侨服务。春节走访困难归侨侨眷35户，发放慰问金7万元。\
    中秋走访困难归侨侨眷48户，发放慰问金9万元。\n\
    三、自身建设。修订规章制度6项，新建侨胞之家2个。";

#[test]
fn examples() {
    let check = |new: &str, quote: &str, n: usize, expect: &str| {
        assert_eq!(told(OLD, new, nth(OLD, quote, n)), expect, "{quote} ({n}) in {new}");
    };
    let sentence = "中秋走访困难归侨侨眷48户，发放慰问金9万元。";

    check(OLD, "走访困难归侨侨眷", 1, "kept 58: 走访困难归侨侨眷");
    // Something put in before it.
    let longer = OLD.replace("二、", "　　这一年很不平凡。\n二、");
    check(&longer, sentence, 0, "kept 67: 中秋走访困难归侨侨眷48户，发放慰问金9万元。");
    check(&longer, "发放慰问金", 1, "kept 81: 发放慰问金");
    // The sentence before it went: the same words elsewhere are not taken for it.
    let shorter = OLD.replace("春节走访困难归侨侨眷35户，发放慰问金7万元。", "");
    check(&shorter, "走访困难归侨侨眷", 1, "kept 35: 走访困难归侨侨眷");
    check(&shorter, "春节走访困难归侨侨眷35户，发放慰问金7万元。", 0, "lost");
    check(&shorter, "走访困难归侨侨眷", 0, "lost");
    // Edited.
    let edited = OLD.replace("48户", "50余户");
    check(&edited, sentence, 0, "moved 56: 中秋走访困难归侨侨眷50余户，发放慰问金9万元。");
    // Another script.
    check(&OLD.replace("强化引领", "強化引領"), "强化引领", 0, "moved 2: 強化引領");
    // At another place.
    let other_place = format!("{}{sentence}", OLD.replace(sentence, ""));
    let moved = told(OLD, &other_place, nth(OLD, sentence, 0));
    assert_eq!(moved, format!("moved {}: {sentence}", OLD.chars().count() - 23));
    // A quote that its range does not hold is never kept.
    let mut stale = nth(OLD, "修订规章制度6项", 0);
    stale.range = CharRange::new(1, 9);
    assert!(told(OLD, OLD, stale).starts_with("moved"));
    // Nothing at all.
    check("", "五年来", 0, "lost");
    let out_of_bounds = Anchor { range: CharRange::new(500, 900), ..nth(OLD, "五年来", 0) };
    relocate(OLD, OLD, &[out_of_bounds]);
}

#[test]
fn figures_are_never_swapped() {
    let mut old = String::new();
    for n in 0..40 {
        write!(old, "走访{}户，发放慰问金{}万元。", 10 + n * 7 % 60, 3 + n * 11 % 40).unwrap();
    }
    let sentences: Vec<&str> = old.split_inclusive('。').collect();
    // Every third one goes, and a new one comes between the others.
    let mut new = String::new();
    for (n, sentence) in sentences.iter().enumerate() {
        if n % 3 != 0 {
            new.push_str(sentence);
            write!(new, "慰问老归侨{n}人。").unwrap();
        }
    }
    for (n, sentence) in sentences.iter().enumerate() {
        let start: usize = sentences[..n].iter().map(|s| s.chars().count()).sum();
        let found = relocate(&old, &new, &[anchor(&old, start, start + sentence.chars().count())]);
        match found[0] {
            Relocated::Kept(range) => {
                assert!(n % 3 != 0, "{sentence} is gone");
                assert_eq!(slice(&new, range), *sentence);
            }
            Relocated::Moved(range) => {
                assert!(n % 3 == 0, "{sentence} is there, not {}", slice(&new, range));
            }
            Relocated::Lost => assert!(n % 3 == 0, "{sentence} is there"),
        }
    }
}

proptest! {
    #[test]
    fn a_change_elsewhere_keeps_a_passage(
        head in "[一二三侨联，。0-9\u{20000}-\u{20003}\n]{0,80}",
        quote in "[走访慰问困难归侨侨眷户万元]{8,30}",
        tail in "[甲乙四五六侨联，。0-9\n]{0,80}",
        put_in in "[丙丁戊己庚辛。]{1,40}",
        cut in 0_usize..80,
    ) {
        let old = format!("{head}{quote}{tail}");
        let start = head.chars().count();
        let wanted = anchor(&old, start, start + quote.chars().count());
        for new in [
            format!("{put_in}{old}"),
            format!("{old}{put_in}"),
            format!("{}{quote}{tail}", head.chars().skip(cut).collect::<String>()),
            format!("{head}{quote}{}", tail.chars().skip(cut).collect::<String>()),
        ] {
            match relocate(&old, &new, std::slice::from_ref(&wanted))[0] {
                Relocated::Kept(range) => prop_assert_eq!(slice(&new, range), &*quote),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn kept_means_equal_and_ranges_lie_inside(
        old in "[侨联走访慰，。0-2\n\u{20000}é(lián)]{0,60}",
        new in "[侨联走訪慰，。0-2\n\u{20000}é(lián)]{0,60}",
        spans in prop::collection::vec((0_usize..60, 0_usize..30), 1..6),
    ) {
        let length = old.chars().count();
        let anchors: Vec<Anchor> = spans
            .into_iter()
            .map(|(start, len)| anchor(&old, start.min(length), (start + len).min(length)))
            .collect();
        let found = relocate(&old, &new, &anchors);
        prop_assert_eq!(found.len(), anchors.len());
        for (found, anchor) in found.iter().zip(&anchors) {
            match found {
                Relocated::Kept(range) => prop_assert_eq!(slice(&new, *range), &*anchor.quote),
                Relocated::Moved(range) => {
                    prop_assert!(range.start < range.end && range.end as usize <= new.chars().count());
                }
                Relocated::Lost => {}
            }
        }
        for (found, anchor) in relocate(&old, &old, &anchors).iter().zip(&anchors) {
            if !anchor.range.is_empty() {
                prop_assert_eq!(found, &Relocated::Kept(anchor.range));
            }
        }
    }

    #[test]
    fn any_anchor_is_taken(
        old in ".{0,60}", new in ".{0,60}", quote in ".{0,10}", before in ".{0,40}",
        start in 0_u32..80, end in 0_u32..80,
    ) {
        let anchor =
            Anchor { range: CharRange::new(start, end), quote, before, after: String::new() };
        if let Relocated::Kept(range) | Relocated::Moved(range) = relocate(&old, &new, &[anchor])[0] {
            prop_assert!(range.end as usize <= new.chars().count());
        }
    }
}

/// Numbers that look random and are the same every time (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

/// A new revision, and for each character of the old one where it went, if it is still there.
struct Revision {
    text: Vec<char>,
    went: Vec<Option<usize>>,
    /// The same with the second of two copies in place of the first: nobody can tell which of them
    /// is the old one.
    or: Vec<Option<usize>>,
}

impl Revision {
    /// Whether an unchanged passage stands at a place.
    fn whole_at(&self, start: usize, end: usize, place: usize) -> bool {
        (start..end).all(|at| {
            let here = Some(place + at - start);
            self.went[at] == here || self.or[at] == here
        })
    }

    /// What is left of a passage, from the first to the last of its characters.
    fn rest(went: &[Option<usize>]) -> Option<CharRange> {
        let mut left = went.iter().flatten();
        let first = *left.next()?;
        Some(CharRange::new(first as u32, *left.last().unwrap_or(&first) as u32 + 1))
    }
}

/// Six sentences in a hundred are deleted, as many lose a character and as many come twice, in ten
/// a figure changes, in five the punctuation.
fn revise(old: &[char], random: &mut Random) -> Revision {
    let mut text = Vec::new();
    let mut went = vec![None; old.len()];
    let mut or = went.clone();
    let mut start = 0;
    while start < old.len() {
        let end = old[start..]
            .iter()
            .position(|c| "。\n".contains(*c))
            .map_or(old.len(), |n| start + n + 1);
        let fate = random.below(100);
        let dropped = (6..12).contains(&fate).then(|| start + random.below(end - start));
        for at in start..end {
            let c = old[at];
            let new = match fate {
                0..6 => continue,
                6..12 if dropped == Some(at) => continue,
                12..22 if c.is_ascii_digit() => char::from_digit(
                    (c.to_digit(10).unwrap() + 1 + random.below(8) as u32) % 10,
                    10,
                )
                .unwrap(),
                22..27 if c == '，' => ',',
                22..27 if c == '、' => '，',
                _ => c,
            };
            went[at] = (new == c).then_some(text.len());
            text.push(new);
        }
        or[start..end].copy_from_slice(&went[start..end]);
        if (27..33).contains(&fate) {
            for (n, slot) in or[start..end].iter_mut().enumerate() {
                *slot = Some(text.len() + n);
            }
            text.extend_from_slice(&old[start..end]);
        }
        start = end;
    }
    Revision { text, went, or }
}

#[derive(Default)]
struct Tally {
    right: usize,
    to_confirm: usize,
    wrong: usize,
    lost: usize,
    silent: usize,
}

impl Tally {
    fn all(&self) -> usize {
        self.right + self.to_confirm + self.wrong + self.lost
    }

    fn row(&self, name: &str) {
        let Self { right, to_confirm, wrong, lost, silent } = self;
        println!(
            "{name:<10} {:>6} {right:>6} {to_confirm:>10} {wrong:>6} {lost:>6} {silent:>14}",
            self.all()
        );
    }
}

/// Measures on a set of texts; returns the tallies of unchanged, edited and deleted passages.
fn measure(texts: &[String]) -> [Tally; 3] {
    let mut random = Random(7);
    let mut tallies: [Tally; 3] = Default::default();
    let mut took = std::time::Duration::ZERO;
    for text in texts {
        let old: Vec<char> = text.chars().collect();
        let revision = revise(&old, &mut random);
        let new: String = revision.text.iter().collect();
        let spans: Vec<(usize, usize)> = (0..60)
            .map(|_| {
                let len = 6 + random.below(75);
                let start = random.below(old.len() - len);
                (start, start + len)
            })
            .collect();
        let anchors: Vec<Anchor> = spans.iter().map(|&(s, e)| anchor(text, s, e)).collect();
        let begin = std::time::Instant::now();
        let found = relocate(text, &new, &anchors);
        took += begin.elapsed();
        for ((start, end), (found, anchor)) in spans.into_iter().zip(found.iter().zip(&anchors)) {
            let (went, or) = (&revision.went[start..end], &revision.or[start..end]);
            let alive = went.iter().flatten().count();
            let whole = |place: Option<usize>| {
                place.is_some_and(|place| revision.whole_at(start, end, place))
            };
            let kind = if alive * 10 < (end - start) * 4 {
                2
            } else {
                usize::from(!whole(went[0]) && !whole(or[0]))
            };
            let tally = &mut tallies[kind];
            // The right place has half in common with what is left of the passage, or holds half of
            // its characters where they went.
            let near = |range: CharRange| {
                let overlaps = |t: CharRange| {
                    let both = range.end.min(t.end).saturating_sub(range.start.max(t.start));
                    both * 2 >= range.len().max(t.len())
                };
                let here = (start..end).zip(range.start as usize..).filter(|&(at, here)| {
                    revision.went[at] == Some(here) || revision.or[at] == Some(here)
                });
                kind != 2
                    && (here.count() * 2 >= end - start
                        || [went, or].into_iter().filter_map(Revision::rest).any(overlaps))
            };
            match *found {
                Relocated::Kept(range) if slice(&new, range) == anchor.quote && near(range) => {
                    tally.right += 1;
                }
                Relocated::Kept(_) => {
                    tally.wrong += 1;
                    tally.silent += 1;
                }
                Relocated::Moved(range) if near(range) => {
                    if kind == 1 {
                        tally.right += 1;
                    } else {
                        tally.to_confirm += 1;
                    }
                }
                Relocated::Moved(_) => tally.wrong += 1,
                Relocated::Lost if kind == 2 => tally.right += 1,
                Relocated::Lost => tally.lost += 1,
            }
        }
    }
    println!(
        "{:<10} {:>6} {:>6} {:>10} {:>6} {:>6} {:>14}",
        "", "all", "right", "to confirm", "wrong", "lost", "silently wrong"
    );
    for (tally, name) in tallies.iter().zip(["unchanged", "edited", "deleted"]) {
        tally.row(name);
    }
    println!("{} texts in {took:?}", texts.len());
    tallies
}

/// Asserts what is promised, and how many of a thousand unchanged passages are kept without asking.
fn hold([unchanged, edited, deleted]: [Tally; 3], per_mille: usize) {
    assert_eq!(unchanged.wrong + unchanged.lost, 0, "unchanged");
    assert!(unchanged.right * 1000 >= unchanged.all() * per_mille, "unchanged");
    assert!(edited.right * 100 >= edited.all() * 90, "edited");
    assert!(deleted.right * 100 >= deleted.all() * 80, "deleted");
    assert_eq!(unchanged.silent + edited.silent + deleted.silent, 0, "silently wrong");
}

#[test]
fn a_new_revision_of_formulaic_texts() {
    // Two hundred sentences out of few moulds, which differ in their figures alone.
    let moulds = [
        "走访慰问困难归侨侨眷#户，发放慰问金#万元。",
        "组织侨商考察团#批次，达成意向协议#项，总投资#亿元。",
        "举办侨法宣传活动#场次，发放资料#余份。",
        "全年接待来信来访#件次，办结#件，为侨界群众挽回损失#万元。",
        "新建侨胞之家#个，命名示范点#个，培训骨干#人次。\n",
    ];
    let mut random = Random(3);
    let texts: Vec<String> = (0..12)
        .map(|_| {
            let mut text = String::new();
            for n in 0..200 {
                for c in moulds[(n + random.below(2)) % moulds.len()].chars() {
                    match c {
                        '#' => write!(text, "{}", 1 + random.below(400)).unwrap(),
                        _ => text.push(c),
                    }
                }
            }
            text
        })
        .collect();
    hold(measure(&texts), 980);
}

#[test]
fn a_new_revision_of_real_reports() {
    let Some(documents) =
        material::packed("quality.tar.zst", "reuse_planted/planted/documents.jsonl")
    else {
        return;
    };
    let texts: Vec<String> = documents
        .lines()
        .filter_map(|line| {
            let document: serde_json::Value = serde_json::from_str(line).unwrap();
            (document["series"] == "S")
                .then(|| document["text"].as_str().unwrap().chars().take(8000).collect())
        })
        .take(40)
        .collect();
    hold(measure(&texts), 990);
}
