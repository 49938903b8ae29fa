//! What stands between the title and the text and behind the text, and what kind of report it makes.

use anjuan_import::{Source, import};
use anjuan_text::{BlockKind, ReportKind, ReportText};

const BODY: &str = "一年来，全市上下凝心聚力，各项工作取得新的进展，群众生活持续改善。\n\
    各部门密切配合，重点工程按期完成，民生实事全部兑现，为来年打下良好基础。\n";

fn read(text: &str) -> ReportText {
    import(Source { name: "report.txt", bytes: text.as_bytes() }).expect("a report").report
}

/// The kinds of the blocks whose text is one of some lines, as they come.
fn kinds(report: &ReportText, lines: &[&str]) -> Vec<BlockKind> {
    let chars: Vec<char> = report.text.chars().collect();
    let of = |b: &anjuan_text::Block| -> String {
        chars[b.range.start as usize..b.range.end as usize].iter().collect()
    };
    report.blocks.iter().filter(|b| lines.contains(&of(b).trim())).map(|b| b.kind).collect()
}

#[test]
fn heads_and_signatures() {
    use BlockKind::{Byline, Signature};
    // Lines under the title, lines behind the text, and what they are.
    let cases: &[(&[&str], &[&str], &[BlockKind])] = &[
        (&["云溪市人民政府"], &[], &[Byline]),
        (&["云溪市侨联"], &[], &[Byline]),
        (&["云溪市归国华侨联合会"], &["(2022年1月8日)"], &[Byline, Signature]),
        (&["(2019年8月5日)"], &[], &[Byline]),
        (&["(二〇一九年八月五日)"], &[], &[Byline]),
        (&[], &["(2022年1月8日)"], &[Signature]),
        (&[], &["云溪市人民政府", "2022年1月8日"], &[Signature, Signature]),
        (&[], &["云溪市人民政府办公室", "二〇二二年一月八日"], &[Signature, Signature]),
    ];
    for (head, tail, expected) in cases {
        let text =
            format!("云溪市2021年工作总结\n{}\n\n{BODY}\n{}", head.join("\n"), tail.join("\n"));
        let lines: Vec<&str> = head.iter().chain(*tail).copied().collect();
        assert_eq!(kinds(&read(&text), &lines), *expected, "{text}");
    }
}

#[test]
fn news_of_a_speech_is_no_speech() {
    use ReportKind::{News, Notice, Speech, Summary};
    let sent = "新华社云溪1月8日电（记者张三）";
    let cases = [
        ("李明在全市侨务工作会议上强调凝聚侨心", sent, Some(News)),
        ("李明在全市侨务工作会议上的讲话", "", Some(Speech)),
        ("李明在全市侨务工作会议上的讲话", sent, Some(Speech)),
        ("云溪市人民政府关于做好侨务工作的通知", sent, Some(Notice)),
        ("云溪市侨联2021年工作总结", "", Some(Summary)),
        ("云溪市侨联2021年工作总结", sent, Some(Summary)),
        ("云溪市侨联2021年工作总结和2022年工作计划", "", Some(Summary)),
        ("云溪市侨联走进社区", "本报讯 ", Some(News)),
    ];
    for (title, opening, expected) in cases {
        let report = read(&format!("{title}\n\n{opening}{BODY}"));
        assert_eq!(report.metadata.kind, expected, "{title} / {opening}");
        if expected == Some(News) {
            assert_eq!(report.metadata.level, None, "{title}");
        }
    }
}
