//! What belongs to the page and not to the report, line by line, on keys.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use anjuan_text::FurnitureReason as Reason;
use regex::{Regex, RegexSet, RegexSetBuilder};
use std::sync::LazyLock;

/// Whole lines and the reason each is set aside. The first that fits counts.
const LINES: &[(&str, Reason)] = &[
    // Where one stands on the site.
    (
        r"^(?:您|你)?(?:的)?(?:现在|当前|目前)?(?:所在|现在|当前)?(?:的)?位置\s*(?::|是:?|>|»).{0,100}$",
        Reason::Breadcrumb,
    ),
    (r"^(?:您|你)(?:的)?(?:现在|当前|目前)?(?:所在)?的?位置$", Reason::Breadcrumb),
    (r"^(?:网站|本站)?首\s*页\s*(?:>|»|›|/|→|-|·|\||::|>>).{0,100}$", Reason::Breadcrumb),
    (
        r"^[^。]{1,20}\s*(?:>{1,2}|»|›)\s*[^。]{1,20}\s*(?:>{1,2}|»|›)\s*(?:正文|内容|详情|查看详情|浏览|文章|[^。]{2,12})$",
        Reason::Breadcrumb,
    ),
    // Pictures that were not saved.
    (
        r"^[\[【(]?\s*(?:图片|点击查看大图|点击图片查看|image|img|视频|音频)\s*\d{0,3}\s*[\]】)]?$",
        Reason::Picture,
    ),
    // Tools.
    (
        r"^[-—–_【\[(|]*\s*(?:分享|分享到|分享至|分享本文|一键分享|扫码分享|微信分享|收藏|打印|打印本页|打印文章|关闭|关闭窗口|关闭本页|字体|字号|我要纠错|纠错|复制链接|举报|点赞|评论|收听|语音播报)[^。,]{0,3}[-—–_】\])|]*\s*:?$",
        Reason::PageTool,
    ),
    (
        r"^分享(?:到|至)?\s*:?(?:\s*(?:微信|微博|新浪微博|qq|qq空间|朋友圈|人人网|腾讯微博|更多|打印|收藏|[|/、]))*$",
        Reason::PageTool,
    ),
    (
        r"^[【\[(]?\s*(?:字体|字号|文字大小)\s*[:：]?\s*[\[【(]?\s*(?:大|小|特大|超大|放大|默认)(?:\s*(?:中|小|大|特大|缩小|[|/]))*\s*[\]】)]*(?:\s*.{0,12})?$",
        Reason::PageTool,
    ),
    (r"^(?:大\s*中\s*小|小\s*中\s*大|a\s*a\s*a|a\+\s*a-?|t\|t)$", Reason::PageTool),
    (
        r"^[(\[【]?\s*(?:点击|浏览|阅读|访问|点击率|人气|热度|查看|围观|播放)(?:次数|数量|人数|数|量|率|次)?\s*:?\s*\d*\s*(?:次|人次|人)?\s*[)\]】]?$",
        Reason::PageTool,
    ),
    (
        r"^.{0,4}(?:扫一扫|扫描|长按).{0,16}(?:二维码|手机|打开|分享|关注|识别|当前页|浏览).{0,12}$",
        Reason::PageTool,
    ),
    (r"^(?:更多精彩|更多内容|更多资讯).{0,20}(?:关注|点击|扫码|下载).{0,30}$", Reason::PageTool),
    (
        r"^(?:发表评论|我来说两句|网友评论|用户评论|登录|注册|登录后评论|0?\s*条评论|查看评论|展开全文|展开全部|展开阅读全文|显示全部|阅读全文|全文|展开|收起)$",
        Reason::PageTool,
    ),
    (
        r"^(?:您|你)是(?:本文|本站|本页|本帖)的?第.{0,12}[个位](?:阅览者|阅读者|读者|访客|访问者|浏览者|来访者).{0,3}$",
        Reason::PageTool,
    ),
    (
        r"^[(\[【][^。]{0,40}(?:阅读|浏览|点击|访问)(?:了|数|量)?\s*:?\s*\d+\s*(?:次|人次)?[)\]】]$",
        Reason::PageTool,
    ),
    (
        r"^(?:正在|数据|内容|页面|图片|视频|评论|调查问题|更多)?加载中[.…。,\s]*(?:请稍(?:候|后|等))?[.…。\s]*$",
        Reason::PageTool,
    ),
    (r"^若长时间(?:无响应|没有响应|未响应).{0,16}$", Reason::PageTool),
    // Ways on.
    (r"^(?:阅读)?(?:上|下)一?(?:篇|条|页|则)\s*(?:[:>].{0,120}|文章|新闻)?$", Reason::Related),
    (
        r"^(?:上一(?:篇|条)|前一(?:篇|条)).{0,80}(?:下一(?:篇|条)|后一(?:篇|条)).{0,80}$",
        Reason::Related,
    ),
    (
        r"^[【\[]?\s*(?:相关|延伸|推荐|热门|更多|最新|精彩|猜你|热点|其他)(?:新闻|阅读|链接|文章|报道|推荐|信息|专题|资讯|内容|文件|解读|稿件|喜欢|图片|视频)\s*[】\]]?\s*:?$",
        Reason::Related,
    ),
    (
        r"^(?:暂无(?:信息|内容|数据|相关信息|相关新闻|评论|更多)?|没有了|没有更多了|无)$",
        Reason::Related,
    ),
    (
        r"^[\[【<(]?返回?目录[\]】>)]?(?:\s*[|\[【]?(?:上|下)一(?:页|章|节|篇)[\]】]?)*$",
        Reason::Related,
    ),
    (
        r"^(?:返回|回到).{0,16}(?:首页|顶部|上页|上一页|列表|主页)(?:\s+(?:返回|回到).{0,24}(?:首页|顶部|主页))*$",
        Reason::Related,
    ),
    (r"^(?:阅读原文|原文链接|查看原文|原标题|原文标题)(?:\s*:.{0,200})?$", Reason::Related),
    // The site.
    (
        r"^(?:时刻新闻|网站首页|首页|主页|网站地图|联系我们|关于我们|设为首页|加入收藏|无障碍(?:浏览|阅读)?|手机版|移动版|进入老年模式|适老化|长者模式|智能问答|繁体|繁體|简体|english|网站声明|法律声明|免责声明|隐私政策|版权声明|友情链接|网站导航|站内搜索|搜索|rss订阅)(?:[ |/·]+(?:.{1,8}))*$",
        Reason::Navigation,
    ),
    (
        r"^.{0,60}(?:版权所有|copyright|©|all rights reserved|未经(?:书面)?(?:许可|授权|允许).{0,20}(?:转载|复制|镜像|使用)).{0,100}$",
        Reason::Navigation,
    ),
    (
        r"^.{0,60}(?:icp备|icp证|公网安备|网站标识码|违法和不良信息举报|网络视听许可证|互联网新闻信息服务许可证).{0,100}$",
        Reason::Navigation,
    ),
    (
        r"^(?:主办|承办|主管|协办)(?:单位)?\s*[:：].{1,40}(?:承办|协办|技术支持|主办|维护|地址|电话|版权)(?:单位)?\s*[:：].{0,80}$",
        Reason::Navigation,
    ),
    (
        r"^[^。,:]{2,24}(?:门户网站|官方网站|政府网站?|人民政府)\s*[(]?(?:https?://|www\.)[a-z\d.:/_-]{4,60}[)]?$",
        Reason::Navigation,
    ),
    (r"^(?:技术支持|网站维护|建议使用|最佳分辨率)\s*[:：]?.{0,80}$", Reason::Navigation),
    // Labels that nothing follows.
    (
        r"^[(【\[]?(?:来源|信息来源|文章来源|作者|编辑|责任编辑|责编|发布时间|发布日期|日期|时间|关键词|标签|摘要|索引号|文号|审核|校对|记者)\s*:?\s*[)】\]]?$",
        Reason::Label,
    ),
    // Rules and ornaments; a long run of underscores is a blank to be filled in.
    (r"^(?:[-—–=*~·.。#+<>|\s]{2,}|_{2,20})$", Reason::Navigation),
];

