//! The types on the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! wire {
    ($($(#[$meta:meta])* pub $kind:ident $name:ident $body:tt)*) => {
        $(
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
            #[serde(rename_all = "camelCase")]
            #[ts(export, export_to = "protocol.ts")]
            $(#[$meta])*
            pub $kind $name $body
        )*
    };
}

wire! {
    /// No content.
    #[derive(Default)]
    pub struct Nothing {}

    /// A file by its path.
    pub struct PathRequest {
        /// Absolute path.
        pub path: String,
    }

    /// A thing by its identifier.
    pub struct IdRequest {
        /// UUIDv7.
        pub id: String,
    }

    /// Things by their identifiers.
    pub struct IdsRequest {
        /// UUIDv7s.
        pub ids: Vec<String>,
    }

    /// What the window needs to begin.
    pub struct Session {
        /// Version of the program.
        pub version: String,
        /// The open archive.
        pub archive: Option<ArchiveInfo>,
        /// Archives opened lately, newest first.
        pub recent: Vec<RecentArchive>,
        /// The user's settings.
        pub settings: Settings,
        /// `linux`, `macos` or `windows`.
        pub platform: String,
    }

    /// The open archive.
    pub struct ArchiveInfo {
        /// Absolute path of the file.
        pub path: String,
        /// File name without ending.
        pub name: String,
        /// Number of reports.
        pub reports: u32,
        /// Number of passages.
        pub passages: u32,
        /// Number of the last change.
        pub sequence: u64,
        /// Whether it is the example archive.
        pub example: bool,
    }

    /// An archive opened before.
    pub struct RecentArchive {
        /// Absolute path.
        pub path: String,
        /// File name without ending.
        pub name: String,
    }

    /// The user's settings, kept in the platform's own folder.
    pub struct Settings {
        /// `zh-Hans`, `zh-Hant`, `en`, or `system`.
        pub language: String,
        /// `system`, `light`, `sepia` or `dark`.
        pub theme: String,
        /// Reading size in px.
        pub reading_size: u32,
        /// Line height in hundredths.
        pub reading_leading: u32,
        /// Characters a line.
        pub reading_measure: u32,
        /// The name written on passages.
        pub coder: String,
        /// Anything else the page keeps (column widths, pane sizes).
        #[serde(default)]
        pub page: std::collections::BTreeMap<String, serde_json::Value>,
    }

    /// What to pick in the system's dialog.
    pub enum PickKind {
        /// Files to import.
        Files,
        /// A folder to import.
        Folder,
        /// An archive to open.
        Archive,
        /// A name for a new archive.
        NewArchive,
        /// A name for a PDF.
        SavePdf,
    }

    /// A system dialog.
    pub struct PickRequest {
        /// What to pick.
        pub kind: PickKind,
        /// Title of the dialog, translated.
        pub title: String,
        /// Suggested file name.
        pub suggested: Option<String>,
    }

    /// Which reports. Filters of different kinds are joined by and, values of one by or.
    #[derive(Default)]
    #[serde(default)]
    pub struct ReportFilter {
        /// Words in title, source, author or organisation.
        pub text: String,
        /// Administrative divisions; everything below them counts.
        pub places: Vec<String>,
        /// Organisations.
        pub organisations: Vec<String>,
        /// Sources.
        pub sources: Vec<String>,
        /// Years of publication.
        pub years: Vec<i32>,
        /// Scripts, `Hans` or `Hant`.
        pub scripts: Vec<String>,
        /// Tags, by identifier; a report with a passage of any.
        pub tags: Vec<String>,
        /// Collections, by identifier.
        pub collections: Vec<String>,
        /// Codes of problems.
        pub problems: Vec<String>,
    }

    /// A column to sort by.
    pub enum ReportSort {
        /// By title, in pinyin order.
        Title,
        /// By date of publication.
        Published,
        /// By place.
        Place,
        /// By organisation.
        Organisation,
        /// By source.
        Source,
        /// By length.
        Characters,
        /// By number of passages.
        Passages,
        /// By time of import.
        Imported,
    }

    /// A window of the library's list.
    pub struct ReportsRequest {
        /// Which reports.
        pub filter: ReportFilter,
        /// The column.
        pub sort: ReportSort,
        /// Largest first.
        pub descending: bool,
        /// Rows to pass over.
        pub offset: u32,
        /// Rows to return.
        pub limit: u32,
    }

    /// A window of the library's list.
    pub struct ReportsPage {
        /// How many reports the filter lets through.
        pub total: u32,
        /// The rows asked for.
        pub rows: Vec<ReportRow>,
    }

    /// A report as a row.
    pub struct ReportRow {
        /// Identifier.
        pub id: String,
        /// Title, or the file name where there is none.
        pub title: String,
        /// ISO 8601 as precise as known.
        pub published: Option<String>,
        /// Administrative division.
        pub place: Option<String>,
        /// Organisation.
        pub organisation: Option<String>,
        /// Source.
        pub source: Option<String>,
        /// `Hans` or `Hant`.
        pub script: Option<String>,
        /// Code points of the reading text.
        pub characters: u32,
        /// Passages marked in it.
        pub passages: u32,
        /// Tags used in it, by identifier, most used first.
        pub tags: Vec<String>,
        /// Codes of its problems.
        pub problems: Vec<String>,
        /// When it was imported.
        pub imported: String,
    }

    /// A value with a count.
    pub struct FacetValue {
        /// The value.
        pub value: String,
        /// Reports that have it.
        pub count: u32,
    }

    /// The values to filter by.
    pub struct Facets {
        /// Administrative divisions.
        pub places: Vec<FacetValue>,
        /// Organisations.
        pub organisations: Vec<FacetValue>,
        /// Sources.
        pub sources: Vec<FacetValue>,
        /// Years.
        pub years: Vec<FacetValue>,
        /// Scripts.
        pub scripts: Vec<FacetValue>,
        /// Problems.
        pub problems: Vec<FacetValue>,
    }

    /// What is known of a report.
    #[derive(Default)]
    pub struct Metadata {
        /// Title as written.
        pub title: Option<String>,
        /// ISO 8601 as precise as known.
        pub published: Option<String>,
        /// Authors.
        pub authors: Vec<String>,
        /// Source.
        pub source: Option<String>,
        /// Editor.
        pub editor: Option<String>,
        /// Administrative division.
        pub place: Option<String>,
        /// Organisation.
        pub organisation: Option<String>,
        /// `Hans` or `Hant`.
        pub script: Option<String>,
        /// BCP 47.
        pub language: Option<String>,
    }

    /// A block of the reading text.
    pub struct Block {
        /// `title heading paragraph caption byline list table`.
        pub kind: String,
        /// Depth of a heading.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub level: Option<u8>,
        /// First code point.
        pub start: u32,
        /// First code point after.
        pub end: u32,
    }

    /// A piece set aside.
    pub struct Furniture {
        /// The text.
        pub text: String,
        /// Why.
        pub reason: String,
        /// Code point of the reading text before which it stood.
        pub position: u32,
    }

    /// A reversible repair.
    pub struct Repair {
        /// `gloss line_break missing_break space`.
        pub kind: String,
        /// First code point in the reading text.
        pub start: u32,
        /// First code point after; equal to `start` where something was taken out.
        pub end: u32,
        /// What stood there.
        pub original: String,
    }

    /// Something odd about a report.
    pub struct Problem {
        /// The code, to translate.
        pub code: String,
        /// One English sentence.
        pub message: String,
        /// First code point, where it has a place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub start: Option<u32>,
        /// First code point after.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub end: Option<u32>,
    }

    /// A report to read.
    pub struct ReportView {
        /// Identifier.
        pub id: String,
        /// Identifier of the revision shown.
        pub revision: String,
        /// File it was imported from.
        pub path: Option<String>,
        /// Encoding of the original.
        pub encoding: Option<String>,
        /// Metadata.
        pub metadata: Metadata,
        /// The reading text.
        pub text: String,
        /// Its blocks, in order.
        pub blocks: Vec<Block>,
        /// What was set aside.
        pub furniture: Vec<Furniture>,
        /// What was mended.
        pub repairs: Vec<Repair>,
        /// What is odd.
        pub problems: Vec<Problem>,
        /// Passages by start.
        pub passages: Vec<Passage>,
        /// The report's memo.
        pub memo: String,
        /// Number of revisions.
        pub revisions: u32,
    }

    /// A file as the importer reads it, before it is in any archive.
    pub struct Inspection {
        /// Encoding of the file.
        pub encoding: String,
        /// Metadata.
        pub metadata: Metadata,
        /// The reading text.
        pub text: String,
        /// Its blocks, in order.
        pub blocks: Vec<Block>,
        /// What was set aside.
        pub furniture: Vec<Furniture>,
        /// What was mended.
        pub repairs: Vec<Repair>,
        /// What is odd.
        pub problems: Vec<Problem>,
    }

    /// What a check of an archive found.
    pub struct CheckResult {
        /// Whether all is well.
        pub ok: bool,
        /// Reports in the archive.
        pub reports: u32,
        /// Passages in the archive.
        pub passages: u32,
        /// What is wrong with the file; empty where nothing is.
        pub faults: Vec<String>,
        /// The index.
        pub index: IndexStatus,
        /// Windows of text looked up in the index.
        pub sampled: u32,
        /// Windows that it did not find; 0 always, or it is rebuilt.
        pub missed: u32,
    }

    /// A tag of the codebook.
    pub struct Tag {
        /// Identifier.
        pub id: String,
        /// Name.
        pub name: String,
        /// The tag above it.
        pub parent: Option<String>,
        /// `#rrggbb`.
        pub colour: String,
        /// What it is for.
        pub description: String,
        /// Passages that carry it.
        pub passages: u32,
    }

    /// A tag to add.
    pub struct TagDraft {
        /// Name; `/` separates levels, which are made where missing.
        pub name: String,
        /// The tag above it.
        pub parent: Option<String>,
        /// `#rrggbb`; chosen where absent.
        pub colour: Option<String>,
        /// What it is for.
        pub description: Option<String>,
    }

    /// Changes to a tag; absent means unchanged.
    pub struct UpdateTagRequest {
        /// Which.
        pub id: String,
        /// New name.
        pub name: Option<String>,
        /// New parent; an empty string moves it to the top.
        pub parent: Option<String>,
        /// New colour.
        pub colour: Option<String>,
        /// New description.
        pub description: Option<String>,
    }

    /// What was typed into the tag picker.
    pub struct SuggestTagsRequest {
        /// Characters, pinyin or initials.
        pub query: String,
        /// How many.
        pub limit: u32,
    }

    /// A tag for the picker.
    pub struct TagSuggestion {
        /// The tag.
        pub tag: Tag,
        /// Names from the top to the tag.
        pub path: Vec<String>,
        /// `name`, `pinyin`, `initials` or `recent`.
        pub matched: String,
    }

    /// How sure the place of a passage is.
    pub enum AnchorState {
        /// Where it was put.
        Kept,
        /// Moved with an edited text; to be confirmed.
        Moved,
        /// Its text is gone.
        Lost,
    }

    /// A marked passage.
    pub struct Passage {
        /// Identifier.
        pub id: String,
        /// Report.
        pub report: String,
        /// Revision that the range counts in.
        pub revision: String,
        /// First code point.
        pub start: u32,
        /// First code point after.
        pub end: u32,
        /// The text marked.
        pub quote: String,
        /// Tags, by identifier.
        pub tags: Vec<String>,
        /// Memo.
        pub memo: String,
        /// Who marked it.
        pub coder: String,
        /// When.
        pub created: String,
        /// When it was last changed.
        pub modified: String,
        /// How sure its place is.
        pub state: AnchorState,
    }

    /// A passage with what stands around it.
    pub struct PassageInContext {
        /// The passage.
        pub passage: Passage,
        /// Title of its report.
        pub title: String,
        /// Place of its report.
        pub place: Option<String>,
        /// Date of its report.
        pub published: Option<String>,
        /// Up to 32 code points before.
        pub before: String,
        /// Up to 32 code points after.
        pub after: String,
    }

    /// A passage to mark.
    pub struct PassageDraft {
        /// Report.
        pub report: String,
        /// First code point.
        pub start: u32,
        /// First code point after.
        pub end: u32,
        /// Tags, by identifier.
        pub tags: Vec<String>,
        /// Memo.
        pub memo: String,
    }

    /// Changes to a passage; absent means unchanged.
    pub struct UpdatePassageRequest {
        /// Which.
        pub id: String,
        /// New range.
        pub start: Option<u32>,
        /// New range.
        pub end: Option<u32>,
        /// New tags.
        pub tags: Option<Vec<String>>,
        /// New memo.
        pub memo: Option<String>,
        /// Confirms a moved passage where it stands.
        #[serde(default)]
        pub confirm: bool,
    }

    /// Which passages.
    pub struct PassagesRequest {
        /// Of this report.
        pub report: Option<String>,
        /// With this tag or one below it.
        pub tag: Option<String>,
    }

    /// A memo for a thing.
    pub struct SetMemoRequest {
        /// Which report.
        pub id: String,
        /// The memo; empty removes it.
        pub memo: String,
    }

    /// Corrected metadata; absent means unchanged, an empty string removes the value.
    pub struct SetMetadataRequest {
        /// Which reports.
        pub ids: Vec<String>,
        /// Title.
        pub title: Option<String>,
        /// Date, ISO 8601.
        pub published: Option<String>,
        /// Authors.
        pub authors: Option<Vec<String>>,
        /// Source.
        pub source: Option<String>,
        /// Editor.
        pub editor: Option<String>,
        /// Place.
        pub place: Option<String>,
        /// Organisation.
        pub organisation: Option<String>,
    }

    /// A piece of furniture to put back.
    pub struct RestoreFurnitureRequest {
        /// Report.
        pub id: String,
        /// Index in the report's list of furniture.
        pub index: u32,
    }

    /// What undo or redo did.
    pub struct HistoryResult {
        /// Whether there was anything to do.
        pub applied: bool,
        /// What the change was: a key of the message files.
        pub label: Option<String>,
        /// Report it touched, where one.
        pub report: Option<String>,
    }

    /// One change.
    pub struct HistoryEntry {
        /// Number of the change.
        pub sequence: u64,
        /// What it was: a key of the message files.
        pub label: String,
        /// Who.
        pub author: String,
        /// When.
        pub at: String,
    }

    /// What can be undone and redone.
    pub struct History {
        /// To undo, newest first.
        pub undo: Vec<HistoryEntry>,
        /// To redo, next first.
        pub redo: Vec<HistoryEntry>,
    }

    /// A collection of reports.
    pub struct Collection {
        /// Identifier.
        pub id: String,
        /// Name.
        pub name: String,
        /// Members, by identifier.
        pub reports: Vec<String>,
    }

    /// A collection to add.
    pub struct CollectionDraft {
        /// Name.
        pub name: String,
        /// Members.
        pub reports: Vec<String>,
    }

    /// Changes to a collection; absent means unchanged.
    pub struct UpdateCollectionRequest {
        /// Which.
        pub id: String,
        /// New name.
        pub name: Option<String>,
        /// Members to add.
        pub add: Vec<String>,
        /// Members to take out.
        pub remove: Vec<String>,
    }

    /// What to search.
    pub struct SearchRequest {
        /// The query as typed.
        pub query: String,
        /// Hits to pass over.
        pub offset: u32,
        /// Hits to return.
        pub limit: u32,
    }

    /// A range of a reading text.
    pub struct Range {
        /// First code point.
        pub start: u32,
        /// First code point after.
        pub end: u32,
    }

    /// A piece of text around hits.
    pub struct Snippet {
        /// The text.
        pub text: String,
        /// First code point in the reading text.
        pub start: u32,
        /// First code point after.
        pub end: u32,
    }

    /// A report that was found.
    pub struct SearchHit {
        /// Report.
        pub report: String,
        /// Title.
        pub title: String,
        /// Place.
        pub place: Option<String>,
        /// Date.
        pub published: Option<String>,
        /// Source.
        pub source: Option<String>,
        /// Relevance, larger is better.
        pub score: f32,
        /// `exact`, `words` or `some`.
        pub tier: String,
        /// Every place where a word of the query stands.
        pub matches: Vec<Range>,
        /// The best pieces, cut at sentence ends.
        pub snippets: Vec<Snippet>,
    }

    /// A part of the query as understood.
    pub struct QueryChip {
        /// `phrase`, `place`, `year`, `source`, `tag` or `not`.
        pub kind: String,
        /// As understood.
        pub text: String,
        /// Whether it is excluded.
        pub excluded: bool,
    }

    /// What the query parser noticed.
    pub struct QueryNote {
        /// The code, to translate.
        pub code: String,
        /// One English sentence.
        pub message: String,
    }

    /// Hits.
    pub struct SearchPage {
        /// How many reports were found, exactly.
        pub total: u32,
        /// The hits asked for.
        pub hits: Vec<SearchHit>,
        /// The query as understood.
        pub chips: Vec<QueryChip>,
        /// What the parser noticed.
        pub notes: Vec<QueryNote>,
        /// Milliseconds it took.
        pub milliseconds: f64,
    }

    /// What the index holds.
    pub struct IndexStatus {
        /// Reports in it.
        pub indexed: u32,
        /// Changes it has applied.
        pub applied: u64,
        /// Changes made.
        pub sequence: u64,
        /// Bytes on disk.
        pub bytes: u64,
        /// Whether it is being built.
        pub building: bool,
    }

    /// Reports to set side by side.
    pub struct CompareRequest {
        /// Two to five, in the order of the columns.
        pub reports: Vec<String>,
    }

    /// A range of a report.
    pub struct ReportRange {
        /// Report.
        pub report: String,
        /// First code point.
        pub start: u32,
        /// First code point after.
        pub end: u32,
    }

    /// A passage that two reports share.
    pub struct SharedPassage {
        /// In the one.
        pub a: ReportRange,
        /// In the other.
        pub b: ReportRange,
        /// Characters that are equal after folding.
        pub chars: u32,
    }

    /// Sections on one theme.
    pub struct ThemeRow {
        /// The theme.
        pub theme: String,
        /// Its sections; several of one report where it treats the theme in several.
        pub cells: Vec<ReportRange>,
    }

    /// Reports side by side.
    pub struct Comparison {
        /// Shared passages.
        pub passages: Vec<SharedPassage>,
        /// Rows by theme.
        pub rows: Vec<ThemeRow>,
    }

    /// Files and folders to import.
    pub struct ImportRequest {
        /// Absolute paths.
        pub paths: Vec<String>,
        /// A collection to put the reports into.
        pub collection: Option<String>,
    }

    /// What a job is about.
    pub enum JobKind {
        /// Import of files.
        Import,
        /// Building the index.
        Index,
        /// Export.
        Export,
    }

    /// How a job stands.
    pub enum JobState {
        /// Under way.
        Running,
        /// Done.
        Done,
        /// Stopped by the user; what was done stays.
        Cancelled,
        /// Stopped by a fault.
        Failed,
    }

    /// Long work.
    pub struct Job {
        /// Identifier.
        pub id: String,
        /// What it is about.
        pub kind: JobKind,
        /// How it stands.
        pub state: JobState,
        /// Items done.
        pub done: u32,
        /// Items in all, as far as known.
        pub total: u32,
        /// Items a second.
        pub speed: f32,
        /// Seconds left, where it can be told.
        pub seconds_left: Option<u32>,
        /// Results of an import, in order; the last 200 while it runs.
        pub items: Vec<ImportItem>,
        /// Counts of an import.
        pub counts: ImportCounts,
        /// Why it failed.
        pub error: Option<crate::CommandError>,
    }

    /// What became of the files of an import.
    #[derive(Default)]
    pub struct ImportCounts {
        /// New reports.
        pub imported: u32,
        /// Files that were there already.
        pub duplicates: u32,
        /// New revisions of reports.
        pub versions: u32,
        /// Files that could not be read.
        pub failed: u32,
    }

    /// What became of one file.
    pub enum ImportOutcome {
        /// A new report.
        Imported,
        /// The same text is there already.
        Duplicate,
        /// A new revision of a report.
        Version,
        /// It could not be read.
        Failed,
    }

    /// One file of an import.
    pub struct ImportItem {
        /// The file.
        pub path: String,
        /// What became of it.
        pub outcome: ImportOutcome,
        /// Its report.
        pub report: Option<String>,
        /// What was recognised.
        pub metadata: Option<Metadata>,
        /// What is odd.
        pub problems: Vec<Problem>,
        /// Why it failed.
        pub error: Option<crate::CommandError>,
    }

    /// What to export.
    pub struct ExportPdfRequest {
        /// Reports in order.
        pub reports: Vec<String>,
        /// Absolute path of the file to write.
        pub path: String,
        /// Only passages with these tags; empty means all.
        pub tags: Vec<String>,
        /// A legend of the tags.
        pub legend: bool,
        /// An index of the passages.
        pub index: bool,
        /// Memos in the comments.
        pub memos: bool,
        /// Names of the coders.
        pub coders: bool,
    }

    /// A file written.
    pub struct ExportResult {
        /// Absolute path.
        pub path: String,
        /// Pages.
        pub pages: u32,
        /// Highlights.
        pub highlights: u32,
        /// Bytes.
        pub bytes: u64,
        /// Characters that no font has.
        pub missing: Vec<String>,
    }

    /// What changed in the archive.
    pub struct ArchiveChanged {
        /// Number of the last change.
        pub sequence: u64,
        /// `reports`, `tags`, `passages`, `collections`, `archive`.
        pub kinds: Vec<String>,
        /// The report it touched, where one.
        pub report: Option<String>,
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: "system".into(),
            theme: "system".into(),
            reading_size: 18,
            reading_leading: 180,
            reading_measure: 36,
            coder: String::new(),
            page: std::collections::BTreeMap::new(),
        }
    }
}
