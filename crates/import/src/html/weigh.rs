//! Which lines of a page are its text.
//!
//! Every line is weighed by a logistic model: features of the line, of its neighbours, of the
//! elements around it and of its place behind the title, times weights that were learned from
//! pages with text set out by hand (`data/page_lines.py`). The text is the element whose lines
//! weigh most together, less the parts inside it that weigh clearly against it, from the first
//! to the last line that add to it; of a thread, the same elements of its other posts, too.

use super::flatten::{Flat, Place, Tag, Taken};
use crate::layout::Hint;
use crate::line::{is_blank, key_char};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::sync::LazyLock;

/// The features by name, in the order of the weights.
pub(super) const FEATURES: &[&str] = &[
    "prose",
    "linked",
    "closed",
    "length",
    "stops",
    "prose before",
    "linked before",
    "closed before",
    "prose behind",
    "linked behind",
    "closed behind",
    "prose in four before",
    "prose in four behind",
    "linked in element",
    "prose in element",
    "linked in parent",
    "prose in parent",
    "linked in grandparent",
    "prose in grandparent",
    "in furniture",
    "in text",
    "share of parent",
    "share of grandparent",
    "paragraph",
    "item",
    "cell",
    "heading",
    "strong",
    "part",
    "words of furniture",
    "list",
    "table",
    "caption",
    "before title",
    "title",
    "just behind title",
    "below five",
    "below twelve",
    "no stop",
    "behind an end",
    "behind more ends",
    "words of law",
    "many words of law",
    "short with words of law",
    "typed",
    "item of prose",
    "behind title",
    "no title",
    "position",
    "prose so far",
    "prose behind an end",
    "long prose",
    "plain label",
];

/// Weights by feature, the constant first.
static WEIGHTS: LazyLock<(f32, Vec<f32>)> = LazyLock::new(|| {
    let mut weights = vec![0.0; FEATURES.len()];
    let mut constant = 0.0;
    for line in include_str!("../../data/page_lines.tsv").lines() {
        let Some((name, weight)) = line.split_once('\t') else { continue };
        let Ok(weight) = weight.trim().parse() else { continue };
        match FEATURES.iter().position(|&f| f == name) {
            Some(at) => weights[at] = weight,
            None if name == "constant" => constant = weight,
            None => {}
        }
    }
    (constant, weights)
});

/// Words of page furniture in short lines.
const FURNITURE: &str = "版权所有 copyright © icp备 公网安备 未经 责任编辑 责编 上一篇 下一篇 相关新闻 相关阅读 相关链接 \
    相关文章 分享到 扫一扫 二维码 发表评论 评论 登录 注册 举报 返回 关注我们 免责 声明 打印 字号 阅读量 点击 浏览 来源: 编辑: \
    作者: 时间: 当前位置 首页 客服 电话 下载 客户端 app 热线 转载 推荐 热门 更多 收藏 点赞 原标题 关键词 标签";

/// Words of imprints, disclaimers and forms.
const LAW: &str = "版权 copyright © all\u{a0}rights icp 公网安备 转载 免责 许可证 举报电话 不良信息 法律责任 不代表 联系我们 备案 电话: 邮箱 \
    地址: 邮编 传真 主办 承办 技术支持 浏览器 播放 登录 注册 密码 用户名 cookie 下载";

/// What opens the lines that follow a text.
const ENDS: &str = "责任编辑 责编 编辑: 打印 关闭 相关新闻 相关阅读 相关链接 相关文章 相关报道 相关推荐 相关专题 延伸阅读 推荐阅读 热门 \
    更多 上一篇 下一篇 上一条 下一条 上一页 下一页 版权 免责 特别声明 声明: 分享 发表评论 评论 网友 最新 我来说两句 扫一扫 \
    返回 举报 收藏 点赞 转发 标签 关键词 阅读原文 文章关键词 查看更多 展开 回复 登录 来源:";

/// What such lines hold somewhere.
const ENDS_WITHIN: &[&str] = &["条评论", "发表于", "trackback", "责任编辑", "免责声明"];

fn words(list: &str) -> AhoCorasick {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .build(list.split([' ', '\n']).filter(|w| !w.is_empty()).map(|w| w.replace('\u{a0}', " ")))
        .expect("constant words")
}

