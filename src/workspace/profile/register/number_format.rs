//! Number formats of spreadsheets: what a cell shows of the number that it holds.

/// What a format makes of a number that is a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shows {
    /// A day, or a part of one.
    pub(super) day: bool,
    /// A time of day.
    pub(super) time: bool,
}

/// The format of a number that is built in, where it matters here (ISO/IEC 29500-1, 18.8.30).
pub(super) fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        32 | 33 | 55 | 56 => "h:mm",
        14..=17 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => "m/d/yy",
        45 | 47 => "mm:ss",
        46 => "[h]:mm:ss",
        49 => "@",
        _ => "",
    }
}

/// A format without what it writes as it stands: texts in quotes, single signs, colours and languages in brackets.
fn bare(format: &str) -> String {
    let mut bare = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            ';' => break,
            c => bare.extend(c.to_lowercase()),
        }
    }
    bare
}

/// What a format shows of a moment.
pub(super) fn shows(format: &str) -> Shows {
    let bare = bare(format).replace("am/pm", "h").replace("a/p", "h");
    let time = bare.contains(['h', 's']);
    // An `m` beside hours and seconds is a minute.
    Shows { day: bare.contains(['y', 'd', 'e']) || !time, time }
}

/// A number as its cell shows it, as far as the format is one of plain figures.
pub(super) fn shown(value: f64, format: &str) -> String {
    let plain = || value.to_string();
    let bare = bare(format);
    let (figures, scale) = bare.trim().strip_suffix('%').map_or((bare.trim(), 1.0), |figures| (figures, 100.0));
    if figures.is_empty() || !figures.chars().all(|c| "0#.,".contains(c)) || value.abs() > 1e15 {
        return plain();
    }
    let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
    let least = whole.chars().filter(|c| *c == '0').count();
    let places = fraction.chars().filter(|c| "0#".contains(*c)).count().min(30);
    let rounded = format!("{:.places$}", (value * scale).abs());
    let (mut digits, mut decimals) = match rounded.split_once('.') {
        Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
        None => (rounded, String::new()),
    };
    while digits.len() < least {
        digits.insert(0, '0');
    }
    let kept = fraction.chars().filter(|c| *c == '0').count();
    while decimals.len() > kept && decimals.ends_with('0') {
        decimals.pop();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let point = if decimals.is_empty() { "" } else { "." };
    let percent = if scale > 1.0 { "%" } else { "" };
    format!("{sign}{digits}{point}{decimals}{percent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_by_their_format() {
        for (value, format, text) in [
            (5.1, "0.00", "5.10"),
            (5.1, "", "5.1"),
            (7.0, "000", "007"),
            (1234.0, "#,##0", "1234"),
            (0.125, "0.0%", "12.5%"),
            (1.0, "0.0", "1.0"),
            (1.5, "0.0#", "1.5"),
            (3.0, "\"R-\"0", "3"),
        ] {
            assert_eq!(shown(value, format), text, "{format}");
        }
    }

    #[test]
    fn formats_show_days_and_times() {
        let said = |format: &str| shows(format);
        assert_eq!(said("dd/mm/yyyy;@"), Shows { day: true, time: false });
        assert_eq!(said("[$-407]d. mmmm yyyy"), Shows { day: true, time: false });
        assert_eq!(said("yyyy-mm-dd h:mm:ss"), Shows { day: true, time: true });
        assert_eq!(said("h:mm AM/PM"), Shows { day: false, time: true });
        assert_eq!(said("mmm"), Shows { day: true, time: false });
        assert_eq!(said("d\" days\""), Shows { day: true, time: false });
    }
}
