//! Each command over the archive's use cases.

use crate::arguments::{Arguments, Command, ExportCommand, HitOrder, LineOrder, TagCommand};
use crate::print::Outcome;
use anjuan_archive::{
    Archive, Cancel, Folders, Headless, ImportStep, ImportSummary, RecogniseStep, Recogniser,
    Result, Shell, SystemClock, Turn,
};
use anjuan_protocol as wire;
use anjuan_protocol::{CommandError, ErrorCode, Nothing};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs a command.
pub(crate) fn run(arguments: Arguments) -> Result<Outcome> {
    let Arguments { archive, coder, command, .. } = arguments;
    let open = |may_create| open(archive.as_deref(), coder.as_deref(), may_create);
    match command {
        Command::Inspect { file } => inspect(&file),
        Command::Import { resume: true, .. } => resume(&open(false)?),
        Command::Import { paths, .. } => import(&open(true)?, &paths),
        Command::List { limit, offset } => list(&open(false)?, limit, offset),
        Command::Show { id } => show(&open(false)?, id),
        Command::Search { query, limit, offset, sort, words } => {
            let request = wire::SearchRequest {
                question: wire::Question { relaxed: words, ..question(query) },
                sort: hit_order(sort),
                offset,
                limit,
            };
            search(&open(false)?, &request)
        }
        Command::Concordance { query, sort, limit, offset, output } => {
            let (question, sort) = (question(query), line_order(sort));
            let archive = open(false)?;
            if let Some(path) = output {
                export_hits(&archive, question, sort, &path)
            } else {
                let request = wire::ConcordanceRequest { question, sort, offset, limit };
                concordance(&archive, &request)
            }
        }
        Command::Tag { command: TagCommand::Add { report, start, end, tags, memo } } => {
            add_passage(&open(false)?, &report, start, end, &tags, &memo)
        }
        Command::Tags => tags(&open(false)?),
        Command::Passages { tag } => passages(&open(false)?, tag.as_deref()),
        Command::Recognise { reports, script, again, password } => {
            let reports = if reports.is_empty() {
                let scans = wire::ReportFilter {
                    problems: vec!["no_text_layer".into()],
                    ..wire::ReportFilter::default()
                };
                wire::ReportSelection::Matching { filter: Box::new(scans), except: Vec::new() }
            } else {
                wire::ReportSelection::Ids { ids: reports }
            };
            let request = wire::RecogniseRequest { reports, script, again, password };
            recognise(&open(false)?, &request)
        }
        Command::Compare { reports } => compare(&open(false)?, reports),
        Command::Export { command } => export(&open(false)?, command),
        Command::Undo => Ok(history("undone", &open(false)?.undo(&Nothing {})?)),
        Command::Redo => Ok(history("redone", &open(false)?.redo(&Nothing {})?)),
        Command::Check => check(&open(false)?),
    }
}

fn open(path: Option<&Path>, coder: Option<&str>, may_create: bool) -> Result<Archive> {
    let path = path.ok_or_else(|| {
        CommandError::new(ErrorCode::BadRequest, "No archive is named.")
            .hint("Give --archive NAME.anjuan before or after the command.")
    })?;
    let shell = shell()?;
    let coder = coder.map_or_else(|| shell.user.clone(), str::to_owned);
    if may_create && !path.exists() {
        Archive::create(path, &shell, coder)
    } else {
        Archive::open(path, &shell, coder)
    }
}

fn shell() -> Result<Shell> {
    let folders = directories::ProjectDirs::from("io.github", "anjuan", "anjuan");
    let folders = folders.ok_or_else(|| {
        CommandError::new(ErrorCode::Internal, "The system names no home folder.")
            .hint("Set the variable HOME.")
    })?;
    let home = directories::BaseDirs::new();
    let cache = std::env::var_os("ANJUAN_CACHE").map(PathBuf::from);
    Ok(Shell {
        folders: Folders {
            config: folders.config_dir().to_owned(),
            data: folders.data_dir().to_owned(),
            cache: cache.unwrap_or_else(|| folders.cache_dir().to_owned()),
            fonts: anjuan_archive::system_font_folders(
                home.as_ref().map(directories::BaseDirs::home_dir),
            ),
            programs: anjuan_archive::program_folders(std::env::var_os("PATH").as_deref()),
        },
        clock: Arc::new(SystemClock),
        desktop: Box::new(Headless),
        emit: Box::new(|_| {}),
        version: env!("CARGO_PKG_VERSION").into(),
        platform: std::env::consts::OS.into(),
        user: std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default(),
    })
}

