//! The one table of commands and events.

#[allow(clippy::wildcard_imports)] // the table names most of them
use crate::types::*;
use ts_rs::TS;

/// Calls a macro with the table: `/// doc` `name(request) -> response`.
#[macro_export]
macro_rules! with_commands {
    ($callback:ident) => {
        $callback! {
            /// What is open, which version runs, which archives were open lately.
            session($crate::Nothing) -> $crate::Session,
            /// Opens an archive file and makes it the current one.
            open_archive($crate::PathRequest) -> $crate::Session,
            /// Makes a new archive file and opens it.
            create_archive($crate::PathRequest) -> $crate::Session,
            /// Opens the example archive, made on first use.
            open_example($crate::Nothing) -> $crate::Session,
            /// Closes the current archive.
            close_archive($crate::Nothing) -> $crate::Session,
            /// Takes an archive off the list of those opened lately; the file stays.
            forget_recent($crate::PathRequest) -> $crate::Session,
            /// Takes the files that the system asked to open since the last call.
            take_opened_paths($crate::Nothing) -> Vec<String>,
            /// Opens another window, on this window's archive or on another one.
            open_window($crate::OpenWindowRequest) -> $crate::Nothing,
            /// Closes this window; the last one ends the program.
            close_window($crate::Nothing) -> $crate::Nothing,
            /// Ends the program; its windows are opened again at the next start.
            quit($crate::Nothing) -> $crate::Nothing,
            /// Keeps how this window is laid out, for its archive.
            set_workspace($crate::SetWorkspaceRequest) -> $crate::Nothing,
            /// Sets the menu bar, where the system has one.
            set_menu($crate::SetMenuRequest) -> $crate::Nothing,
            /// Changes settings; every window hears of it.
            set_settings($crate::SettingsChange) -> $crate::Settings,
            /// Empties the list of archives opened lately; the files stay.
            clear_recent($crate::Nothing) -> $crate::Session,
            /// Removes the notes that crashes left.
            clear_crashes($crate::Nothing) -> $crate::Nothing,
            /// The installed families of fonts that hold Chinese.
            fonts($crate::Nothing) -> Vec<$crate::FontFamily>,
            /// Whether text in pictures can be recognised on this machine.
            ocr_state($crate::Nothing) -> $crate::OcrState,
            /// Where the program keeps what.
            storage($crate::Nothing) -> Vec<$crate::StoredPlace>,
            /// How texts are typed in pinyin.
            spell($crate::SpellRequest) -> Vec<$crate::Spelling>,
            /// The backups of the open archive, newest first.
            backups($crate::Nothing) -> $crate::Backups,
            /// Starts to make a backup of the open archive.
            start_backup($crate::Nothing) -> $crate::Job,
            /// Starts to make a new archive of a backup, beside the open one.
            restore_backup($crate::RestoreRequest) -> $crate::Job,
            /// Shows the system's file dialog; an empty list where it was dismissed.
            pick_paths($crate::PickRequest) -> Vec<String>,
            /// Opens a file that this program wrote in the system's viewer.
            open_path($crate::PathRequest) -> $crate::Nothing,
            /// Shows a file that this program wrote in its folder.
            reveal_path($crate::PathRequest) -> $crate::Nothing,
            /// A window of the library's list.
            reports($crate::ReportsRequest) -> $crate::ReportsPage,
            /// A stretch of the library's list by identifier only.
            report_ids($crate::ReportsRequest) -> Vec<String>,
            /// Where in the library's list a report stands, counted from 0.
            report_position($crate::ReportPositionRequest) -> Option<u32>,
            /// What the library shows of one report beside the list.
            report_preview($crate::IdRequest) -> $crate::ReportPreview,
            /// The values to filter the library by, with counts.
            facets($crate::ReportFilter) -> $crate::Facets,
            /// Values of a column that meet what was typed, most common first.
            library_values($crate::LibraryValuesRequest) -> Vec<$crate::FacetValue>,
            /// One report with its text, blocks and passages.
            report($crate::IdRequest) -> $crate::ReportView,
            /// Corrects the metadata of reports.
            set_metadata($crate::SetMetadataRequest) -> $crate::Nothing,
            /// Writes the memo of a report.
            set_report_memo($crate::SetMemoRequest) -> $crate::Nothing,
            /// Removes reports (undone by undo).
            delete_reports($crate::ReportSelection) -> $crate::Nothing,
            /// Puts a piece of furniture back into the text, as a new revision.
            restore_furniture($crate::RestoreFurnitureRequest) -> $crate::ReportView,
            /// The codebook.
            tags($crate::Nothing) -> Vec<$crate::Tag>,
            /// Adds a tag.
            create_tag($crate::TagDraft) -> $crate::Tag,
            /// Changes a tag.
            update_tag($crate::UpdateTagRequest) -> $crate::Tag,
            /// Removes tags; their passages stay without them.
            delete_tags($crate::IdsRequest) -> $crate::Nothing,
            /// Tags for the picker: by characters, pinyin or initials, lately used first.
            suggest_tags($crate::SuggestTagsRequest) -> Vec<$crate::TagSuggestion>,
            /// Passages of a report, of a tag, or all.
            passages($crate::PassagesRequest) -> Vec<$crate::PassageInContext>,
            /// Marks a passage.
            create_passage($crate::PassageDraft) -> $crate::Passage,
            /// Changes a passage's tags, memo or range.
            update_passage($crate::UpdatePassageRequest) -> $crate::Passage,
            /// Removes passages.
            delete_passages($crate::IdsRequest) -> $crate::Nothing,
            /// Takes the last change back.
            undo($crate::Nothing) -> $crate::HistoryResult,
            /// Does the last undone change again.
            redo($crate::Nothing) -> $crate::HistoryResult,
            /// The changes that can be undone and redone, newest first.
            history($crate::Nothing) -> $crate::History,
            /// The collections: each before those below it, siblings in their order.
            collections($crate::Nothing) -> Vec<$crate::Collection>,
            /// Adds a collection.
            create_collection($crate::CollectionDraft) -> $crate::Collection,
            /// Renames a collection.
            update_collection($crate::UpdateCollectionRequest) -> $crate::Collection,
            /// Puts a collection into another, or elsewhere among its siblings.
            move_collection($crate::MoveCollectionRequest) -> $crate::Collection,
            /// Puts reports into a collection; those in it already stay.
            add_to_collection($crate::CollectionReportsRequest) -> $crate::Collection,
            /// Takes reports out of a collection; those not in it do not matter.
            remove_from_collection($crate::CollectionReportsRequest) -> $crate::Collection,
            /// Removes collections and those below them; the reports stay.
            delete_collections($crate::IdsRequest) -> $crate::Nothing,
            /// Searches.
            search($crate::SearchRequest) -> $crate::SearchPage,
            /// The reports that a search finds, counted by what the library filters by; each kind
            /// under the other kinds' conditions.
            search_facets($crate::Question) -> $crate::Facets,
            /// Changes a part of a query.
            edit_query($crate::EditQueryRequest) -> String,
            /// Other queries that may be meant, most common first.
            suggest_queries($crate::Question) -> Vec<$crate::QuerySuggestion>,
            /// The places that a search finds, each with what stands around it.
            concordance($crate::ConcordanceRequest) -> $crate::ConcordancePage,
            /// Words that stand around what is looked for.
            collocates($crate::CollocatesRequest) -> $crate::Collocates,
            /// Words that set the reports found apart.
            keyness($crate::KeynessRequest) -> $crate::Keyness,
            /// Reports that are about the same as one.
            similar_reports($crate::IdRequest) -> Vec<$crate::SimilarReport>,
            /// The searches that are kept, by name.
            saved_searches($crate::Nothing) -> Vec<$crate::SavedSearch>,
            /// Keeps a search, or changes one that is kept.
            save_search($crate::SaveSearchRequest) -> $crate::SavedSearch,
            /// Forgets searches that are kept.
            delete_searches($crate::IdsRequest) -> $crate::Nothing,
            /// Marks the places that a search finds as passages, as one step, or counts them.
            tag_hits($crate::TagHitsRequest) -> $crate::TaggedHits,
            /// Starts to write the places that a search finds to a file.
            start_hits_export($crate::ExportHitsRequest) -> $crate::Job,
            /// Finds words in one report.
            find_in_report($crate::FindRequest) -> Vec<$crate::Range>,
            /// What the index holds and how far it is.
            index_status($crate::Nothing) -> $crate::IndexStatus,
            /// Looks windows of stored text up in the index; one that misses any is built anew.
            check_index($crate::Nothing) -> $crate::IndexCheck,
            /// Puts the index aside and builds it anew.
            rebuild_index($crate::Nothing) -> $crate::IndexStatus,
            /// Sets reports side by side.
            compare($crate::CompareRequest) -> $crate::Comparison,
            /// Starts to import files, folders and containers.
            start_import($crate::ImportRequest) -> $crate::Job,
            /// Starts to read files as an import would, without keeping anything.
            start_preview($crate::ImportRequest) -> $crate::Job,
            /// Results of an import or a preview.
            job_items($crate::JobItemsRequest) -> $crate::JobItemsPage,
            /// One file in full, as an import would read it.
            inspect_source($crate::InspectRequest) -> $crate::Inspection,
            /// A pasted text in full, as an import would read it.
            inspect_text($crate::TextRequest) -> $crate::Inspection,
            /// Keeps a pasted text as a report.
            import_text($crate::TextRequest) -> $crate::ImportItem,
            /// The import of this archive that the end of the program broke off.
            pending_import($crate::Nothing) -> Option<$crate::PendingImport>,
            /// Goes on with it.
            resume_import($crate::Nothing) -> $crate::Job,
            /// Forgets it; what was imported stays.
            discard_import($crate::Nothing) -> $crate::Nothing,
            /// Reports that are nearly the same, on which the user has not decided.
            near_pairs($crate::Nothing) -> Vec<$crate::NearPair>,
            /// Decides on two of them.
            resolve_near($crate::ResolveNearRequest) -> $crate::Nothing,
            /// Takes a repair of the reading text back, as a new revision.
            undo_repair($crate::UndoRepairRequest) -> $crate::ReportView,
            /// Starts to read reports once more from their originals.
            reread($crate::RereadRequest) -> $crate::Job,
            /// The columns and first rows of a table.
            table_preview($crate::TableRequest) -> $crate::TablePreview,
            /// Starts to recognise the text of reports' scanned pages.
            recognise($crate::RecogniseRequest) -> $crate::Job,
            /// The jobs of this run, newest first.
            jobs($crate::Nothing) -> Vec<$crate::Job>,
            /// Asks a job to stop.
            cancel_job($crate::IdRequest) -> $crate::Job,
            /// Starts to write reports as an annotated PDF.
            start_export($crate::ExportPdfRequest) -> $crate::Job,
        }
    };
}

macro_rules! schema {
    ($( $(#[$doc:meta])* $name:ident($request:ty) -> $response:ty, )*) => {
        /// Every command with its request and response, for the page's types.
        #[derive(TS)]
        #[ts(export, export_to = "protocol.ts")]
        #[allow(dead_code)]
        pub struct Commands {
            $( $(#[$doc])* pub $name: ($request, $response), )*
        }
        /// The names of all commands, for the permission list.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
with_commands!(schema);

/// Every event with its payload. An event says what changed; the page asks for the rest.
#[derive(TS)]
#[ts(export, export_to = "protocol.ts")]
#[allow(dead_code)]
pub struct Events {
    /// Something in the archive changed.
    pub archive_changed: ArchiveChanged,
    /// A job moved on; at most ten times a second for each job.
    pub job_changed: Job,
    /// The system asked to open files; take them with `take_opened_paths`.
    pub paths_opened: Nothing,
    /// Another window changed the settings.
    pub settings_changed: Settings,
    /// The window is about to be closed: what is still to be kept has to be kept now, then
    /// `close_window` closes it. A page that does not answer is closed all the same.
    pub window_closing: Nothing,
    /// A command was chosen in the menu bar.
    pub menu_command: MenuCommand,
}