/// Words without which no rule fits that begins with anything. The automaton of the others is at
/// its end after the first characters of most lines; those would keep it going to the last.
const ANYWHERE: &[&str] = &[
    ">",
    "»",
    "›",
    "扫一扫",
    "扫描",
    "长按",
    "版权所有",
    "copyright",
    "©",
    "rights reserved",
    "未经",
    "www.",
    "://",
    "icp备",
    "icp证",
    "公网安备",
    "网站标识码",
    "举报信息",
    "信息举报",
    "许可证",
];

static ANYWHERE_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(ANYWHERE);
    words.expect("constant words")
});

/// Whether a rule begins with anything.
fn is_open(pattern: &str) -> bool {
    pattern.starts_with("^.") || pattern.starts_with("^[^")
}

/// The rules that begin with words of their own, and where they stand among all.
static CLOSED: LazyLock<(RegexSet, Vec<usize>)> = LazyLock::new(|| {
    let rules: Vec<usize> = (0..LINES.len()).filter(|&at| !is_open(LINES[at].0)).collect();
    let patterns = rules.iter().map(|&at| format!("(?i){}", LINES[at].0));
    // With less room the set is run without an automaton, which takes ten times as long.
    let set = RegexSetBuilder::new(patterns).dfa_size_limit(16 << 20).build();
    (set.expect("constant patterns"), rules)
});