static FURNITURE_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| words(FURNITURE));
static LAW_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| words(LAW));
static END_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| ENDS.split_whitespace().collect());

fn is_end(key: &str) -> bool {
    let start = key.trim_start_matches(|c: char| !c.is_alphanumeric());
    let counted = start.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    END_WORDS.iter().any(|w| start.starts_with(w))
        || counted.starts_with("条评论")
        || ENDS_WITHIN.iter().any(|w| key.contains(w))
}

/// Whether a line is there to be clicked, and no sentence of a text.
fn calls(line: &Flat) -> bool {
    const CALLS: &[&str] =
        &["点击", "點擊", "戳这里", "扫码", "长按", "立即下载", "立即报名", "投票】"];
    line.linked > 0 && line.chars <= 160 && CALLS.iter().any(|call| line.text.contains(call))
}

/// The form of a line that words are looked for in.
fn key_of(text: &str) -> String {
    text.chars().take(400).map(key_char).map(|c| c.to_ascii_lowercase()).collect()
}

/// Sums over the elements of a page.
struct Sums {
    chars: Vec<usize>,
    linked: Vec<usize>,
    prose: Vec<usize>,
}

fn sums(page: &Taken) -> Sums {
    let places = page.places.len();
    let mut sums = Sums { chars: vec![0; places], linked: vec![0; places], prose: vec![0; places] };
    for line in page.lines.iter().filter(|l| !l.hidden) {
        sums.chars[line.place] += line.chars;
        sums.linked[line.place] += line.linked;
        sums.prose[line.place] += line.prose();
    }
    for at in (1..places).rev() {
        let parent = page.places[at].parent;
        sums.chars[parent] += sums.chars[at];
        sums.linked[parent] += sums.linked[at];
        sums.prose[parent] += sums.prose[at];
    }
    sums
}

/// For each element whether it is inside of furniture, and whether inside of named text. A box
/// that holds half of the page is the page.
fn insides(page: &Taken, sums: &Sums) -> (Vec<bool>, Vec<bool>) {
    let Taken { places, lines } = page;
    let all = sums.prose[0].max(1);
    // A page of nothing but comments or replies: they are its text.
    let mut talk = vec![false; places.len()];
    for at in 1..places.len() {
        talk[at] = talk[places[at].parent] || places[at].talk;
    }
    let prose = |wanted: &dyn Fn(&Flat) -> bool| -> usize {
        lines.iter().filter(|l| wanted(l)).map(Flat::prose).sum()
    };
    let mut boxed = vec![false; places.len()];
    let mut named = vec![false; places.len()];
    let mut fill = |thread: bool| {
        for at in 1..places.len() {
            let Place { parent, boxed: own_box, named: own_name, talk: own_talk, .. } = places[at];
            boxed[at] =
                boxed[parent] || (own_box && !(own_talk && thread) && sums.prose[at] * 2 < all);
            named[at] = named[parent] || own_name;
        }
        boxed.clone()
    };
    let first = fill(false);
    let free = prose(&|l| !first[l.place]);
    if free * 10 < all * 3 && prose(&|l| talk[l.place]) * 2 >= all {
        fill(true);
    }
    (boxed, named)
}

fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// Whether a line ends like a sentence.
fn is_closed(line: &Flat) -> bool {
    line.stops > 0
        && line.text.trim_end_matches(is_blank).ends_with([
            '。', '！', '？', '!', '?', '；', ';', '…', '”', '"', '」', '』', '）', ')',
        ])
}

