//! Theme alignment: examples, invariants, and the five real reports.

mod material;

use anjuan_compare::{Row, Stream, Text, align_themes};
use anjuan_text::{Block, BlockKind, CharRange};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A text and its blocks.
type Read = (String, Vec<Block>);

/// A text and its blocks out of lines: `# heading`, `## heading inside`, `= title`, paragraphs.
fn read(lines: &str) -> Read {
    let (mut text, mut blocks, mut at) = (String::new(), Vec::new(), 0);
    for line in lines.lines().map(str::trim) {
        let (kind, level, content) = if let Some(rest) = line.strip_prefix("## ") {
            (BlockKind::Heading, Some(2), rest)
        } else if let Some(rest) = line.strip_prefix("# ") {
            (BlockKind::Heading, Some(1), rest)
        } else if let Some(rest) = line.strip_prefix("= ") {
            (BlockKind::Title, None, rest)
        } else {
            (BlockKind::Paragraph, None, line)
        };
        if !text.is_empty() {
            text.push('\n');
            at += 1;
        }
        let end = at + content.chars().count() as u32;
        blocks.push(Block { kind, level, range: CharRange::new(at, end) });
        text.push_str(content);
        at = end;
    }
    (text, blocks)
}

fn texts(read: &[Read]) -> Vec<Text<'_>> {
    read.iter().map(|(text, blocks)| Text { text, blocks }).collect()
}

/// One line a row: the theme, and for each text the first eight characters of its sections.
fn shown(read: &[Read]) -> String {
    let mut lines = String::new();
    for Row { theme, cells } in align_themes(&texts(read)) {
        write!(lines, "{theme}:").unwrap();
        for ((text, _), cell) in read.iter().zip(&cells) {
            let starts: Vec<String> = cell
                .iter()
                .map(|r| {
                    text.chars().skip(r.start as usize).take(r.len().min(8) as usize).collect()
                })
                .map(|start: String| start.replace('\n', " "))
                .collect();
            write!(lines, " [{}]", starts.join(", ")).unwrap();
        }
        lines.push('\n');
    }
    lines
}

#[test]
fn sections_meet_in_any_order_and_in_either_script() {
    let qingchuan = read(
        "= 青川市侨联工作综述
        五年来，青川市侨联开拓进取，各项工作取得新成绩。
        # 一、强化政治引领，凝聚侨界共识
        坚持把讲政治摆在首位，举办党史学习教育宣讲，引导侨界群众听党话跟党走。
        # 二、服务发展大局，汇聚侨商力量
        举办侨商投资推介会，签约项目若干，招商引资成效明显。
        # 三、践行为侨服务，依法维护侨益
        走访慰问困难归侨，开展法律援助和涉侨纠纷调解，建设侨胞之家。
        # 四、加强自身建设，夯实基层组织
        推进队伍建设和作风建设，修订规章制度，提升凝聚力战斗力。",
    );
    let yunling = read(
        "= 雲嶺市僑聯年度報告
        # 固本強基，建設過硬幹部隊伍
        全面從嚴治黨，改進作風，健全規章制度，推進基層組織建設。
        # 為僑服務，情暖僑界
        春節走訪慰問困難歸僑僑眷，調解涉僑糾紛，維護僑益。
        # 以僑引商，助推經濟發展
        邀請僑商考察，舉辦招商推介會，簽約投資項目。
        # 植樹與攝影
        櫻花盛開時節拍照留念，好看極了。",
    );
    let expect = "\
概述: [五年来，青川市侨] []
政治引领: [一、强化政治引领] []
服务大局: [二、服务发展大局] [以僑引商，助推經]
为侨服务: [三、践行为侨服务] [為僑服務，情暖僑]
自身建设: [四、加强自身建设] [固本強基，建設過]
植樹與攝影: [] [植樹與攝影 櫻花]
";
    assert_eq!(shown(&[qingchuan, yunling]), expect);
}

