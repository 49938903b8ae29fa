//! Every table: what is written is read, and what is deleted is out of sight.

use crate::{Fixture, edit, insert, new_passage, report_text, revision};
use anjuan_store::{
    AnchorState, Change, ChangeKind, ChangeOp, ContentHash, Counts, MetadataPatch, NewTag,
    PassageFilter, PassagePatch, ReadStore, ReportId, StoreError, Subject, TagPatch,
};
use anjuan_text::{CharRange, ProblemCode, ReportText, Script};

#[test]
fn an_original_is_kept_once_and_found_by_its_bytes() {
    let mut archive = Fixture::new();
    let text = report_text("年度工作", "云州市侨联召开会议");
    let report = archive.edit(|w| insert(w, &text));
    let bytes = "<p>云州市侨联召开会议</p>".as_bytes();
    let hash = ContentHash::of(bytes);
    assert_eq!(archive.edit(|w| w.insert_original(bytes)), hash);
    let read = archive.store.read();
    assert_eq!(read.original(hash).expect("kept"), bytes);
    assert_eq!(read.find_original(hash).expect("read"), Some(report));
    let text_hash = ContentHash::of(text.text.as_bytes());
    assert_eq!(read.find_text_hash(text_hash).expect("read"), Some(report));
    assert_eq!(read.find_original(ContentHash::of(b"?")).expect("read"), None);
    assert_eq!(read.find_by_path("/云州/报告.html").expect("read"), Some(report));
}

#[test]
fn a_report_text_comes_back_whole() {
    let mut archive = Fixture::new();
    let text = report_text("年度工作", "𠮷林街道侨联\n开展慰问");
    let report = archive.edit(|w| insert(w, &text));
    let read = archive.store.read();
    let found = read.report(report).expect("there");
    assert_eq!(read.report_text(found.revision).expect("kept"), text);
    assert_eq!(found.metadata, text.metadata);
    assert_eq!(found.characters, 11);
    assert_eq!(found.problems, [ProblemCode::DateMissing]);
    let revisions = read.revisions(report).expect("kept");
    assert_eq!(revisions.len(), 1);
    assert_eq!(revisions[0].encoding.as_deref(), Some("GBK"));
}

#[test]
fn a_new_revision_keeps_the_old_one_and_what_the_user_corrected() {
    let mut archive = Fixture::new();
    let report = archive.report("年度工作", "云州市侨联召开会议");
    let first = archive.store.read().report(report).expect("there").revision;
    archive.edit(|w| {
        let place = Some(Some("江云省临山市".to_owned()));
        w.set_metadata(report, &MetadataPatch { place, ..MetadataPatch::default() })
    });
    let mut text = report_text("年度工作总结", "云州市侨联今天召开会议");
    text.metadata.published = Some("2024-02".into());
    let second = archive.edit(|w| {
        let original = w.insert_original(b"new")?;
        w.add_revision(report, &revision(original, &text), "zongjie")
    });
    let read = archive.store.read();
    let now = read.report(report).expect("there");
    assert_eq!(now.revision, second);
    assert_eq!(now.metadata.title.as_deref(), Some("年度工作总结"), "followed the new text");
    assert_eq!(now.metadata.place.as_deref(), Some("江云省临山市"), "the user's own");
    let revisions = read.revisions(report).expect("kept");
    let chain: Vec<_> = revisions.iter().map(|revision| revision.id).collect();
    assert_eq!(chain, [second, first]);
    assert_eq!(read.text(first).expect("kept"), "云州市侨联召开会议");
    drop(read);

    archive.store.undo("林", crate::NOW).expect("possible");
    let read = archive.store.read();
    assert_eq!(read.revisions(report).expect("kept").len(), 1, "the new one is out of the chain");
    assert_eq!(read.find_original(ContentHash::of(b"new")).expect("read"), None);
}

