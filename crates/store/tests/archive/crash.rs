//! Killed at any moment, an archive opens and holds all that was acknowledged.

use crate::{Fixture, NOW, edit, insert, new_passage, report_text};
use anjuan_store::{NewTag, PassageId, ReportId, Store, StoreError, Subject, TagId};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

/// Names the archive to the child that writes it.
const ARCHIVE: &str = "ANJUAN_STORE_TEST_ARCHIVE";

/// The child: writes until it is killed and says what is in the file.
#[test]
#[ignore = "started by killed_while_writing"]
fn writer() {
    let Some(path) = std::env::var_os(ARCHIVE) else { return };
    let mut store = Store::open(Path::new(&path)).expect("the archive opens after a kill");
    let mut out = std::io::stdout().lock();
    for number in 0.. {
        let text = report_text("年度工作", &format!("第{number}号 {}", "云州市侨联".repeat(200)));
        let report = store.edit(&edit("import"), |w| insert(w, &text)).expect("written");
        writeln!(out, "ack report {report}").expect("heard");
        let name = format!("标签 {report}");
        let (tag, passage) = store
            .edit(&edit("passage.create"), |w| {
                let tag = w.create_tag(&NewTag { name: &name, ..NewTag::default() })?;
                Ok((tag, w.create_passage(&new_passage(report, 0, 2, &[tag]))?))
            })
            .expect("written");
        writeln!(out, "ack tag {tag}\nack passage {passage}").expect("heard");
        // A change that is taken back and done again, so that kills fall there too.
        store.edit(&edit("memo"), |w| w.set_memo(Subject::Report(report), "记")).expect("written");
        store.undo("林", NOW).expect("possible");
        store.redo("林", NOW).expect("possible");
        writeln!(out, "ack memo {report}").expect("heard");
    }
}

fn is_there(store: &Store, kind: &str, id: &str) -> Result<bool, StoreError> {
    let read = store.read();
    Ok(match kind {
        "report" => {
            let revision = read.report(id.parse::<ReportId>()?)?.revision;
            read.text(revision)?.ends_with("云州市侨联")
        }
        "tag" => read.tag(id.parse::<TagId>()?)?.passages == 1,
        "passage" => read.passage(id.parse::<PassageId>()?)?.tags.len() == 1,
        _ => read.memo(Subject::Report(id.parse()?))?.is_some(),
    })
}

#[test]
fn killed_while_writing() {
    const KILLS: u32 = 25;
    let archive = Fixture::new();
    let path = archive.path();
    let _folder = archive.folder;
    drop(archive.store);
    let mut acknowledged = Vec::new();
    for _ in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["crash::writer", "--exact", "--ignored", "--nocapture"])
            .env(ARCHIVE, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("a child");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut line = || lines.next().transpose().ok().flatten();
        let mut note = |line: String| {
            let mut words = line.strip_prefix("ack ")?.split(' ').map(str::to_owned);
            acknowledged.push((words.next()?, words.next()?));
            Some(())
        };
        // The moment counts from when it has begun to write.
        while note(line().expect("the child writes until it is killed")).is_none() {}
        let clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let noise = clock.expect("a clock past 1970").subsec_micros();
        std::thread::sleep(Duration::from_micros(u64::from(noise % 60_000)));
        child.kill().expect("SIGKILL");
        child.wait().expect("dead");
        while let Some(line) = line() {
            note(line);
        }
        let store = Store::open(&path).expect("the archive opens");
        for (kind, id) in &acknowledged {
            let there = is_there(&store, kind, id);
            assert!(matches!(there, Ok(true)), "{kind} {id}: {there:?}");
        }
    }
    let store = Store::open(&path).expect("the archive opens");
    assert_eq!(store.read().integrity_check().expect("read"), []);
    println!("{KILLS} kills, {} acknowledged rows, all there", acknowledged.len());
    assert!(acknowledged.len() > KILLS as usize);
}
