//! Which organisation reports, and from where.

use crate::line::Line;
use crate::places::{self, Division, Level, Mention};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use anjuan_text::{IssuerLevel, Script, is_han};
use regex::Regex;
use std::cell::LazyCell;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What bodies are called behind the name of their place. Longer names before those they contain.
static BODY: LazyLock<AhoCorasick> = LazyLock::new(|| {
    const BODIES: &str = "归国华侨联合会 人民政府侨务办公室 人民政府外事侨务办公室 外事侨务办公室 侨务办公室 侨联 侨办 \
        委统战部 委宣传部 委组织部 委政法委 委办公室 委党校 纪委监委 纪律检查委员会 监察委员会 纪委 \
        人民政府 人大常委会 人民代表大会常务委员会 政协 总工会 妇女联合会 妇联 共青团 团委 文学艺术界联合会 文联 \
        科学技术协会 科协 工商业联合会 工商联 残疾人联合会 残联 社会科学界联合会 社科联 红十字会 台联 \
        中级人民法院 人民法院 人民检察院 发展和改革委员会 发展改革委 发改委";
    const FIELDS: &str = "财政 教育 公安 民政 司法 统计 审计 水利 农业农村 农业 商务 文化和旅游 文化 卫生健康 卫生 生态环境 \
        环境保护 自然资源 人力资源和社会保障 住房和城乡建设 交通运输 市场监督管理 应急管理 退役军人事务 林业 税务 气象";
    const LAST: &str = "档案馆 档案局 图书馆 党史研究室 地方志办公室 政府";
    let offices = FIELDS
        .split_whitespace()
        .flat_map(|field| ["局", "厅", "委员会"].map(|office| format!("{field}{office}")));
    let names = BODIES.split_whitespace().map(str::to_owned).chain(offices);
    AhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostFirst)
        // A megabyte, and every line of every report goes through it.
        .kind(Some(AhoCorasickKind::DFA))
        .build(names.chain(LAST.split_whitespace().map(str::to_owned)))
        .expect("constant names")
});

/// An organisation found, and its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) organisation: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) level: Option<IssuerLevel>,
}

/// Bodies of the whole country, where the title, the head or the speaker names them.
static NATIONAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:第[\p{Han}\d]{1,3}[届次])?(?P<body>国务院办公厅|国务院|全国人民代表大会常务委员会|全国人民代表大会|全国人大常委会|中共中央办公厅|中共中央|",
        r"中国共产党中央委员会|国家统计局|最高人民法院|最高人民检察院|中国侨联|中国归国华侨联合会|全国政协|全国总工会|中国人民政治协商会议全国委员会)",
        r"|^中华人民共和国(?P<name>国家[\p{Han}]{2,8}局|[\p{Han}]{2,10}部)?|^中国共产党|第[\p{Han}\d]{1,3}[届次]全国(?:人民)?代表大会"
    ))
    .expect("a constant pattern")
});
/// What the speaker says whom he speaks for: 我代表市人民政府.
static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"代表(?P<body>国务院)|代表[\p{Han}]{0,12}?(?P<level>自治区|自治州|[省市州县区盟旗镇乡]|地区)(?:第?[\p{Han}\d]{1,4}届)?(?:人民政府|政府|行政公署|行署|人大常委会|政协|委|侨联)")
        .expect("a constant pattern")
});

/// How high a word of a text says that its body stands; 市 may be any of three.
fn level_of_word(word: &str) -> Option<Level> {
    Some(match word {
        "省" | "自治区" => Level::Province,
        "市" | "州" | "自治州" | "盟" | "地区" => Level::Prefecture,
        "县" | "旗" => Level::County,
        _ => return None,
    })
}

/// Whether a division is of the level that a word says.
fn is_of(division: Division, level: Level) -> bool {
    let city = division.name().ends_with('市');
    match level {
        // 市 is said of 上海市 and of 仙桃市, too.
        Level::Prefecture => division.level() == Level::Prefecture || city,
        level => division.level() == level,
    }
}

