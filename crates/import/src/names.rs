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

/// Whether a word could be a name of any people: behind an office or a meeting, where nothing else
/// is to be expected.
pub(crate) fn is_any_name(word: &str) -> bool {
    /// Characters of what else stands there.
    const NO_NAME: &str = "的在和与是为会报告工府省县区届次第议案稿年月日全文上各位式录";
    let word: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    if is_name(&word) {
        return true;
    }
    if word.contains(['·', '•', '・']) {
        return (3..=20).contains(&word.chars().count())
            && word
                .split(['·', '•', '・'])
                .all(|part| !part.is_empty() && part.chars().all(is_han));
    }
    (2..=4).contains(&word.chars().count())
        && word.chars().all(|c| is_han(c) && !NO_NAME.contains(c))
        && !NOT_NAMES.split(' ').any(|w| w == word)
}

static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:[\p{Han}、·()\s]{0,30}(?:省长|市长|州长|县长|区长|旗长|盟长|镇长|乡长|行署专员|专员|主席|总理|主任|院长|检察长|",
        r"书记|局长|厅长|部长|会长|秘书长|委员长|行长|社长|校长|理事长|董事长|司令员?|政委)|长)"
    ))
    .expect("a constant pattern")
});

/// The names behind an office: of `代市长 张三` the last word, of `市长` alone none. `None` where a
/// line is not an office with or without names.
pub(crate) fn speaker(line: &str) -> Option<Vec<std::ops::Range<usize>>> {
    static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:同志)?(?:(?:所?作|作的?|的)?(?:政府|代表)?(?:工作)?(?:报告|讲话|发言))?[\s*)]*$",
        )
        .expect("a constant pattern")
    });
    // 2010年1月19日在……会议上 代省长 王某; 省长 王某 2020年1月22日.
    let from = ["会议上", "大会上", "会上"]
        .iter()
        .filter_map(|end| line.rfind(end).map(|at| at + end.len()))
        .max()
        .unwrap_or(0);
    let from = from + (line[from..].len() - line[from..].trim_start_matches([' ', ',', '(']).len());
    let until =
        crate::date::dates(&line[from..]).first().map_or(line.len(), |d| from + d.range.start);
    let part = line[from..until].trim_end();
    let office = OFFICE.find(part)?;
    let bare_letter = office.as_str() == "长";
    let behind = &part[office.end()..];
    let behind = &behind[..CLOSING.find(behind).map_or(behind.len(), |c| c.start())];
    let gap =
        |c: char| c.is_whitespace() || matches!(c, ':' | '?' | ',' | '、' | '—' | '(' | '\u{a0}');
    let name = behind.trim_start_matches(gap);
    let apart = name.len() < behind.len();
    let start = from + office.end() + (behind.len() - name.len());
    let name = name.trim_end_matches(|c: char| gap(c) || c == ')');
    if name.is_empty() {
        return (!bare_letter && office.as_str().chars().count() <= 16 && from == 0).then(Vec::new);
    }
    let whole = start..start + name.len();
    let joined: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    if bare_letter && !apart {
        return None;
    }
    if is_name(&joined) || (joined.contains('·') && is_any_name(&joined)) {
        return Some(vec![whole]);
    }
    let words = words(line, whole.clone());
    if words.len() > 1 && words.iter().all(|w| is_any_name(&line[w.clone()])) {
        return Some(words);
    }
    let any = joined.chars().count() <= 6
        && joined.chars().all(|c| is_han(c) && !"的在和与是为会报告工作".contains(c));
    // 自治区主席乌云其木格: a longer name right behind the office.
    (any && (apart || joined.chars().count() >= 3) && joined.chars().count() >= 2)
        .then(|| vec![whole])
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
    fn speakers_stand_behind_their_office() {
        for (line, expect) in [
            ("市长 张三丰", Some(&["张三丰"][..])),
            ("云溪市人民政府市长:李 某", Some(&["李 某"])),
            ("国务院副总理兼财政部长 李先念", Some(&["李先念"])),
            ("代市长伊力哈木·沙比尔", Some(&["伊力哈木·沙比尔"])),
            ("自治区主席乌云其木格", Some(&["乌云其木格"])),
            ("代市长 ?王军", Some(&["王军"])),
            ("市长 严允作政府工作报告", Some(&["严允"])),
            ("云溪市 市长王云鹏", Some(&["王云鹏"])),
            ("2010年1月19日在云溪省第十一届人民代表大会第三次会议上 代省长 王儒", Some(&["王儒"])),
            ("海南省省长 沈晓明  2020年01月22日", Some(&["沈晓明"])),
            ("市人民政府市长", Some(&[])),
            ("县委书记的榜样", None),
            ("一、工作回顾", None),
        ] {
            let found = speaker(line);
            let found: Option<Vec<&str>> =
                found.map(|names| names.into_iter().map(|n| &line[n]).collect());
            assert_eq!(found.as_deref(), expect, "{line}");
        }
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
