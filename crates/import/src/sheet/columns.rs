//! What the columns of a list hold: by the words over them and by what stands in them.

use super::Column;
use crate::line::{Line, is_blank};
use crate::{date, places};
use anjuan_text::is_han;
use regex::Regex;
use std::sync::LazyLock;

/// Words over a column, in simplified script and small letters, the surest first.
const WORDS: &[(Column, &[&str])] = &[
    (
        Column::Title,
        &[
            "标题",
            "报告标题",
            "文章标题",
            "报告名称",
            "文件标题",
            "题目",
            "题名",
            "篇名",
            "报告题目",
            "新闻标题",
            "文件名称",
            "名称",
            "主题",
            "title",
            "headline",
            "report title",
            "subject",
        ],
    ),
    (
        Column::Date,
        &[
            "日期",
            "发布日期",
            "发布时间",
            "报告日期",
            "发文日期",
            "成文日期",
            "出版日期",
            "印发日期",
            "发表日期",
            "发表时间",
            "报告时间",
            "会议日期",
            "时间",
            "年份",
            "年度",
            "date",
            "publication date",
            "published",
            "pubdate",
            "year",
            "time",
        ],
    ),
    (
        Column::Place,
        &[
            "地区",
            "地点",
            "地方",
            "省份",
            "省",
            "市",
            "县",
            "区县",
            "城市",
            "省市",
            "行政区",
            "行政区划",
            "所在地",
            "所属地区",
            "区域",
            "place",
            "region",
            "province",
            "city",
            "county",
            "location",
            "area",
        ],
    ),
    (
        Column::Organisation,
        &[
            "单位",
            "机构",
            "组织",
            "发文单位",
            "发文机关",
            "发布单位",
            "发布机构",
            "报告单位",
            "部门",
            "机关",
            "报送单位",
            "单位名称",
            "机构名称",
            "organisation",
            "organization",
            "institution",
            "agency",
            "issuer",
            "unit",
            "department",
        ],
    ),
    (
        Column::Source,
        &[
            "来源",
            "出处",
            "媒体",
            "报刊",
            "刊名",
            "刊物",
            "来源网站",
            "网站",
            "网站名称",
            "出版社",
            "信息来源",
            "文章来源",
            "source",
            "publisher",
            "media",
            "journal",
            "newspaper",
            "site",
        ],
    ),
    (
        Column::Author,
        &[
            "作者",
            "报告人",
            "撰稿人",
            "撰稿",
            "记者",
            "发言人",
            "主讲人",
            "讲话人",
            "起草人",
            "姓名",
            "author",
            "authors",
            "speaker",
            "creator",
            "writer",
            "name",
        ],
    ),
    (
        Column::Url,
        &[
            "网址",
            "链接",
            "原文链接",
            "链接地址",
            "网页地址",
            "来源网址",
            "网页链接",
            "地址",
            "url",
            "link",
            "href",
            "web",
            "address",
        ],
    ),
    (
        Column::Text,
        &[
            "正文",
            "内容",
            "全文",
            "文本",
            "报告内容",
            "报告正文",
            "报告全文",
            "文章内容",
            "原文",
            "text",
            "content",
            "body",
            "full text",
            "fulltext",
        ],
    ),
    (
        Column::File,
        &[
            "文件",
            "文件名",
            "文件路径",
            "路径",
            "附件",
            "附件名称",
            "原文件",
            "存放路径",
            "file",
            "filename",
            "file name",
            "path",
            "attachment",
        ],
    ),
];

/// Words that end the heads of columns that number or remark and are never imported.
const IGNORED: &[&str] = &[
    "序号",
    "编号",
    "备注",
    "说明",
    "状态",
    "id",
    "no",
    "no.",
    "#",
    "字数",
    "页数",
    "摘要",
    "关键词",
    "类型",
    "类别",
    "分类",
    "点击",
    "浏览量",
    "index",
    "note",
    "notes",
    "remark",
];

/// A cell to match words with.
fn folded(cell: &str) -> String {
    let key = Line::clean(&cell.replace('\n', ""), false).key.to_lowercase();
    let key = key.trim_matches(|c: char| !c.is_alphanumeric() && c != '#').to_owned();
    if key.chars().any(is_han) { key.split_whitespace().collect() } else { key.replace('_', " ") }
}

/// How much the word over a column says that it is of a kind.
fn by_word(cell: &str, column: Column) -> u32 {
    let cell = folded(cell);
    if cell.is_empty() || cell.chars().count() > 16 || IGNORED.contains(&cell.as_str()) {
        return 0;
    }
    // 发布日期(年月日): what stands in brackets explains.
    let bare = cell.split('(').next().unwrap_or(&cell).trim();
    let words = WORDS.iter().find(|w| w.0 == column).map_or(&[][..], |w| w.1);
    if let Some(at) = words.iter().position(|w| *w == cell || *w == bare) {
        return 100 - at as u32;
    }
    let ends = |w: &&&str| w.chars().count() > 1 && bare.ends_with(**w);
    let begins = |w: &&&str| w.chars().count() > 1 && bare.starts_with(**w);
    // The last word of a Chinese name says what it is.
    if words.iter().any(|w| ends(&w)) {
        60
    } else if words.iter().any(|w| begins(&w)) {
        30
    } else {
        0
    }
}

