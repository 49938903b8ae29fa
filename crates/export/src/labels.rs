//! The words printed in a PDF beside the text.

/// The words printed in a PDF beside the text, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// Heading of the legend.
    pub legend: String,
    /// Heading of the index of passages.
    pub index: String,
    /// Before the source in a byline.
    pub source: String,
    /// Before the authors in a byline.
    pub authors: String,
    /// Before the editor in a byline.
    pub editor: String,
    /// Before the time of publication in a byline.
    pub published: String,
    /// In place of a missing title.
    pub untitled: String,
    /// For passages without a tag.
    pub untagged: String,
    /// Before a memo in the index.
    pub memo: String,
    /// Between two names in a list, with its space.
    pub separator: String,
}

impl Labels {
    /// The words in a language: `en…`, traditional Chinese (`zh-Hant`, `zh-TW`, `zh-HK`,
    /// `zh-MO`), and simplified Chinese for everything else.
    pub fn of(language: &str) -> Self {
        let language = language.to_lowercase();
        let words = if language.starts_with("en") {
            [
                "Legend",
                "Index of passages",
                "Source: ",
                "By: ",
                "Editor: ",
                "Published: ",
                "Untitled report",
                "Untagged",
                "Memo: ",
                ", ",
            ]
        } else if is_traditional(&language) {
            [
                "圖例",
                "段落索引",
                "來源：",
                "作者：",
                "編輯：",
                "發布：",
                "無標題報告",
                "未加標籤",
                "備忘：",
                "、",
            ]
        } else {
            [
                "图例",
                "段落索引",
                "来源：",
                "作者：",
                "编辑：",
                "发布：",
                "无标题报告",
                "未加标签",
                "备忘：",
                "、",
            ]
        };
        let [
            legend,
            index,
            source,
            authors,
            editor,
            published,
            untitled,
            untagged,
            memo,
            separator,
        ] = words.map(str::to_owned);
        Self {
            legend,
            index,
            source,
            authors,
            editor,
            published,
            untitled,
            untagged,
            memo,
            separator,
        }
    }
}

/// Whether a BCP 47 language in lower case is Chinese in traditional script.
pub(crate) fn is_traditional(language: &str) -> bool {
    ["hant", "tw", "hk", "mo"].iter().any(|part| language.split(['-', '_']).any(|p| p == *part))
}