#[test]
fn metadata_change_where_the_patch_says_so() {
    let mut archive = Fixture::new();
    let report = archive.report("年度工作", "文");
    archive.edit(|w| {
        let patch = MetadataPatch {
            published: Some(Some("2021-02-04T15:15".into())),
            authors: Some(vec!["林一".into(), "陈二".into()]),
            place: Some(None),
            script: Some(Some(Script::Hant)),
            ..MetadataPatch::default()
        };
        w.set_metadata(report, &patch)
    });
    let metadata = archive.store.read().report(report).expect("there").metadata;
    assert_eq!(metadata.title.as_deref(), Some("年度工作"), "not in the patch");
    assert_eq!(metadata.published.as_deref(), Some("2021-02-04T15:15"));
    assert_eq!(metadata.authors, ["林一", "陈二"]);
    assert_eq!(metadata.place, None);
    assert_eq!(metadata.script, Some(Script::Hant));
}

#[test]
fn a_deleted_report_takes_its_passages_out_of_sight_and_back() {
    let mut archive = Fixture::new();
    let report = archive.report("年度工作", "云州市侨联召开会议");
    let tag = archive.tag("会议", None);
    let passage = archive.passage(report, 0, 3, &[tag]);
    let whole = Counts { reports: 1, passages: 1, tags: 1, collections: 0 };
    assert_eq!(archive.store.read().counts().expect("counted"), whole);

    archive.edit(|w| w.delete_report(report));
    let read = archive.store.read();
    assert!(matches!(read.report(report), Err(StoreError::Missing { kind: "report", .. })));
    assert!(matches!(read.passage(passage), Err(StoreError::Missing { .. })));
    assert_eq!(read.counts().expect("counted"), Counts { reports: 0, passages: 0, ..whole });
    assert_eq!(read.tags().expect("the codebook")[0].passages, 0);
    assert_eq!(read.tag(tag).expect("there").passages, 0);
    assert_eq!(read.report_ids().expect("read"), []);
    assert_eq!(read.deleted_reports().expect("read")[0].id, report);
    assert_eq!(read.find_by_path("/云州/报告.html").expect("read"), None);
    drop(read);

    archive.edit(|w| w.restore_report(report));
    let read = archive.store.read();
    assert_eq!(read.counts().expect("counted"), whole);
    assert_eq!(read.tags().expect("the codebook")[0].passages, 1);
    assert_eq!(read.passage(passage).expect("back").tags, [tag]);
}

#[test]
fn tags_are_a_tree_in_the_order_of_the_user() {
    let mut archive = Fixture::new();
    let economy = archive.tag("经济", None);
    let trade = archive.tag("贸易", Some(economy));
    let jobs = archive.tag("招聘", Some(economy));
    let health = archive.tag("抗疫", None);
    let order = |archive: &Fixture| -> Vec<String> {
        archive.store.read().tags().expect("read").into_iter().map(|tag| tag.name).collect()
    };
    assert_eq!(order(&archive), ["经济", "贸易", "招聘", "抗疫"]);

    archive.edit(|w| {
        w.update_tag(health, &TagPatch { position: Some(0), ..TagPatch::default() })?;
        w.update_tag(jobs, &TagPatch { position: Some(0), ..TagPatch::default() })
    });
    assert_eq!(order(&archive), ["抗疫", "经济", "招聘", "贸易"]);

    archive.edit(|w| w.update_tag(jobs, &TagPatch { parent: Some(None), ..TagPatch::default() }));
    assert_eq!(order(&archive), ["抗疫", "经济", "贸易", "招聘"]);

    let below = TagPatch { parent: Some(Some(trade)), ..TagPatch::default() };
    let cycle = archive.store.edit(&edit("tag.move"), |w| w.update_tag(economy, &below));
    assert!(matches!(cycle, Err(StoreError::Cycle)));

    let twice = archive.store.edit(&edit("tag.create"), |w| {
        w.create_tag(&NewTag { name: "抗疫", ..NewTag::default() })
    });
    assert!(matches!(twice, Err(StoreError::NameTaken(name)) if name == "抗疫"));
    let nameless = archive
        .store
        .edit(&edit("tag.create"), |w| w.create_tag(&NewTag { name: " ", ..NewTag::default() }));
    assert!(matches!(nameless, Err(StoreError::NameEmpty)));

    archive.edit(|w| w.delete_tag(economy));
    assert_eq!(order(&archive), ["抗疫", "招聘"], "what is below goes too");
    assert_eq!(archive.store.read().find_tag(None, "招聘").expect("read"), Some(jobs));
    assert_eq!(archive.store.read().find_tag(None, "经济").expect("read"), None);
}