fn issuer_level(level: Level) -> IssuerLevel {
    match level {
        Level::Province => IssuerLevel::Province,
        Level::Prefecture => IssuerLevel::Prefecture,
        Level::County => IssuerLevel::County,
    }
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
        let chars = LazyCell::new(|| line.text.chars().collect::<Vec<char>>());
        let (whole, mentions) = places::find_both(&line.key);
        for body in BODY.find_iter(&line.key) {
            let at = line.key[..body.start()].chars().count();
            let end = at + line.key[body.range()].chars().count();
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
        let full = if weight > 1 { mentions.clone() } else { whole };
        for mention in full {
            *named.entry(mention.division).or_default() += weight;
        }
        for mention in mentions {
            *short.entry(mention.division).or_default() += weight;
        }
        for word in OWN_WORDS.find_overlapping_iter(&line.key) {
            own[usize::from(word.pattern().as_usize() >= OWN[0].len())] += 1;
        }
    }
    let head =
        || title.into_iter().chain(evidence.iter().filter(|e| e.1 > 1).map(|(line, _)| *line));
    let spoken = evidence.iter().take(OPENING).find_map(|(line, _)| STATEMENT.captures(&line.key));
    let national = head().find_map(|line| {
        let start = line.key.trim_start_matches(|c: char| !c.is_alphanumeric());
        let found = NATIONAL.captures(start).or_else(|| {
            let dated = crate::date::dates(start).into_iter().next()?;
            NATIONAL.captures(start[dated.range.end..].trim_start_matches(['在', ' ']))
        })?;
        Some(found.name("body").or_else(|| found.name("name")).map(|m| m.as_str().to_owned()))
    });
    let spoken_national =
        spoken.as_ref().and_then(|s| s.name("body")).map(|b| b.as_str().to_owned());
    if national.is_some() || spoken_national.is_some() {
        let body = spoken_national.or(national.flatten());
        let organisation = body.map(|body| places::in_script(&body, script));
        return Found { organisation, place: None, level: Some(IssuerLevel::National) };
    }
    let spoken = spoken.and_then(|s| level_of_word(s.name("level")?.as_str()));
    let assembly = head().find_map(assembly_in);
    let mine = assembly.map(Division::level).or(spoken).or_else(|| {
        let [province, city] = own;
        if city >= 8 && city > province * 3 {
            Some(Level::Prefecture)
        } else if province >= 8 && province > city * 3 {
            Some(Level::Province)
        } else {
            None
        }
    });
    let in_head = |c: &Candidate| head().any(|line| line.key.contains(&c.key));
    let winner = order
        .iter()
        .filter(|c| believable(c, &order, &score))
        // A city's office that a report of the province mentions does not report.
        .filter(|c| {
            in_head(c) || mine.is_none_or(|level| c.division.is_none_or(|d| is_of(d, level)))
        })
        .enumerate()
        .max_by_key(|&(at, c)| {
            // 市侨联 without the city counts for the city's federation as well.
            let support = score[c] * 3 + bodies.get(&c.body).copied().unwrap_or(0);
            (support, std::cmp::Reverse(at))
        })
        .map(|(_, c)| c.clone());
    let own = assembly.or_else(|| own_place(&short, mine?));
    // A body named once or twice in passing is not that of the city whose report it is.
    let winner = winner.filter(|c| {
        own.is_none() || in_head(c) || c.division.is_none_or(|d| Some(d) == own) || score[c] >= 5
    });
    let found = winner.as_ref().and_then(|c| c.division);
    let (place, division) = if let Some(candidate) = &winner {
        let known = candidate.division.map(|d| places::in_script(&d.path(), script));
        let place = known.unwrap_or_else(|| {
            let place = written_place(&candidate.name);
            let lines = title.into_iter().chain(evidence.iter().map(|(line, _)| *line));
            let province = province_before(&place, lines);
            let province = province.map(|p| places::in_script(&p.path(), script));
            province.unwrap_or_default() + &place
        });
        (Some(place), found)
    } else {
        let division = own.or_else(|| commonest(&named, source));
        (division.map(|d| places::in_script(&d.path(), script)), division)
    };
    let township = winner.as_ref().is_some_and(|c| TOWNSHIP.is_match(&c.key));
    let level = if township {
        Some(IssuerLevel::Township)
    } else {
        // The place of a text that nobody signs says nothing of who wrote it.
        let told = winner.is_some() || mine.is_some();
        division.filter(|_| told).map(|d| issuer_level(d.level())).or(mine.map(issuer_level))
    };
    Found { organisation: winner.map(|c| c.name), place: place.filter(|p| !p.is_empty()), level }
}

