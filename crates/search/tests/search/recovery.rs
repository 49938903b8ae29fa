//! The index is derived: whatever happens to it, it comes back.

use crate::support::{Archive, found, go_on, index_of, text_document};
use anjuan_search::query::Mark;
use anjuan_search::{
    Document, DocumentChange, Index, IndexError, Query, Reason, SearchError, Source,
};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const TEXT: &str = "侨联工作总结";

fn archive(documents: usize) -> Archive {
    Archive::of_texts(&vec![TEXT; documents])
}

/// Opens the index, says why it began anew, and checks that it is whole once caught up.
fn reopened(dir: &Path, archive: &Archive) -> Option<Reason> {
    let opened = Index::open(dir, &archive.id).expect("an index can always be opened");
    let query = Query::phrase("工作总结");
    let all: Vec<String> = archive.documents.keys().cloned().collect();
    assert_eq!(found(&opened.index, archive, &query), all, "complete before catching up");
    opened.index.catch_up(archive, &mut go_on).expect("catches up");
    assert_eq!(found(&opened.index, archive, &query), all, "complete after catching up");
    assert_eq!(opened.index.status().documents, all.len() as u64, "nothing twice");
    assert!(opened.index.damaged_files().expect("can be checked").is_empty());
    opened.rebuilt
}

#[test]
fn a_kept_index_goes_on() {
    let mut archive = archive(5);
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("index");
    assert_eq!(reopened(&dir, &archive), Some(Reason::Missing));
    assert_eq!(reopened(&dir, &archive), None);
    archive.put(text_document(7, TEXT));
    archive.remove("002");
    assert_eq!(reopened(&dir, &archive), None);
    let status = Index::open(&dir, &archive.id).unwrap().index.status();
    assert_eq!((status.applied, status.building), (7, false));
    assert!(status.bytes > 0);
}

#[test]
fn a_deleted_index_is_built_anew() {
    let archive = archive(5);
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("index");
    reopened(&dir, &archive);
    std::fs::remove_dir_all(&dir).unwrap();
    assert_eq!(reopened(&dir, &archive), Some(Reason::Missing));
    let rebuilt = Index::rebuild(&dir, &archive.id).unwrap();
    assert_eq!(rebuilt.rebuilt, Some(Reason::Asked));
    assert_eq!(rebuilt.index.applied(), 0);
}

#[test]
fn a_folder_deleted_under_an_open_index_comes_back() {
    let mut archive = archive(5);
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("index");
    let index = index_of(&dir, &archive);
    std::fs::remove_dir_all(&dir).unwrap();
    archive.put(text_document(7, TEXT));
    assert_eq!(found(&index, &archive, &Query::phrase(TEXT)).len(), 6, "what is open stays");
    assert_eq!(index.catch_up(&archive, &mut go_on).unwrap(), 6);
    assert_eq!(index.status().documents, 6);
    drop(index);
    assert_eq!(reopened(&dir, &archive), None);
}

type Damage = fn(&Path);

/// Damage that only shows when the files are read: searches go on without them.
#[test]
fn damage_inside_files_is_survived() {
    let archive = archive(300);
    for ending in ["term", "idx", "pos", "fast"] {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("index");
        drop(index_of(&dir, &archive));
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| found == ending) {
                let mut bytes = std::fs::read(&path).unwrap();
                let footer = bytes.len().saturating_sub(200);
                bytes[..footer].fill(0xA5);
                std::fs::write(&path, bytes).unwrap();
            }
        }
        let opened = Index::open(&dir, &archive.id).unwrap();
        if opened.rebuilt.is_none() {
            assert!(!opened.index.damaged_files().unwrap().is_empty(), "{ending}");
        }
        // Garbage can be a well-formed wrong answer; what must not be is a panic or a dead end.
        let _ = opened.index.search(&archive, &Query::phrase("工作总结"), 0, 10).unwrap();
        let rebuilt = Index::rebuild(&dir, &archive.id).unwrap().index;
        rebuilt.catch_up(&archive, &mut go_on).unwrap();
        assert_eq!(found(&rebuilt, &archive, &Query::phrase("工作总结")).len(), 300);
    }
}

#[test]
fn a_foreign_index_is_put_aside() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("index");
    let mut archive = archive(3);
    let index = index_of(&dir, &archive);
    archive.id = "other".to_owned();
    for result in [
        index.search(&archive, &Query::phrase("侨"), 0, 1).map(|page| page.total as u64),
        index.catch_up(&archive, &mut go_on),
    ] {
        assert!(matches!(result, Err(SearchError::Index(IndexError::Foreign { .. }))));
    }
    drop(index);
    assert_eq!(reopened(&dir, &archive), Some(Reason::ForeignArchive));
    let left: Vec<_> = std::fs::read_dir(parent.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "what was put aside is deleted: {left:?}");
}

#[test]
fn a_restored_backup_is_indexed_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = archive(3);
    let backup = archive.clone();
    archive.put(text_document(9, TEXT));
    archive.put(text_document(1, "别的"));
    index_of(dir.path(), &archive);
    assert_eq!(reopened(dir.path(), &backup), None);
}

