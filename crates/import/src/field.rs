//! Fields: of most the result is the text; of a few the code is all there is.

use crate::numbering::Form;

/// An open field.
#[derive(Debug, Default)]
pub(crate) struct Field {
    pub(crate) code: String,
    /// Its code is being read, not its result.
    pub(crate) in_code: bool,
}

impl Field {
    pub(crate) fn begin() -> Self {
        Self { code: String::new(), in_code: true }
    }

    /// Whether it is a table of contents.
    pub(crate) fn is_contents(&self) -> bool {
        self.code
            .trim_start()
            .get(..4)
            .is_some_and(|name| name.trim_end().eq_ignore_ascii_case("toc"))
    }

    /// What a field without result shows.
    pub(crate) fn shown(&self) -> Option<String> {
        let code = self.code.trim();
        let (name, rest) = code.split_once(|c: char| c.is_whitespace() || c == '\\')?;
        if !name.eq_ignore_ascii_case("eq") {
            return None;
        }
        equation(&code[code.len() - rest.len() - 1..])
    }
}

/// Characters put over each other: `\o\ac(○,1)` is ①, `\o\ad(\s\up 9(yún),云)` a reading over its
/// character; `\f(1,2)` is a fraction.
fn equation(code: &str) -> Option<String> {
    let open = code.find(['(', '（'])?;
    let switches = code[..open].to_ascii_lowercase();
    let arguments = arguments(&code[open..])?;
    let plain: Vec<String> = arguments.iter().map(|a| innermost(a)).collect();
    if switches.contains("\\f") {
        return Some(plain.join("/"));
    }
    if switches.contains("\\r") {
        return Some(format!("√{}", plain.last()?));
    }
    if !switches.contains("\\o") {
        return Some(plain.concat());
    }
    let (first, last) = (plain.first()?, plain.last()?);
    if matches!(first.trim(), "○" | "◯" | "〇" | "O" | "o") {
        return Some(match last.trim().parse::<u32>() {
            Ok(n) if n <= 50 => Form::Circled.write(n),
            _ => format!("({})", last.trim()),
        });
    }
    if plain.len() < 2 || first.trim().is_empty() {
        return Some(last.clone());
    }
    Some(format!("{}({})", last.trim(), first.trim()))
}

/// What stands between brackets, at the commas that are not inside other brackets.
fn arguments(code: &str) -> Option<Vec<String>> {
    let mut found = vec![String::new()];
    let mut depth = 0_usize;
    for c in code.chars() {
        match c {
            '(' | '（' => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            ')' | '）' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(found);
                }
            }
            ',' | '，' | ';' if depth == 1 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut()?.push(c);
    }
    Some(found)
}

/// An argument without the switches around it: `\s\up 9(yún)` is `yún`.
fn innermost(argument: &str) -> String {
    let trimmed = argument.trim();
    match (trimmed.starts_with('\\'), trimmed.find('('), trimmed.rfind(')')) {
        (true, Some(open), Some(close)) if open < close => trimmed[open + 1..close].to_owned(),
        _ => argument.trim_start_matches('\\').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_show_what_lies_over_each_other() {
        for (code, expect) in [
            (r" eq \o\ac(○,1)", Some("①")),
            (r"EQ \o\ac(○,12)", Some("⑫")),
            (r#"EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(yún),云)"#, Some("云(yún)")),
            (r"EQ \f(1,2)", Some("1/2")),
            ("PAGE", None),
            ("HYPERLINK \"x\"", None),
        ] {
            let field = Field { code: code.to_owned(), in_code: true };
            assert_eq!(field.shown().as_deref(), expect, "{code}");
        }
        assert!(Field { code: " TOC \\o \"1-3\"".to_owned(), in_code: true }.is_contents());
    }
}