/// A wire value as JSON. Wire types hold nothing that JSON cannot.
fn value(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap_or(Value::Null)
}

fn inspect(file: &Path) -> Result<Outcome> {
    let found = anjuan_archive::inspect(file)?;
    let mut text = describe(&found.metadata);
    if let Some(encoding) = &found.encoding {
        let _ = writeln!(text, "encoding      {encoding}");
    }
    text.push_str(&problems(&found.problems));
    for piece in &found.furniture {
        let _ = writeln!(text, "set aside     {} ({})", piece.text.trim(), piece.reason);
    }
    let _ = write!(text, "\n{}", found.text);
    Ok(Outcome::new(value(&found), text))
}

fn describe(metadata: &wire::Metadata) -> String {
    let mut text = String::new();
    let authors = Some(metadata.authors.join("、")).filter(|a| !a.is_empty());
    let period = metadata
        .period
        .as_ref()
        .map(|p| if p.from == p.to { p.from.to_string() } else { format!("{}-{}", p.from, p.to) });
    for (name, value) in [
        ("title", &metadata.title),
        ("published", &metadata.published),
        ("delivered", &metadata.delivered),
        ("period", &period),
        ("kind", &metadata.kind),
        ("authors", &authors),
        ("source", &metadata.source),
        ("editor", &metadata.editor),
        ("place", &metadata.place),
        ("organisation", &metadata.organisation),
        ("level", &metadata.level),
        ("script", &metadata.script),
        ("address", &metadata.address),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "{name:<13} {value}");
        }
    }
    text
}

fn problems(problems: &[wire::Problem]) -> String {
    problems.iter().fold(String::new(), |mut text, p| {
        let _ = writeln!(text, "problem       {}: {}", p.code, p.message);
        text
    })
}

fn import(archive: &Archive, paths: &[PathBuf]) -> Result<Outcome> {
    let here = std::env::current_dir().unwrap_or_default();
    let request = wire::ImportRequest {
        paths: paths.iter().map(|p| here.join(p).to_string_lossy().into_owned()).collect(),
        ..wire::ImportRequest::default()
    };
    let pending = archive.pending_import()?;
    if let Some(pending) = &pending {
        eprintln!("{}", broken_off(pending));
    }
    let job = job();
    let summary = with_progress(|tell| archive.import(&request, &job, &Cancel::default(), tell))?;
    archive.catch_up()?;
    let mut outcome = came_of(&summary);
    if let (Some(pending), Some(value)) = (pending, outcome.value.as_object_mut()) {
        value.insert("pending".to_owned(), json!(pending));
    }
    Ok(outcome)
}

/// Goes on with the import that was broken off.
fn resume(archive: &Archive) -> Result<Outcome> {
    let Some(pending) = archive.pending_import()? else {
        return Err(CommandError::new(ErrorCode::NotFound, "No import was broken off."));
    };
    eprintln!(
        "{} of {} files were done. Going on with {}",
        pending.done, pending.total, pending.subject
    );
    let summary = with_progress(|tell| archive.resume_import(&Cancel::default(), tell))?;
    archive.catch_up()?;
    Ok(came_of(&summary))
}

/// That an import was broken off, and what can be done about it.
fn broken_off(pending: &wire::PendingImport) -> String {
    format!(
        "An import of {} was broken off, begun {}: {} of {} files were done. \
         “anjuan import --resume” goes on with it.",
        pending.subject, pending.started, pending.done, pending.total
    )
}

