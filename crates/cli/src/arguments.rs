//! The command line.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Archives of Chinese-language reports: import, search, tag, compare, export.
///
/// Positions are Unicode code points of a report's reading text, half-open. With --json every
/// command prints one JSON object on standard output; progress goes to standard error. Exit code 0
/// is success, 1 failure, 2 wrong usage.
#[derive(Debug, Parser)]
#[command(
    name = "anjuan",
    version,
    propagate_version = true,
    after_long_help = "\
Examples:
  anjuan inspect report.html --json
  anjuan --archive work.anjuan import reports/
  anjuan --archive work.anjuan search '地区:商洛 年:2018..2021 \"复工复产\" -招聘'
  anjuan --archive work.anjuan tag add REPORT 120 148 抗疫 --memo '首次提到'
  anjuan --archive work.anjuan compare REPORT REPORT --json
  anjuan --archive work.anjuan export pdf REPORT -o report.pdf"
)]
pub(crate) struct Arguments {
    /// The archive file (NAME.anjuan); also read from the variable ANJUAN_ARCHIVE
    #[arg(long, short = 'a', global = true, value_name = "FILE", env = "ANJUAN_ARCHIVE")]
    pub(crate) archive: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Name written on passages and changes
    #[arg(long, global = true, value_name = "NAME", env = "ANJUAN_CODER")]
    pub(crate) coder: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read one file and show what the importer makes of it; needs no archive
    #[command(after_long_help = "\
Examples:
  anjuan inspect report.txt
  anjuan inspect saved-page.html --json | jq .metadata")]
    Inspect {
        /// A text file or saved web page
        file: PathBuf,
    },
    /// Import files and folders; the archive is made where it does not exist
    #[command(after_long_help = "\
Identical files and texts are not doubled. A changed file becomes a new version of its report, and
the passages marked in it move along. A file that cannot be read does not stop the others; the exit
code is 1 only where nothing could be imported.

An import that was broken off is told of on standard error by the next one; --resume goes on with it
where it was. Passwords are not kept for it.

Examples:
  anjuan --archive work.anjuan import report.txt page.html
  anjuan --archive work.anjuan import reports/ --json
  anjuan --archive work.anjuan import --resume")]
    Import {
        /// Files and folders
        #[arg(required_unless_present = "resume", conflicts_with = "resume")]
        paths: Vec<PathBuf>,
        /// Go on with the import that was broken off
        #[arg(long)]
        resume: bool,
    },
    /// List the reports
    #[command(after_long_help = "\
Example:
  anjuan --archive work.anjuan list --json | jq -r '.reports[].title'")]
    List {
        /// At most so many
        #[arg(long, default_value_t = u32::MAX, hide_default_value = true)]
        limit: u32,
        /// Pass over so many
        #[arg(long, default_value_t = 0)]
        offset: u32,
    },
    /// Show a report with its text, tags and passages
    #[command(after_long_help = "\
Example:
  anjuan --archive work.anjuan show 0198c5f2-7a31-7c55-9d0e-2f1b8a6c4e10 --json")]
    Show {
        /// Identifier of the report
        id: String,
    },
    /// Search; both scripts find each other, pinyin glosses do not hinder
    #[command(after_long_help = "\
Words separated by spaces must all occur. Quotes make a phrase. AND OR NOT (与 或 非) and -word
combine; 甲 NEAR/10 乙, 甲 句 乙 (one sentence), 甲 段 乙 (one paragraph); 侨*会, 侨?会, 侨联工作~ (one
character wrong), /侨[联务]/, =計畫 (these very characters). Filters: 地区:商洛  年:2018..2021
日期:2020-03..  字数:5000..  来源:重庆日报  标签:抗疫  备忘:有 (also place: year: source: tag:).

Examples:
  anjuan --archive work.anjuan search 侨联
  anjuan --archive work.anjuan search '计划 OR 规划' --limit 50 --sort newest --json
  anjuan --archive work.anjuan search '标签:抗疫 \"复工复产\" -招聘'")]
    Search {
        /// The query
        query: String,
        /// At most so many reports
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Pass over so many reports
        #[arg(long, default_value_t = 0)]
        offset: u32,
        /// Order inside a tier
        #[arg(long, value_enum, default_value_t)]
        sort: HitOrder,
        /// Also reports that have only the words of a phrase, behind those that have it as typed
        #[arg(long)]
        words: bool,
    },
    /// List every place that a search finds, with what stands around it
    #[command(after_long_help = "\
The query is that of `search`. With --output the places are written to a workbook (.xlsx) or to
comma-separated values (.csv), with citation and offsets.

Examples:
  anjuan --archive work.anjuan concordance 侨商 --sort right
  anjuan --archive work.anjuan concordance '侨商 地区:浙江' --output 侨商.xlsx")]
    Concordance {
        /// The query
        query: String,
        /// Order of the lines
        #[arg(long, value_enum, default_value_t)]
        sort: LineOrder,
        /// At most so many lines
        #[arg(long, default_value_t = 1_000)]
        limit: u32,
        /// Pass over so many lines
        #[arg(long, default_value_t = 0)]
        offset: u32,
        /// Write all lines to this file (.xlsx or .csv) instead
        #[arg(long, short = 'o', value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Mark passages with tags
    Tag {
        #[command(subcommand)]
        command: TagCommand,
    },
    /// List the codebook
    #[command(after_long_help = "\
Example:
  anjuan --archive work.anjuan tags --json")]
    Tags,
    /// List passages
    #[command(after_long_help = "\
Examples:
  anjuan --archive work.anjuan passages
  anjuan --archive work.anjuan passages --tag 为侨服务 --json")]
    Passages {
        /// Only with this tag or one below it
        #[arg(long, value_name = "TAG")]
        tag: Option<String>,
    },
    /// Recognise the text of scans, with the program tesseract
    #[command(after_long_help = "\
Without identifiers: all scans of the archive that have no text yet. The program tesseract with its
data for Chinese is looked for along PATH. The text becomes a new version of its report, marked as
recognised, with the places that are not certain among its problems.

Examples:
  anjuan --archive work.anjuan recognise
  anjuan --archive work.anjuan recognise REPORT --script Hant --again")]
    Recognise {
        /// Identifiers of reports
        reports: Vec<String>,
        /// The script of the text; without it, its first pages tell
        #[arg(long, value_parser = ["Hans", "Hant"])]
        script: Option<String>,
        /// Also reports that were recognised before
        #[arg(long)]
        again: bool,
        /// The password of encrypted files
        #[arg(long)]
        password: Option<String>,
    },
    /// Set reports side by side: shared passages, and rows by theme
    #[command(after_long_help = "\
Example:
  anjuan --archive work.anjuan compare REPORT REPORT --json")]
    Compare {
        /// Identifiers of two to five reports
        #[arg(required = true, num_args = 2..=5)]
        reports: Vec<String>,
    },
    /// Write reports to other formats
    Export {
        #[command(subcommand)]
        command: ExportCommand,
    },
    /// Take the last change back
    #[command(after_long_help = "\
Example:
  anjuan --archive work.anjuan undo")]
    Undo,
    /// Do the last undone change again
    #[command(after_long_help = "\
Example:
  anjuan --archive work.anjuan redo")]
    Redo,
    /// Check the archive file and its index
    #[command(after_long_help = "\
Samples windows of stored text and looks them up in the index; an index that misses one is built
anew. The exit code is 1 where something is wrong with the file.

Example:
  anjuan --archive work.anjuan check --json")]
    Check,
}

impl Command {
    /// Whether it works on an archive.
    pub(crate) fn needs_archive(&self) -> bool {
        !matches!(self, Self::Inspect { .. })
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum TagCommand {
    /// Mark a passage with one or more tags; new names become new tags
    #[command(after_long_help = "\
Examples:
  anjuan --archive work.anjuan tag add REPORT 120 148 抗疫
  anjuan --archive work.anjuan tag add REPORT 120 148 抗疫 为侨服务/法律援助 --memo '首次提到'")]
    Add {
        /// Identifier of the report
        report: String,
        /// First code point of the passage
        start: u32,
        /// First code point after the passage
        end: u32,
        /// Names of tags; / separates levels
        #[arg(required = true)]
        tags: Vec<String>,
        /// A memo for the passage
        #[arg(long, default_value = "", hide_default_value = true)]
        memo: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// One annotated PDF: every passage a highlight with its tags and memo
    #[command(after_long_help = "\
Examples:
  anjuan --archive work.anjuan export pdf REPORT -o report.pdf
  anjuan --archive work.anjuan export pdf REPORT REPORT -o bound.pdf --language zh-Hant --json")]
    Pdf {
        /// Identifiers of reports, in order
        #[arg(required = true)]
        reports: Vec<String>,
        /// The file to write
        #[arg(long, short = 'o', value_name = "FILE")]
        output: PathBuf,
        /// Only passages with these tags
        #[arg(long = "tag", value_name = "TAG")]
        tags: Vec<String>,
        /// Leave out the legend of the tags
        #[arg(long)]
        no_legend: bool,
        /// Leave out the index of the passages
        #[arg(long)]
        no_index: bool,
        /// Leave out the memos
        #[arg(long)]
        no_memos: bool,
        /// Language of legend and index: zh-Hans, zh-Hant or en
        #[arg(long, default_value = "zh-Hans")]
        language: String,
    },
}

/// An order of reports that were found.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum HitOrder {
    /// Most relevant first
    #[default]
    Relevance,
    /// Most recent first
    Newest,
    /// Oldest first
    Oldest,
    /// By place
    Place,
    /// Longest first
    Longest,
    /// Shortest first
    Shortest,
}

/// An order of places that were found.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum LineOrder {
    /// As they stand, the most recent report first
    #[default]
    Text,
    /// By what stands before
    Left,
    /// By what stands behind
    Right,
    /// By what was found
    Middle,
    /// By place
    Place,
    /// Oldest report first
    Oldest,
}
