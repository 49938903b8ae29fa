//! Names of persons in bylines, on keys (simplified, half width).

use anjuan_text::is_han;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

static SINGLE: LazyLock<HashSet<char>> = LazyLock::new(|| {
    include_str!("../data/surnames.txt").lines().next().unwrap_or("").chars().collect()
});
static DOUBLE: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("../data/surnames.txt").lines().nth(1).unwrap_or("").split(' ').collect()
});

/// Words of two or three characters that begin with a surname and end an article all the same.
const NOT_NAMES: &str = "文章 文件 文艺 方向 方针 谢谢 完毕 高效 安全 和谐 成功 平安 文明 时间 高质量 大家 常态 方案 万元 \
    关注 关闭 关于 应用 时代 安排 温馨 党建 水平 文化 马上 金融 明天 任务 \
    项目 方法 经验 连心桥 成效 贺电 简介 简讯 公告 公示 计划 党委 党组 纪委 \
    于一体 向未来 新闻 金桥 石油 和平 花絮 路径 车间 相关 查看 查询 段落 焦点";

/// Whether a word has the form of a Chinese name: a surname and one or two characters more.
pub(crate) fn is_name(word: &str) -> bool {
    let len = word.chars().count();
    if !(2..=4).contains(&len)
        || !word.chars().all(is_han)
        || NOT_NAMES.split(' ').any(|w| w == word)
    {
        return false;
    }
    if DOUBLE.iter().any(|d| word.starts_with(d)) {
        return len >= 3;
    }
    len <= 3 && word.chars().next().is_some_and(|c| SINGLE.contains(&c))
}

static ROLES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        // Offices stand before a name, with all that belongs to them; 报道 and 摄 behind it.
        r"[\p{Han}·]*?(?:记者|通讯员|总编辑|特派员|实习生|评论员|撰稿人?)\s*[:/]?",
        r"|(?:摄影|图文|综合)?报道|撰文|摄影|文字?/图片?|图片?/文字?|[文图]\s*[/:]|\s[摄文图]$"
    ))
    .expect("a constant pattern")
});

/// Every name of a text made of nothing but roles, names and separators, as byte ranges: of
/// `世界侨报总编辑 张益波 报道` the middle word. `None` where anything else is left.
pub(crate) fn people(text: &str) -> Option<Vec<std::ops::Range<usize>>> {
    let mut covered: Vec<std::ops::Range<usize>> = Vec::new();
    // Roles first; what is left has to be names.
    for found in ROLES.find_iter(text) {
        if !found.is_empty() {
            covered.push(found.range());
        }
    }
    let mut names = Vec::new();
    let mut from = 0;
    covered.push(text.len()..text.len());
    for role in covered {
        for word in words(text, from..role.start) {
            if !is_name(&text[word.clone()].replace(' ', "")) {
                return None;
            }
            names.push(word);
        }
        from = role.end;
    }
    (!names.is_empty()).then_some(names)
}

/// Words between separators; `李 明`, spaced for looks, stays one.
pub(crate) fn words(text: &str, within: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    let mut start = None;
    let offset = within.start;
    let part = &text[within.clone()];
    for (at, c) in part.char_indices().chain([(part.len(), ' ')]) {
        let separator = matches!(c, ' ' | '、' | ',' | ';' | '/' | '|' | '(' | ')' | '\u{a0}');
        match (separator, start) {
            (false, None) => start = Some(at),
            (true, Some(s)) => {
                let word = offset + s..offset + at;
                start = None;
                let single = |r: &std::ops::Range<usize>| text[r.clone()].chars().count() == 1;
                match words.last_mut() {
                    Some(last)
                        if single(last)
                            && single(&word)
                            && text[last.end..word.start].trim().is_empty() =>
                    {
                        last.end = word.end;
                    }
                    _ => words.push(word),
                }
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&[&str]>) {
        let found =
            people(text).map(|p| p.into_iter().map(|r| text[r].to_owned()).collect::<Vec<_>>());
        assert_eq!(
            found.as_deref(),
            expect.map(|e| e.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()).as_deref(),
            "{text}"
        );
    }

    #[test]
    fn people_are_what_remains_of_roles() {
        check("杨冬燕 杨光萍", Some(&["杨冬燕", "杨光萍"]));
        check("世界侨报总编辑 张益波 报道", Some(&["张益波"]));
        check("记者 赵敏 通讯员 李 明", Some(&["赵敏", "李 明"]));
        check("本报记者赵敏、欧阳文", Some(&["赵敏", "欧阳文"]));
        check("新闻联播", None);
        check("来源", None);
        check("草案", None);
    }
}