/// Tells of files on standard error as they are dealt with.
fn with_progress(
    import: impl FnOnce(&mut dyn FnMut(ImportStep)) -> Result<ImportSummary>,
) -> Result<ImportSummary> {
    let tty = std::io::stderr().is_terminal();
    let (mut total, mut done) = (0, 0);
    let summary = import(&mut |step| match step {
        ImportStep::Found(found) => total = found,
        ImportStep::Before(before, _) => done = before,
        ImportStep::Ignored(_) => {}
        ImportStep::Item(item) => {
            done += 1;
            if tty {
                eprint!("\r{done}/{total} ");
            } else if item.error.is_some() || done % 100 == 0 || done == total {
                eprintln!("{done}/{total} {}", item.path);
            }
        }
    })?;
    if tty {
        eprintln!();
    }
    Ok(summary)
}

/// What an import came to.
fn came_of(summary: &ImportSummary) -> Outcome {
    let wire::ImportCounts {
        imported,
        duplicates,
        versions,
        near,
        refused,
        failed,
        skipped: _,
        ignored,
    } = summary.counts;
    let mut text = format!(
        "{imported} imported, {duplicates} already there, {versions} new versions, {near} nearly the \
         same as another, {refused} no reports, {failed} failed, {ignored} ignored\n"
    );
    let mut reports = Vec::new();
    let mut all_problems = Vec::new();
    for item in &summary.items {
        if let Some(report) = &item.report {
            let title = item.metadata.as_ref().and_then(|m| m.title.clone());
            reports.push(
                json!({ "id": report, "title": title, "path": item.path, "outcome": item.outcome }),
            );
            let _ = writeln!(text, "{report}  {}", title.unwrap_or_default());
        }
        for problem in &item.problems {
            all_problems.push(
                json!({ "path": item.path, "code": problem.code, "message": problem.message }),
            );
        }
        if let Some(error) = &item.error {
            all_problems
                .push(json!({ "path": item.path, "code": error.code, "message": error.message }));
            let _ = writeln!(text, "failed: {}", error.message);
        }
    }
    let nothing = imported + duplicates + versions == 0;
    Outcome {
        value: json!({
            "imported": imported, "duplicates": duplicates, "versions": versions, "near": near,
            "refused": refused, "failed": failed, "reports": reports, "problems": all_problems,
        }),
        text,
        failed: failed > 0 && nothing,
    }
}

/// Names what is being done, so that one undo takes back all of it and nothing else.
fn job() -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    format!("terminal-{}-{}", std::process::id(), now.as_nanos())
}

fn recognise(archive: &Archive, request: &wire::RecogniseRequest) -> Result<Outcome> {
    let recogniser = Recogniser::find(&shell()?.folders.programs, request.script.as_deref())?;
    let tty = std::io::stderr().is_terminal();
    let (mut total, mut done) = (0, 0);
    let mut tell = |step| match step {
        RecogniseStep::Found(pages) => total = pages,
        RecogniseStep::Done(pages) => {
            done += pages;
            if tty {
                eprint!("\r{done}/{total} ");
            } else {
                eprintln!("{done}/{total}");
            }
        }
        RecogniseStep::Report(_) => {}
    };
    let items = archive.recognise(request, &recogniser, &job(), &Cancel::default(), &mut tell)?;
    if tty {
        eprintln!();
    }
    archive.catch_up()?;
    let (mut recognised, mut passed, mut failed) = (0, 0, 0);
    let (mut text, mut reports) = (String::new(), Vec::new());
    for item in &items {
        let id = item.report.as_deref().unwrap_or_default();
        match (&item.error, &item.outcome) {
            (Some(error), _) => {
                failed += 1;
                let _ = writeln!(text, "{id}  failed: {}", error.message);
            }
            (None, wire::ImportOutcome::Version) => {
                recognised += 1;
                let title = item.metadata.as_ref().and_then(|m| m.title.as_deref());
                let _ = writeln!(text, "{id}  {}", title.unwrap_or_default());
                text.push_str(&problems(&item.problems));
            }
            _ => passed += 1,
        }
        reports.push(json!({
            "id": id, "path": item.path, "outcome": item.outcome, "characters": item.characters,
            "problems": item.problems, "error": item.error,
        }));
    }
    let _ = writeln!(text, "{recognised} recognised, {passed} passed over, {failed} failed");
    Ok(Outcome {
        value: json!({
            "recognised": recognised, "passed": passed, "failed": failed, "pages": total,
            "reports": reports,
        }),
        text,
        failed: false,
    })
}