/// The rules that begin with anything, and where they stand among all.
static OPEN: LazyLock<Vec<(Regex, usize)>> = LazyLock::new(|| {
    let rules = (0..LINES.len()).filter(|&at| is_open(LINES[at].0));
    rules
        .map(|at| (Regex::new(&format!("(?i){}", LINES[at].0)).expect("a constant pattern"), at))
        .collect()
});

/// Longest line that a rule can set aside; body text is never lost to a rule by accident.
const LONGEST: usize = 240;

/// Why a whole line is furniture, if it is.
pub(crate) fn reason(key: &str) -> Option<Reason> {
    if key.len() > LONGEST * 3 {
        return None;
    }
    let (set, rules) = &*CLOSED;
    let closed = set.matches(key).iter().next().map(|at| rules[at]);
    let open = || OPEN.iter().find(|(rule, _)| rule.is_match(key)).map(|(_, at)| *at);
    let open = if ANYWHERE_WORDS.is_match(key) { open() } else { None };
    closed.into_iter().chain(open).min().map(|at| LINES[at].1)
}

/// Words of the trades that break into other people's sites.
static SPAM_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)国产|国精|精品|无码|亚洲|欧美|日韩|久久|成人|[aа][vⅴ∨]|色情|情色|黄色|三级片|激情|熟女|人妻|少妇|免费观看|在线观看|",
        r"在线播放|高清免费|手机看片|永久|棋牌|彩金|赌场|赌博|博彩|真人(?:游戏|娱乐|视讯|荷官)|电子游艺|老虎机|百家乐|六合彩|时时彩|",
        r"彩票|投注|娱乐(?:平台|城|场|网址)?|体育[·.]|官网入口|官方网站|最新网址|网址登录|线上注册|注册送|app下载|安卓|ios|手机版下载|下载安装|",
        r"澳门|皇冠|威尼斯人|葡京|贷款|代开发票|私服|外挂|试管婴儿|代孕|办证"
    ))
    .expect("a constant pattern")
});