/// The features of every line that is to be seen; `title` is the line that is taken for the title.
pub(super) fn features(page: &Taken, title: Option<usize>) -> (Vec<usize>, Vec<Vec<f32>>) {
    let Taken { places, lines } = page;
    let sums = sums(page);
    let (boxed, named) = insides(page, &sums);
    let seen: Vec<usize> = (0..lines.len()).filter(|&at| !lines[at].hidden).collect();
    let title = title.and_then(|t| seen.iter().position(|&at| at == t));
    let own: Vec<[f32; 3]> = seen
        .iter()
        .map(|&at| {
            let line = &lines[at];
            [flag(line.prose() > 0), share(line.linked, line.chars).min(1.0), flag(is_closed(line))]
        })
        .collect();
    // Beyond the ends of a page there is something like a menu.
    let none = [0.0, 1.0, 0.0];
    let mean = |range: std::ops::Range<usize>| {
        own.get(range).unwrap_or_default().iter().map(|o| o[0]).sum::<f32>() / 4.0
    };
    let all_prose = sums.prose[0];
    let (mut ends, mut prose_so_far) = (0_usize, 0_usize);
    let mut found = Vec::with_capacity(seen.len());
    for (k, &at) in seen.iter().enumerate() {
        let line = &lines[at];
        let place = line.place;
        let parent = places[place].parent;
        let grandparent = places[parent].parent;
        let tag = places[place].tag;
        let key = key_of(&line.text);
        let law = LAW_WORDS.find_iter(&key).take(2).count();
        let prose = line.prose() > 0;
        let behind = title.is_none_or(|t| k > t);
        let before = if k > 0 { own[k - 1] } else { none };
        let after = own.get(k + 1).copied().unwrap_or(none);
        let mut row = Vec::with_capacity(FEATURES.len());
        row.extend(own[k]);
        row.extend([
            (line.chars as f32).ln_1p().min(6.0) / 6.0,
            (share(line.stops, line.chars) * 10.0).min(1.0),
        ]);
        row.extend(before);
        row.extend(after);
        row.extend([mean(k.saturating_sub(4)..k), mean(k + 1..own.len().min(k + 5))]);
        for element in [place, parent, grandparent] {
            row.push(share(sums.linked[element], sums.chars[element]));
            row.push(share(sums.prose[element], sums.chars[element]));
        }
        row.extend([
            flag(boxed[place]),
            flag(named[place]),
            share(sums.prose[parent], all_prose),
            share(sums.prose[grandparent], all_prose),
            flag(tag == Tag::Paragraph),
            flag(tag == Tag::Item),
            flag(tag == Tag::Cell),
            flag(tag == Tag::Heading),
            flag(line.strong),
            flag(tag == Tag::Part),
            flag(line.chars < 60 && FURNITURE_WORDS.is_match(&key)),
            flag(line.hint == Hint::List),
            flag(line.hint == Hint::Table),
            flag(line.hint == Hint::Caption),
            flag(title.is_some_and(|t| k < t)),
            flag(title == Some(k)),
            flag(title.is_some_and(|t| t < k && k <= t + 3)),
            flag(line.chars < 5),
            flag(line.chars < 12),
            flag(line.stops == 0),
            flag(ends > 0),
            (ends.saturating_sub(1).min(3)) as f32 / 3.0,
            flag(law > 0),
            flag(law > 1),
            flag(law > 0 && line.chars < 80),
            flag(tag == Tag::Typed),
            flag(tag == Tag::Item && prose),
            title.filter(|&t| k > t).map_or(0.0, |t| ((k - t) as f32).ln_1p() / 5.0),
            flag(title.is_none()),
            share(k, seen.len()),
            share(prose_so_far.min(2000), 2000),
            flag(prose && ends > 0),
            flag(prose && line.chars > 60),
            flag(line.linked == 0 && line.stops == 0 && line.chars > 6),
        ]);
        found.push(row);
        if behind {
            ends += usize::from(prose_so_far > 0 && line.chars < 50 && is_end(&key));
            prose_so_far += line.prose();
        }
    }
    (seen, found)
}

/// What is added to every line's weight: a text that is cut is worse than one with a line more.
const FAVOUR: f32 = 0.8;
/// The largest weight of a line, either way.
const LARGEST: f32 = 4.0;
/// By which power of its length a line counts.
const POWER: f32 = 0.4;
/// The sum below which a part inside the text is none of it.
const AGAINST: f32 = -20.0;
/// The weight below which a line inside the text is none of it.
const OUT: f32 = -3.0;
/// The weight from which on a sentence at either end is of the text all the same.
const AT_END: f32 = -1.0;
/// How far behind the title the text's element may begin for what stands between to be looked at.
const LEAD: usize = 30;

/// Prose below which what was found is no text.
const SHORTEST: usize = 50;

/// The text of a page.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Whether a line is of the text.
    pub(super) kept: Vec<bool>,
    /// Whether a line stands in the element of the text, and in none of its furniture.
    pub(super) within: Vec<bool>,
    /// No element of the page adds up to a text; what sentences there are were kept.
    pub(super) scattered: bool,
}