#[test]
fn damage_is_noticed_and_mended() {
    let archive = archive(40);
    let each = |dir: &Path, ending: &str, damage: fn(&Path)| {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| found == ending) {
                damage(&path);
            }
        }
    };
    let truncate = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    let empty = |path: &Path| std::fs::write(path, b"").unwrap();
    let garbage = |path: &Path| std::fs::write(path, [0xA5_u8; 300]).unwrap();
    let delete = |path: &Path| std::fs::remove_file(path).unwrap();
    for (ending, name) in
        [("json", "meta.json"), ("idx", ""), ("term", ""), ("pos", ""), ("fast", ""), ("store", "")]
    {
        for (how, damage) in [
            ("truncated", truncate as Damage),
            ("emptied", empty),
            ("filled with garbage", garbage),
            ("deleted", delete),
        ] {
            let parent = tempfile::tempdir().unwrap();
            let dir = parent.path().join("index");
            drop(index_of(&dir, &archive));
            if name.is_empty() {
                each(&dir, ending, damage);
            } else {
                damage(&dir.join(name));
            }
            let reason = reopened(&dir, &archive);
            assert!(reason.is_some(), "{ending} {how} goes unnoticed");
        }
    }
    // A file in place of the folder, and strange files in it.
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("index");
    std::fs::write(&dir, "no folder").unwrap();
    assert!(reopened(&dir, &archive).is_some());
    std::fs::write(dir.join("strange.bin"), [7; 99]).unwrap();
    std::fs::write(dir.join(".managed.json"), "[").unwrap();
    reopened(&dir, &archive);
}

