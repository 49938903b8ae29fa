//! What is asked about a search: facets, concordance, marking and writing all places.

use crate::{asked, ended, question, shell};
use anjuan_archive::{App, Turn};
use anjuan_protocol as wire;
use anjuan_protocol::{ErrorCode, Nothing};
use anjuan_text::{Folded, Pattern};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn example(folder: &Path) -> App {
    let app = App::new(shell(folder));
    app.open_example(Nothing {}).expect("made");
    app.settle().expect("indexed");
    app
}

/// Every report with its text.
fn texts(app: &App) -> Vec<wire::ReportView> {
    let request = wire::ReportsRequest {
        filter: wire::ReportFilter::default(),
        sort: wire::ReportSort::Title,
        descending: false,
        offset: 0,
        limit: 1_000,
    };
    let ids = app.report_ids(request).expect("listed");
    ids.into_iter().map(|id| app.report(wire::IdRequest { id }).expect("read")).collect()
}

fn lines(app: &App, query: &str, sort: wire::ConcordanceSort) -> wire::ConcordancePage {
    let request =
        wire::ConcordanceRequest { question: question(query), sort, offset: 0, limit: 1_000 };
    app.concordance(request).expect("answers")
}

#[test]
fn the_concordance_has_every_place_of_a_scan_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let texts = texts(&app);
    for query in ["僑聯", "工作", "的", "服务"] {
        let pattern = Pattern::new(query);
        let mut expect = BTreeSet::new();
        for report in &texts {
            for range in Folded::new(&report.text).find(&pattern) {
                expect.insert((report.id.clone(), range.start, range.end));
            }
        }
        assert!(!expect.is_empty(), "{query}");
        let page = lines(&app, query, wire::ConcordanceSort::Right);
        let found: BTreeSet<_> = page
            .lines
            .iter()
            .map(|line| (line.report.clone(), line.range.start, line.range.end))
            .collect();
        assert_eq!(page.total as usize, expect.len(), "{query}");
        assert_eq!(found, expect, "{query}");
        for line in &page.lines {
            let text = &texts.iter().find(|r| r.id == line.report).expect("there").text;
            let shown = format!("{}{}{}", line.left, line.middle, line.right);
            let from = line.range.start as usize - line.left.chars().count();
            let there: String = text.chars().skip(from).take(shown.chars().count()).collect();
            let there: String =
                there.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
            assert_eq!(shown, there);
        }
    }
}

#[test]
fn the_concordance_comes_in_pages_of_one_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    for sort in [
        wire::ConcordanceSort::Text,
        wire::ConcordanceSort::Left,
        wire::ConcordanceSort::Middle,
        wire::ConcordanceSort::Place,
        wire::ConcordanceSort::Oldest,
    ] {
        let whole = lines(&app, "工作", sort);
        let mut pages = Vec::new();
        while pages.len() < whole.total as usize {
            let request = wire::ConcordanceRequest {
                question: question("工作"),
                sort,
                offset: pages.len() as u32,
                limit: 7,
            };
            pages.extend(app.concordance(request).expect("answers").lines);
        }
        assert_eq!(pages, whole.lines);
        if sort == wire::ConcordanceSort::Oldest {
            let dates: Vec<_> = whole.lines.iter().filter_map(|l| l.published.clone()).collect();
            assert!(dates.is_sorted(), "{dates:?}");
        }
    }
}

#[test]
fn the_concordance_follows_the_order_of_text_that_is_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let rights = |app: &App| -> Vec<String> {
        let page = lines(app, "工作", wire::ConcordanceSort::Right);
        page.lines.into_iter().map(|line| line.right).collect()
    };
    let by_pinyin = rights(&app);
    let changes = serde_json::json!({ "collation": "stroke" });
    app.set_settings(wire::SettingsChange { changes }).expect("set");
    let by_strokes = rights(&app);
    assert_ne!(by_pinyin, by_strokes);
    let sorted = |lines: &[String]| lines.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(sorted(&by_pinyin), sorted(&by_strokes));
}

