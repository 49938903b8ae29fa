//! Use cases on the example and on small reports.

use crate::{asked, import, search, shell};
use anjuan_archive::{App, Archive};
use anjuan_protocol as wire;
use anjuan_protocol::{ErrorCode, Nothing};
use std::path::Path;

fn new(folder: &Path) -> Archive {
    Archive::create(&folder.join("a.anjuan"), &shell(folder), "林".into()).expect("new")
}

fn report(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

const TEXT: &str = "澜江市侨联工作报告\n来源：澜江日报　2021-03-05\n一、加强政治引领\n全市侨联系统紧扣中心工作，服务侨胞三千人次，举办专题讲座十二场。\n二、做好为侨服务\n走访慰问归侨侨眷，发放慰问金十万元，帮助困难侨眷就业创业。\n";

#[test]
fn the_example_has_something_on_every_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = App::new(shell(folder.path()));
    let session = app.open_example(Nothing {}).expect("made");
    let archive = session.archive.expect("open");
    assert!(archive.example);
    assert_eq!(archive.reports, 10);
    assert!(archive.passages >= 60);
    assert!(app.tags(Nothing {}).expect("tags").len() >= 8);
    assert_eq!(app.collections(Nothing {}).expect("collections").len(), 2);
    app.settle().expect("indexed");
    let found = app.search(asked("僑聯")).expect("answers");
    assert!(found.total >= 6, "both scripts are found");
    let again = app.open_example(Nothing {}).expect("opened again");
    assert_eq!(again.archive.expect("open").reports, 10, "made once");
}

/// What a reader finds in the example's reports, fictitious cities, dirt and five encodings
/// included.
#[test]
fn the_example_is_read_as_a_reader_would() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let (mut found, mut all) = (0, 0);
    for entry in std::fs::read_dir(folder.join("gold")).expect("the gold is there") {
        let gold = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        let gold: serde_json::Value = serde_json::from_str(&gold).expect("JSON");
        let name = gold["file"].as_str().expect("a name");
        let seen = anjuan_archive::inspect(&folder.join(name)).expect("it is read");
        let metadata = serde_json::to_value(&seen.metadata).expect("JSON");
        for (field, expect) in gold["metadata"].as_object().expect("fields") {
            assert_eq!(&metadata[field], expect, "{field} of {name}");
        }
        let chars: Vec<char> = seen.text.chars().collect();
        let headings: Vec<String> = seen
            .blocks
            .iter()
            .filter(|b| b.kind == "heading")
            .map(|b| chars[b.start as usize..b.end as usize].iter().collect())
            .collect();
        for heading in gold["headings"].as_array().expect("a list") {
            all += 1;
            found += u32::from(headings.iter().any(|h| h == heading));
        }
        for piece in gold["boilerplate"].as_array().expect("a list") {
            let piece = piece.as_str().expect("text");
            assert!(seen.furniture.iter().any(|f| f.text.contains(piece)), "{piece} of {name}");
        }
    }
    println!("headings of the example: {found} of {all}");
    assert!(found * 10 >= all * 9, "{found} of {all} headings");
}

#[test]
fn a_changed_file_becomes_a_version_and_passages_move() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let path = report(folder.path(), "a.txt", TEXT);
    let first = import(&archive, std::slice::from_ref(&path));
    let id = first[0].report.clone().expect("new");
    let text = archive.report(&wire::IdRequest { id: id.clone() }).expect("there").text;
    let place = |phrase: &str, text: &str| {
        let at = text.find(phrase).expect("in the text");
        let start = text[..at].chars().count() as u32;
        (start, start + phrase.chars().count() as u32)
    };
    let kept = place("走访慰问归侨侨眷", &text);
    let gone = place("举办专题讲座十二场", &text);
    archive.tag_passage(&id, kept.0, kept.1, &["慰问".into()], "").expect("tags");
    archive.tag_passage(&id, gone.0, gone.1, &["讲座".into()], "").expect("tags");

    let edited = TEXT
        .replace("，举办专题讲座十二场", "")
        .replace("一、加强", "新加的一段话在这里。\n一、加强");
    report(folder.path(), "a.txt", &edited);
    let second = import(&archive, &[path]);
    assert_eq!(second[0].outcome, wire::ImportOutcome::Version);
    assert_eq!(second[0].report.as_deref(), Some(id.as_str()));
    let view = archive.report(&wire::IdRequest { id: id.clone() }).expect("there");
    assert_eq!(view.revisions, 2);
    let of = |quote: &str| view.passages.iter().find(|p| p.quote == quote).expect("there");
    let moved = of("走访慰问归侨侨眷");
    assert_eq!((moved.start, moved.end), place("走访慰问归侨侨眷", &view.text));
    assert_eq!(moved.state, wire::AnchorState::Kept);
    assert_eq!(of("举办专题讲座十二场").state, wire::AnchorState::Lost);

    archive.undo(&Nothing {}).expect("undone");
    let view = archive.report(&wire::IdRequest { id }).expect("there");
    assert_eq!(view.revisions, 1);
    assert!(view.passages.iter().all(|p| p.state == wire::AnchorState::Kept));
}