fn list(archive: &Archive, limit: u32, offset: u32) -> Result<Outcome> {
    let page = archive.reports(&wire::ReportsRequest {
        filter: wire::ReportFilter::default(),
        sort: wire::ReportSort::Imported,
        descending: false,
        offset,
        limit,
    })?;
    let mut text = String::new();
    for row in &page.rows {
        let date = row.published.as_deref().unwrap_or("-");
        let place = row.place.as_deref().unwrap_or("-");
        let _ = writeln!(text, "{}  {date:<10.10}  {place}  {}", row.id, row.title);
    }
    Ok(Outcome::new(json!({ "total": page.total, "reports": page.rows }), text))
}

/// Tags by identifier, with their full paths.
struct Codebook {
    tags: Vec<wire::Tag>,
    paths: HashMap<String, String>,
}

impl Codebook {
    fn read(archive: &Archive) -> Result<Self> {
        let tags = archive.tags(&Nothing {})?;
        let by_id: HashMap<&str, &wire::Tag> = tags.iter().map(|t| (t.id.as_str(), t)).collect();
        let path = |tag: &wire::Tag| {
            let mut names = vec![tag.name.clone()];
            let mut above = tag.parent.as_deref();
            while let Some(parent) = above.and_then(|id| by_id.get(id)) {
                names.push(parent.name.clone());
                above = parent.parent.as_deref();
                if names.len() > tags.len() {
                    break;
                }
            }
            names.reverse();
            names.join("/")
        };
        let paths = tags.iter().map(|t| (t.id.clone(), path(t))).collect();
        Ok(Self { tags, paths })
    }