#[test]
fn facets_count_the_reports_that_a_search_finds() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let found = app.search(asked("侨联")).expect("answers");
    let facets = app.search_facets(question("侨联")).expect("counts");
    assert_eq!(facets.total, found.total);
    let mut years: BTreeMap<i32, u32> = BTreeMap::new();
    for hit in &found.hits {
        if let Some(year) = hit.published.as_deref().and_then(|p| p.get(..4)?.parse().ok()) {
            *years.entry(year).or_default() += 1;
        }
    }
    let counted: BTreeMap<i32, u32> =
        facets.years.iter().filter(|y| y.count > 0).map(|y| (y.year, y.count)).collect();
    assert_eq!(counted, years);

    // A condition narrows the others and not its own kind.
    let (&year, &count) = years.iter().next().expect("a year");
    let mut narrowed = question("侨联");
    narrowed.filter.years = vec![year];
    let hits = app
        .search(wire::SearchRequest { question: narrowed.clone(), ..asked("") })
        .expect("answers");
    assert_eq!(hits.total, count);
    let facets = app.search_facets(narrowed.clone()).expect("counts");
    assert_eq!(facets.total, count);
    let again: BTreeMap<i32, u32> =
        facets.years.iter().filter(|y| y.count > 0).map(|y| (y.year, y.count)).collect();
    assert_eq!(again, years);

    // Within results: both must stand there.
    narrowed.filter = wire::ReportFilter::default();
    narrowed.within = vec!["侨联".into()];
    narrowed.query = "服务".into();
    let request = wire::SearchRequest { question: narrowed, ..asked("") };
    let within = app.search(request).expect("answers").total;
    assert_eq!(within, app.search(asked("侨联 服务")).expect("answers").total);
}

#[test]
fn a_new_search_breaks_off_what_was_asked_about_the_one_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let archive = anjuan_archive::Archive::open(
        Path::new(&app.session(Nothing {}).expect("open").archive.expect("open").path),
        &shell(folder.path()),
        "林".into(),
    )
    .expect("opened");
    archive.search_facets(&question("侨联"), &Turn::default()).expect("waited for");
    let over = Turn::default();
    over.end();
    let error = archive.search_facets(&question("侨联"), &over).expect_err("nobody waits");
    assert_eq!(error.code, ErrorCode::Cancelled);
    let request = wire::ConcordanceRequest {
        question: question("工作"),
        sort: wire::ConcordanceSort::Text,
        offset: 0,
        limit: 1,
    };
    let error = archive.concordance(&request, &over).expect_err("nobody waits");
    assert_eq!(error.code, ErrorCode::Cancelled);
}

#[test]
fn all_places_are_marked_as_one_step_and_none_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let draft =
        wire::TagDraft {
            name: "批量核对".into(), parent: None, colour: None, description: None
        };
    let tag = app.create_tag(draft).expect("made").id;
    let request = |preview, sentences| wire::TagHitsRequest {
        question: question("侨商"),
        tags: vec![tag.clone()],
        sentences,
        preview,
    };
    let of_the_tag = |app: &App| {
        let request = wire::PassagesRequest { report: None, tag: Some(tag.clone()) };
        app.passages(request).expect("listed")
    };
    let places = lines(&app, "侨商", wire::ConcordanceSort::Text).total;
    let preview = app.tag_hits(request(true, false)).expect("counted");
    assert_eq!((preview.passages, preview.existing), (places, 0));
    assert!(of_the_tag(&app).is_empty(), "a preview marks nothing");
    assert_eq!(app.tag_hits(request(false, false)).expect("marked"), preview);
    let marked = of_the_tag(&app);
    assert_eq!(marked.len() as u32, places);
    for passage in &marked {
        let quote = Folded::new(&passage.passage.quote).to_folded_string();
        assert_eq!(quote, Folded::new("侨商").to_folded_string());
    }
    let again = app.tag_hits(request(false, false)).expect("nothing to do");
    assert_eq!((again.passages, again.reports, again.existing), (0, 0, places));
    let sentences = app.tag_hits(request(true, true)).expect("counted");
    assert!(sentences.passages > 0 && sentences.passages <= places, "one sentence may have two");
    app.undo(Nothing {}).expect("the step that did nothing, or the marking");
    if !of_the_tag(&app).is_empty() {
        app.undo(Nothing {}).expect("the marking");
    }
    assert!(of_the_tag(&app).is_empty(), "one step");

    let none = wire::TagHitsRequest { tags: Vec::new(), ..request(false, false) };
    assert_eq!(app.tag_hits(none).expect_err("no tag").code, ErrorCode::BadRequest);
}

