//! SIGKILL at random moments during import and tagging: the archive opens, all that was
//! acknowledged is there, the index catches up.

use crate::{import, search, shell};
use anjuan_archive::{Archive, Cancel, ImportStep};
use anjuan_protocol as wire;
use anjuan_protocol::Nothing;
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const KILLS: u64 = 50;
const CHILD: &str = "ANJUAN_TEST_KILLED_CHILD";

/// Imports numbered reports and tags them, saying on standard output what is safe.
fn child(folder: &Path) {
    let shell = shell(folder);
    let archive = Archive::open(&folder.join("a.anjuan"), &shell, "子".into()).expect("opens");
    let round = std::env::var("ANJUAN_TEST_ROUND").expect("a round");
    let files: Vec<PathBuf> = (0..40)
        .map(|n| {
            let path = folder.join(format!("r{round}-{n}.txt"));
            let text = format!(
                "第{round}轮第{n}号工作报告\n来源：例报　2020-03-0{}\n编号甲{round}乙{n}丙。全市侨联系统紧扣中心工作，服务侨胞{n}人次。\n",
                n % 9 + 1
            );
            std::fs::write(&path, text).expect("a report");
            path
        })
        .collect();
    let mut out = std::io::stdout().lock();
    for some in files.chunks(4) {
        let request = wire::ImportRequest {
            paths: some.iter().map(|p| p.to_string_lossy().into_owned()).collect(),
            ..wire::ImportRequest::default()
        };
        let mut reports = Vec::new();
        archive
            .import(&request, &format!("round-{round}"), &Cancel::default(), &mut |step| {
                if let ImportStep::Item(item) = step {
                    let report = item.report.expect("each is new");
                    writeln!(out, "report {report}").expect("the parent listens");
                    reports.push(report);
                }
            })
            .expect("imports");
        for report in reports {
            let passage = archive
                .tag_passage(&report, 0, 4, &["甲".into(), format!("乙{round}")], "记")
                .expect("tags");
            writeln!(out, "passage {}", passage.id).expect("the parent listens");
        }
        archive.catch_up().expect("the index is written");
    }
    writeln!(out, "end").expect("the parent listens");
}

#[test]
fn nothing_acknowledged_is_lost() {
    if let Some(folder) = std::env::var_os(CHILD) {
        child(Path::new(&folder));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.anjuan");
    let shell = shell(folder.path());
    drop(Archive::create(&path, &shell, "母".into()).expect("creates"));
    let mut safe: HashSet<String> = HashSet::new();
    let (mut interrupted, mut wait) = (0, 7_u64);
    for round in 0..KILLS {
        let mut run = Command::new(std::env::current_exe().expect("this program"))
            .args(["nothing_acknowledged_is_lost", "--nocapture", "--test-threads=1"])
            .env(CHILD, folder.path())
            .env("ANJUAN_TEST_ROUND", round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let lines = BufReader::new(run.stdout.take().expect("its output")).lines();
        // From the moment of its first word on, which comes at different times on every machine.
        wait = wait.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pause = Duration::from_micros((wait >> 33) % 250_000);
        let id = run.id();
        let mut killer = None;
        let mut ended = false;
        for line in lines.map_while(Result::ok) {
            // The first word may stand behind the test runner's own.
            if let Some(at) = line.find("report ").or_else(|| line.find("passage ")) {
                safe.insert(line[at..].trim().to_owned());
                killer.get_or_insert_with(|| {
                    std::thread::spawn(move || {
                        std::thread::sleep(pause);
                        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
                    })
                });
            }
            ended |= line.trim() == "end";
        }
        run.wait().expect("ends");
        if let Some(killer) = killer {
            killer.join().expect("the killer ends");
        }
        interrupted += u32::from(!ended);
        let archive = Archive::open(&path, &shell, "母".into()).expect("opens after a kill");
        let kept = everything(&archive);
        let lost: Vec<&String> = safe.difference(&kept).collect();
        assert!(lost.is_empty(), "lost after kill {round}: {lost:?}");
    }
    let archive = Archive::open(&path, &shell, "母".into()).expect("opens");
    let check = archive.check().expect("checks");
    assert!(check.ok, "{:?}", check.faults);
    assert_eq!(check.missed, 0);
    assert_eq!(check.index.applied, check.index.sequence, "the index caught up");
    let reports = kept_reports(&archive);
    assert_eq!(search(&archive, "紧扣中心工作").total as usize, reports.len(), "each once");
    println!(
        "{KILLS} kills, {interrupted} of them in mid-work; {} reports kept, 0 lost",
        reports.len()
    );
    assert!(interrupted > KILLS as u32 / 2, "most kills hit the work");
    let again = import(&archive, &[folder.path().join("r0-0.txt")]);
    assert_eq!(again[0].outcome, wire::ImportOutcome::Duplicate);
}

fn kept_reports(archive: &Archive) -> Vec<String> {
    let request = wire::ReportsRequest {
        filter: wire::ReportFilter::default(),
        sort: wire::ReportSort::Imported,
        descending: false,
        offset: 0,
        limit: u32::MAX,
    };
    archive.reports(&request).expect("lists").rows.into_iter().map(|r| r.id).collect()
}

fn everything(archive: &Archive) -> HashSet<String> {
    let passages =
        archive.passages(&wire::PassagesRequest { report: None, tag: None }).expect("lists");
    for each in &passages {
        assert_eq!(each.passage.tags.len(), 2, "a passage has all of its tags or is not there");
    }
    assert!(archive.tags(&Nothing {}).is_ok());
    let reports = kept_reports(archive).into_iter().map(|id| format!("report {id}"));
    reports.chain(passages.into_iter().map(|p| format!("passage {}", p.passage.id))).collect()
}