    fn name(&self, id: &str) -> String {
        self.paths.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn passage(&self, passage: &wire::Passage) -> Value {
        let mut value = value(passage);
        value["tags"] = passage.tags.iter().map(|t| self.name(t)).collect();
        value
    }

    fn tag(&self, tag: &wire::Tag) -> Value {
        let mut value = value(tag);
        value["path"] = self.name(&tag.id).into();
        value
    }

    fn named(&self, name: &str) -> Result<String> {
        let found = self.tags.iter().find(|t| self.paths[&t.id] == name || t.name == name);
        found.map(|t| t.id.clone()).ok_or_else(|| {
            CommandError::new(ErrorCode::NotFound, format!("No tag is named {name}."))
                .hint("`anjuan tags` lists them.")
        })
    }
}

fn show(archive: &Archive, id: String) -> Result<Outcome> {
    let report = archive.report(&wire::IdRequest { id })?;
    let codebook = Codebook::read(archive)?;
    let mut json = value(&report);
    json["passages"] = report.passages.iter().map(|p| codebook.passage(p)).collect();
    let used =
        codebook.tags.iter().filter(|t| report.passages.iter().any(|p| p.tags.contains(&t.id)));
    json["tags"] = used.map(|t| codebook.tag(t)).collect();
    let mut text = describe(&report.metadata);
    text.push_str(&problems(&report.problems));
    for passage in &report.passages {
        text.push_str(&passage_line(&codebook, passage));
    }
    let _ = write!(text, "\n{}", report.text);
    Ok(Outcome::new(json, text))
}

fn passage_line(codebook: &Codebook, passage: &wire::Passage) -> String {
    let tags: Vec<String> = passage.tags.iter().map(|t| codebook.name(t)).collect();
    let wire::Passage { start, end, quote, memo, .. } = passage;
    let memo = if memo.is_empty() { String::new() } else { format!("  // {memo}") };
    format!("[{start}, {end})  【{}】{quote}{memo}\n", tags.join("、"))
}

fn question(query: String) -> wire::Question {
    wire::Question { query, ..wire::Question::default() }
}

fn hit_order(order: HitOrder) -> wire::SearchSort {
    match order {
        HitOrder::Relevance => wire::SearchSort::Relevance,
        HitOrder::Newest => wire::SearchSort::Newest,
        HitOrder::Oldest => wire::SearchSort::Oldest,
        HitOrder::Place => wire::SearchSort::Place,
        HitOrder::Longest => wire::SearchSort::Longest,
        HitOrder::Shortest => wire::SearchSort::Shortest,
    }
}

fn line_order(order: LineOrder) -> wire::ConcordanceSort {
    match order {
        LineOrder::Text => wire::ConcordanceSort::Text,
        LineOrder::Left => wire::ConcordanceSort::Left,
        LineOrder::Right => wire::ConcordanceSort::Right,
        LineOrder::Middle => wire::ConcordanceSort::Middle,
        LineOrder::Place => wire::ConcordanceSort::Place,
        LineOrder::Oldest => wire::ConcordanceSort::Oldest,
    }
}

fn concordance(archive: &Archive, request: &wire::ConcordanceRequest) -> Result<Outcome> {
    archive.catch_up()?;
    let page = archive.concordance(request, &Turn::default())?;
    let mut text = format!("{} places in {} reports\n", page.total, page.reports);
    for line in &page.lines {
        let wire::ConcordanceLine { report, range, left, middle, right, .. } = line;
        let _ = writeln!(text, "{report} {:>7}  {left}【{middle}】{right}", range.start);
    }
    if page.cut {
        text.push_str("There are more places than are kept; narrow the search down.\n");
    }
    Ok(Outcome::new(value(&page), text))
}

fn export_hits(
    archive: &Archive,
    question: wire::Question,
    sort: wire::ConcordanceSort,
    path: &Path,
) -> Result<Outcome> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let format = match extension.as_deref() {
        Some("xlsx") => wire::HitsFormat::Xlsx,
        Some("csv") => wire::HitsFormat::Csv,
        _ => {
            let message = format!("{} ends neither in .xlsx nor in .csv.", path.display());
            return Err(CommandError::new(ErrorCode::BadRequest, message)
                .hint("The ending of the name says which form is written."));
        }
    };
    archive.catch_up()?;
    let path = path.to_string_lossy().into_owned();
    let text = format!("{path}\n");
    let request =
        wire::ExportHitsRequest { question, sort, format, language: "zh-Hans".into(), path };
    archive.export_hits(&request, &Cancel::default(), &mut |_, _| {})?;
    Ok(Outcome::new(json!({ "path": request.path }), text))
}

fn search(archive: &Archive, request: &wire::SearchRequest) -> Result<Outcome> {
    archive.catch_up()?;
    let page = archive.search(request)?;
    let mut text = format!("{} reports\n", page.total);
    for hit in &page.hits {
        let _ = writeln!(text, "\n{}  {}", hit.report, hit.title);
        for snippet in &hit.snippets {
            let _ = writeln!(text, "  {}", snippet.text.replace('\n', " "));
        }
    }
    for note in &page.notes {
        let _ = writeln!(text, "\n{}", note.message);
    }
    Ok(Outcome::new(value(&page), text))
}

fn add_passage(
    archive: &Archive,
    report: &str,
    start: u32,
    end: u32,
    names: &[String],
    memo: &str,
) -> Result<Outcome> {
    let passage = archive.tag_passage(report, start, end, names, memo)?;
    let codebook = Codebook::read(archive)?;
    Ok(Outcome::new(codebook.passage(&passage), passage_line(&codebook, &passage)))
}