#[test]
fn places_are_written_to_files_that_spreadsheets_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let total = lines(&app, "侨商", wire::ConcordanceSort::Text).total;
    for (format, name) in
        [(wire::HitsFormat::Csv, "places.csv"), (wire::HitsFormat::Xlsx, "places.xlsx")]
    {
        let path = folder.path().join(name);
        let request = wire::ExportHitsRequest {
            question: question("侨商"),
            sort: wire::ConcordanceSort::Left,
            format,
            language: "zh-Hans".into(),
            path: path.to_string_lossy().into_owned(),
        };
        let job = ended(&app, &app.start_hits_export(request).expect("begun").id);
        assert_eq!(job.state, wire::JobState::Done, "{:?}", job.error);
        assert_eq!((job.done, job.total), (total, total));
        let table = wire::TableRequest {
            path: path.to_string_lossy().into_owned(),
            sheet: None,
            header: None,
        };
        let table = app.table_preview(table).expect("a table");
        assert_eq!(table.rows.len().min(5), (total as usize).min(5), "{name}");
    }
    let nowhere = wire::ExportHitsRequest {
        question: question("侨商"),
        sort: wire::ConcordanceSort::Text,
        format: wire::HitsFormat::Csv,
        language: "en".into(),
        path: folder.path().join("none/places.csv").to_string_lossy().into_owned(),
    };
    let job = ended(&app, &app.start_hits_export(nowhere).expect("begun").id);
    assert_eq!(job.error.expect("a reason").code, ErrorCode::Unwritable);
}

#[test]
fn searches_are_kept_with_all_that_was_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let mut asked_for = question("侨商 NEAR/10 服务");
    asked_for.within = vec!["侨联".into()];
    asked_for.filter.years = vec![2021];
    asked_for.relaxed = true;
    let save = |id: Option<String>, name: &str| wire::SaveSearchRequest {
        id,
        name: name.into(),
        question: asked_for.clone(),
        sort: wire::SearchSort::Newest,
    };
    let kept = app.save_search(save(None, "侨商服务")).expect("kept");
    assert_eq!(
        app.save_search(save(None, "侨商服务")).expect_err("taken").code,
        ErrorCode::Conflict
    );
    app.save_search(save(None, "八月")).expect("kept");
    let renamed = app.save_search(save(Some(kept.id.clone()), "安商")).expect("renamed");
    assert_eq!(renamed.question, asked_for);
    let names = |app: &App| {
        let all = app.saved_searches(Nothing {}).expect("listed");
        all.into_iter().map(|s| s.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&app), ["安商", "八月"], "by pinyin");
    app.delete_searches(wire::IdsRequest { ids: vec![kept.id] }).expect("deleted");
    assert_eq!(names(&app), ["八月"]);
    app.undo(Nothing {}).expect("undone");
    assert_eq!(names(&app), ["安商", "八月"]);
}

#[test]
fn hits_say_in_which_tier_they_are_and_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let archive = search_page(&app, "侨联工作报告", true);
    let tiers: u32 = archive.tiers.iter().map(|t| t.count).sum();
    assert_eq!(tiers, archive.total);
    assert!(archive.hits.is_sorted_by_key(|hit| hit.tier as u8));
    for hit in archive.hits.iter().filter(|hit| hit.tier == wire::SearchTier::Exact) {
        assert!(!hit.why.is_empty(), "{}", hit.title);
    }
    let tree = archive.tree.expect("a query");
    assert_eq!((tree.kind.as_str(), tree.value.as_deref()), ("phrase", Some("侨联工作报告")));
    let oldest = wire::SearchRequest { sort: wire::SearchSort::Oldest, ..asked("侨联") };
    let dates: Vec<_> =
        app.search(oldest).expect("answers").hits.into_iter().filter_map(|h| h.published).collect();
    assert!(dates.is_sorted(), "{dates:?}");
    let noted = search_page(&app, "侨联 AND", false);
    assert_eq!(noted.notes[0].code, "dangling_operator");
    assert!(noted.notes[0].range.is_some());
}

fn search_page(app: &App, query: &str, relaxed: bool) -> wire::SearchPage {
    let question = wire::Question { relaxed, ..question(query) };
    app.search(wire::SearchRequest { question, ..asked("") }).expect("answers")
}

