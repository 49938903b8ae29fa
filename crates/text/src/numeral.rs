//! Chinese numerals as they stand in headings and dates.

/// The value of a Chinese or Arabic whole number: `十一`, `二〇二四`, `一百零三`, `２０２４`.
///
/// `None` for anything that is not wholly a number, and where it exceeds 64 bits.
///
/// ```
/// use anjuan_text::numeral::parse;
/// assert_eq!(parse("二〇二四"), Some(2024));
/// assert_eq!(parse("二十三"), Some(23));
/// assert_eq!(parse("十"), Some(10));
/// assert_eq!(parse("一二三年"), None);
/// ```
pub fn parse(numeral: &str) -> Option<u64> {
    let digits: Option<Vec<u64>> = numeral.chars().map(digit).collect();
    if let Some(digits) = digits {
        if digits.is_empty() {
            return None;
        }
        return digits
            .into_iter()
            .try_fold(0_u64, |value, d| value.checked_mul(10)?.checked_add(d));
    }
    let (mut total, mut section, mut current) = (0_u64, 0_u64, None);
    for c in numeral.chars() {
        if let Some(d) = digit(c) {
            if current.is_some_and(|c| c != 0) {
                return None;
            }
            current = Some(d);
        } else {
            match unit(c)? {
                small @ (10 | 100 | 1000) => {
                    section =
                        section.checked_add(current.take().unwrap_or(1).checked_mul(small)?)?;
                }
                large => {
                    section = section.checked_add(current.take().unwrap_or(0))?;
                    total = total.checked_add(section.max(1).checked_mul(large)?)?;
                    section = 0;
                }
            }
        }
    }
    total.checked_add(section)?.checked_add(current.unwrap_or(0))
}

/// The value of one digit, in any of its forms.
pub fn digit(c: char) -> Option<u64> {
    Some(match c {
        '0'..='9' => u64::from(c as u32 - '0' as u32),
        '０'..='９' => u64::from(c as u32 - '０' as u32),
        '〇' | '零' | '○' | 'Ｏ' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '兩' | '贰' | '貳' => 2,
        '三' | '叁' | '參' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u64> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        '万' | '萬' => 10_000,
        '亿' | '億' => 100_000_000,
        _ => return None,
    })
}