#[test]
fn the_same_text_in_another_script_is_a_duplicate() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let traditional = anjuan_text::to_traditional(TEXT).replace('聯', "聯(lián)");
    let items = import(
        &archive,
        &[report(folder.path(), "a.txt", TEXT), report(folder.path(), "b.txt", &traditional)],
    );
    assert_eq!(items[0].outcome, wire::ImportOutcome::Imported);
    assert_eq!(items[1].outcome, wire::ImportOutcome::Duplicate);
    assert_eq!(items[0].report, items[1].report);
}

#[test]
fn broken_files_do_not_stop_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let zip = folder.path().join("z.zip");
    std::fs::write(&zip, b"PK\x03\x04\x14\x00\x00\x00\x08\x00rest of a zip").expect("a file");
    let items = import(
        &archive,
        &[folder.path().join("none.txt"), zip, report(folder.path(), "a.txt", TEXT)],
    );
    let outcomes: Vec<_> = items.iter().map(|i| i.outcome.clone()).collect();
    assert_eq!(
        outcomes,
        [wire::ImportOutcome::Failed, wire::ImportOutcome::Failed, wire::ImportOutcome::Imported]
    );
    let codes: Vec<_> = items.iter().filter_map(|i| Some(i.error.as_ref()?.code)).collect();
    assert_eq!(codes, [ErrorCode::Unreadable, ErrorCode::DamagedFile]);
}

#[test]
fn lists_beside_the_reports_of_a_folder_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let reports = folder.path().join("reports");
    std::fs::create_dir_all(reports.join("2021")).expect("folders");
    let list = report(&reports, "index.jsonl", "{\"title\": \"工作报告\"}\n");
    report(&reports.join("2021"), "a.txt", TEXT);
    let items = import(&archive, std::slice::from_ref(&reports));
    let outcomes: Vec<_> = items.iter().map(|i| i.outcome.clone()).collect();
    assert_eq!(outcomes, [wire::ImportOutcome::Imported, wire::ImportOutcome::Failed]);
    let named = import(&archive, &[list]);
    assert_eq!(named[0].outcome, wire::ImportOutcome::Imported, "named by the user, it is read");
    let itself = import(&archive, &[folder.path().join("a.anjuan")]);
    assert_eq!(itself[0].outcome, wire::ImportOutcome::Failed, "an archive is no report");
}

#[test]
fn searches_see_changes_before_the_index_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let items = import(&archive, &[report(folder.path(), "a.txt", TEXT)]);
    let id = items[0].report.clone().expect("new");
    assert_eq!(search(&archive, "慰問金").total, 1, "not yet indexed, found all the same");
    archive.catch_up().expect("indexed");
    archive.tag_passage(&id, 0, 5, &["慰问".into()], "").expect("tags");
    assert_eq!(search(&archive, "标签:慰问").total, 1);
    let tag = archive.tags(&Nothing {}).expect("listed").remove(0).id;
    let renamed = wire::UpdateTagRequest {
        id: tag,
        name: Some("走访".into()),
        parent: None,
        colour: None,
        description: None,
    };
    archive.update_tag(&renamed).expect("renamed");
    assert_eq!(search(&archive, "标签:慰问").total, 0);
    assert_eq!(search(&archive, "标签:走访").total, 1);
    let reports = wire::ReportSelection::Ids { ids: vec![id.clone()] };
    let draft = wire::CollectionDraft { name: "选读".into(), parent: None, reports };
    let collection = archive.create_collection(&draft).expect("made").id;
    archive.catch_up().expect("indexed");
    assert_eq!(search(&archive, "文集:选读").total, 1);
    let other = wire::UpdateCollectionRequest { id: collection, name: "精读".into() };
    archive.update_collection(&other).expect("renamed");
    archive.catch_up().expect("indexed");
    assert_eq!(search(&archive, "文集:选读").total, 0, "a name alone changes no report");
    assert_eq!(search(&archive, "文集:精读").total, 1);
    assert_eq!(search(&archive, "备注:有").total, 0);
    let memo = |text: &str| wire::SetMemoRequest { id: id.clone(), memo: text.into() };
    archive.set_report_memo(&memo("数字待核")).expect("written");
    assert_eq!(search(&archive, "备注:有 慰问金").total, 1, "before the index knows");
    archive.catch_up().expect("indexed");
    assert_eq!(search(&archive, "备注:有 慰问金").total, 1);
    archive.set_report_memo(&memo("")).expect("taken back");
    assert_eq!(search(&archive, "备注:无 慰问金").total, 1);
    archive
        .delete_reports(&wire::ReportSelection::Ids { ids: vec![id] }, &mut |_, _| {
            std::ops::ControlFlow::Continue(())
        })
        .expect("deleted");
    assert_eq!(search(&archive, "慰问金").total, 0);
    archive.undo(&Nothing {}).expect("undone");
    assert_eq!(search(&archive, "慰问金").total, 1);
}