#[test]
fn one_section_may_meet_several() {
    let one = read(
        "# 一、聚力抗击疫情
        发出抗疫倡议书，募集口罩、防护服等防疫物资，驰援疫情防控一线。
        # 二、助力脱贫攻坚
        帮扶贫困户，驻村包扶，推进乡村振兴和脱贫攻坚。
        # 三、加强自身建设
        推进队伍建设、作风建设和基层组织建设。",
    );
    let other = read(
        "# 战疫情、助脱贫，彰显侨界担当
        募集防疫物资和口罩支援疫情防控；结对帮扶贫困户，助力脱贫攻坚和乡村振兴。
        # 强自身、固基层
        加强干部队伍建设与作风建设，健全制度。",
    );
    let rows = align_themes(&texts(&[one, other]));
    let sizes: Vec<Vec<usize>> =
        rows.iter().map(|row| row.cells.iter().map(Vec::len).collect()).collect();
    assert_eq!(sizes, [[2, 1], [1, 1]]);
}

#[test]
fn long_parts_are_divided_at_their_inner_headings() {
    let long = "推进污染防治和生态文明建设，改善大气环境。".repeat(150);
    let divided = read(&format!(
        "# 一、今年工作\n总的要求是稳中求进。\n## （一）生态\n{long}\n## （二）教育\n办好义务教育。\n# 二、其他\n没有了。"
    ));
    let rows = align_themes(&texts(&[divided]));
    assert_eq!(rows.len(), 4);
    let short = read(
        "# 一、今年工作\n稳中求进。\n## （一）生态\n治污。\n## （二）教育\n办学。\n# 二、其他\n没有了。",
    );
    assert_eq!(align_themes(&texts(&[short])).len(), 2);
}

#[test]
fn nothing_to_align() {
    assert_eq!(align_themes(&[]), []);
    assert_eq!(align_themes(&[Text { text: "没有块的文字", blocks: &[] }]), []);
    let bare = read("没有标题的一段。\n又一段。");
    let rows = align_themes(&texts(&[bare.clone(), bare]));
    assert_eq!(rows.len(), 1);
}

proptest! {
    #[test]
    fn every_section_stands_in_one_row(
        texts_of in prop::collection::vec(
            prop::collection::vec(("[=#]{0,2} ?", "[侨联抗疫扶贫党建经济，。\u{20000}a]{0,12}"), 0..12), 0..4),
    ) {
        let all: Vec<_> = texts_of
            .into_iter()
            .map(|lines| lines.into_iter().fold(String::new(), |all, (mark, line)| all + &mark + &line + "\n"))
            .map(|lines| read(&lines))
            .collect();
        let rows = align_themes(&texts(&all));
        for (n, (text, blocks)) in all.iter().enumerate() {
            let mut found: Vec<CharRange> = rows.iter().flat_map(|row| row.cells[n].clone()).collect();
            found.sort_unstable();
            for pair in found.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start, "sections overlap");
            }
            prop_assert!(found.iter().all(|r| r.end as usize <= text.chars().count()));
            for block in blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Title | BlockKind::Byline)) {
                prop_assert!(found.iter().any(|r| r.contains(block.range)), "{block:?} in no row");
            }
        }
        prop_assert!(rows.iter().all(|row| !row.theme.is_empty() && row.cells.iter().any(|c| !c.is_empty())));
    }

    #[test]
    fn any_blocks_are_taken(
        text in ".{0,40}",
        ranges in prop::collection::vec((0_u32..60, 0_u32..60, 0_u8..4), 0..6),
    ) {
        let blocks: Vec<Block> = ranges
            .into_iter()
            .map(|(start, end, level)| Block {
                kind: if level == 0 { BlockKind::Paragraph } else { BlockKind::Heading },
                level: (level > 0).then_some(level),
                range: CharRange::new(start, end),
            })
            .collect();
        let text = Text { text: &text, blocks: &blocks };
        align_themes(&[text, text]);
    }
}

/// A gold section: where it begins, and its themes.
struct Gold {
    start: u32,
    themes: Vec<String>,
}