/// How many lines at the beginning tell for whom a speaker speaks.
const OPENING: usize = 14;

static TOWNSHIP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:镇|乡|街道)(?:人民政府|政府|党委|侨联|人大|办事处)")
        .expect("a constant pattern")
});

/// What a province and a city call themselves.
const OWN: [&[&str]; 2] = [
    &["全省", "我省", "省委", "省政府"],
    &["全市", "我市", "市委", "市政府", "市人大", "全州", "我州", "州委", "州政府"],
];

static OWN_WORDS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(OWN.concat()).expect("constant words"));

/// The place whose congress meets: of 在云溪市第四届人民代表大会第六次会议上 云溪市.
fn assembly_in(line: &Line) -> Option<Division> {
    static SESSION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:第?[一二三四五六七八九十\d]{1,3}\s?届|人民代表大会|人大|政协|人民政府)")
            .expect("a constant pattern")
    });
    places::find_short(&line.key).into_iter().find_map(|mention| {
        let behind: usize =
            line.key.chars().take(mention.range.end as usize).map(char::len_utf8).sum();
        SESSION.is_match(&line.key[behind..]).then_some(mention.division)
    })
}

/// The place that a report which speaks of 全市 or 全省 names most, by whatever name, with what lies
/// in it.
fn own_place(short: &HashMap<Division, usize>, level: Level) -> Option<Division> {
    let mut counts: HashMap<Division, usize> = HashMap::new();
    for (&division, &count) in short {
        let line = division.lineage();
        let place = line.iter().rfind(|d| match level {
            Level::Prefecture => {
                d.level() == Level::Prefecture
                    || (d.level() == Level::Province && d.name().ends_with('市'))
            }
            level => d.level() == level,
        });
        if let Some(&place) = place {
            *counts.entry(place).or_default() += count;
        }
    }
    let (&place, &count) = counts.iter().max_by_key(|&(&d, &n)| (n, d))?;
    let second = counts.iter().filter(|(d, _)| **d != place).map(|(_, n)| *n).max().unwrap_or(0);
    (count >= 3 && count * 2 >= second * 3).then_some(place)
}

fn fold(text: &str) -> String {
    text.chars().map(anjuan_text::script::simplify_char).collect()
}

fn is_level(c: char) -> bool {
    matches!(
        c,
        '省' | '市' | '县' | '縣' | '区' | '區' | '州' | '盟' | '旗' | '镇' | '鎮' | '乡' | '鄉'
    )
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
const NOT_IN_NAMES: &str = "的在和与由向对被是为及等各全我本该年月日表治省市县区州盟旗了将把从给同跟或于以其这那有让请使到至两几多级委党府届第次";

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
        check(
            "云溪镇人民政府工作报告",
            "现在，我代表镇人民政府作报告。",
            Some("云溪镇人民政府"),
            Some("云溪镇"),
        );
        check("春天来了", "花开了。", None, None);
        check("商洛行", "商洛市很美，商洛市柞水县很好，商洛市欢迎你。", None, Some("陕西省商洛市"));
    }
}
