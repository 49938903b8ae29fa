//! The numbers that a word processor puts before paragraphs: they stand in no text of the file, and
//! a report without its 一、 and （一） would have lost its headings.

use anjuan_text::is_han;

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Form {
    /// 1
    #[default]
    Decimal,
    /// 01
    Padded,
    /// １
    FullWidth,
    /// I, i
    Roman { upper: bool },
    /// A, a
    Letter { upper: bool },
    /// 一, 十一, 一百零一
    Counting,
    /// 一, 一一, 一〇一
    Digits,
    /// 壹, 壹拾壹; the traditional form has 貳 and 參
    Legal { traditional: bool },
    /// ①
    Circled,
    /// ⑴
    Bracketed,
    /// ⒈
    Stopped,
    /// ㈠
    HanBracketed,
    /// ㊀
    HanCircled,
    /// 甲
    Stem,
    /// 子
    Branch,
    /// - 1 -
    Dashed,
    /// A sign, the same before every paragraph.
    Bullet,
    /// Nothing.
    None,
}

impl Form {
    /// By its name in DOCX.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "decimalZero" => Self::Padded,
            "decimalFullWidth" | "decimalFullWidth2" => Self::FullWidth,
            "upperRoman" => Self::Roman { upper: true },
            "lowerRoman" => Self::Roman { upper: false },
            "upperLetter" => Self::Letter { upper: true },
            "lowerLetter" => Self::Letter { upper: false },
            "chineseCounting"
            | "chineseCountingThousand"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
            | "japaneseCounting"
            | "koreanCounting" => Self::Counting,
            "ideographDigital"
            | "japaneseDigitalTenThousand"
            | "taiwaneseDigital"
            | "koreanDigital2" => Self::Digits,
            "chineseLegalSimplified" => Self::Legal { traditional: false },
            "ideographLegalTraditional" | "japaneseLegal" => Self::Legal { traditional: true },
            "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Self::Circled,
            "decimalEnclosedParen" => Self::Bracketed,
            "decimalEnclosedFullstop" => Self::Stopped,
            "ideographEnclosedCircle" => Self::HanCircled,
            "ideographParenthesized" => Self::HanBracketed,
            "ideographTraditional" => Self::Stem,
            "ideographZodiac" | "ideographZodiacTraditional" => Self::Branch,
            "numberInDash" => Self::Dashed,
            "bullet" => Self::Bullet,
            "none" => Self::None,
            _ => Self::Decimal,
        }
    }

    /// By its number in RTF and in Word 97 files.
    pub(crate) fn coded(code: u16) -> Self {
        match code {
            1 => Self::Roman { upper: true },
            2 => Self::Roman { upper: false },
            3 => Self::Letter { upper: true },
            4 => Self::Letter { upper: false },
            10 | 17 | 36 | 41 => Self::Digits,
            11 | 33 | 35 | 37 | 39 | 42 => Self::Counting,
            14 | 19 => Self::FullWidth,
            16 | 34 => Self::Legal { traditional: true },
            18 | 28 => Self::Circled,
            22 => Self::Padded,
            23 => Self::Bullet,
            26 => Self::Stopped,
            27 => Self::Bracketed,
            29 => Self::HanCircled,
            30 => Self::Stem,
            31 | 32 => Self::Branch,
            38 => Self::Legal { traditional: false },
            57 => Self::Dashed,
            255 => Self::None,
            _ => Self::Decimal,
        }
    }

    /// By the first of its numbers, as OpenDocument has it: `一, 二, 三, ...`.
    pub(crate) fn like(example: &str) -> Self {
        match example.trim().chars().next() {
            None => Self::None,
            Some('I') => Self::Roman { upper: true },
            Some('i') => Self::Roman { upper: false },
            Some('A') => Self::Letter { upper: true },
            Some('a') => Self::Letter { upper: false },
            Some('一') => Self::Counting,
            Some('壹') => Self::Legal { traditional: example.contains(['貳', '貮']) },
            Some('①') => Self::Circled,
            Some('⑴') => Self::Bracketed,
            Some('⒈') => Self::Stopped,
            Some('㊀') => Self::HanCircled,
            Some('㈠') => Self::HanBracketed,
            Some('甲') => Self::Stem,
            Some('子') => Self::Branch,
            Some('１') => Self::FullWidth,
            Some('0') => Self::Padded,
            Some(_) => Self::Decimal,
        }
    }

    /// A number in this form.
    pub(crate) fn write(self, n: u32) -> String {
        let from = |first: char, count: u32| -> Option<String> {
            (1..=count)
                .contains(&n)
                .then(|| char::from_u32(first as u32 + n - 1))?
                .map(String::from)
        };
        let cycle = |signs: &str| -> String {
            let signs: Vec<char> = signs.chars().collect();
            let at = (n.max(1) as usize - 1) % signs.len();
            signs[at].to_string()
        };
        let enclosed = match self {
            Self::Circled => match n {
                0 => Some("⓪".to_owned()),
                21..=35 => char::from_u32('㉑' as u32 + n - 21).map(String::from),
                36..=50 => char::from_u32('㊱' as u32 + n - 36).map(String::from),
                _ => from('①', 20),
            },
            Self::Bracketed => from('⑴', 20),
            Self::Stopped => from('⒈', 20),
            Self::HanBracketed => from('㈠', 10),
            Self::HanCircled => from('㊀', 10),
            _ => None,
        };
        if let Some(enclosed) = enclosed {
            return enclosed;
        }
        match self {
            Self::Decimal => n.to_string(),
            Self::Padded => format!("{n:02}"),
            Self::FullWidth => n
                .to_string()
                .chars()
                .filter_map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32))
                .collect(),
            Self::Roman { upper } => roman(n, upper),
            Self::Letter { upper } => {
                // After Z comes AA, then BB.
                let first = if upper { b'A' } else { b'a' };
                let letter = char::from(first + ((n.max(1) - 1) % 26) as u8);
                String::from(letter).repeat(((n.max(1) - 1) / 26 + 1).min(9) as usize)
            }
            Self::Counting | Self::HanBracketed | Self::HanCircled => {
                let counted = counting(n, "零一二三四五六七八九", "十百千", "万");
                match self {
                    Self::Counting => counted,
                    _ => format!("（{counted}）"),
                }
            }
            Self::Digits => n
                .to_string()
                .bytes()
                .filter_map(|d| "〇一二三四五六七八九".chars().nth(usize::from(d - b'0')))
                .collect(),
            Self::Legal { traditional: false } => {
                counting(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
            }
            Self::Legal { traditional: true } => {
                counting(n, "零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬")
            }
            Self::Circled | Self::Bracketed => format!("({n})"),
            Self::Stopped => format!("{n}."),
            Self::Stem => cycle("甲乙丙丁戊己庚辛壬癸"),
            Self::Branch => cycle("子丑寅卯辰巳午未申酉戌亥"),
            Self::Dashed => format!("- {n} -"),
            Self::Bullet | Self::None => String::new(),
        }
    }
}

