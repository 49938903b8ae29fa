//! Which organisation reports, and from where.

use crate::line::Line;
use crate::places::{self, Division, Level, Mention};
use anjuan_text::{Script, is_han};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What bodies are called behind the name of their place. Longer names before those they contain.
static BODY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"归国华侨联合会|人民政府侨务办公室|人民政府外事侨务办公室|外事侨务办公室|侨务办公室|侨联|侨办|",
        r"委统战部|委宣传部|委组织部|委政法委|委办公室|委党校|纪委监委|纪律检查委员会|监察委员会|纪委|",
        r"人民政府|人大常委会|人民代表大会常务委员会|政协|总工会|妇女联合会|妇联|共青团|团委|文学艺术界联合会|文联|",
        r"科学技术协会|科协|工商业联合会|工商联|残疾人联合会|残联|社会科学界联合会|社科联|红十字会|台联|",
        r"中级人民法院|人民法院|人民检察院|发展和改革委员会|发展改革委|发改委|",
        r"(?:财政|教育|公安|民政|司法|统计|审计|水利|农业农村|农业|商务|文化和旅游|文化|卫生健康|卫生|生态环境|环境保护|自然资源|人力资源和社会保障|住房和城乡建设|交通运输|市场监督管理|应急管理|退役军人事务|林业|税务|气象)(?:局|厅|委员会)|",
        r"档案馆|档案局|图书馆|党史研究室|地方志办公室|政府"
    ))
    .expect("a constant pattern")
});

/// An organisation found, and its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) organisation: Option<String>,
    pub(crate) place: Option<String>,
}

/// A name of an organisation with the place it begins with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Candidate {
    /// As written in the report, from its innermost place on.
    name: String,
    /// Folded, so that both scripts count together.
    key: String,
    /// What it is called without the place: 市侨联.
    body: String,
    division: Option<Division>,
}

/// What a mention in the title counts beside one in the text.
const TITLE_WEIGHT: usize = 30;

/// Finds the organisation and the place from the title, the text and the source.
pub(crate) fn find(
    title: Option<&Line>,
    evidence: &[(&Line, usize)],
    source: Option<&str>,
    script: Option<Script>,
) -> Found {
    let mut score: HashMap<Candidate, usize> = HashMap::new();
    let mut bodies: HashMap<String, usize> = HashMap::new();
    let mut named: HashMap<Division, usize> = HashMap::new();
    let mut short: HashMap<Division, usize> = HashMap::new();
    let mut own = [0_usize; 2];
    let mut order: Vec<Candidate> = Vec::new();
    let lines = title.iter().map(|l| (*l, TITLE_WEIGHT)).chain(evidence.iter().copied());
    for (line, weight) in lines {
        let chars: Vec<char> = line.text.chars().collect();
        let mentions = places::find_short(&line.key);
        for body in BODY.find_iter(&line.key) {
            let at = line.key[..body.start()].chars().count();
            let end = at + body.as_str().chars().count();
            let level = at.checked_sub(1).map(|i| chars[i]).filter(|c| is_level(*c));
            let called: String = level.into_iter().chain(chars[at..end].iter().copied()).collect();
            *bodies.entry(fold(&called)).or_default() += weight;
            let Some((start, division)) = named_before(&line.key, &chars, &mentions, at) else {
                continue;
            };
            let name: String = chars[start..end].iter().collect();
            let key = fold(&name);
            let known = order.iter().find(|c| c.key == key).cloned();
            let candidate = known.unwrap_or_else(|| {
                let candidate = Candidate { name, key, body: fold(&called), division };
                order.push(candidate.clone());
                candidate
            });
            *score.entry(candidate).or_default() += weight;
        }
        // Short names are believed in the title only; elsewhere they may be words.
        let full = if weight > 1 { mentions.clone() } else { places::find(&line.key) };
        for mention in full {
            *named.entry(mention.division).or_default() += weight;
        }
        for mention in mentions {
            *short.entry(mention.division).or_default() += weight;
        }
        for (at, words) in OWN.iter().enumerate() {
            own[at] += words.iter().map(|w| line.key.matches(w).count()).sum::<usize>();
        }
    }
    let winner = order
        .iter()
        .filter(|c| believable(c, &order, &score))
        .enumerate()
        .max_by_key(|&(at, c)| {
            // 市侨联 without the city counts for the city's federation as well.
            let support = score[c] * 3 + bodies.get(&c.body).copied().unwrap_or(0);
            (support, std::cmp::Reverse(at))
        })
        .map(|(_, c)| c.clone());
    let place = if let Some(candidate) = &winner {
        let known = candidate.division.map(|d| places::in_script(&d.path(), script));
        Some(known.unwrap_or_else(|| {
            let place = written_place(&candidate.name);
            let lines = title.into_iter().chain(evidence.iter().map(|(line, _)| *line));
            let province = province_before(&place, lines);
            let province = province.map(|p| places::in_script(&p.path(), script));
            province.unwrap_or_default() + &place
        }))
    } else {
        let city = if own[1] >= 8 && own[1] > own[0] * 3 { own_city(&short) } else { None };
        city.or_else(|| commonest(&named, source)).map(|d| places::in_script(&d.path(), script))
    };
    Found { organisation: winner.map(|c| c.name), place: place.filter(|p| !p.is_empty()) }
}

