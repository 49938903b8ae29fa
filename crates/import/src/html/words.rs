//! Words in the class or id of an element by which furniture and text are known.

use super::attr;
use scraper::node::Element;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Of page furniture.
const BOXES: &str = "comment comments footer foot header nav navbar navigation menu sidebar side related \
    relate recommend share sharebox social breadcrumb breadcrumbs crumb crumbs position \
    location advert ad ads banner copyright login search pagination pager page hot rank \
    toolbar tool tools tags tag qrcode ewm popup modal links link friendlink right aside \
    widget reply editor statement disclaimer guanggao pinglun fenxiang xiangguan tuijian \
    dibu daohang bottom top player video more next prev list rec topic catalog logo subscribe \
    follow feedback report declare copy author user avatar references reflist navbox noprint \
    catlinks";

/// Of the text.
const TEXTS: &str = "article articlebody content contents zoom ucap ucapcontent trs detail main maincontent \
    post body text artibody endtext newscontent neirong zhengwen con entry story";

/// Of what stands at the foot of articles of encyclopedias and is never printed with a text.
const APART: &[&[u8]] =
    &[b"references", b"reflist", b"navbox", b"catlinks", b"printfooter", b"noprint"];

/// Of what readers say: furniture, unless it is all that a page has.
const TALK: &[&[u8]] = &[b"comment", b"comments", b"reply", b"pinglun"];

static BOX_WORDS: LazyLock<HashSet<&[u8]>> =
    LazyLock::new(|| BOXES.split_whitespace().map(str::as_bytes).collect());
static TEXT_WORDS: LazyLock<HashSet<&[u8]>> =
    LazyLock::new(|| TEXTS.split_whitespace().map(str::as_bytes).collect());

/// What an element's names say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a thing that a name can say")]
pub(super) struct Words {
    /// A word of furniture is among them.
    pub(super) boxed: bool,
    /// A word of the text is among them.
    pub(super) named: bool,
    /// A word of what readers say is among them.
    pub(super) talk: bool,
    /// A word of notes and boxes that belong to no text is among them.
    pub(super) apart: bool,
}

/// Whether an element is the one in which a publishing system keeps nothing but the text: that of
/// WeChat, of government sites, of the digital editions of newspapers.
pub(super) fn holds_text(element: &Element) -> bool {
    matches!(element.name(), "ucapcontent" | "founder-content")
        || attr(element, "id")
            .is_some_and(|id| matches!(id, "js_content" | "UCAP-CONTENT" | "vsb_content"))
        || attr(element, "class").is_some_and(|class| {
            class.split_ascii_whitespace().any(|c| c == "TRS_Editor" || c == "trs_editor_view")
        })
}

/// Longest word that is looked up.
const LONGEST: usize = 16;

/// What class and id of an element say. `leftSideBar-2` is three words.
pub(super) fn of(element: &Element) -> Words {
    let mut words = Words::default();
    for names in [attr(element, "class"), attr(element, "id")].into_iter().flatten() {
        let mut word = [0_u8; LONGEST];
        let mut len = 0;
        let mut capital = false;
        for byte in names.bytes().chain([b' ']) {
            let upper = byte.is_ascii_uppercase();
            if !byte.is_ascii_alphabetic() || (upper && !capital && len > 0) {
                look_up(&word, len, &mut words);
                len = 0;
            }
            if byte.is_ascii_alphabetic() {
                if let Some(slot) = word.get_mut(len) {
                    *slot = byte.to_ascii_lowercase();
                }
                len += 1;
            }
            capital = upper;
        }
    }
    words
}

fn look_up(word: &[u8; LONGEST], len: usize, words: &mut Words) {
    if let Some(word) = word.get(..len).filter(|w| w.len() >= 2) {
        words.boxed |= BOX_WORDS.contains(word);
        words.apart |= APART.contains(&word);
        words.talk |= TALK.contains(&word);
        words.named |= TEXT_WORDS.contains(word);
    }
}

/// Whether a character is a sign between or behind clauses.
pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | '、' | ',' | ';' | '!' | '?')
}