fn roman(n: u32, upper: bool) -> String {
    const SIGNS: &[(u32, &str)] = &[
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if n == 0 || n >= 4000 {
        return n.to_string();
    }
    let (mut rest, mut written) = (n, String::new());
    for &(value, sign) in SIGNS {
        while rest >= value {
            rest -= value;
            written.push_str(sign);
        }
    }
    if upper { written.to_ascii_uppercase() } else { written }
}

/// A number in words, up to ten thousands.
fn counting(n: u32, digits: &str, units: &str, myriad: &str) -> String {
    let digit = |d: u32| digits.chars().nth(d as usize).unwrap_or('零');
    if n >= 100_000_000 {
        return n.to_string();
    }
    if n >= 10_000 {
        let (high, low) = (n / 10_000, n % 10_000);
        let zero = if low > 0 && low < 1000 { digit(0).to_string() } else { String::new() };
        let low = if low > 0 { counting(low, digits, units, myriad) } else { String::new() };
        return format!("{}{myriad}{zero}{low}", counting(high, digits, units, myriad));
    }
    if n == 0 {
        return digit(0).to_string();
    }
    let mut written = String::new();
    let mut zero = false;
    for place in (0..4_u32).rev() {
        let value = n / 10_u32.pow(place) % 10;
        if value == 0 {
            zero = !written.is_empty();
            continue;
        }
        if zero {
            written.push(digit(0));
            zero = false;
        }
        // 十一 and not 一十一, but 壹拾壹.
        let ten = place == 1 && value == 1 && written.is_empty() && units.starts_with('十');
        if !ten {
            written.push(digit(value));
        }
        if place > 0 {
            written.extend(units.chars().nth(place as usize - 1));
        }
    }
    written
}

/// Levels of one list.
pub(crate) const LEVELS: usize = 9;

/// How paragraphs of one level are numbered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub(crate) form: Form,
    pub(crate) start: u32,
    /// What stands before the paragraph, `%1` to `%9` being the numbers of the levels.
    pub(crate) template: String,
    /// Numbers of outer levels are written as decimals.
    pub(crate) legal: bool,
    /// The level is counted on until one of this many outer levels goes on; 0: for ever.
    pub(crate) restart: Option<usize>,
}

/// Where the counting of one list stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter {
    values: [Option<u32>; LEVELS],
}

