//! The order of Chinese text by ICU: by pinyin or by strokes, as Unicode's CLDR 49 has it.
//!
//! Keys are made on opening and kept in memory only, so a later CLDR has nothing to rebuild in the
//! file. CLDR orders character by character: it gives each Han character one place, that of its
//! most common reading, so 重庆 stands with zhòng and not with chóng. Characters that CLDR lists no
//! reading for follow behind all others by radical and strokes. Digits go by their value, Latin
//! letters come before Han.

use anjuan_protocol as wire;
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;

/// How text is put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Order {
    /// By sound.
    #[default]
    Pinyin,
    /// By number and kind of strokes.
    Stroke,
}

impl Order {
    /// As the settings name it.
    pub(crate) fn of(settings: &wire::Settings) -> Self {
        if settings.collation == "stroke" { Self::Stroke } else { Self::Pinyin }
    }

    fn locale(self) -> &'static str {
        match self {
            Self::Pinyin => "zh-Hans-u-co-pinyin-kn",
            Self::Stroke => "zh-Hant-u-co-stroke-kn",
        }
    }
}

/// Makes the keys of one order.
pub(crate) struct Collation(Option<CollatorBorrowed<'static>>);

impl Collation {
    pub(crate) fn new(order: Order) -> Self {
        let locale = order.locale().parse::<Locale>().ok();
        let made = locale.and_then(|locale| {
            Collator::try_new((&locale).into(), CollatorOptions::default()).ok()
        });
        Self(made)
    }

    /// Bytes that compare as the text does; none for an empty text.
    pub(crate) fn key(&self, text: &str) -> Box<[u8]> {
        if text.is_empty() {
            return Box::default();
        }
        let mut key = Vec::with_capacity(text.len() + 8);
        match &self.0 {
            Some(collator) => {
                let Ok(()) = collator.write_sort_key_to(text, &mut key);
            }
            // Both locales are compiled in; without them code points are an order too.
            None => key.extend_from_slice(text.as_bytes()),
        }
        key.into_boxed_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(order: Order, texts: &[&str]) -> Vec<String> {
        let collation = Collation::new(order);
        let mut all: Vec<String> = texts.iter().map(ToString::to_string).collect();
        all.sort_by_key(|text| collation.key(text));
        all
    }

    fn in_order(order: Order, expect: &[&str]) {
        let mut mixed = expect.to_vec();
        mixed.reverse();
        assert_eq!(sorted(order, &mixed), expect, "{order:?}");
    }

    #[test]
    fn by_pinyin_as_cldr_has_it() {
        in_order(Order::Pinyin, &["安康", "保山", "成都", "宁波", "商洛", "西安", "重庆", "株洲"]);
        // Tones, then strokes: mā má mǎ mà.
        in_order(Order::Pinyin, &["妈", "麻", "马", "骂"]);
        // One place for each character, whatever the word: 重 is zhòng, 长 is cháng.
        in_order(Order::Pinyin, &["长春", "长治", "朝阳", "城口", "重庆"]);
    }

    #[test]
    fn by_strokes_as_cldr_has_it() {
        in_order(Order::Stroke, &["一", "二", "三", "五", "正", "西", "東", "國", "灣", "鬱"]);
        // The simplified form has fewer strokes and so another place.
        in_order(Order::Stroke, &["云", "国", "國", "雲"]);
    }

    #[test]
    fn digits_by_value_and_before_letters_and_han() {
        for order in [Order::Pinyin, Order::Stroke] {
            in_order(order, &["2", "10", "100", "A", "b", "侨联"]);
            in_order(order, &["第2号", "第9号", "第10号", "第１１号", "第100号"]);
        }
    }

    #[test]
    fn rare_characters_have_a_place() {
        // Extension B stands behind the characters whose reading CLDR knows; 〇 is líng.
        in_order(Order::Pinyin, &["李", "零", "〇", "刘"].map(|c| c));
        let order = sorted(Order::Pinyin, &["𠮷", "一", "中"]);
        assert_eq!(order.len(), 3);
        let key = Collation::new(Order::Pinyin);
        assert_ne!(key.key("𠮷"), key.key("吉"));
        assert!(key.key("").is_empty());
    }
}
