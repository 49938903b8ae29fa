//! Undo and redo: whatever was done, undoing all of it leaves nothing, redoing all of it brings it
//! all back.

use crate::{Fixture, NOW, dump, edit, insert, new_passage, report_text, revision};
use anjuan_store::{
    AnchorState, CollectionId, ContentHash, Edit, MetadataPatch, NewTag, PassageFilter, PassageId,
    PassagePatch, ReportId, Store, StoreError, Subject, TagId, TagPatch, Write,
};
use anjuan_text::CharRange;
use proptest::prelude::*;

#[test]
fn undo_and_redo_go_step_by_step_and_across_a_restart() {
    let mut archive = Fixture::new();
    let report = archive.report("甲", "云州市侨联");
    let tag = archive.tag("会议", None);
    let passage = archive
        .store
        .edit(&Edit { report: Some(report), ..edit("passage.create") }, |w| {
            w.create_passage(&new_passage(report, 0, 2, &[tag]))
        })
        .expect("possible");
    let done = dump(&archive.path());

    let step = archive.store.undo("林", NOW).expect("possible").expect("a step");
    assert_eq!((step.label.as_str(), step.report), ("passage.create", Some(report)));
    assert!(archive.store.read().passage(passage).is_err());

    let (folder, path) = (archive.folder, archive.store.path().to_owned());
    drop(archive.store);
    let mut store = Store::open(&path).expect("again");
    let history = store.read().history(10).expect("read");
    assert_eq!(history.undo.len(), 2);
    assert_eq!(history.redo, std::slice::from_ref(&step));
    assert_eq!(store.redo("林", NOW).expect("possible"), Some(step));
    assert_eq!(dump(&path), done);
    assert_eq!(store.redo("林", NOW).expect("possible"), None, "nothing left to redo");

    for _ in 0..3 {
        assert!(store.undo("林", NOW).expect("possible").is_some());
    }
    assert_eq!(store.undo("林", NOW).expect("possible"), None, "nothing left to undo");
    assert!(store.read().report(report).is_err(), "an import is undone too");
    drop(folder);
}

#[test]
fn a_new_edit_ends_what_could_be_redone_and_what_only_that_needed() {
    let mut archive = Fixture::new();
    archive.report("甲", "云州市侨联");
    let hash = ContentHash::of("<p>云州市侨联</p>".as_bytes());
    archive.store.undo("林", NOW).expect("possible");
    assert!(archive.store.read().original(hash).is_ok(), "a redo would need it");
    archive.tag("会议", None);
    assert_eq!(archive.store.read().history(10).expect("read").redo, []);
    assert!(archive.store.read().original(hash).is_err(), "nothing can need it any more");
    assert_eq!(archive.store.redo("林", NOW).expect("possible"), None);
    assert_eq!(archive.store.read().integrity_check().expect("read"), []);
}

#[test]
fn an_import_again_after_its_undo_keeps_the_original() {
    let mut archive = Fixture::new();
    archive.report("甲", "云州市侨联");
    archive.store.undo("林", NOW).expect("possible");
    let report = archive.report("甲", "云州市侨联");
    let hash = ContentHash::of("<p>云州市侨联</p>".as_bytes());
    assert_eq!(archive.store.read().find_original(hash).expect("read"), Some(report));
    assert_eq!(archive.store.read().integrity_check().expect("read"), []);
}

/// Imports a report as part of a group.
fn import(archive: &mut Fixture, title: &str, group: &str) -> ReportId {
    let text = report_text(title, &format!("{title}云州市侨联"));
    archive
        .store
        .edit(&Edit { group: Some(group), ..edit("import") }, |w| insert(w, &text))
        .expect("possible")
}

#[test]
fn a_group_is_one_step_also_where_another_edit_came_between() {
    let mut archive = Fixture::new();
    let first = import(&mut archive, "甲", "job");
    let tag = archive.tag("会议", None);
    let second = import(&mut archive, "乙", "job");
    let done = dump(&archive.path());
    let history = archive.store.read().history(10).expect("read");
    assert_eq!(history.undo.iter().map(|step| step.edits).collect::<Vec<_>>(), [2, 1]);

    let step = archive.store.undo("林", NOW).expect("possible").expect("a step");
    assert_eq!((step.label.as_str(), step.edits, step.report), ("import", 2, None));
    let read = archive.store.read();
    assert!(read.report(first).is_err() && read.report(second).is_err());
    assert!(read.tag(tag).is_ok(), "not of the group");
    drop(read);
    archive.store.redo("林", NOW).expect("possible");
    assert_eq!(dump(&archive.path()), done);
}