#[test]
fn merging_a_tag_moves_its_passages_and_the_tags_below_it() {
    let mut archive = Fixture::new();
    let report = archive.report("年度工作", "云州市侨联召开会议");
    let (old, new) = (archive.tag("疫情", None), archive.tag("抗疫", None));
    let masks = archive.tag("口罩", Some(old));
    let other_masks = archive.tag("口罩", Some(new));
    let gifts = archive.tag("捐赠", Some(old));
    let both = archive.passage(report, 0, 2, &[old, new]);
    let one = archive.passage(report, 2, 4, &[old]);
    let masked = archive.passage(report, 4, 6, &[masks]);
    archive.edit(|w| w.merge_tag(old, new));
    let read = archive.store.read();
    assert_eq!(read.passage(both).expect("there").tags, [new]);
    assert_eq!(read.passage(one).expect("there").tags, [new]);
    assert_eq!(read.passage(masked).expect("there").tags, [other_masks]);
    assert_eq!(read.tag(gifts).expect("there").parent, Some(new));
    assert!(read.tag(old).is_err());
    drop(read);
    let into_child = archive.store.edit(&edit("tag.merge"), |w| w.merge_tag(new, gifts));
    assert!(matches!(into_child, Err(StoreError::Cycle)));
}

#[test]
fn a_passage_is_an_anchor() {
    let mut archive = Fixture::new();
    let text: String =
        ('一'..).filter(|c| c.is_alphabetic()).take(50).chain("𠮷乙".chars()).collect();
    let report = archive.report("年度工作", &text);
    let (a, b) = (archive.tag("甲", None), archive.tag("乙", None));
    let id = archive.passage(report, 40, 51, &[b, a, b]);
    let found = archive.store.read().passage(id).expect("there");
    let slice = |range: std::ops::Range<usize>| -> String {
        text.chars().skip(range.start).take(range.len()).collect()
    };
    assert_eq!(found.quote, slice(40..51));
    assert_eq!(found.before, slice(8..40), "32 code points");
    assert_eq!(found.after, "乙", "up to the end");
    assert_eq!(found.tags, [b, a], "in the order given, each once");
    assert_eq!(found.state, AnchorState::Kept);
    assert_eq!(found.coder, "林");

    archive.edit(|w| {
        w.set_anchor_state(id, AnchorState::Moved)?;
        let patch = PassagePatch {
            range: Some(CharRange::new(0, 2)),
            tags: Some(vec![a]),
            memo: Some("记".into()),
            state: None,
        };
        w.update_passage(id, &patch)
    });
    let found = archive.store.read().passage(id).expect("there");
    assert_eq!((found.quote, found.before), (slice(0..2), String::new()));
    assert_eq!((found.tags, found.memo.as_str()), (vec![a], "记"));
    assert_eq!(found.state, AnchorState::Kept, "placed by hand");

    for (start, end) in [(3, 3), (5, 4), (50, 53), (u32::MAX - 1, u32::MAX)] {
        let result = archive.store.edit(&edit("passage.create"), |w| {
            w.create_passage(&new_passage(report, start, end, &[]))
        });
        assert!(
            matches!(result, Err(StoreError::BadRange { characters: 52, .. })),
            "{start}..{end} is no range of 52 characters"
        );
    }
    archive.edit(|w| w.delete_passage(id));
    assert!(archive.store.read().passage(id).is_err());
}

#[test]
fn passages_are_found_by_report_and_by_tag_with_those_below() {
    let mut archive = Fixture::new();
    let first = archive.report("甲", "云州市侨联召开会议");
    let second = archive.report("乙", "临山市侨联召开会议");
    let economy = archive.tag("经济", None);
    let trade = archive.tag("贸易", Some(economy));
    let late = archive.passage(first, 5, 7, &[economy]);
    let short = archive.passage(first, 1, 2, &[]);
    let long = archive.passage(first, 1, 4, &[trade]);
    let other = archive.passage(second, 0, 1, &[trade]);
    let found = |report: Option<ReportId>, tag| -> Vec<_> {
        let found = archive.store.read().passages(&PassageFilter { report, tag }).expect("read");
        found.into_iter().map(|passage| passage.id).collect()
    };
    assert_eq!(found(Some(first), None), [long, short, late]);
    assert_eq!(found(None, Some(economy)), [other, long, late], "乙 before 甲 by code point");
    assert_eq!(found(None, Some(trade)), [other, long]);
    assert_eq!(found(Some(first), Some(trade)), [long]);
    assert_eq!(found(None, None).len(), 4);
}