/// A real report, divided at the headings that an attentive reader finds in it.
fn report(number: &str, sections: &serde_json::Value) -> Option<(Read, Vec<Gold>)> {
    let folder = material::file("reports/seeds")?;
    let file = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(number))?;
    let text = std::fs::read_to_string(file).unwrap();
    let stream = Stream::new(&text);
    let folded: Vec<char> = stream.units().iter().map(|u| u.folded).collect();
    let length = text.chars().count() as u32;
    let mut gold = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut from = 0;
    let mut behind = 0;
    for section in sections.as_array().unwrap() {
        let heading = section["heading"].as_str().unwrap();
        let wanted: Vec<char> = Stream::new(heading).units().iter().map(|u| u.folded).collect();
        let at = from
            + folded[from..]
                .windows(wanted.len())
                .position(|window| window == wanted)
                .unwrap_or_else(|| panic!("{number} has no {heading}"));
        let range = stream.span(at..at + wanted.len());
        blocks.push(Block {
            kind: BlockKind::Paragraph,
            level: None,
            range: CharRange::new(behind, range.start),
        });
        blocks.push(Block { kind: BlockKind::Heading, level: Some(1), range });
        gold.push(Gold {
            start: range.start,
            themes: section["themes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| t.as_str().unwrap().to_owned())
                .collect(),
        });
        from = at + wanted.len();
        behind = range.end;
    }
    blocks.push(Block {
        kind: BlockKind::Paragraph,
        level: None,
        range: CharRange::new(behind, length),
    });
    Some(((text, blocks), gold))
}

#[derive(Default, Debug)]
struct Score {
    links: usize,
    right: usize,
    sections: usize,
    served: usize,
}

impl Score {
    /// Adds what rows say of two of the texts.
    fn add(&mut self, rows: &[Row], (a, b): (usize, usize), gold: [&[Gold]; 2]) {
        let shares = |x: &Gold, y: &Gold| x.themes.iter().any(|theme| y.themes.contains(theme));
        let mut served = [vec![false; gold[0].len()], vec![false; gold[1].len()]];
        for row in rows {
            let of = |text: usize, gold: &[Gold]| -> Vec<usize> {
                (0..gold.len())
                    .filter(|&g| row.cells[text].iter().any(|r| r.start == gold[g].start))
                    .collect()
            };
            for x in of(a, gold[0]) {
                for y in of(b, gold[1]) {
                    self.links += 1;
                    if shares(&gold[0][x], &gold[1][y]) {
                        self.right += 1;
                        served[0][x] = true;
                        served[1][y] = true;
                    }
                }
            }
        }
        for (side, served) in served.iter().enumerate() {
            for (section, served) in gold[side].iter().zip(served) {
                if gold[1 - side].iter().any(|other| shares(section, other)) {
                    self.sections += 1;
                    self.served += usize::from(*served);
                }
            }
        }
    }

    fn hold(&self, name: &str, least_served: f32) {
        let precision = self.right as f32 / self.links as f32;
        let served = self.served as f32 / self.sections as f32;
        println!(
            "{name}: {} links, {} right ({precision:.3}); {} sections with a partner, {} served ({served:.3})",
            self.links, self.right, self.sections, self.served
        );
        assert!(precision >= 0.85, "precision of {name} {precision:.3}");
        assert!(served >= least_served, "served of {name} {served:.3}");
    }
}

#[test]
fn the_five_reports() {
    let Some(gold) = material::file("reports/gold/themes.json") else { return };
    let gold: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(gold).unwrap()).unwrap();
    let reports: BTreeMap<String, (Read, Vec<Gold>)> = gold["sections"]
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(number, sections)| Some((number.clone(), report(number, sections)?)))
        .collect();
    let reports: Vec<_> = reports.into_values().collect();

    let mut in_pairs = Score::default();
    for a in 0..reports.len() {
        for b in a + 1..reports.len() {
            let pair = [reports[a].0.clone(), reports[b].0.clone()];
            let rows = align_themes(&texts(&pair));
            in_pairs.add(&rows, (0, 1), [&reports[a].1, &reports[b].1]);
        }
    }
    let all: Vec<_> = reports.iter().map(|r| r.0.clone()).collect();
    let rows = align_themes(&texts(&all));
    let mut at_once = Score::default();
    for a in 0..reports.len() {
        for b in a + 1..reports.len() {
            at_once.add(&rows, (a, b), [&reports[a].1, &reports[b].1]);
        }
    }
    print!("{}", shown(&all));
    in_pairs.hold("pairs", 0.85);
    // A section stands in one row only: one that treats five themes cannot stand beside the
    // sections of five other rows.
    at_once.hold("all five at once", 0.55);
}