/// What a province and a city call themselves.
const OWN: [&[&str]; 2] =
    [&["全省", "我省", "省委", "省政府"], &["全市", "我市", "市委", "市政府", "市人大"]];

/// The city that a report which speaks of 全市 names most, by whatever name.
fn own_city(short: &HashMap<Division, usize>) -> Option<Division> {
    let cities = || short.iter().filter(|(d, _)| d.level() == Level::Prefecture);
    let all: usize = cities().map(|(_, n)| n).sum();
    let (&city, &count) = cities().max_by_key(|&(&d, &n)| (n, d))?;
    (count >= 3 && count * 2 > all).then_some(city)
}

fn fold(text: &str) -> String {
    text.chars().map(anjuan_text::script::simplify_char).collect()
}

fn is_level(c: char) -> bool {
    matches!(c, '省' | '市' | '县' | '縣' | '区' | '區' | '州' | '盟' | '旗')
}

/// Where the name of a place begins that ends right before a body's name; with the division, if
/// it is one of the data set.
fn named_before(
    key: &str,
    chars: &[char],
    mentions: &[Mention],
    at: usize,
) -> Option<(usize, Option<Division>)> {
    if let Some(mention) = mentions.iter().find(|m| m.range.end as usize == at) {
        return Some((mention.innermost.start as usize, Some(mention.division)));
    }
    // A place that the data set does not know: two or three characters and its level.
    let keys: Vec<char> = key.chars().collect();
    let level = at.checked_sub(1)?;
    if !is_level(*chars.get(level)?) {
        return None;
    }
    let stem = (0..level)
        .rev()
        .take(3)
        .take_while(|&i| is_han(keys[i]) && !NOT_IN_NAMES.contains(keys[i]))
        .last()?;
    (level - stem >= 2).then_some((stem, None))
}

/// Characters that hardly ever stand in the name of a place but often before one, or before a
/// bare 市.
const NOT_IN_NAMES: &str = "的在和与由向对被是为及等各全我本该年月日表治省市县区州盟旗了将把从给同跟或于以其这那有让请使到至两几多级委党府";

/// Whether an unknown place is one: it stands in the title from its beginning, or again and again,
/// and its shorter form is not the real one.
fn believable(candidate: &Candidate, all: &[Candidate], score: &HashMap<Candidate, usize>) -> bool {
    if candidate.division.is_some() {
        return true;
    }
    let own = score[candidate];
    // 在云溪市侨联 and 云溪市侨联: what all forms end with is the name.
    let shorter = all.iter().any(|other| {
        other.key != candidate.key && candidate.key.ends_with(&other.key) && score[other] * 2 >= own
    });
    own >= 3 && !shorter
}