#[test]
fn memos_come_and_go() {
    let mut archive = Fixture::new();
    let report = archive.report("年度工作", "文");
    let subject = Subject::Report(report);
    let memo =
        |archive: &Fixture| archive.store.read().memo(subject).expect("read").map(|memo| memo.text);
    assert_eq!(memo(&archive), None);
    archive.edit(|w| w.set_memo(subject, "待核"));
    archive.edit(|w| w.set_memo(subject, "已核"));
    assert_eq!(memo(&archive).as_deref(), Some("已核"));
    archive.edit(|w| w.set_memo(subject, ""));
    assert_eq!(memo(&archive), None);
    archive.store.undo("林", crate::NOW).expect("possible");
    assert_eq!(memo(&archive).as_deref(), Some("已核"));
}

#[test]
fn collections_hold_reports() {
    let mut archive = Fixture::new();
    let (a, b) = (archive.report("甲", "文"), archive.report("乙", "章"));
    let id = archive.edit(|w| {
        let id = w.create_collection(None, "历年")?;
        [b, a, b].into_iter().try_for_each(|report| w.add_to_collection(id, report))?;
        Ok(id)
    });
    let names = |archive: &Fixture| -> Vec<String> {
        let all = archive.store.read().collections().expect("read");
        all.into_iter().map(|c| c.name).collect()
    };
    let members = |archive: &Fixture| archive.store.read().collection_reports(id).expect("read");
    assert_eq!(members(&archive), [a, b]);
    archive.edit(|w| w.remove_from_collection(id, a));
    archive.edit(|w| w.rename_collection(id, "历年报告"));
    assert_eq!((names(&archive), members(&archive)), (vec!["历年报告".to_owned()], vec![b]));
    archive.edit(|w| w.add_to_collection(id, a));
    archive.edit(|w| w.delete_report(b));
    assert_eq!(members(&archive), [a]);
    let gone = archive.store.edit(&edit("collection.add"), |w| w.add_to_collection(id, b));
    assert!(matches!(gone, Err(StoreError::Missing { kind: "report", .. })));
    let twice =
        archive.store.edit(&edit("collection.create"), |w| w.create_collection(None, "历年报告"));
    assert!(matches!(twice, Err(StoreError::NameTaken(_))));
    archive.edit(|w| w.delete_collection(id));
    assert!(names(&archive).is_empty());
}

#[test]
fn collections_lie_in_one_another() {
    let mut archive = Fixture::new();
    let report = archive.report("甲", "文");
    let [city, county, other] = archive.edit(|w| {
        let city = w.create_collection(None, "市")?;
        let county = w.create_collection(Some(city), "县")?;
        let other = w.create_collection(None, "别")?;
        w.add_to_collection(county, report)?;
        Ok([city, county, other])
    });
    let names = |archive: &Fixture| -> String {
        let all = archive.store.read().collections().expect("read");
        all.iter().map(|c| c.name.as_str()).collect()
    };
    assert_eq!(names(&archive), "市县别");
    let cycle =
        archive.store.edit(&edit("collection.move"), |w| w.move_collection(city, Some(county), 0));
    assert!(matches!(cycle, Err(StoreError::Cycle)));
    archive.edit(|w| w.move_collection(other, Some(city), 0));
    assert_eq!(names(&archive), "市别县");
    archive.edit(|w| w.create_collection(None, "县"));
    let taken =
        archive.store.edit(&edit("collection.move"), |w| w.move_collection(county, None, 9));
    assert!(matches!(taken, Err(StoreError::NameTaken(_))));
    archive.edit(|w| w.delete_collection(city));
    assert_eq!(names(&archive), "县");
    archive.store.undo("林", crate::NOW).expect("possible");
    assert_eq!(names(&archive), "市别县县");
    let read = archive.store.read();
    assert_eq!(read.collections_of_report(report).expect("read"), [county]);
}

