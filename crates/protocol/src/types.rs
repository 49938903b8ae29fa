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
        /// Where a file of settings that could not be read was put aside, in this run.
        pub settings_aside: Option<String>,
        /// `linux`, `macos` or `windows`.
        pub platform: String,
        /// Name of this window.
        pub window: String,
        /// What this window kept of its layout for this archive.
        pub workspace: Option<serde_json::Value>,
        /// Why the archive that this window began with could not be opened.
        pub failure: Option<crate::CommandError>,
        /// Path of that archive, to try once more.
        pub failed: Option<String>,
        /// The note that the program wrote when it broke off the last time; told once.
        pub crash: Option<String>,
    }

    /// Another window.
    pub struct OpenWindowRequest {
        /// Absolute path of its archive; absent means the same as in this window.
        #[serde(default)]
        pub archive: Option<String>,
        /// How it is laid out; absent means as at first.
        #[serde(default)]
        pub workspace: Option<serde_json::Value>,
    }

    /// What a window keeps of its layout.
    pub struct SetWorkspaceRequest {
        /// The layout, at most 256 kB as JSON; `null` forgets it.
        pub workspace: serde_json::Value,
        /// The archive it belongs to, by path; where the window has gone on to another one,
        /// nothing is kept.
        #[serde(default)]
        #[ts(optional)]
        pub archive: Option<String>,
    }

    /// The menu bar of a system that has one for all windows.
    pub struct SetMenuRequest {
        /// Its menus, translated.
        pub menus: Vec<MenuGroup>,
    }

    /// One menu of the menu bar.
    pub struct MenuGroup {
        /// Its title.
        pub title: String,
        /// What it offers.
        pub items: Vec<MenuEntry>,
    }

    /// One line of a menu.
    #[serde(rename_all_fields = "camelCase")]
    pub enum MenuEntry {
        /// A command of the page.
        Command {
            /// Its identifier, told by the event `menu_command`.
            id: String,
            /// Its name.
            label: String,
            /// Its shortcut, such as `CmdOrCtrl+Shift+F`.
            shortcut: Option<String>,
            /// Whether it can run now.
            enabled: bool,
        },
        /// What the system does itself: `cut`, `copy`, `paste`, `minimize`, `fullscreen`, `hide`,
        /// `quit` or `about`.
        System {
            /// Which.
            role: String,
            /// Its name.
            label: String,
        },
        /// A line between two.
        Separator,
    }

    /// A command that was chosen in the menu bar.
    pub struct MenuCommand {
        /// Its identifier.
        pub id: String,
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
        /// When it was opened last, ISO 8601 in UTC.
        pub opened: String,
        /// How many reports were in it when it was last open; `None` where that is not known.
        pub reports: Option<u32>,
        /// Whether the file is not where it was.
        pub missing: bool,
    }

    /// The user's settings, kept in the platform's own folder. What the file does not say is as in
    /// a new installation.
    #[serde(default)]
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
        /// Whether paragraphs of the reading text begin two characters in.
        pub reading_indent: bool,
        /// The name written on passages.
        pub coder: String,
        /// Size of the whole interface in percent, 90 to 200.
        pub interface_size: u32,
        /// `system`, `normal` or `more`.
        pub contrast: String,
        /// `system`, `normal` or `less`.
        pub motion: String,
        /// The typefaces of the window.
        pub fonts: FontSettings,
        /// Order of Chinese text in lists: `pinyin` or `stroke`.
        pub collation: String,
        /// Folder suggested for new archives; empty for the system's own for documents.
        pub archive_folder: String,
        /// Whether a start opens the windows of the run before.
        pub reopen: bool,
        /// The tag picker.
        pub picker: PickerSettings,
        /// Copies of archives.
        pub backups: BackupSettings,
        /// What the export dialog begins with.
        pub export: ExportSettings,
        /// Folders from which everything that is saved into them is imported.
        pub watched: Vec<WatchedFolder>,
        /// Shortcuts that differ from those of the program: a command's identifier, and all of its
        /// keys.
        pub shortcuts: std::collections::BTreeMap<String, Vec<String>>,
        /// Anything else the page keeps (column widths, pane sizes).
        pub page: std::collections::BTreeMap<String, serde_json::Value>,
    }

    /// A folder from which everything that is saved into it is imported.
    pub struct WatchedFolder {
        /// Absolute path.
        pub path: String,
        /// Absolute path of the archive that it is imported into, while that is open.
        pub archive: String,
        /// A collection to put the reports into.
        pub collection: Option<String>,
        /// Whether it is watched.
        pub enabled: bool,
    }

    /// The typefaces of the window, by family; empty for the program's own choice.
    #[derive(Default)]
    #[serde(default)]
    pub struct FontSettings {
        /// Of reading text.
        pub reading: String,
        /// Of everything else.
        pub interface: String,
    }

    /// How the tag picker behaves.
    #[serde(default)]
    pub struct PickerSettings {
        /// Whether it comes up by itself where a selection made with the mouse ends.
        pub at_selection: bool,
        /// Whether the digits set the tags used last.
        pub digits: bool,
    }

    /// When copies of archives are made by themselves, and how many are kept.
    #[serde(default)]
    pub struct BackupSettings {
        /// Whether any are made.
        pub automatic: bool,
        /// Hours after which a changed archive is copied again.
        pub every_hours: u32,
        /// Days of which the last copy is kept.
        pub keep_daily: u32,
        /// Weeks of which the last copy is kept.
        pub keep_weekly: u32,
        /// Folder of the copies; empty for the program's own.
        pub folder: String,
    }

    /// What the export dialog begins with.
    #[serde(default)]
    pub struct ExportSettings {
        /// `a4`, `b5`, `a5` or `letter`.
        pub paper: String,
        /// The family that text is set in; empty for the best that is there.
        pub font: String,
        /// A legend of the tags.
        pub legend: bool,
        /// An index of the passages.
        pub index: bool,
        /// Memos in the comments.
        pub memos: bool,
        /// Names of the coders.
        pub coders: bool,
    }

    /// A change of the settings.
    pub struct SettingsChange {
        /// What is named is set, members of an object one by one; what is `null` goes back to what
        /// it was at first; the rest stays as it is.
        #[ts(
            type = "{ [K in keyof Settings]?: { [F in keyof Settings[K]]?: Settings[K][F] | null } | null }"
        )]
        pub changes: serde_json::Value,
    }

    /// A family of installed fonts that holds Chinese.
    pub struct FontFamily {
        /// Its name.
        pub name: String,
        /// Whether its strokes have serifs (宋体, 明體).
        pub serif: bool,
        /// Whether it has the characters of mainland China.
        pub simplified: bool,
        /// Whether it has those of Taiwan and Hong Kong.
        pub traditional: bool,
    }

    /// A folder or file of the program.
    pub struct StoredPlace {
        /// `settings`, `data`, `cache`, `index`, `backups`, `archive` or `crashes`.
        pub kind: String,
        /// Absolute path.
        pub path: String,
        /// Whether it is there yet.
        pub exists: bool,
        /// Bytes of what is in it.
        pub bytes: u64,
        /// Files in it.
        pub files: u32,
    }

    /// The program `tesseract`, which recognises text in pictures.
    pub struct OcrState {
        /// Where it was found.
        pub path: Option<String>,
        /// What it says of its version.
        pub version: Option<String>,
        /// The languages that it has data for.
        pub languages: Vec<String>,
    }

    /// Reports whose scanned pages are to be recognised.
    pub struct RecogniseRequest {
        /// The reports; those without such pages are passed over.
        pub reports: ReportSelection,
        /// The script of the text, `Hans` or `Hant`; where it is not said, the first page tells.
        #[serde(default)]
        #[ts(optional)]
        pub script: Option<String>,
        /// Whether reports that were recognised before are recognised once more.
        #[serde(default)]
        pub again: bool,
        /// The password of the files, where they are encrypted.
        #[serde(default)]
        #[ts(optional)]
        pub password: Option<String>,
    }

    /// How Chinese text is typed in pinyin.
    pub struct Spelling {
        /// First letters, one for each character: `hlgb`.
        pub initials: String,
        /// Whole syllables: `hulianggongbu`.
        pub pinyin: String,
    }

    /// Texts to spell.
    pub struct SpellRequest {
        /// The texts.
        pub texts: Vec<String>,
    }

    /// A copy of an archive.
    pub struct Backup {
        /// Absolute path.
        pub path: String,
        /// When it was made, ISO 8601 in UTC.
        pub at: String,
        /// Bytes of the file.
        pub bytes: u64,
        /// Whether the program made it by itself; those the user made are never removed.
        pub automatic: bool,
    }

    /// A backup to make an archive of.
    pub struct RestoreRequest {
        /// One of the backups of the open archive.
        pub path: String,
        /// Name for the new archive, without ending.
        pub name: String,
    }

    /// The copies of the open archive.
    pub struct Backups {
        /// The folder they are in.
        pub folder: String,
        /// Newest first.
        pub list: Vec<Backup>,
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
        /// A name for a workbook.
        SaveXlsx,
        /// A name for comma-separated values.
        SaveCsv,
    }

    /// A system dialog.
    pub struct PickRequest {
        /// What to pick.
        pub kind: PickKind,
        /// Title of the dialog, translated.
        pub title: String,
        /// Suggested file name, or absolute path.
        pub suggested: Option<String>,
    }

    /// Which reports. Filters of different kinds are joined by and, values of one by or.
    #[derive(Default)]
    #[serde(default)]
    pub struct ReportFilter {
        /// Words, divided by white space, that each stand in title, place, organisation, source,
        /// author or file name: in characters of either script, in pinyin, or in its initials.
        pub text: String,
        /// Administrative divisions; everything below them counts.
        pub places: Vec<String>,
        /// Organisations, in either script.
        pub organisations: Vec<String>,
        /// Sources, in either script.
        pub sources: Vec<String>,
        /// Years of publication.
        pub years: Vec<i32>,
        /// Scripts, `Hans` or `Hant`.
        pub scripts: Vec<String>,
        /// Tags, by identifier: a report with a passage of any, or of one below it.
        pub tags: Vec<String>,
        /// Collections, by identifier; those below them count.
        pub collections: Vec<String>,
        /// Codes of problems.
        pub problems: Vec<String>,
        /// With a memo, or without.
        pub memo: Option<bool>,
        /// With a passage, or without.
        pub passages: Option<bool>,
        /// What a report must not have.
        pub exclude: Exclusion,
    }

    /// Values that no report let through has, each as in [`ReportFilter`].
    #[derive(Default)]
    #[serde(default)]
    pub struct Exclusion {
        /// Administrative divisions and everything below them.
        pub places: Vec<String>,
        /// Organisations.
        pub organisations: Vec<String>,
        /// Sources.
        pub sources: Vec<String>,
        /// Years.
        pub years: Vec<i32>,
        /// Scripts.
        pub scripts: Vec<String>,
        /// Tags and those below them.
        pub tags: Vec<String>,
        /// Collections and those below them.
        pub collections: Vec<String>,
        /// Codes of problems.
        pub problems: Vec<String>,
    }

    /// Reports to do something with: named one by one, or all that a filter lets through.
    #[serde(untagged)]
    pub enum ReportSelection {
        /// By identifier.
        Ids {
            /// UUIDv7s.
            ids: Vec<String>,
        },
        /// By filter.
        Matching {
            /// What lets them through.
            filter: Box<ReportFilter>,
            /// Those that are left out all the same, by identifier.
            #[serde(default)]
            except: Vec<String>,
        },
    }

    /// A column to sort by.
    pub enum ReportSort {
        /// By title. Text columns are in the order of `Settings.collation`, pinyin or strokes;
        /// what has no value comes last in either direction, equals in the order of import.
        Title,
        /// By date of publication.
        Published,
        /// By place.
        Place,
        /// By organisation.
        Organisation,
        /// By source.
        Source,
        /// By the first author.
        Authors,
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

    /// Where in a list of the library a report stands.
    pub struct ReportPositionRequest {
        /// Which report.
        pub id: String,
        /// Which reports the list has.
        pub filter: ReportFilter,
        /// The column it is sorted by.
        pub sort: ReportSort,
        /// Largest first.
        pub descending: bool,
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
        /// Name of the file it was imported from.
        pub file: Option<String>,
        /// ISO 8601 as precise as known.
        pub published: Option<String>,
        /// Administrative division.
        pub place: Option<String>,
        /// Organisation.
        pub organisation: Option<String>,
        /// Source.
        pub source: Option<String>,
        /// Authors.
        pub authors: Vec<String>,
        /// `Hans` or `Hant`.
        pub script: Option<String>,
        /// Code points of the reading text.
        pub characters: u32,
        /// Passages marked in it.
        pub passages: u32,
        /// Tags used in it, by identifier, most used first.
        pub tags: Vec<String>,
        /// Whether it has a memo.
        pub memo: bool,
        /// Codes of its problems.
        pub problems: Vec<String>,
        /// When it was imported.
        pub imported: String,
    }

    /// What the library shows of one report beside the list.
    pub struct ReportPreview {
        /// Identifier.
        pub id: String,
        /// Title, or the file name where there is none.
        pub title: String,
        /// The file it was imported from.
        pub path: Option<String>,
        /// What is known of it.
        pub metadata: Metadata,
        /// The beginning of the text below the title, 200 code points at the most.
        pub beginning: String,
        /// Code points of the reading text.
        pub characters: u32,
        /// Memo.
        pub memo: String,
        /// Passages marked in it.
        pub passages: u32,
        /// Tags used in it with the number of passages, most used first; `value` is the identifier.
        pub tags: Vec<FacetValue>,
        /// Collections it is in, by identifier.
        pub collections: Vec<String>,
        /// Codes of its problems.
        pub problems: Vec<String>,
        /// When it was imported.
        pub imported: String,
        /// Number of revisions of the text.
        pub revisions: u32,
        /// Reports that are nearly the same, on which the user has not decided.
        pub near_reports: Vec<NearReport>,
    }

    /// A value with a count.
    pub struct FacetValue {
        /// The value.
        pub value: String,
        /// Reports that have it.
        pub count: u32,
    }

    /// A year with a count.
    pub struct YearCount {
        /// The year.
        pub year: i32,
        /// Reports of it.
        pub count: u32,
    }

    /// An administrative division with a count.
    pub struct PlaceCount {
        /// What to filter by: its name with those above it.
        pub value: String,
        /// Its own name.
        pub name: String,
        /// Reports of it and of everything below.
        pub count: u32,
        /// The divisions below it that reports name.
        pub below: Vec<PlaceCount>,
    }

    /// The values to filter by. Each kind is counted among the reports that the other conditions of
    /// the filter let through, so that a second value of one kind can be added to the first; a
    /// value that is chosen or excluded is listed even where no report has it.
    pub struct Facets {
        /// Reports that the whole filter lets through.
        pub total: u32,
        /// Administrative divisions as a tree, siblings by code of the division.
        pub places: Vec<PlaceCount>,
        /// The most common organisations, most common first; `library_values` finds the others.
        pub organisations: Vec<FacetValue>,
        /// The most common sources, most common first.
        pub sources: Vec<FacetValue>,
        /// Every year that a report of the archive has, in order; 0 where the filter leaves none.
        pub years: Vec<YearCount>,
        /// Scripts.
        pub scripts: Vec<FacetValue>,
        /// Tags by identifier, in the order of the codebook: reports with a passage of it or of a
        /// tag below it.
        pub tags: Vec<FacetValue>,
        /// Collections by identifier, in their order: reports in it or in one below it.
        pub collections: Vec<FacetValue>,
        /// Problems, most common first.
        pub problems: Vec<FacetValue>,
        /// Reports with a memo.
        pub memo: u32,
        /// Reports with passages.
        pub passages: u32,
    }

    /// A column whose values many reports share.
    pub enum ValueColumn {
        /// Administrative division.
        Place,
        /// Organisation.
        Organisation,
        /// Source.
        Source,
        /// Author.
        Author,
    }

    /// What was typed to find a value of a column.
    pub struct LibraryValuesRequest {
        /// Which reports; the filter's own condition on the column does not count.
        pub filter: ReportFilter,
        /// The column.
        pub column: ValueColumn,
        /// Characters, pinyin or initials.
        pub text: String,
        /// How many.
        pub limit: u32,
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
        /// When it was held or adopted, ISO 8601 as precise as known.
        pub delivered: Option<String>,
        /// The years it covers.
        pub period: Option<Period>,
        /// `work_report summary multi_year plan interview news speech law notice statistics article
        /// other`.
        pub kind: Option<String>,
        /// Of the body that reports: `national province prefecture county township`.
        pub level: Option<String>,
        /// The URL it was published at.
        pub address: Option<String>,
    }

    /// Years, both included.
    pub struct Period {
        /// The first.
        pub from: u16,
        /// The last.
        pub to: u16,
    }

    /// A block of the reading text.
    pub struct Block {
        /// `title heading paragraph caption byline list table signature footnote salutation`.
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
        /// `gloss line_break missing_break space punctuation page_number mojibake repetition
        /// character markup`.
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

    /// That text of a report was recognised from pictures of pages.
    pub struct Recognition {
        /// The program, as it calls itself.
        pub program: String,
        /// How sure it was of a character, in the mean, from 0 to 100.
        pub confidence: u8,
        /// How many pages were recognised.
        pub pages: u32,
        /// How many pages the document has.
        pub of: u32,
    }

    /// A report to read.
    pub struct ReportView {
        /// Identifier.
        pub id: String,
        /// Identifier of the revision shown.
        pub revision: String,
        /// File it was imported from.
        pub path: Option<String>,
        /// Encoding of the original, where its format has several.
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
        /// Where text was recognised from pictures: by what, and how surely.
        pub recognition: Option<Recognition>,
        /// Passages by start.
        pub passages: Vec<Passage>,
        /// The report's memo.
        pub memo: String,
        /// Number of revisions.
        pub revisions: u32,
        /// Reports that are nearly the same, on which the user has not decided.
        pub near_reports: Vec<NearReport>,
    }

    /// A file as the importer reads it, before it is in any archive.
    pub struct Inspection {
        /// Encoding of the file, where its format has several.
        pub encoding: Option<String>,
        /// Its format.
        pub format: Format,
        /// The report of the open archive that it is the same as, or nearly so.
        pub near: Option<NearReport>,
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

    /// Whether the index finds what stands in the reports.
    pub struct IndexCheck {
        /// Windows of stored text that were looked up.
        pub sampled: u32,
        /// Those that it did not find; it was built anew then.
        pub missed: u32,
        /// Whether it was.
        pub rebuilt: bool,
        /// The index now.
        pub status: IndexStatus,
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
        /// Its script, `Hans` or `Hant`.
        pub script: Option<String>,
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
        pub reports: ReportSelection,
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
        /// When it was held, ISO 8601.
        #[serde(default)]
        #[ts(optional)]
        pub delivered: Option<String>,
        /// Years covered: `2021` or `2016-2020`.
        #[serde(default)]
        #[ts(optional)]
        pub period: Option<String>,
        /// What it is.
        #[serde(default)]
        #[ts(optional)]
        pub kind: Option<String>,
        /// Of the body that reports.
        #[serde(default)]
        #[ts(optional)]
        pub level: Option<String>,
        /// URL.
        #[serde(default)]
        #[ts(optional)]
        pub address: Option<String>,
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
        /// The collection that it lies in.
        pub parent: Option<String>,
        /// Reports in it.
        pub reports: u32,
        /// Reports in it or in those below it, each counted once.
        pub reports_below: u32,
    }

    /// A collection to add, as the last of its parent's.
    pub struct CollectionDraft {
        /// Name; no two collections of one parent have the same.
        pub name: String,
        /// The collection that it is to lie in.
        pub parent: Option<String>,
        /// Members.
        pub reports: ReportSelection,
    }

    /// Another name for a collection.
    pub struct UpdateCollectionRequest {
        /// Which.
        pub id: String,
        /// The name.
        pub name: String,
    }

    /// Another place for a collection.
    pub struct MoveCollectionRequest {
        /// Which.
        pub id: String,
        /// The collection that it is to lie in; none for the top.
        pub parent: Option<String>,
        /// Its place among the others there, from 0; larger than their number puts it last.
        pub position: u32,
    }

    /// Reports to put into a collection or to take out.
    pub struct CollectionReportsRequest {
        /// The collection.
        pub id: String,
        /// The reports.
        pub reports: ReportSelection,
    }

    /// Words to find in one report, as a search finds them: in both scripts, across glosses and
    /// punctuation. Punctuation alone is found as it stands.
    pub struct FindRequest {
        /// The report.
        pub report: String,
        /// What to find.
        pub words: String,
    }

    /// What is looked for, and where.
    #[derive(Default)]
    #[serde(default)]
    pub struct Question {
        /// The query as typed.
        pub query: String,
        /// Queries whose results are searched, in the order asked: a search within results.
        pub within: Vec<String>,
        /// Which reports of the library.
        pub filter: ReportFilter,
        /// Whether reports that have only the words of a phrase come behind those that have it
        /// as typed.
        pub relaxed: bool,
    }

    /// An order of hits, inside a tier.
    #[derive(Copy, Eq, Default)]
    pub enum SearchSort {
        /// Most relevant first.
        #[default]
        Relevance,
        /// Most recent first.
        Newest,
        /// Oldest first.
        Oldest,
        /// By place.
        Place,
        /// Longest first.
        Longest,
        /// Shortest first.
        Shortest,
    }

    /// What to search.
    pub struct SearchRequest {
        /// What is looked for.
        pub question: Question,
        /// In which order.
        pub sort: SearchSort,
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
        /// Its script, `Hans` or `Hant`.
        pub script: Option<String>,
        /// Source.
        pub source: Option<String>,
        /// Relevance, larger is better.
        pub score: f32,
        /// How well it answers.
        pub tier: SearchTier,
        /// Why it is a hit: where each part of the query that is not excluded stands.
        pub why: Vec<HitReason>,
        /// Every place where a word of the query stands.
        pub matches: Vec<Range>,
        /// The best pieces, cut at sentence ends.
        pub snippets: Vec<Snippet>,
    }

    /// How well a report answers a query.
    #[derive(Copy, Eq)]
    pub enum SearchTier {
        /// Everything stands there as typed.
        Exact,
        /// Every word of every phrase stands there.
        Words,
        /// Most words of every phrase stand there.
        Some,
    }

    /// Where a part of the query stands in a report.
    #[derive(Copy, Eq)]
    pub enum HitPlace {
        /// In the title.
        Title,
        /// In a heading.
        Heading,
        /// In the reading text.
        Text,
    }

    /// Why a report is a hit.
    pub struct HitReason {
        /// The part of the query.
        pub phrase: String,
        /// Where it stands.
        pub place: HitPlace,
        /// Whether it stands there only by the other reading of its characters: 计划 in 計畫.
        pub alternative: bool,
    }

    /// A part of the query as understood; parts hold parts.
    pub struct QueryPart {
        /// `phrase`, `original`, `loose`, `wildcard`, `expression`, `all`, `any`, `not`, `near`, or
        /// a field: `title`, `place`, `year`, `date`, `length`, `memo`, `source`, `tag`,
        /// `organisation`, `author`, `collection`, `script`.
        pub kind: String,
        /// What is looked for, without marks and signs; `None` where that is its parts.
        pub value: Option<String>,
        /// Whether the phrase was quoted, and so is never taken apart into words.
        pub quoted: bool,
        /// As it can be typed.
        pub text: String,
        /// Where it was typed, in code points of the query.
        pub range: Range,
        /// Of `near`: what is asked between each part and the next, as typed (`NEAR/10`, `句`, `段`).
        pub relations: Vec<String>,
        /// Its parts.
        pub parts: Vec<Self>,
    }

    /// What the query parser noticed.
    pub struct QueryNote {
        /// The code, to translate.
        pub code: String,
        /// One English sentence.
        pub message: String,
        /// What of the query it is about, in code points; `None` where it is about all of it.
        pub range: Option<Range>,
    }

    /// How many reports answer a query so well and not better.
    pub struct TierCount {
        /// How well.
        pub tier: SearchTier,
        /// How many reports.
        pub count: u32,
    }

    /// Hits.
    pub struct SearchPage {
        /// How many reports were found, exactly.
        pub total: u32,
        /// How many of them in each tier that was looked for, best first.
        pub tiers: Vec<TierCount>,
        /// Whether there may be more, as not all reports were read; a note says so.
        pub approximate: bool,
        /// The hits asked for.
        pub hits: Vec<SearchHit>,
        /// The query as understood; `None` where nothing is left of it.
        pub tree: Option<QueryPart>,
        /// What the parser noticed.
        pub notes: Vec<QueryNote>,
        /// Milliseconds it took.
        pub milliseconds: f64,
    }

    /// A change of one part of a query.
    pub struct EditQueryRequest {
        /// The query as typed.
        pub query: String,
        /// The way to the part from the whole: the place of each part among its siblings.
        pub path: Vec<u32>,
        /// What to do with it.
        pub edit: QueryEdit,
    }

    /// What to do with a part of a query.
    #[serde(tag = "kind")]
    pub enum QueryEdit {
        /// Takes it out.
        Remove,
        /// Puts something else in its place, in the language of queries.
        Replace {
            /// As typed.
            text: String,
        },
        /// Excludes it, or no longer.
        Negate,
        /// Asks for the phrase exactly as it stands, or no longer.
        Quote,
    }

    /// Another query that may be meant.
    pub struct QuerySuggestion {
        /// Why: the query may be its pinyin, sounds the same, or is said so elsewhere.
        pub kind: SuggestionKind,
        /// What may be meant.
        pub text: String,
        /// The whole query with it.
        pub query: String,
        /// How many reports have it.
        pub total: u32,
    }

    /// Why another query may be meant.
    #[derive(Copy, Eq)]
    pub enum SuggestionKind {
        /// Typed in pinyin, whole, in initials, or nearly.
        Pinyin,
        /// Sounds the same.
        Homophone,
        /// The word for it elsewhere: 软件 and 軟體.
        Region,
    }

    /// An order of the lines of a concordance.
    #[derive(Copy, Eq, Default)]
    pub enum ConcordanceSort {
        /// As they stand, the most recent report first.
        #[default]
        Text,
        /// By what stands before, read away from the middle; then by what stands behind.
        Left,
        /// By what stands behind; then by what stands before.
        Right,
        /// By the middle itself; then by what stands behind.
        Middle,
        /// By place.
        Place,
        /// Oldest report first.
        Oldest,
    }

    /// A stretch of a concordance.
    pub struct ConcordanceRequest {
        /// What is looked for.
        pub question: Question,
        /// In which order.
        pub sort: ConcordanceSort,
        /// Lines to pass over.
        pub offset: u32,
        /// Lines to return.
        pub limit: u32,
    }

    /// A place where a query stands, with what stands around it.
    pub struct ConcordanceLine {
        /// Report.
        pub report: String,
        /// Its title.
        pub title: String,
        /// Place.
        pub place: Option<String>,
        /// Date.
        pub published: Option<String>,
        /// Its script, `Hans` or `Hant`.
        pub script: Option<String>,
        /// Where in the reading text.
        pub range: Range,
        /// What stands before, in the order of the text; a line break is a space.
        pub left: String,
        /// What was found.
        pub middle: String,
        /// What stands behind.
        pub right: String,
    }

    /// Lines of a concordance.
    pub struct ConcordancePage {
        /// How many lines there are.
        pub total: u32,
        /// In how many reports.
        pub reports: u32,
        /// How many reports were found; more than `reports` where the lines kept are as many as can
        /// be, or a report was found without a place in its text.
        pub found: u32,
        /// Whether there are more lines than are kept.
        pub cut: bool,
        /// The lines asked for.
        pub lines: Vec<ConcordanceLine>,
    }

    /// Words that stand around a query.
    pub struct CollocatesRequest {
        /// What is looked for.
        pub question: Question,
        /// Words before that count.
        pub before: u32,
        /// Words behind that count.
        pub behind: u32,
        /// Words to return at the most.
        pub limit: u32,
    }

    /// A word that stands around a query more often than it would by chance.
    pub struct Collocate {
        /// The word.
        pub word: String,
        /// How often before.
        pub before: u32,
        /// How often behind.
        pub behind: u32,
        /// In how many reports.
        pub reports: u32,
        /// How often in all reports.
        pub overall: u32,
        /// How often it would stand there by chance.
        pub expected: f64,
        /// Log-likelihood (Dunning 1993).
        pub log_likelihood: f64,
        /// logDice (Rychlý 2008), 14 at the most.
        pub log_dice: f64,
    }

    /// Words around a query.
    pub struct Collocates {
        /// Places looked at.
        pub places: u32,
        /// Whether there are more.
        pub cut: bool,
        /// Words in all reports.
        pub words: u64,
        /// The collocates, highest log-likelihood first.
        pub collocates: Vec<Collocate>,
    }

    /// What the words of the reports found are held against.
    #[derive(Default)]
    #[serde(tag = "kind")]
    pub enum KeynessReference {
        /// All other reports of the archive.
        #[default]
        Rest,
        /// The reports of a collection and those below it that were not found.
        Collection {
            /// The collection.
            id: String,
        },
    }

    /// Words that set the reports found apart.
    pub struct KeynessRequest {
        /// What is looked for.
        pub question: Question,
        /// What they are held against.
        pub reference: KeynessReference,
        /// Words to return at the most, of the more frequent and of the rarer ones.
        pub limit: u32,
    }

    /// A word that stands in the reports found more often, or less, than in others.
    pub struct KeyWord {
        /// The word.
        pub word: String,
        /// How often in the reports found.
        pub target: u32,
        /// How often in the others.
        pub reference: u32,
        /// In how many of the reports found.
        pub reports: u32,
        /// Log-likelihood (Rayson and Garside 2000); negative for what is rarer than elsewhere.
        pub log_likelihood: f64,
        /// Log-likelihood of the numbers of reports that have it (Egbert and Biber 2019); negative
        /// where a smaller share has it than elsewhere.
        pub dispersion: f64,
        /// Log ratio (Hardie 2014): how many times as often, as a power of two.
        pub log_ratio: f64,
    }

    /// Words that set reports apart.
    pub struct Keyness {
        /// Reports found.
        pub reports: u32,
        /// Reports held against them.
        pub reference_reports: u32,
        /// Words in the reports found.
        pub words: u64,
        /// Words in the others.
        pub reference_words: u64,
        /// Whether there are reports enough on either side for `dispersion` to tell anything; the
        /// words are in its order then, else in that of the log-likelihood.
        pub by_dispersion: bool,
        /// The words, most telling first: the more frequent ones, then the rarer ones.
        pub key_words: Vec<KeyWord>,
    }

    /// A report that is about the same as another.
    pub struct SimilarReport {
        /// Report.
        pub report: String,
        /// Title.
        pub title: String,
        /// Place.
        pub place: Option<String>,
        /// Date.
        pub published: Option<String>,
        /// Its script, `Hans` or `Hant`.
        pub script: Option<String>,
        /// Likeness, larger is more; comparable within one answer only.
        pub score: f32,
        /// Telling words of the one that the other has.
        pub words: Vec<String>,
    }

    /// A search that is kept.
    pub struct SavedSearch {
        /// Identifier.
        pub id: String,
        /// Name.
        pub name: String,
        /// What is looked for.
        pub question: Question,
        /// In which order.
        pub sort: SearchSort,
    }

    /// A search to keep.
    pub struct SaveSearchRequest {
        /// The one to change; `None` for a new one.
        pub id: Option<String>,
        /// Name; unique in the archive.
        pub name: String,
        /// What is looked for.
        pub question: Question,
        /// In which order.
        pub sort: SearchSort,
    }

    /// Hits to mark as passages.
    pub struct TagHitsRequest {
        /// What is looked for.
        pub question: Question,
        /// Tags to put on each, by identifier.
        pub tags: Vec<String>,
        /// Whether the whole sentence is marked and not only what was found.
        pub sentences: bool,
        /// Whether to only count.
        pub preview: bool,
    }

    /// What marking hits does or did.
    pub struct TaggedHits {
        /// Passages made, or that would be.
        pub passages: u32,
        /// In how many reports.
        pub reports: u32,
        /// Places that were already marked so, and are left alone.
        pub existing: u32,
    }

    /// How hits are written to a file.
    #[derive(Copy, Eq)]
    pub enum HitsFormat {
        /// Office Open XML workbook.
        Xlsx,
        /// Comma-separated values in UTF-8 with a byte order mark, which spreadsheets need.
        Csv,
    }

    /// Hits to write to a file, one line for each place.
    pub struct ExportHitsRequest {
        /// What is looked for.
        pub question: Question,
        /// In which order.
        pub sort: ConcordanceSort,
        /// In which form.
        pub format: HitsFormat,
        /// Language of the headings, a BCP 47 tag.
        pub language: String,
        /// The file to write; one that is there is replaced.
        pub path: String,
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

    /// Files, folders and containers to import.
    #[derive(Default)]
    pub struct ImportRequest {
        /// Absolute paths.
        pub paths: Vec<String>,
        /// A collection to put the reports into.
        pub collection: Option<String>,
        /// What is to be done with single files otherwise than the program would.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<ImportChoice>>")]
        pub choices: Vec<ImportChoice>,
        /// What the columns of tables mean.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<TableChoice>>")]
        pub tables: Vec<TableChoice>,
    }

    /// What is to be done with a file.
    pub enum ImportAction {
        /// As the program would.
        Take,
        /// Nothing.
        Skip,
        /// A report of its own, whatever is alike, and also where a page would be refused as none.
        Keep,
        /// A new revision of a report, also where a page would be refused as none.
        Version,
    }

    /// What the user says of a file, or of everything in a folder or container.
    pub struct ImportChoice {
        /// As in `ImportItem.path`.
        pub path: String,
        /// What is to be done.
        pub action: ImportAction,
        /// The report that it is a version of.
        #[serde(default)]
        #[ts(optional)]
        pub of: Option<String>,
        /// Its password.
        #[serde(default)]
        #[ts(optional)]
        pub password: Option<String>,
        /// Its encoding, by a label of the WHATWG Encoding Standard.
        #[serde(default)]
        #[ts(optional)]
        pub encoding: Option<String>,
        /// Laid over what was recognised.
        #[serde(default)]
        #[ts(optional)]
        pub metadata: Option<MetadataEdit>,
        /// Repairs that are taken back, as they stand in `Inspection.repairs`; of this file alone.
        /// Where there are not so many, the file is another one by now, and all stay.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<u32>>")]
        pub undo: Vec<u32>,
        /// Pieces set aside that are put back, as they stand in `Inspection.furniture`; as `undo`.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<u32>>")]
        pub restore: Vec<u32>,
    }

    /// Corrected metadata; absent means as it is, an empty string removes the value.
    #[derive(Default)]
    #[serde(default)]
    pub struct MetadataEdit {
        /// Title.
        #[ts(optional)]
        pub title: Option<String>,
        /// Date of publication, ISO 8601.
        #[ts(optional)]
        pub published: Option<String>,
        /// Authors.
        #[ts(optional)]
        pub authors: Option<Vec<String>>,
        /// Source.
        #[ts(optional)]
        pub source: Option<String>,
        /// Editor.
        #[ts(optional)]
        pub editor: Option<String>,
        /// Place.
        #[ts(optional)]
        pub place: Option<String>,
        /// Organisation.
        #[ts(optional)]
        pub organisation: Option<String>,
        /// When it was held, ISO 8601.
        #[ts(optional)]
        pub delivered: Option<String>,
        /// Years covered: `2021` or `2016-2020`.
        #[ts(optional)]
        pub period: Option<String>,
        /// What it is.
        #[ts(optional)]
        pub kind: Option<String>,
        /// Of the body that reports.
        #[ts(optional)]
        pub level: Option<String>,
        /// URL.
        #[ts(optional)]
        pub address: Option<String>,
    }

    /// A text that was pasted.
    pub struct TextRequest {
        /// The text, or HTML.
        pub text: String,
        /// Whether it is HTML.
        pub html: bool,
        /// The title, where the text does not say one.
        #[serde(default)]
        #[ts(optional)]
        pub title: Option<String>,
        /// The URL that it was taken from.
        #[serde(default)]
        #[ts(optional)]
        pub address: Option<String>,
        /// A collection to put the report into.
        #[serde(default)]
        #[ts(optional)]
        pub collection: Option<String>,
        /// Laid over what was recognised.
        #[serde(default)]
        #[ts(optional)]
        pub metadata: Option<MetadataEdit>,
        /// A report of its own, whatever is alike.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub keep: bool,
        /// As in `ImportChoice`.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<u32>>")]
        pub undo: Vec<u32>,
        /// As in `ImportChoice`.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<u32>>")]
        pub restore: Vec<u32>,
    }

    /// A file to look at as the importer reads it.
    pub struct InspectRequest {
        /// As in `ImportItem.path`.
        pub path: String,
        /// Its password.
        #[serde(default)]
        #[ts(optional)]
        pub password: Option<String>,
        /// Its encoding.
        #[serde(default)]
        #[ts(optional)]
        pub encoding: Option<String>,
        /// Whether a page is read that would be refused as no report.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub anyway: bool,
    }

    /// How alike two reports are.
    #[derive(Copy)]
    pub enum Likeness {
        /// The same bytes.
        Bytes,
        /// The same text: glosses, script, width and white space make no difference.
        Text,
        /// Nearly the same text.
        Near,
        /// It is an extract of the other one.
        Extract,
        /// The other one is an extract of it.
        Fuller,
    }

    /// Another report that is the same or nearly so.
    pub struct NearReport {
        /// Which.
        pub report: String,
        /// Its title.
        pub title: String,
        /// The share of the smaller text that also stands in the other, 0 to 1.
        pub likeness: f32,
        /// How alike.
        pub same: Likeness,
    }

    /// Two reports that are nearly the same, on which the user has not decided.
    pub struct NearPair {
        /// The later one.
        pub report: String,
        /// Its title.
        pub title: String,
        /// The earlier one.
        pub other: String,
        /// Its title.
        pub other_title: String,
        /// The share of the smaller text that also stands in the other, 0 to 1.
        pub likeness: f32,
        /// How alike: whether the later one is an extract of the earlier one, or the other way round.
        pub same: Likeness,
        /// When it was noticed, ISO 8601 in UTC.
        pub at: String,
    }

    /// What is to become of two reports that are nearly the same.
    pub enum NearAction {
        /// Both stay.
        Keep,
        /// The later one becomes the newest revision of the earlier one.
        Version,
    }

    /// A decision on two reports that are nearly the same.
    pub struct ResolveNearRequest {
        /// The later one.
        pub report: String,
        /// The earlier one.
        pub other: String,
        /// What is to become of them.
        pub action: NearAction,
    }

    /// A repair to take back.
    pub struct UndoRepairRequest {
        /// Report.
        pub id: String,
        /// Index in the report's list of repairs.
        pub index: u32,
    }

    /// Reports to read once more from their originals.
    pub struct RereadRequest {
        /// Which.
        pub reports: ReportSelection,
    }

    /// An import that was broken off by the end of the program.
    pub struct PendingImport {
        /// The file or folder.
        pub subject: String,
        /// Files done.
        pub done: u32,
        /// Files in all, as far as known.
        pub total: u32,
        /// When it began, ISO 8601 in UTC.
        pub started: String,
        /// What became of those done.
        pub counts: ImportCounts,
    }

    /// Results of a job.
    pub struct JobItemsRequest {
        /// The job.
        pub id: String,
        /// Outcomes to list, `imported duplicate …`; empty means all.
        pub outcomes: Vec<String>,
        /// Codes of problems to list; empty means all.
        pub problems: Vec<String>,
        /// Items to pass over.
        pub offset: u32,
        /// Items to return.
        pub limit: u32,
    }

    /// Results of a job.
    pub struct JobItemsPage {
        /// How many there are.
        pub total: u32,
        /// Those asked for, in order.
        pub items: Vec<ImportItem>,
    }

    /// A table to look at.
    pub struct TableRequest {
        /// Absolute path.
        pub path: String,
        /// The sheet; the first one where absent.
        #[serde(default)]
        #[ts(optional)]
        pub sheet: Option<String>,
        /// Whether the first row names the columns; told by itself where absent.
        #[serde(default)]
        #[ts(optional)]
        pub header: Option<bool>,
    }

    /// A table before its columns are given a meaning.
    pub struct TablePreview {
        /// Absolute path.
        pub path: String,
        /// Its sheets.
        pub sheets: Vec<String>,
        /// The sheet shown.
        pub sheet: String,
        /// Whether the first row names the columns.
        pub header: bool,
        /// Its columns.
        pub columns: Vec<TableColumn>,
        /// The first rows, without that of the names.
        pub rows: Vec<Vec<String>>,
        /// Rows in all.
        pub total: u32,
    }

    /// A column of a table.
    pub struct TableColumn {
        /// Its name, or a letter.
        pub name: String,
        /// What it seems to mean.
        pub field: Option<TableField>,
        /// Some of its values.
        pub samples: Vec<String>,
    }

    /// What a column of a table means.
    #[derive(Copy, Eq)]
    pub enum TableField {
        /// The text of a report.
        Text,
        /// The name or path of a file beside the table, of which the row says what is known.
        File,
        /// Title.
        Title,
        /// Date of publication.
        Published,
        /// Date on which it was held.
        Delivered,
        /// Authors.
        Authors,
        /// Source.
        Source,
        /// Editor.
        Editor,
        /// Place.
        Place,
        /// Organisation.
        Organisation,
        /// Years covered.
        Period,
        /// What it is.
        Kind,
        /// Of the body that reports.
        Level,
        /// URL.
        Address,
    }

    /// What the columns of a table mean.
    pub struct TableChoice {
        /// Absolute path.
        pub path: String,
        /// The sheet; the first one where absent.
        #[serde(default)]
        #[ts(optional)]
        pub sheet: Option<String>,
        /// Whether the first row names the columns.
        pub header: bool,
        /// One entry for each column.
        pub fields: Vec<Option<TableField>>,
    }

    /// What a job is about.
    pub enum JobKind {
        /// Import of files.
        Import,
        /// Building the index.
        Index,
        /// Changing many reports at once.
        Edit,
        /// Export.
        Export,
        /// A copy of the archive.
        Backup,
        /// An archive made of a copy.
        Restore,
        /// What an import would do.
        Preview,
        /// Reading reports once more from their originals.
        Reread,
        /// Recognising the text of scans.
        Recognise,
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
        /// What it works on: the file or folder that is imported, the file that is written.
        pub subject: String,
        /// The report that it works on, where it is one alone.
        pub report: Option<String>,
        /// When it began, ISO 8601 in UTC.
        pub started: String,
        /// When it ended, ISO 8601 in UTC.
        pub ended: Option<String>,
        /// Files done; of an export, characters typeset, of a recognition, pages.
        pub done: u32,
        /// Files in all, as far as known; of an export, characters, of a recognition, pages.
        pub total: u32,
        /// Items a second, of late.
        pub speed: f32,
        /// Seconds left, where it can be told.
        pub seconds_left: Option<u32>,
        /// Results of an import, in order: the last 200. `job_items` has all of them.
        pub items: Vec<ImportItem>,
        /// Counts of an import.
        pub counts: ImportCounts,
        /// What an export wrote.
        pub export: Option<ExportResult>,
        /// Why it failed.
        pub error: Option<crate::CommandError>,
        /// The file that it made, where it made one.
        pub path: Option<String>,
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
        /// New reports that are nearly the same as another one.
        pub near: u32,
        /// Files that were read and are no reports.
        pub refused: u32,
        /// Files that could not be read.
        pub failed: u32,
        /// Files that the user passed over.
        pub skipped: u32,
        /// Pictures, styles and the like in containers and beside saved pages, not listed one by
        /// one.
        pub ignored: u32,
    }

    /// What became of one file.
    pub enum ImportOutcome {
        /// A new report.
        Imported,
        /// The same text is there already.
        Duplicate,
        /// A new revision of a report.
        Version,
        /// A new report, nearly the same as another one.
        Near,
        /// It was read and is no report.
        Refused,
        /// It could not be read.
        Failed,
        /// The user passed it over.
        Skipped,
    }

    /// The formats that are read.
    #[derive(Copy, Eq)]
    pub enum Format {
        /// Plain text.
        Text,
        /// A saved web page.
        Html,
        /// Markdown.
        Markdown,
        /// A web page with its pictures in one file.
        Mhtml,
        /// PDF.
        Pdf,
        /// The fixed layout of official documents in China (GB/T 33190).
        Ofd,
        /// Word 97 to 2003, and WPS.
        Doc,
        /// Word from 2007 on.
        Docx,
        /// OpenDocument text.
        Odt,
        /// Rich Text Format.
        Rtf,
        /// An electronic book.
        Epub,
        /// A workbook.
        Spreadsheet,
        /// Slides.
        Slides,
        /// A table of values divided by commas or tabs.
        Csv,
    }

    /// One file of an import.
    pub struct ImportItem {
        /// The file; in a container, the container's path, `!/` and the name inside.
        pub path: String,
        /// What became of it.
        pub outcome: ImportOutcome,
        /// Its report.
        pub report: Option<String>,
        /// What was recognised.
        pub metadata: Option<Metadata>,
        /// What is odd.
        pub problems: Vec<Problem>,
        /// Why it failed or was refused.
        pub error: Option<crate::CommandError>,
        /// The URL that it was fetched from.
        pub address: Option<String>,
        /// Its format.
        pub format: Option<Format>,
        /// Its encoding.
        pub encoding: Option<String>,
        /// Code points of the reading text.
        pub characters: u32,
        /// The report that it is the same as, or nearly so.
        pub near: Option<NearReport>,
        /// How often what was mended; `value` is the kind of repair.
        pub repairs: Vec<FacetValue>,
        /// The beginning of the text below the title.
        pub beginning: String,
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
        /// `a4`, `b5`, `a5` or `letter`.
        #[serde(default)]
        pub paper: String,
        /// The family that text is set in; empty for the best that is there.
        #[serde(default)]
        pub font: String,
        /// Language of legend, index and labels: `zh-Hans`, `zh-Hant` or `en`.
        #[serde(default)]
        pub language: String,
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
        /// Passages without a highlight, because nothing of them prints.
        pub unplaced: Vec<UnplacedPassage>,
    }

    /// A passage that has no place on the pages of a PDF.
    pub struct UnplacedPassage {
        /// Report.
        pub report: String,
        /// Passage.
        pub passage: String,
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
            reading_indent: true,
            coder: String::new(),
            interface_size: 100,
            contrast: "system".into(),
            motion: "system".into(),
            fonts: FontSettings::default(),
            collation: "pinyin".into(),
            archive_folder: String::new(),
            reopen: true,
            picker: PickerSettings::default(),
            backups: BackupSettings::default(),
            export: ExportSettings::default(),
            watched: Vec::new(),
            shortcuts: std::collections::BTreeMap::new(),
            page: std::collections::BTreeMap::new(),
        }
    }
}

impl Default for PickerSettings {
    fn default() -> Self {
        Self { at_selection: true, digits: true }
    }
}

impl Default for BackupSettings {
    fn default() -> Self {
        Self {
            automatic: true,
            every_hours: 24,
            keep_daily: 7,
            keep_weekly: 8,
            folder: String::new(),
        }
    }
}

impl Default for ExportSettings {
    fn default() -> Self {
        Self {
            paper: "a4".into(),
            font: String::new(),
            legend: true,
            index: true,
            memos: true,
            coders: true,
        }
    }
}
