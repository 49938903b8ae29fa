//! Near-duplicates: by the texts and by their sketches.

#![allow(clippy::float_cmp)] // nothing, all and the same are exact

use anjuan_compare::{Sketch, similarity, sketch};
use proptest::prelude::*;
use std::fmt::Write;

/// A text of its own for each number, out of everyday clauses and figures.
fn report(number: usize) -> String {
    let clauses = [
        "走访慰问困难归侨侨眷",
        "组织侨商考察团",
        "举办侨法宣传活动",
        "接待来信来访",
        "新建侨胞之家",
        "召开招商推介会",
        "募集防疫物资",
        "结对帮扶贫困户",
        "推荐侨界代表人士",
        "修订规章制度",
    ];
    let mut text = format!("第{number}号报告。");
    for n in 0..120 {
        let choice = (number * 7919 + n * n * 31 + n * (number % 97)) % clauses.len();
        let figure = (number * 104_729 + n * 7_907) % 100_003;
        write!(text, "{}{figure}次，成效{}；", clauses[choice], figure * 37 % 1009).unwrap();
    }
    text
}

#[test]
fn the_same_text_in_other_clothes() {
    let plain = report(1);
    let dressed =
        anjuan_text::to_traditional(&plain).replace('聯', "聯(lián)").replace('，', ",\n");
    assert!(similarity(&plain, &dressed) > 0.97);
    assert!(sketch(&plain).containment(&sketch(&dressed)) > 0.9);
    // A mirror that adds a page around it, and an excerpt.
    let framed = format!("{}{plain}{}", report(2), report(3));
    assert!(similarity(&plain, &framed) > 0.99);
    let excerpt: String = plain.chars().skip(300).take(900).collect();
    assert!(similarity(&plain, &excerpt) > 0.99);
}

#[test]
fn other_texts_of_the_same_kind() {
    let highest = (2..60)
        .map(|n| {
            (
                similarity(&report(1), &report(n)),
                sketch(&report(1)).containment(&sketch(&report(n))),
            )
        })
        .fold((0.0_f32, 0.0_f32), |high, now| (high.0.max(now.0), high.1.max(now.1)));
    println!(
        "highest between different reports: similarity {:.3}, sketches {:.3}",
        highest.0, highest.1
    );
    assert!(highest.0 < 0.7 && highest.1 < 0.5, "{highest:?}");
    assert!(similarity("", &report(1)) == 0.0 && similarity("侨", "侨") == 1.0);
    assert!(sketch("").containment(&sketch("")) == 0.0);
}

#[test]
fn sketches_are_small_and_estimate_well() {
    let (mut worst, base) = (0.0_f32, report(5));
    for changed in 0..20 {
        // A growing part of the text is replaced.
        let length = base.chars().count();
        let kept: String = base.chars().take(length - length * changed / 40).collect();
        let other =
            kept + &report(900 + changed).chars().take(length * changed / 40).collect::<String>();
        let (exact, estimate) = (exact(&base, &other), sketch(&base).containment(&sketch(&other)));
        worst = worst.max((exact - estimate).abs());
    }
    println!("worst error of a sketch {worst:.3}");
    assert!(worst < 0.15);
    let stored = serde_json::to_string(&sketch(&base)).unwrap();
    assert_eq!(serde_json::from_str::<Sketch>(&stored).unwrap(), sketch(&base));
    assert!(sketch(&base.repeat(50)).lowest.len() <= 128);
}

/// The containment of folded 8-grams, counted.
fn exact(a: &str, b: &str) -> f32 {
    let grams = |text: &str| -> std::collections::HashSet<Vec<char>> {
        let chars: Vec<char> =
            anjuan_compare::Stream::new(text).units().iter().map(|u| u.folded).collect();
        chars.windows(8).map(<[char]>::to_vec).collect()
    };
    let (a, b) = (grams(a), grams(b));
    a.intersection(&b).count() as f32 / a.len().min(b.len()) as f32
}

#[test]
fn a_sketch_never_changes() {
    // Sketches are stored: another hash or another folding would compare apples with pears.
    let Sketch { grams, lowest } = sketch("青川市僑聯(lián)，組織開展走訪慰問活動12次。");
    assert_eq!((grams, lowest[0]), (11, 2_192_301_503_410_818_387));
}

#[test]
fn of_many_sketches_one_is_like_it() {
    let all: Vec<Sketch> = (0..200).map(|n| sketch(&report(n))).collect();
    let wanted = sketch(&report(77));
    assert_eq!(all.iter().filter(|other| wanted.containment(other) > 0.8).count(), 1);
}

proptest! {
    #[test]
    fn shares_stay_between_nothing_and_all(a in ".{0,60}", b in "[侨联聯(lián)工作，a\u{20000}]{0,60}") {
        for (x, y) in [(&a, &b), (&b, &a), (&a, &a), (&b, &b)] {
            for share in [similarity(x, y), sketch(x).containment(&sketch(y))] {
                prop_assert!((0.0..=1.0).contains(&share));
            }
        }
        prop_assert_eq!(similarity(&a, &b), similarity(&b, &a));
        prop_assert_eq!(sketch(&a).containment(&sketch(&b)), sketch(&b).containment(&sketch(&a)));
        if !anjuan_compare::Stream::new(&b).units().is_empty() {
            prop_assert_eq!(similarity(&b, &b), 1.0);
        }
    }
}