#[test]
fn the_listing_follows_what_changes() {
    let mut archive = Fixture::new();
    let (a, b) = (archive.report("甲", "文章"), archive.report("乙", "文章"));
    let tag = archive.tag("会议", None);
    let start = archive.store.read().sequence().expect("read");
    let passage = archive.passage(a, 0, 1, &[tag]);
    let collection = archive.edit(|w| {
        let id = w.create_collection(None, "选")?;
        w.add_to_collection(id, b)?;
        w.set_memo(Subject::Report(b), "记")?;
        w.delete_report(b)?;
        Ok(id)
    });
    let read = archive.store.read();
    let changes = read.listing_changes(start).expect("read");
    assert_eq!(changes.sequence, read.sequence().expect("read"));
    assert!(changes.reports.iter().eq([&b]));
    assert!(changes.marks.iter().eq([&a, &b]));
    assert!(changes.members.iter().eq([(&(collection, b), &true)]));
    assert!(changes.collections && !changes.tags);
    assert_eq!(read.listed(b).expect("read"), None, "deleted");
    let mut all = Vec::new();
    read.each_listed(|listed| all.push(listed)).expect("read");
    assert_eq!(all, [read.listed(a).expect("read").expect("there")]);
    for (id, marks) in read.all_marks().expect("read") {
        assert_eq!(marks, read.marks(id).expect("read"));
    }
    let marks = read.marks(a).expect("read");
    assert_eq!((marks.passages, &marks.tags[..], marks.memo), (1, &[(tag, 1)][..], false));
    let marks = read.marks(b).expect("read");
    assert_eq!((&marks.collections[..], marks.memo), (&[collection][..], true));
    drop(read);
    let start = archive.store.read().sequence().expect("read");
    archive.edit(|w| w.delete_passage(passage));
    archive.edit(|w| w.remove_from_collection(collection, b));
    let changes = archive.store.read().listing_changes(start).expect("read");
    assert!(changes.marks.iter().eq([&a]));
    assert!(changes.members.iter().eq([(&(collection, b), &false)]));
    assert!(archive.store.read().all_marks().expect("read")[&b].collections.is_empty());
}

#[test]
fn the_log_tells_every_report_that_a_change_concerns() {
    use ChangeKind::{Collection, Memo, Passage, Report, Tag};
    use ChangeOp::{Put, Remove};
    let mut archive = Fixture::new();
    let (a, b) = (archive.report("甲", "文章"), archive.report("乙", "文章"));
    let economy = archive.tag("经济", None);
    let trade = archive.tag("贸易", Some(economy));
    let passage = archive.passage(a, 0, 1, &[trade]);
    let mut seen = archive.store.read().sequence().expect("read");
    let mut check =
        |archive: &Fixture, what: &str, expect: &[(ChangeKind, Option<ReportId>, ChangeOp)]| {
            let changes = archive.store.read().changes_after(seen, 100).expect("read");
            let found: Vec<_> =
                changes.iter().map(|&Change { kind, report, op, .. }| (kind, report, op)).collect();
            assert_eq!(found, expect, "{what}");
            seen = archive.store.read().sequence().expect("read");
            assert!(changes.last().is_none_or(|last| last.seq == seen));
        };

    archive.edit(|w| {
        w.update_tag(economy, &TagPatch { name: Some("经贸".into()), ..TagPatch::default() })
    });
    check(&archive, "a name", &[(Tag, None, Put)]);
    archive.edit(|w| {
        w.update_tag(trade, &TagPatch { colour: Some("#000000".into()), ..TagPatch::default() })
    });
    check(&archive, "a colour", &[(Tag, None, Put)]);
    archive.edit(|w| w.set_passage_tags(passage, &[economy]));
    check(&archive, "tags of a passage", &[(Passage, Some(a), Put)]);
    archive.store.undo("林", crate::NOW).expect("possible");
    check(&archive, "undo", &[(Passage, Some(a), Put)]);
    archive.edit(|w| w.delete_passage(passage));
    check(&archive, "delete", &[(Passage, Some(a), Remove)]);
    archive.store.undo("林", crate::NOW).expect("possible");
    check(&archive, "undelete", &[(Passage, Some(a), Put)]);
    archive.edit(|w| w.set_memo(Subject::Report(b), "待核"));
    check(&archive, "memo", &[(Memo, Some(b), Put)]);
    archive.edit(|w| {
        let id = w.create_collection(None, "选")?;
        w.add_to_collection(id, a)
    });
    check(&archive, "collection", &[(Collection, None, Put), (Collection, Some(a), Put)]);
    archive.edit(|w| w.delete_report(b));
    check(&archive, "report", &[(Report, Some(b), Remove)]);
    archive.edit(|_| Ok(()));
    check(&archive, "an edit that changes nothing", &[]);
    let fresh = archive.report("丙", "文");
    check(&archive, "import", &[(Report, Some(fresh), Put)]);
    archive.store.undo("林", crate::NOW).expect("possible");
    check(&archive, "undone import", &[(Report, Some(fresh), Remove)]);
}