#[test]
fn a_deleted_or_foreign_index_is_built_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.anjuan");
    {
        let archive = new(folder.path());
        import(&archive, &[report(folder.path(), "a.txt", TEXT)]);
        archive.catch_up().expect("indexed");
    }
    std::fs::remove_dir_all(folder.path().join("cache")).expect("deleted");
    let archive = Archive::open(&path, &shell(folder.path()), "林".into()).expect("opens");
    assert_eq!(search(&archive, "慰问金").total, 1);
    let check = archive.check().expect("checks");
    assert!(check.ok && check.missed == 0 && check.sampled > 0);
}

#[test]
fn set_aside_lines_return_as_a_revision() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let dirty = format!("当前位置: 首页 > 工作动态 > 正文\n{TEXT}");
    let items = import(&archive, &[report(folder.path(), "a.txt", &dirty)]);
    let id = items[0].report.clone().expect("new");
    let before = archive.report(&wire::IdRequest { id: id.clone() }).expect("there");
    let index = before.furniture.iter().position(|f| f.text.contains("当前位置")).expect("aside");
    archive.tag_passage(&id, 0, 5, &["题".into()], "").expect("tags");
    let after = archive
        .restore_furniture(&wire::RestoreFurnitureRequest { id, index: index as u32 })
        .expect("restored");
    assert!(after.text.contains("当前位置: 首页"));
    assert_eq!(after.furniture.len() + 1, before.furniture.len());
    let passage = &after.passages[0];
    let chars: Vec<char> = after.text.chars().collect();
    let text: String = chars[passage.start as usize..passage.end as usize].iter().collect();
    assert_eq!(text, passage.quote);
}

#[test]
fn the_picker_offers_tags_by_pinyin() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    for name in ["政治引领", "为侨服务/法律援助", "抗疫"] {
        let draft =
            wire::TagDraft { name: name.into(), parent: None, colour: None, description: None };
        archive.create_tag(&draft).expect("created");
    }
    let first = |query: &str| {
        let request = wire::SuggestTagsRequest { query: query.into(), limit: 9 };
        archive.suggest_tags(&request).expect("offers").first().map(|s| s.path.join("/"))
    };
    assert_eq!(first("zzyl").as_deref(), Some("政治引领"));
    assert_eq!(first("falv").as_deref(), Some("为侨服务/法律援助"));
    assert_eq!(first("法律").as_deref(), Some("为侨服务/法律援助"));
    assert_eq!(first("xyz"), None);
}

#[test]
fn bad_requests_say_what_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let code =
        |outcome: Result<wire::Passage, wire::CommandError>| outcome.expect_err("refused").code;
    let items = import(&archive, &[report(folder.path(), "a.txt", TEXT)]);
    let id = items[0].report.clone().expect("new");
    assert_eq!(code(archive.tag_passage("no id", 0, 1, &["甲".into()], "")), ErrorCode::BadRequest);
    assert_eq!(code(archive.tag_passage(&id, 3, 3, &["甲".into()], "")), ErrorCode::BadRequest);
    assert_eq!(
        code(archive.tag_passage(&id, 0, 99_999, &["甲".into()], "")),
        ErrorCode::BadRequest
    );
    assert_eq!(code(archive.tag_passage(&id, 0, 1, &[" ".into()], "")), ErrorCode::BadRequest);
    assert!(archive.tags(&Nothing {}).expect("tags").is_empty(), "a refused edit leaves nothing");
    let missing = "01890a5d-ac96-774b-bcce-b302099a8057";
    assert_eq!(code(archive.tag_passage(missing, 0, 1, &["甲".into()], "")), ErrorCode::NotFound);
    let refused = Archive::open(&folder.path().join("a.txt"), &shell(folder.path()), String::new());
    assert_eq!(refused.err().expect("refused").code, ErrorCode::NotAnArchive);
}

/// Finding in one report sees what a search sees, and punctuation that no search looks for.
#[test]
fn words_are_found_in_one_report_in_either_script() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = new(folder.path());
    let text = "灣頭縣僑聯工作報告\n來源：灣頭日報　2021-03-05\n𠀋村的計畫——走訪慰問僑胞三千人次。再次走訪，慰問孤寡……\n";
    let item = &import(&archive, &[report(folder.path(), "a.txt", text)])[0];
    let id = item.report.clone().expect("imported");
    let kept = archive.report(&wire::IdRequest { id: id.clone() }).expect("there").text;
    let kept: Vec<char> = kept.chars().collect();
    for (words, expect) in [
        ("走访", vec!["走訪", "走訪"]),
        ("走訪慰問", vec!["走訪慰問"]),
        ("走访，慰问", vec!["走訪，慰問"]),
        ("𠀋村的计划", vec!["𠀋村的計畫"]),
        ("——", vec!["——"]),
        ("没有的", vec![]),
        ("", vec![]),
    ] {
        let found = archive
            .find_in_report(&wire::FindRequest { report: id.clone(), words: words.into() })
            .expect("answers");
        let found: Vec<String> =
            found.iter().map(|r| kept[r.start as usize..r.end as usize].iter().collect()).collect();
        assert_eq!(found, expect, "{words}");
    }
}
