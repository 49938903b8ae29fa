//! The order of Chinese text by ICU: by pinyin or by strokes, as Unicode's CLDR 49 has it.
//!
//! Keys are made when they are needed and kept in memory only, so a later CLDR has nothing to
//! rebuild in the file. By pinyin each Han character has one place, that of its most common
//! reading, but for some words that CLDR knows as a whole: 重庆 stands with chóng, 重点 with
//! zhòng, but 长春, which is none of them, with zhǎng.
//! Characters that it lists no reading for follow behind all others by radical and strokes. Digits
//! come first and go by their value, then Han, then Latin letters.

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
        in_order(
            Order::Pinyin,
            &["安康", "保山", "成都", "重庆", "宁波", "商洛", "西安", "重点", "株洲"],
        );
        // Tones, then strokes: mā má mǎ mà.
        in_order(Order::Pinyin, &["妈", "麻", "马", "骂"]);
        in_order(Order::Pinyin, &["城口", "重庆", "崇明", "长春", "株洲"]);
    }

    #[test]
    fn by_strokes_as_cldr_has_it() {
        in_order(Order::Stroke, &["一", "二", "三", "五", "正", "西", "東", "國", "灣", "鬱"]);
        // The simplified form has fewer strokes and so another place.
        in_order(Order::Stroke, &["云", "国", "國", "雲"]);
    }

    #[test]
    fn digits_by_value_then_han_then_letters() {
        for order in [Order::Pinyin, Order::Stroke] {
            in_order(order, &["2", "10", "100", "侨联", "A", "b"]);
            in_order(order, &["第2号", "第9号", "第10号", "第１１号", "第100号"]);
        }
    }

    #[test]
    fn rare_characters_have_a_place() {
        // 〇 is líng with fewer strokes than 零; extension B stands behind what has a reading.
        in_order(Order::Pinyin, &["李", "〇", "零", "刘", "𠀀"]);
        let key = Collation::new(Order::Pinyin);
        assert_ne!(key.key("𠮷"), key.key("吉"));
        assert!(key.key("").is_empty());
    }
}