#[test]
fn an_index_of_another_version_is_put_aside() {
    let archive = archive(3);
    for (from, to, expect) in [
        (r#"\"schema\":"#, r#"\"schema\":9"#, Reason::OtherSchema),
        (r#"\"tok\":"#, r#"\"tok\":9"#, Reason::OtherTokeniser),
    ] {
        let dir = tempfile::tempdir().unwrap();
        drop(index_of(dir.path(), &archive));
        let path = dir.path().join("meta.json");
        let meta = std::fs::read_to_string(&path).unwrap();
        assert!(meta.contains(from), "{meta}");
        std::fs::write(&path, meta.replace(from, to)).unwrap();
        assert_eq!(reopened(dir.path(), &archive), Some(expect));
    }
}

#[test]
fn catching_up_can_be_stopped_and_goes_on() {
    let mut archive = archive(50);
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path(), &archive.id).unwrap().index;
    let stop_at = |at: usize| {
        move |progress: anjuan_search::Progress| {
            if progress.done >= at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    };
    let query = Query::phrase("总结");
    for stop in [0, 7, 20] {
        assert_eq!(index.catch_up(&archive, &mut stop_at(stop)).unwrap(), 0, "still building");
        assert!(index.status().building);
        archive.put(text_document(100 + stop, TEXT));
        archive.put(text_document(stop, "别的"));
        assert_eq!(found(&index, &archive, &query), archive.scan(&query));
    }
    assert_eq!(index.status().documents, 27, "each stop kept what was done");
    assert_eq!(index.catch_up(&archive, &mut go_on).unwrap(), 56);
    assert_eq!(found(&index, &archive, &query), archive.scan(&query));
    // The same with changes.
    for number in 0..50 {
        archive.put(text_document(number, TEXT));
    }
    let applied = index.catch_up(&archive, &mut stop_at(20)).unwrap();
    assert_eq!(applied, 76);
    assert_eq!(found(&index, &archive, &query), archive.scan(&query));
    assert_eq!(index.catch_up(&archive, &mut go_on).unwrap(), 106);
    assert_eq!(index.status().documents, archive.documents.len() as u64);
}

#[test]
fn two_programs_share_an_index() {
    let mut archive = archive(5);
    let dir = tempfile::tempdir().unwrap();
    let one = index_of(dir.path(), &archive);
    let two = Index::open(dir.path(), &archive.id).unwrap().index;
    archive.put(text_document(8, TEXT));
    let mut other = None;
    one.catch_up(&archive, &mut |_| {
        other.get_or_insert_with(|| two.catch_up(&archive, &mut go_on).unwrap());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(other, Some(5), "the second lets the first do it");
    assert_eq!(found(&two, &archive, &Query::phrase(TEXT)).len(), 6);
    assert_eq!(two.catch_up(&archive, &mut go_on).unwrap(), 6);
    assert_eq!(two.status().documents, 6);
}

#[test]
fn a_compacted_index_is_the_same_in_one_part() {
    let dir = tempfile::tempdir().unwrap();
    let mut archive = archive(0);
    let index = Index::open(dir.path(), &archive.id).unwrap().index;
    assert!(!index.compact().unwrap(), "there is nothing yet");
    for change in 0..9 {
        match change {
            6 => archive.remove("002"),
            7 => archive.put(text_document(3, "别的")),
            _ => archive.put(text_document(change, TEXT)),
        }
        index.catch_up(&archive, &mut go_on).unwrap();
    }
    let query = Query::phrase("工作总结");
    let before = index.status();
    assert!(before.segments > 1, "{before:?}");
    assert!(index.compact().unwrap());
    let after = index.status();
    assert_eq!((after.segments, after.documents, after.applied), (1, before.documents, 9));
    assert!(after.bytes < before.bytes, "{before:?} {after:?}");
    assert_eq!(found(&index, &archive, &query), archive.scan(&query));
    assert!(!index.compact().unwrap(), "it is done");
    archive.remove("000");
    index.catch_up(&archive, &mut go_on).unwrap();
    assert!(index.compact().unwrap(), "what was deleted is let go");
    drop(index);
    let opened = Index::open(dir.path(), &archive.id).unwrap();
    assert_eq!(opened.rebuilt, None);
    assert_eq!(found(&opened.index, &archive, &query), archive.scan(&query));
}

/// Where the process to be killed works; set by [`a_killed_program_loses_nothing_committed`].
const WORKPLACE: &str = "ANJUAN_TEST_WORKPLACE";
/// Changes that it takes up one by one.
const CHANGES: usize = 240;

/// An archive after so many changes of every kind.
fn grown(changes: usize) -> Archive {
    let mut archive = Archive::new("archive");
    for change in 0..changes {
        match change % 5 {
            4 => archive.remove(&format!("{:03}", change / 2)),
            3 => archive.put(text_document(change / 3, "工作总结")),
            _ => archive.put(text_document(change, TEXT)),
        }
    }
    archive
}

/// Kills a program that is indexing, `ANJUAN_KILLS` times: what it had committed is there, each
/// document once, and it goes on from there.
#[test]
fn a_killed_program_loses_nothing_committed() {
    if let Some(dir) = std::env::var_os(WORKPLACE) {
        let index = Index::open(Path::new(&dir), "archive").unwrap().index;
        for changes in index.applied() as usize + 1..=CHANGES {
            index.catch_up(&grown(changes), &mut go_on).unwrap();
        }
        return;
    }
    let kills = std::env::var("ANJUAN_KILLS").ok().and_then(|kills| kills.parse().ok());
    let kills: u64 = kills.unwrap_or(60);
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("index");
    // Numbers from a fixed begin; when a kill comes still depends on the machine.
    let mut random = 0x5EED_u64;
    let (mut known, mut partly, mut begun) = (0, 0, 0);
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "recovery::a_killed_program_loses_nothing_committed"])
            .env(WORKPLACE, &dir)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(kill);
        let wait = Duration::from_micros((random >> 33) % 250_000);
        let begin = Instant::now();
        while begin.elapsed() < wait && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let opened = Index::open(&dir, "archive").unwrap();
        let applied = opened.index.applied();
        assert!(applied >= known, "kill {kill}: {applied} of {known} changes are left");
        assert!(known == 0 || opened.rebuilt.is_none(), "kill {kill}: {:?}", opened.rebuilt);
        partly += u64::from(applied > known && applied < CHANGES as u64);
        drop(opened);
        let archive = grown(CHANGES.min(applied as usize + kill as usize % 3));
        reopened(&dir, &archive);
        known = archive.changes.len() as u64;
        if known == CHANGES as u64 {
            std::fs::remove_dir_all(&dir).unwrap();
            (known, begun) = (0, begun + 1);
        }
    }
    println!("{kills} kills: {partly} in the middle, {begun} times to the end");
    assert!(partly > 0, "no kill came in the middle");
}

/// An archive in which one more change is made between asking how far it is and reading changes.
struct Busy(Archive);

impl Source for Busy {
    type Error = Infallible;

    fn archive_id(&self) -> String {
        self.0.archive_id()
    }

    fn sequence(&self) -> Result<u64, Infallible> {
        Ok(self.0.sequence()? - 1)
    }

    fn changes_after(&self, seq: u64, limit: usize) -> Result<Vec<DocumentChange>, Infallible> {
        self.0.changes_after(seq, limit)
    }

    fn document(&self, id: &str) -> Result<Option<Document>, Infallible> {
        self.0.document(id)
    }

    fn marked(&self, mark: Mark<'_>) -> Result<BTreeSet<String>, Infallible> {
        self.0.marked(mark)
    }

    fn all(&self) -> Result<Vec<String>, Infallible> {
        self.0.all()
    }
}

#[test]
fn a_change_during_the_catch_up_does_not_keep_it_going() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut archive = Archive::of_texts(&["甲市侨联", "乙市侨联"]);
    let index = index_of(dir.path(), &archive);
    archive.put(text_document(0, "丙市侨联"));
    archive.put(text_document(1, "丁市侨联"));

    let mut steps = 0;
    let applied = index.catch_up(&Busy(archive.clone()), &mut |_| {
        steps += 1;
        if steps < 100 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });

    assert!(steps < 100, "it came to an end");
    assert_eq!(applied.expect("the archive can be read"), 4);
}