fn tags(archive: &Archive) -> Result<Outcome> {
    let codebook = Codebook::read(archive)?;
    let mut text = String::new();
    for tag in &codebook.tags {
        let _ = writeln!(text, "{:>6}  {}  {}", tag.passages, tag.colour, codebook.name(&tag.id));
    }
    let list: Vec<Value> = codebook.tags.iter().map(|t| codebook.tag(t)).collect();
    Ok(Outcome::new(json!({ "tags": list }), text))
}

fn passages(archive: &Archive, tag: Option<&str>) -> Result<Outcome> {
    let codebook = Codebook::read(archive)?;
    let tag = tag.map(|name| codebook.named(name)).transpose()?;
    let found = archive.passages(&wire::PassagesRequest { report: None, tag })?;
    let mut text = String::new();
    let mut list = Vec::new();
    for each in &found {
        let _ = write!(text, "{}\n  {}", each.title, passage_line(&codebook, &each.passage));
        let mut json = codebook.passage(&each.passage);
        json["title"] = each.title.clone().into();
        json["before"] = each.before.clone().into();
        json["after"] = each.after.clone().into();
        list.push(json);
    }
    Ok(Outcome::new(json!({ "total": list.len(), "passages": list }), text))
}

fn compare(archive: &Archive, reports: Vec<String>) -> Result<Outcome> {
    let found = archive.compare(&wire::CompareRequest { reports })?;
    let mut text = String::new();
    for shared in &found.passages {
        let wire::SharedPassage { a, b, chars } = shared;
        let _ = writeln!(
            text,
            "{chars:>5} characters  {} [{}, {})  {} [{}, {})",
            a.report, a.start, a.end, b.report, b.start, b.end
        );
    }
    for row in &found.rows {
        let _ = writeln!(text, "\n{}", row.theme);
        for cell in &row.cells {
            let _ = writeln!(text, "  {} [{}, {})", cell.report, cell.start, cell.end);
        }
    }
    Ok(Outcome::new(value(&found), text))
}

fn export(archive: &Archive, command: ExportCommand) -> Result<Outcome> {
    let ExportCommand::Pdf { reports, output, tags, no_legend, no_index, no_memos, language } =
        command;
    let codebook = Codebook::read(archive)?;
    let tags = tags.iter().map(|name| codebook.named(name)).collect::<Result<_>>()?;
    let here = std::env::current_dir().unwrap_or_default();
    let request = wire::ExportPdfRequest {
        reports,
        path: here.join(output).to_string_lossy().into_owned(),
        tags,
        legend: !no_legend,
        index: !no_index,
        memos: !no_memos,
        coders: true,
        paper: String::new(),
        font: String::new(),
        language,
    };
    let tty = std::io::stderr().is_terminal();
    let result = archive.export_pdf(&request, &Cancel::default(), &mut |done, total| {
        if tty {
            eprint!("\r{done}/{total} ");
        }
    })?;
    if tty {
        eprintln!();
    }
    let mut text =
        format!("{}: {} pages, {} highlights\n", result.path, result.pages, result.highlights);
    if !result.missing.is_empty() {
        let code = |text: &String| text.chars().next().map_or(0, u32::from);
        let named = result.missing.iter().map(|c| format!("{c} (U+{:04X})", code(c)));
        let _ = writeln!(text, "No font has: {}", named.collect::<Vec<_>>().join(" "));
    }
    Ok(Outcome::new(value(&result), text))
}

fn history(what: &str, result: &wire::HistoryResult) -> Outcome {
    let text = match &result.label {
        Some(label) if result.applied => format!("{what}: {label}"),
        _ => format!("Nothing to be {what}."),
    };
    Outcome::new(value(result), text)
}

fn check(archive: &Archive) -> Result<Outcome> {
    let found = archive.check()?;
    let mut text = format!(
        "{} reports, {} passages, index {} of {} changes, {} of {} samples missed\n",
        found.reports,
        found.passages,
        found.index.applied,
        found.index.sequence,
        found.missed,
        found.sampled
    );
    for fault in &found.faults {
        let _ = writeln!(text, "fault: {fault}");
    }
    Ok(Outcome { failed: !found.ok, value: value(&found), text })
}