impl Counter {
    /// Lets a level begin anew with a number.
    pub(crate) fn restart(&mut self, level: usize, start: u32) {
        if let Some(value) = self.values.get_mut(level) {
            // One before, since the next paragraph counts it up.
            *value = start.checked_sub(1);
        }
    }

    /// Lets all levels begin anew.
    pub(crate) fn reset(&mut self) {
        self.values = [None; LEVELS];
    }

    /// Counts a paragraph; what stands before it.
    pub(crate) fn count(&mut self, levels: &[Level], at: usize) -> String {
        let Some(level) = levels.get(at).filter(|_| at < LEVELS) else { return String::new() };
        let next = self.values[at].map_or(level.start, |value| value.saturating_add(1));
        self.values[at] = Some(next);
        for (inner, value) in self.values.iter_mut().enumerate().skip(at + 1) {
            let kept = levels.get(inner).and_then(|l| l.restart).is_some_and(|r| at >= r);
            if !kept {
                *value = None;
            }
        }
        if matches!(level.form, Form::Bullet) {
            return String::new();
        }
        let mut written = String::new();
        let mut signs = level.template.chars().peekable();
        while let Some(sign) = signs.next() {
            let outer = (sign == '%')
                .then(|| signs.peek().and_then(|c| c.to_digit(10)))
                .flatten()
                .filter(|d| (1..=LEVELS as u32).contains(d));
            let Some(outer) = outer.map(|d| d as usize - 1) else {
                written.push(sign);
                continue;
            };
            signs.next();
            let Some(shown) = levels.get(outer) else { continue };
            let value = self.values[outer].unwrap_or(shown.start);
            let form = if level.legal && outer != at { Form::Decimal } else { shown.form };
            let form = if level.legal && form != Form::None { Form::Decimal } else { form };
            written.push_str(&form.write(value));
        }
        written
    }
}

/// A number before its text, as one types it: 一、总体要求, 1. 总体要求, 1.1 总体要求.
pub(crate) fn before(number: &str, text: &str) -> String {
    let number = number.trim();
    let text = text.trim_start();
    let close = number.ends_with(|c: char| !(c.is_ascii() || is_han(c) && number.contains('第')));
    let space = if close || number.is_empty() || text.is_empty() { "" } else { " " };
    format!("{number}{space}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_their_forms() {
        for (form, n, expect) in [
            (Form::Counting, 1, "一"),
            (Form::Counting, 10, "十"),
            (Form::Counting, 21, "二十一"),
            (Form::Counting, 101, "一百零一"),
            (Form::Counting, 1010, "一千零一十"),
            (Form::Counting, 20_003, "二万零三"),
            (Form::Digits, 101, "一〇一"),
            (Form::Legal { traditional: false }, 12, "壹拾贰"),
            (Form::Legal { traditional: true }, 12, "壹拾貳"),
            (Form::Circled, 3, "③"),
            (Form::Circled, 21, "㉑"),
            (Form::Circled, 51, "(51)"),
            (Form::HanBracketed, 11, "（十一）"),
            (Form::Roman { upper: true }, 14, "XIV"),
            (Form::Letter { upper: false }, 28, "bb"),
            (Form::FullWidth, 12, "１２"),
            (Form::Stem, 11, "甲"),
            (Form::Padded, 7, "07"),
        ] {
            assert_eq!(form.write(n), expect, "{form:?} {n}");
        }
    }

    #[test]
    fn levels_count_each_other_down() {
        let level = |form, template: &str| Level {
            form,
            start: 1,
            template: template.to_owned(),
            ..Level::default()
        };
        let levels = [
            level(Form::Counting, "%1、"),
            level(Form::Counting, "（%2）"),
            Level { legal: true, ..level(Form::Decimal, "%1.%2.%3") },
        ];
        let mut counter = Counter::default();
        let found: Vec<String> =
            [0, 1, 1, 2, 2, 0, 1, 2].iter().map(|&at| counter.count(&levels, at)).collect();
        assert_eq!(
            found,
            ["一、", "（一）", "（二）", "1.2.1", "1.2.2", "二、", "（一）", "2.1.1"]
        );
        counter.restart(0, 5);
        assert_eq!(counter.count(&levels, 0), "五、");
    }

    #[test]
    fn numbers_stand_as_one_types_them() {
        assert_eq!(before("一、", "总体要求"), "一、总体要求");
        assert_eq!(before("（一）", "总体要求"), "（一）总体要求");
        assert_eq!(before("1.", "5万人"), "1. 5万人");
        assert_eq!(before("第一章", "总则"), "第一章 总则");
        assert_eq!(before("1.1", "范围"), "1.1 范围");
    }
}