/// Whether a line is what mirror sites plant for search engines: several words of those trades,
/// strung together by signs and not by sentences. Mirror sites put it before everything else, so
/// less of it is enough there.
pub(crate) fn is_spam(key: &str, before_text: bool) -> bool {
    if key.contains(['。', '，', '、']) || key.len() > 2000 {
        return false;
    }
    let words = SPAM_WORDS.find_iter(key).count();
    let strung = key.matches(['_', '|', '-', '·', '/']).count();
    words >= 4 || (before_text && words >= 2 && strung >= 1)
}

/// A label that opens a list of further reading, behind which short lines are links.
pub(crate) fn opens_related(key: &str) -> bool {
    reason(key) == Some(Reason::Related)
        && !key.starts_with(['返', '回', '暂', '没', '无', '原'])
        && !key.contains(['上', '下'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_page_have_their_reason() {
        use Reason::{Breadcrumb, Navigation, PageTool, Picture, Related};
        for (line, expect) in [
            ("当前位置:", Some(Breadcrumb)),
            ("您的当前位置: 首页 > 理论学习 > 正文", Some(Breadcrumb)),
            ("您现在的位置:首页 / 市县侨联 / 内容", Some(Breadcrumb)),
            ("首页>政务公开>工作动态", Some(Breadcrumb)),
            ("时刻新闻", Some(Navigation)),
            ("—分享—", Some(PageTool)),
            ("分享:", Some(PageTool)),
            ("【关闭窗口】", Some(PageTool)),
            ("点击:10532", Some(PageTool)),
            ("浏览次数:", Some(PageTool)),
            ("扫一扫在手机打开当前页", Some(PageTool)),
            ("阅读下一篇", Some(Related)),
            ("下一篇:没有了", Some(Related)),
            ("返回红网首页 返回湖南省归国华侨联合会首页", Some(Related)),
            ("暂无信息", Some(Related)),
            ("图片", Some(Picture)),
            ("湘ICP备05000000号-1 网站标识码 4300000000", Some(Navigation)),
            ("主办:省侨联 承办:信息中心", Some(Navigation)),
            ("您是本文第 154 个阅览者", Some(PageTool)),
            ("(本文发表于首页, 已被阅读178次)", Some(PageTool)),
            ("评论加载中,请稍候。", Some(PageTool)),
            ("返目录 下一页", Some(Related)),
            ("云溪市政府门户网站 www.example.gov.cn", Some(Navigation)),
            ("一、举旗定向,画好侨界最大同心圆", None),
            ("分享发展成果,增进民生福祉", None),
            ("阅读推广活动走进社区", None),
            ("编者按", None),
            ("图片展在市文化馆开幕", None),
        ] {
            assert_eq!(reason(line), expect, "{line}");
        }
    }

    #[test]
    fn rules_that_begin_with_anything_need_a_word() {
        use proptest::strategy::{Strategy, ValueTree};
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for (pattern, _) in LINES.iter().filter(|(pattern, _)| is_open(pattern)) {
            let inner = pattern.trim_start_matches('^').trim_end_matches('$');
            let lines = proptest::string::string_regex(inner).expect("a pattern");
            for _ in 0..200 {
                let line = lines.new_tree(&mut runner).expect("a line").current();
                assert!(ANYWHERE_WORDS.is_match(&line), "{pattern}: {line}");
            }
        }
    }

    #[test]
    fn spam_is_strung_words_not_sentences() {
        assert!(is_spam("99国精产品在线视频_永久性国产无码精品在线观看", true));
        assert!(is_spam("龙腾体育·(中国)官方网站-IOS/安卓/手机APP下载", true));
        assert!(is_spam("澳门金鼎网上赌场|金鼎真人游戏|金鼎官网入口", true));
        assert!(!is_spam("打造文化旅游精品线路", true));
        assert!(!is_spam("云溪市侨联赴澳门、香港开展联谊活动", true));
    }
}