/// The row that names the columns, among the first ones.
pub(super) fn header_row(rows: &[Vec<String>]) -> Option<usize> {
    let score = |row: &Vec<String>| -> usize {
        let filled = row.iter().filter(|c| !c.chars().all(is_blank)).count();
        let named = row.iter().filter(|cell| {
            let known = |w: &(Column, &[&str])| by_word(cell, w.0) >= 60;
            WORDS.iter().any(known) || IGNORED.contains(&folded(cell).as_str())
        });
        let long = row.iter().any(|c| c.chars().count() > 40);
        let named = named.count();
        if long || named == 0 || named * 2 < filled { 0 } else { named }
    };
    let zone = &rows[..rows.len().min(12)];
    let best = (0..zone.len()).max_by_key(|&at| (score(&zone[at]), std::cmp::Reverse(at)))?;
    let width = rows.iter().take(50).map(Vec::len).max().unwrap_or(0);
    // In a table of one column one name is enough.
    let least = if width > 1 { 2 } else { 1 };
    (score(&zone[best]) >= least).then_some(best)
}

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(?:https?://|www\.)\S+$").expect("a constant pattern"));
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[^\n]{1,200}\.(?:docx?|pdf|txt|html?|mht(?:ml)?|odt|rtf|epub|md|wps)$")
        .expect("a constant pattern")
});
static BODY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:侨联|侨办|委员会|政府|办公室|办公厅|局|厅|联合会|协会|妇联|工会|法院|检察院|中心|学院|大学|公司)$")
        .expect("a constant pattern")
});
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:报告|总结|综述|要点|计划|规划|意见|通知|讲话|公报|方案|办法|条例|纪要|实录|访谈)(?:\(.*\))?$")
        .expect("a constant pattern")
});
static MEDIUM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:日报|晚报|早报|时报|网|杂志|周刊|电视台|公众号|客户端|通讯社|新华社|报)$")
        .expect("a constant pattern")
});

/// How much of what stands in a column is of each kind, in percent.
fn by_content(rows: &[Vec<String>], at: usize, column: Column) -> u32 {
    let cells: Vec<&str> = rows
        .iter()
        .filter_map(|r| r.get(at))
        .map(|c| c.trim())
        .filter(|c| !c.is_empty())
        .take(60)
        .collect();
    if cells.is_empty() {
        return 0;
    }
    let len = |c: &str| c.chars().count();
    let of_kind = |cell: &&&str| -> bool {
        let key = Line::clean(cell, false).key;
        match column {
            Column::Date => len(cell) <= 30 && date::parse(&key).is_some(),
            Column::Url => ADDRESS.is_match(cell),
            Column::File => FILE.is_match(cell) && !ADDRESS.is_match(cell),
            Column::Text => len(cell) >= 150,
            Column::Title => (6..=60).contains(&len(cell)) && TITLE.is_match(&key),
            Column::Place => len(cell) <= 16 && places::resolve(cell).is_some(),
            Column::Source => len(cell) <= 20 && MEDIUM.is_match(&key),
            Column::Organisation => (4..=30).contains(&len(cell)) && BODY.is_match(&key),
            Column::Author => (2..=4).contains(&len(cell)) && crate::names::people(&key).is_some(),
            Column::Ignored => false,
        }
    };
    (cells.iter().filter(of_kind).count() * 100 / cells.len()) as u32
}

/// What the columns hold: the surest first, each kind once, but several columns for places.
pub(super) fn propose(header: &[String], rows: &[Vec<String>], width: usize) -> Vec<Column> {
    let kinds = || Column::ALL.into_iter().filter(|c| *c != Column::Ignored);
    let mut scores: Vec<(u32, usize, Column)> = Vec::new();
    for at in 0..width {
        let head = header.get(at).map_or("", String::as_str);
        let ignored = IGNORED.contains(&folded(head).as_str());
        for column in kinds() {
            let word = by_word(head, column);
            let content = by_content(rows, at, column);
            // 地址 over addresses of the web is one, over places it is none.
            let denied = match column {
                Column::Url | Column::Date => word < 90 && content < 20 && !rows.is_empty(),
                _ => false,
            };
            let score = if denied || (ignored && content < 90) { 0 } else { word * 2 + content };
            // Without a word over it a column must be sure of what it holds.
            let least = if word > 0 { 30 } else { 60 };
            if score >= least {
                scores.push((score, at, column));
            }
        }
    }
    scores.sort_by_key(|&(score, at, _)| (std::cmp::Reverse(score), at));
    let mut columns = vec![Column::Ignored; width];
    for (_, at, column) in scores {
        let taken = columns.contains(&column);
        let head = header.get(at).map_or("", String::as_str);
        let part_of_place = column == Column::Place && by_word(head, column) >= 60;
        if columns[at] == Column::Ignored && (!taken || part_of_place) {
            columns[at] = column;
        }
    }
    columns
}