#[test]
fn a_group_that_others_built_on_is_undone_from_its_end() {
    let mut archive = Fixture::new();
    let first = import(&mut archive, "甲", "job");
    let passage = archive.passage(first, 0, 1, &[]);
    let second = import(&mut archive, "乙", "job");
    let step = archive.store.undo("林", NOW).expect("possible").expect("a step");
    assert_eq!(step.edits, 1, "the passage stands in the first");
    assert!(archive.store.read().report(second).is_err());
    assert!(archive.store.read().passage(passage).is_ok());
    for _ in 0..2 {
        archive.store.undo("林", NOW).expect("possible").expect("a step");
    }
    assert!(archive.store.read().report(first).is_err());
}

/// A group that sets a value and sets it back has no sum, but the edit between stands on it.
#[test]
fn a_group_is_not_taken_out_from_under_an_edit_that_named_what_it_made() {
    let mut archive = Fixture::new();
    let create = |name: &'static str, parent| {
        move |w: &mut Write<'_>| w.create_tag(&NewTag { name, parent, ..NewTag::default() })
    };
    let grouped = || Edit { group: Some("a"), ..edit("tag.create") };
    let above = archive.store.edit(&grouped(), create("经济", None)).expect("possible");
    let below = archive.store.edit(&edit("tag.create"), create("贸易", Some(above)));
    let below = below.expect("possible");
    // Nothing names the tag of the group any more; taking this back will name it again.
    archive.edit(|w| w.update_tag(below, &TagPatch { parent: Some(None), ..TagPatch::default() }));
    archive.store.edit(&grouped(), create("抗疫", None)).expect("possible");
    let done = dump(&archive.path());

    let step = archive.store.undo("林", NOW).expect("possible").expect("a step");
    assert_eq!(step.edits, 1, "the end of the group alone");
    for _ in 0..3 {
        archive.store.undo("林", NOW).expect("possible").expect("a step");
    }
    assert_eq!(archive.store.read().tags().expect("read"), []);
    while archive.store.redo("林", NOW).expect("possible").is_some() {}
    assert_eq!(dump(&archive.path()), done);
}

#[test]
fn a_group_that_cancels_itself_is_not_taken_out_from_under_another_edit() {
    let mut archive = Fixture::new();
    let tag = archive.tag("甲", None);
    let rename = |archive: &mut Fixture, name: &str, group| {
        let patch = TagPatch { name: Some(name.into()), ..TagPatch::default() };
        archive
            .store
            .edit(&Edit { group, ..edit("tag.rename") }, |w| w.update_tag(tag, &patch))
            .expect("possible");
    };
    rename(&mut archive, "乙", Some("group"));
    rename(&mut archive, "丙", None);
    rename(&mut archive, "甲", Some("group"));
    for expect in ["丙", "乙", "甲"] {
        archive.store.undo("林", NOW).expect("possible").expect("a step");
        assert_eq!(archive.store.read().tag(tag).expect("there").name, expect);
    }
}