#[test]
fn a_failed_edit_leaves_no_trace() {
    let mut archive = Fixture::new();
    let report = archive.report("甲", "文章");
    let (before, seen) =
        (crate::dump(&archive.path()), archive.store.read().sequence().expect("read"));
    let result = archive.store.edit(&edit("passage.create"), |w| {
        w.create_tag(&NewTag { name: "新", ..NewTag::default() })?;
        w.delete_report(report)?;
        w.create_passage(&new_passage(report, 0, 1, &[]))
    });
    assert!(matches!(result, Err(StoreError::Missing { kind: "report", .. })));
    assert_eq!(crate::dump(&archive.path()), before);
    assert_eq!(archive.store.read().sequence().expect("read"), seen);
    assert_eq!(archive.store.read().history(10).expect("read").undo.len(), 1);
}

#[test]
fn a_reader_sees_one_moment_while_the_writer_goes_on() {
    fn sendable<T: Send>(_: &T) {}
    let mut archive = Fixture::new();
    archive.report("甲", "文");
    let reader = ReadStore::open(&archive.path()).expect("a second connection");
    let view = reader.read();
    assert_eq!(view.counts().expect("counted").reports, 1);
    archive.report("乙", "章");
    assert_eq!(view.counts().expect("counted").reports, 1, "the view holds still");
    drop(view);
    assert_eq!(reader.read().counts().expect("counted").reports, 2);
    sendable(&reader);
    sendable(&archive.store);
}

#[test]
fn a_sound_archive_has_no_flaws_and_a_doctored_one_has() {
    let mut archive = Fixture::new();
    let report = archive.report("甲", "云州市侨联");
    archive.passage(report, 0, 2, &[]);
    assert_eq!(archive.store.read().integrity_check().expect("read"), []);
    let conn = rusqlite::Connection::open(archive.path()).expect("a database");
    conn.execute_batch(
        "UPDATE passage SET quote = '另'; UPDATE original SET bytes = x'00';
         UPDATE revision SET characters = 9;",
    )
    .expect("doctored");
    let flaws = archive.store.read().integrity_check().expect("read");
    assert_eq!(flaws.len(), 3, "{flaws:?}");
}

#[test]
fn reports_of_one_title_are_found_nearest_length_first() {
    let mut archive = Fixture::new();
    let long = archive.report("年度工作", "云州市侨联召开会议");
    let short = archive.report("年度工作", "云州市侨联");
    let gone = archive.report("年度工作", "云州市");
    archive.report("换届", "云州市侨联");
    archive.edit(|w| w.delete_report(gone));
    let read = archive.store.read();
    assert_eq!(read.find_by_title("年度工作", 4).expect("read"), [short, long]);
    assert_eq!(read.find_by_title("年度工作", 9).expect("read"), [long, short]);
    assert_eq!(read.find_by_title("年度", 9).expect("read"), []);
}

#[test]
fn an_empty_text_is_a_report_too() {
    let mut archive = Fixture::new();
    let text = ReportText::default();
    let report = archive.edit(|w| insert(w, &text));
    let read = archive.store.read();
    let revision = read.report(report).expect("there").revision;
    assert_eq!(read.report_text(revision).expect("kept"), text);
}