#[test]
fn words_around_a_query_and_those_that_set_its_reports_apart_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let request_around =
        || wire::CollocatesRequest {
            question: question("侨商"), before: 5, behind: 5, limit: 100
        };
    let collocates = app.collocates(request_around()).expect("counted");
    assert!(collocates.places > 0 && !collocates.cut);
    assert!(!collocates.collocates.is_empty());
    assert!(collocates.collocates.iter().all(|c| c.word != "的" && c.before + c.behind > 0));
    assert!(collocates.collocates.is_sorted_by(|a, b| a.log_likelihood >= b.log_likelihood));
    let none = wire::CollocatesRequest { before: 0, behind: 0, ..request_around() };
    assert!(app.collocates(none).expect("counted").collocates.is_empty());

    let request = wire::KeynessRequest {
        question: question("地区:云州市"),
        reference: wire::KeynessReference::Rest,
        limit: 200,
    };
    let keyness = app.keyness(request.clone()).expect("counted");
    let reports = app.session(Nothing {}).expect("open").archive.expect("open").reports;
    assert_eq!(keyness.reports + keyness.reference_reports, reports);
    let overall = collocates.words;
    assert_eq!(keyness.words + keyness.reference_words, overall, "every word is on one side");
    // What a user puts on reports changes no word; a report that is gone does.
    app.create_tag(wire::TagDraft {
        name: "批量核对".into(),
        parent: None,
        colour: None,
        description: None,
    })
    .expect("made");
    assert_eq!(app.collocates(request_around()).expect("counted").words, overall);
    let id = app.search(asked("侨商")).expect("answers").hits.remove(0).report;
    app.delete_reports(wire::ReportSelection::Ids { ids: vec![id] }).expect("deleted");
    assert!(app.collocates(request_around()).expect("counted").words < overall);
    app.undo(Nothing {}).expect("undone");
    assert_eq!(app.collocates(request_around()).expect("counted").words, overall);
    let collection = app.collections(Nothing {}).expect("listed").remove(0);
    let reference = wire::KeynessReference::Collection { id: collection.id };
    let against = app.keyness(wire::KeynessRequest { reference, ..request }).expect("counted");
    assert!(against.reference_reports <= keyness.reference_reports);
}

#[test]
fn similar_reports_come_with_the_words_they_share() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let first = app.search(asked("侨联")).expect("answers").hits.remove(0);
    let similar = app.similar_reports(wire::IdRequest { id: first.report.clone() }).expect("found");
    assert!(!similar.is_empty());
    assert!(similar.iter().all(|s| s.report != first.report && !s.words.is_empty()));
    assert!(similar.is_sorted_by(|a, b| a.score >= b.score));
    let none = "0198c5f2-7a31-7c55-9d0e-2f1b8a6c4e10".to_owned();
    let error = app.similar_reports(wire::IdRequest { id: none }).expect_err("not there");
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[test]
fn pinyin_sound_and_region_are_suggested_with_what_they_find() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let suggested = |query: &str| app.suggest_queries(question(query)).expect("answers");
    for letters in ["qiaolian", "ql"] {
        let all = suggested(letters);
        let found = all.iter().find(|s| s.text == "侨联").unwrap_or_else(|| panic!("{all:?}"));
        assert_eq!(found.kind, wire::SuggestionKind::Pinyin);
        assert_eq!(found.total, app.search(asked("侨联")).expect("answers").total);
    }
    let inside = suggested("qiaolian 地区:云州");
    let found = inside.iter().find(|s| s.text == "侨联").expect("offered");
    assert_eq!(found.query, "侨联 地区:云州");
    // Nothing is suggested for what is excluded.
    assert!(suggested("地区:云州 -qiaolian").is_empty() && suggested("").is_empty());
}

#[test]
fn a_query_is_changed_part_by_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = example(folder.path());
    let edit = |path: &[u32], edit: wire::QueryEdit| {
        let query = "侨联 OR 侨商".to_owned();
        app.edit_query(wire::EditQueryRequest { query, path: path.to_vec(), edit })
    };
    assert_eq!(edit(&[0], wire::QueryEdit::Remove).expect("changed"), "侨商");
    assert_eq!(edit(&[1], wire::QueryEdit::Quote).expect("changed"), "侨联 OR “侨商”");
    let replaced = edit(&[1], wire::QueryEdit::Replace { text: "侨胞".into() });
    assert_eq!(replaced.expect("changed"), "侨联 OR 侨胞");
    let error = edit(&[7], wire::QueryEdit::Negate).expect_err("no such part");
    assert_eq!(error.code, ErrorCode::BadRequest);
}