/// An edit of any kind; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Act {
    Report(u8),
    Revise(u8, u8),
    Metadata(u8, u8),
    DeleteReport(u8),
    RestoreReport,
    Tag(u8, u8),
    MoveTag(u8, u8, u8),
    DeleteTag(u8),
    MergeTag(u8, u8),
    Passage(u8, u8, u8),
    ChangePassage(u8, u8, u8),
    DeletePassage(u8),
    Memo(u8, u8),
    Collect(u8, u8),
    Uncollect(u8, u8),
    Meta(u8),
    /// Several in one edit, the last of which fails.
    Fail(u8),
    Undo(u8),
    Redo(u8),
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    let n = any::<u8>;
    prop_oneof![
        3 => n().prop_map(Act::Report),
        1 => (n(), n()).prop_map(|(a, b)| Act::Revise(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Act::Metadata(a, b)),
        1 => n().prop_map(Act::DeleteReport),
        1 => Just(Act::RestoreReport),
        3 => (n(), n()).prop_map(|(a, b)| Act::Tag(a, b)),
        2 => (n(), n(), n()).prop_map(|(a, b, c)| Act::MoveTag(a, b, c)),
        1 => n().prop_map(Act::DeleteTag),
        1 => (n(), n()).prop_map(|(a, b)| Act::MergeTag(a, b)),
        4 => (n(), n(), n()).prop_map(|(a, b, c)| Act::Passage(a, b, c)),
        2 => (n(), n(), n()).prop_map(|(a, b, c)| Act::ChangePassage(a, b, c)),
        1 => n().prop_map(Act::DeletePassage),
        1 => (n(), n()).prop_map(|(a, b)| Act::Memo(a, b)),
        2 => (n(), n()).prop_map(|(a, b)| Act::Collect(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Act::Uncollect(a, b)),
        1 => n().prop_map(Act::Meta),
        1 => n().prop_map(Act::Fail),
        2 => n().prop_map(Act::Undo),
        1 => n().prop_map(Act::Redo),
        1 => Just(Act::Reopen),
    ]
}

/// One of some things, chosen by a number; missing where there is none.
fn pick<T: Copy>(things: &[T], number: u8) -> Result<T, StoreError> {
    things
        .get(usize::from(number) % things.len().max(1))
        .copied()
        .ok_or(StoreError::Missing { kind: "thing", id: String::new() })
}

fn some_tag(w: &Write<'_>, number: u8) -> Result<TagId, StoreError> {
    let tags: Vec<_> = w.read().tags()?.into_iter().map(|tag| tag.id).collect();
    pick(&tags, number)
}

fn some_report(w: &Write<'_>, number: u8) -> Result<ReportId, StoreError> {
    pick(&w.read().report_ids()?, number)
}

fn some_passage(w: &Write<'_>, number: u8) -> Result<PassageId, StoreError> {
    let passages = w.read().passages(&PassageFilter::default())?;
    let passages: Vec<_> = passages.into_iter().map(|passage| passage.id).collect();
    pick(&passages, number)
}

fn some_collection(w: &Write<'_>, number: u8) -> Result<CollectionId, StoreError> {
    let collections: Vec<_> = w.read().collections()?.into_iter().map(|c| c.id).collect();
    pick(&collections, number)
}

const NAMES: [&str; 5] = ["经济", "贸易", "抗疫", "換屆", "慰问"];

fn name(number: u8) -> &'static str {
    NAMES[usize::from(number) % NAMES.len()]
}