/// The place in the name of an organisation, up to its level.
fn written_place(name: &str) -> String {
    let mut until = 0;
    for (at, c) in name.char_indices().skip(2) {
        if is_level(c) {
            until = at + c.len_utf8();
            break;
        }
    }
    name[..until].to_owned()
}

/// The province written directly before a place that the data set does not know, such as one
/// renamed since: 山东省 in 山东省莱芜市.
fn province_before<'l>(place: &str, lines: impl Iterator<Item = &'l Line>) -> Option<Division> {
    let place = fold(place);
    lines.into_iter().find_map(|line| {
        let key: Vec<char> = fold(&line.key).chars().collect();
        places::find_short(&line.key).into_iter().find_map(|mention| {
            let behind: String = key.get(mention.range.end as usize..)?.iter().collect();
            let names = mention.division.level() == Level::Province && !place.is_empty();
            (names && behind.starts_with(&place)).then_some(mention.division)
        })
    })
}

/// The place that most mentions name or lie in, where it stands out.
fn commonest(named: &HashMap<Division, usize>, source: Option<&str>) -> Option<Division> {
    let mut counts = named.clone();
    for mention in source.iter().flat_map(|s| places::find_short(s)) {
        *counts.entry(mention.division).or_default() += 3;
    }
    let all: usize = counts.values().sum();
    let (best, count) = counts
        .iter()
        .filter(|(d, _)| d.level() != Level::County)
        .map(|(&division, _)| {
            let within: usize =
                counts.iter().filter(|(d, _)| d.is_within(division)).map(|(_, n)| n).sum();
            (division, within)
        })
        // The innermost of those that hold most.
        .max_by_key(|&(d, n)| (n, d.level(), d))?;
    // A city inside a province that stands out takes over where it has most of its mentions.
    let city = counts
        .keys()
        .filter(|d| d.level() != Level::Province && d.is_within(best))
        .map(|&d| (counts[&d], d))
        .max()
        .filter(|&(n, _)| n * 2 > count);
    let place = city.map_or(best, |(_, d)| d);
    (count >= 3 && count * 2 > all).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, text: &str, organisation: Option<&str>, place: Option<&str>) {
        let title = Line::clean(title, false);
        let text = Line::clean(text, false);
        let script = anjuan_text::detect_script(&format!("{}{}", title.text, text.text));
        let found = find(Some(&title), &[(&text, 1)], None, script);
        assert_eq!(found.organisation.as_deref(), organisation, "{}", title.text);
        assert_eq!(found.place.as_deref(), place, "{}", title.text);
    }

    #[test]
    fn organisations_and_places() {
        check("保山市侨联工作综述", "市侨联持续用力。", Some("保山市侨联"), Some("云南省保山市"));
        check("衡陽市僑聯五年工作", "為僑服務。", Some("衡陽市僑聯"), Some("湖南省衡陽市"));
        check(
            "凝心聚力开新局",
            "保山市侨联与云南省侨联座谈。市侨联认真学习，市侨联扎实推进。",
            Some("保山市侨联"),
            Some("云南省保山市"),
        );
        check("云溪市侨联工作综述", "市侨联扎实推进。", Some("云溪市侨联"), Some("云溪市"));
        check(
            "雲溪市僑聯工作綜述",
            "遼寧省雲溪市地處東北，市僑聯服務大局。",
            Some("雲溪市僑聯"),
            Some("遼寧省雲溪市"),
        );
        check(
            "昭通市政府工作报告",
            "现在，我代表市人民政府作报告。",
            Some("昭通市政府"),
            Some("云南省昭通市"),
        );
        check("春天来了", "花开了。", None, None);
        check("商洛行", "商洛市很美，商洛市柞水县很好，商洛市欢迎你。", None, Some("陕西省商洛市"));
    }
}