/// The elements with all that is inside of them that hold texts beside the one that weighs most
/// and look the same: the answers to a question, the posts of a thread.
fn alike(page: &Taken, main: usize) -> Option<Vec<bool>> {
    let Taken { places, lines } = page;
    // What does nothing but hold the text is as good as its element.
    let mut own = main;
    while places[own].style == 0 && own > 0 && lines.iter().all(|l| l.place != places[own].parent) {
        own = places[own].parent;
    }
    let style = places[own].style;
    if style == 0 || matches!(places[own].tag, Tag::Paragraph | Tag::Heading | Tag::Item) {
        return None;
    }
    let mut of = vec![0; places.len()];
    for at in 1..places.len() {
        of[at] = match of[places[at].parent] {
            0 if places[at].style == style && at != own => at,
            outer => outer,
        };
    }
    // Neither what is inside of the text's own element nor what that is inside of.
    let (mut within, mut above) = (vec![false; places.len()], own);
    within[own] = true;
    for at in own + 1..places.len() {
        within[at] = within[places[at].parent];
    }
    let mut around = vec![false; places.len()];
    while above > 0 {
        around[above] = true;
        above = places[above].parent;
    }
    let mut held = vec![[0_usize; 3]; places.len()];
    for line in lines.iter().filter(|l| !l.hidden && of[l.place] > 0) {
        let held = &mut held[of[line.place]];
        held[0] += line.chars;
        held[1] += line.linked;
        held[2] += line.prose();
    }
    let post = |at: usize| {
        let [chars, linked, prose] = held[at];
        at > 0 && !around[at] && prose >= POST && linked * 4 < chars && prose * 2 >= chars
    };
    let mut inside = vec![false; places.len()];
    for at in 1..places.len() {
        let head = of[at] == at;
        let outer = inside[places[at].parent] && !places[at].boxed;
        inside[at] = !within[at] && (outer || (head && post(at)));
    }
    inside.contains(&true).then_some(inside)
}

/// Prose from which on an element that looks like that of the text is another post.
const POST: usize = 30;
/// The weight below which a line of another post is none of its text.
const OUT_OF_POST: f32 = -6.0;