fn perform(w: &mut Write<'_>, act: &Act) -> Result<(), StoreError> {
    match *act {
        Act::Report(n) => insert(w, &report_text(name(n), &format!("{n}云州市侨联"))).map(drop),
        Act::Revise(n, m) => {
            let report = some_report(w, n)?;
            let text = report_text(name(m), &format!("{m}改云州市侨联"));
            let original = w.insert_original(&[m])?;
            let new = w.add_revision(report, &revision(original, &text), name(m))?;
            let filter = PassageFilter { report: Some(report), tag: None };
            for passage in w.read().passages(&filter)? {
                if m % 2 == 0 {
                    w.set_anchor(passage.id, new, CharRange::new(1, 3), AnchorState::Moved)?;
                } else {
                    w.set_anchor_state(passage.id, AnchorState::Lost)?;
                }
            }
            Ok(())
        }
        Act::Metadata(n, m) => {
            let patch = MetadataPatch {
                title: Some(Some(name(m).into())),
                title_key: Some(name(m).into()),
                published: Some((m % 2 == 0).then(|| format!("20{m:02}"))),
                ..MetadataPatch::default()
            };
            let report = some_report(w, n)?;
            w.set_metadata(report, &patch)
        }
        Act::DeleteReport(n) => some_report(w, n).and_then(|id| w.delete_report(id)),
        Act::RestoreReport => {
            let deleted: Vec<_> = w.read().deleted_reports()?.iter().map(|r| r.id).collect();
            w.restore_report(pick(&deleted, 0)?)
        }
        Act::Tag(n, m) => {
            let parent = if n % 2 == 0 { None } else { Some(some_tag(w, n)?) };
            let new = NewTag { name: name(m), parent, colour: "#aa5500", description: "" };
            w.create_tag(&new).map(drop)
        }
        Act::MoveTag(n, m, at) => {
            let (id, other) = (some_tag(w, n)?, some_tag(w, m)?);
            let patch = TagPatch {
                name: (at % 3 == 0).then(|| name(m).into()),
                parent: (at % 2 == 0).then_some((m % 4 != 0).then_some(other)),
                position: Some(u32::from(at) % 4),
                ..TagPatch::default()
            };
            w.update_tag(id, &patch)
        }
        Act::DeleteTag(n) => some_tag(w, n).and_then(|id| w.delete_tag(id)),
        Act::MergeTag(n, m) => {
            let (from, into) = (some_tag(w, n)?, some_tag(w, m)?);
            w.merge_tag(from, into)
        }
        Act::Passage(n, m, k) => {
            let report = some_report(w, n)?;
            let tags: Vec<_> = [m, k].iter().filter_map(|&n| some_tag(w, n).ok()).collect();
            let start = u32::from(m) % 3;
            w.create_passage(&new_passage(report, start, start + 1 + u32::from(k) % 3, &tags))
                .map(drop)
        }
        Act::ChangePassage(n, m, k) => {
            let id = some_passage(w, n)?;
            let patch = PassagePatch {
                range: (m % 2 == 0).then(|| CharRange::new(0, 1 + u32::from(m) % 4)),
                tags: (k % 2 == 0).then(|| some_tag(w, k).into_iter().collect()),
                memo: Some(name(k).into()),
                state: (k % 3 == 0).then_some(AnchorState::Moved),
            };
            w.update_passage(id, &patch)
        }
        Act::DeletePassage(n) => some_passage(w, n).and_then(|id| w.delete_passage(id)),
        Act::Memo(n, m) => {
            let subject = match m % 3 {
                0 => Subject::Report(some_report(w, n)?),
                1 => Subject::Tag(some_tag(w, n)?),
                _ => Subject::Collection(some_collection(w, n)?),
            };
            w.set_memo(subject, if m % 4 == 0 { "" } else { name(m) })
        }
        Act::Collect(n, m) => {
            let report = some_report(w, n)?;
            let above = some_collection(w, n).ok().filter(|_| m % 2 == 0);
            let id = match w.read().find_collection(above, name(m))? {
                Some(id) => id,
                None => w.create_collection(above, name(m))?,
            };
            w.add_to_collection(id, report)
        }
        Act::Uncollect(n, m) => {
            let id = some_collection(w, n)?;
            match m % 4 {
                0 => w.delete_collection(id),
                1 => w.rename_collection(id, name(m)),
                2 => {
                    let above = some_collection(w, m).ok().filter(|_| n % 3 != 0);
                    w.move_collection(id, above, u32::from(n) % 3)
                }
                _ => {
                    let report = some_report(w, m)?;
                    w.remove_from_collection(id, report)
                }
            }
        }
        Act::Meta(n) => w.set_meta("note", (n % 3 != 0).then(|| name(n))),
        Act::Fail(n) => {
            insert(w, &report_text(name(n), "半途"))?;
            w.set_meta("note", Some("半途"))?;
            Err(StoreError::NameEmpty)
        }
        Act::Undo(_) | Act::Redo(_) | Act::Reopen => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn undoing_all_leaves_nothing_and_redoing_all_brings_all_back(
        acts in prop::collection::vec((act(), 0_u8..6), 1..40),
    ) {
        let mut archive = Fixture::new();
        let path = archive.path();
        let empty = dump(&path);
        for (act, group) in &acts {
            let before = dump(&path);
            match act {
                Act::Undo(n) => for _ in 0..n % 4 {
                    archive.store.undo("陈", NOW)?;
                },
                Act::Redo(n) => for _ in 0..n % 4 {
                    archive.store.redo("陈", NOW)?;
                },
                Act::Reopen => archive.store = Store::open(&path)?,
                act => {
                    // Two groups, interleaved with each other and with edits of none.
                    let group = ["a", "b"].get(usize::from(*group)).copied();
                    let edit = Edit { group, ..edit("act") };
                    if archive.store.edit(&edit, |w| perform(w, act)).is_err() {
                        prop_assert_eq!(dump(&path), before, "a failed edit leaves no trace");
                    }
                }
            }
        }
        while archive.store.redo("陈", NOW)?.is_some() {}
        let done = dump(&path);
        prop_assert_eq!(archive.store.read().integrity_check()?, []);
        let mut steps = 0;
        while archive.store.undo("陈", NOW)?.is_some() {
            steps += 1;
        }
        prop_assert_eq!(dump(&path), empty);
        archive.store = Store::open(&path)?;
        prop_assert_eq!(archive.store.read().history(1000)?.redo.len(), steps);
        while archive.store.redo("陈", NOW)?.is_some() {}
        prop_assert_eq!(dump(&path), done);
        prop_assert_eq!(archive.store.read().integrity_check()?, []);
    }
}