/// Chooses the text.
pub(super) fn choose(page: &Taken, title: Option<usize>) -> Chosen {
    let Taken { places, lines } = page;
    let (constant, weights) = &*WEIGHTS;
    let (seen, features) = features(page, title);
    let (boxed, _) = insides(page, &sums(page));
    let mut chosen = Chosen {
        kept: vec![false; lines.len()],
        within: vec![false; lines.len()],
        scattered: false,
    };
    let weight: Vec<f32> = features
        .iter()
        .map(|row| constant + FAVOUR + row.iter().zip(weights).map(|(f, w)| f * w).sum::<f32>())
        .collect();
    let value: Vec<f32> = seen
        .iter()
        .zip(&weight)
        .map(|(&at, w)| w.clamp(-LARGEST, LARGEST) * (lines[at].chars.max(1) as f32).powf(POWER))
        .collect();
    let mut sum = vec![0.0_f32; places.len()];
    for (&at, value) in seen.iter().zip(&value) {
        sum[lines[at].place] += value;
    }
    for at in (1..places.len()).rev() {
        let own = sum[at];
        sum[places[at].parent] += own;
    }
    let mut filled = vec![false; places.len()];
    for &at in &seen {
        filled[lines[at].place] = true;
    }
    for at in (1..places.len()).rev() {
        let own = filled[at];
        filled[places[at].parent] |= own;
    }
    let with_lines = (0..places.len()).filter(|&at| filled[at]);
    let Some(main) = with_lines.max_by(|&a, &b| sum[a].total_cmp(&sum[b])) else {
        return chosen;
    };
    let mut inside = vec![false; places.len()];
    inside[main] = true;
    for at in main + 1..places.len() {
        inside[at] = inside[places[at].parent] && sum[at] >= AGAINST && !places[at].apart;
    }
    for (line, within) in lines.iter().zip(&mut chosen.within) {
        *within = inside[line.place] && !boxed[line.place];
    }
    let within: Vec<usize> = (0..seen.len()).filter(|&k| inside[lines[seen[k]].place]).collect();
    // From the first to the last line that add to it.
    let (mut best, mut span, mut current, mut start) = (f32::MIN, None, 0.0, 0);
    for (j, &k) in within.iter().enumerate() {
        if current <= 0.0 {
            (current, start) = (0.0, j);
        }
        current += value[k];
        if current > best {
            (best, span) = (current, Some(start..=j));
        }
    }
    let Some(span) = span else { return chosen };
    let first = within[*span.start()];
    // A word that ends most texts can stand in the middle of one: where much of the element that
    // holds the text is still to come, it goes on.
    let home = |k: usize| {
        let Place { parent, tag, .. } = places[lines[seen[k]].place];
        if matches!(tag, Tag::Paragraph | Tag::Item | Tag::Heading) {
            parent
        } else {
            lines[seen[k]].place
        }
    };
    let mut held = vec![0_usize; places.len()];
    for &k in &within[span.clone()] {
        held[home(k)] += lines[seen[k]].prose();
    }
    let most = (0..places.len()).max_by_key(|&at| held[at]).unwrap_or(main);
    let rest = &within[*span.end() + 1..];
    let goes_on = |k: &&usize| home(**k) == most && lines[seen[**k]].prose() > 0;
    let more: usize = rest.iter().filter(goes_on).map(|&k| lines[seen[k]].prose()).sum();
    let span = if more * 4 >= held[most].max(1) {
        let last = rest.iter().rposition(|k| goes_on(&k)).unwrap_or(0);
        *span.start()..=*span.end() + 1 + last
    } else {
        span
    };
    // Sentences at either end that stand in the element of the text and are not clearly against it.
    let joins =
        |k: &&usize| home(**k) == most && weight[**k] >= AT_END && lines[seen[**k]].prose() > 0;
    let before = within[..*span.start()].iter().rev().take_while(joins).count();
    let behind = within[*span.end() + 1..].iter().take_while(joins).count();
    let span = *span.start() - before..=*span.end() + behind;
    for &k in &within[span] {
        chosen.kept[seen[k]] = weight[k] >= OUT || home(k) == most;
    }
    // What stands between title and text and reads like it: a summary, a first paragraph apart.
    if let Some(title) = title.and_then(|t| seen.iter().position(|&at| at == t))
        && title < first
        && first - title <= LEAD
    {
        for k in title + 1..first {
            let line = &lines[seen[k]];
            chosen.kept[seen[k]] |= weight[k] > FAVOUR && line.prose() > 0 && !boxed[line.place];
        }
    }
    // What calls on the reader to click stands before the text or behind it.
    let kept: Vec<usize> = seen.iter().copied().filter(|&at| chosen.kept[at]).collect();
    for &at in kept.iter().take(2).chain(kept.iter().rev().take(2)) {
        chosen.kept[at] &= kept.len() < 4 || !calls(&lines[at]);
    }
    if let Some(posts) = alike(page, main) {
        // The other answers and posts of a thread.
        for (k, &at) in seen.iter().enumerate() {
            let line = &lines[at];
            chosen.kept[at] |= posts[line.place] && line.prose() > 0 && weight[k] >= OUT_OF_POST;
        }
    }
    // Where a publishing system says what the text is, it is believed if most of it is there.
    let mut sure = vec![false; places.len()];
    for at in 1..places.len() {
        sure[at] = sure[places[at].parent] || places[at].sure;
    }
    let prose = |wanted: &dyn Fn(usize) -> bool| -> usize {
        seen.iter().filter(|&&at| wanted(at)).map(|&at| lines[at].prose()).sum()
    };
    let all = prose(&|at| chosen.kept[at]);
    if all > 0 && prose(&|at| chosen.kept[at] && sure[lines[at].place]) * 2 >= all {
        for &at in &seen {
            chosen.kept[at] &= sure[lines[at].place];
        }
    }
    // No part of the page adds up to a text: notes and replies of a line each, if it has any.
    if all < SHORTEST {
        let free = prose(&|at| !boxed[lines[at].place]);
        if free.max(prose(&|_| true)) >= SHORTEST {
            // Where most of it stands in furniture, that is what the page is made of.
            let every = free * 2 < prose(&|_| true);
            chosen.scattered = true;
            for &at in &seen {
                let line = &lines[at];
                chosen.kept[at] = line.prose() > 0 && (every || !boxed[line.place]);
            }
        }
    }
    chosen
}
