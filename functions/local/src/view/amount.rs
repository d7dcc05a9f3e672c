//! Numbers as people read them. Amounts stay decimal texts: nothing here computes with floats.

/// A whole number with separators: `1234567` becomes `1,234,567`.
pub(crate) fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Texts of amounts, padded so that their points stand below each other.
pub(crate) fn aligned(amounts: &mut [String]) {
    let fraction = |text: &str| text.split_once('.').map_or(0, |(_, places)| places.len() + 1);
    let widest = amounts.iter().map(|text| fraction(text)).max().unwrap_or_default();
    for amount in amounts {
        let padding = widest - fraction(amount);
        amount.extend(std::iter::repeat_n(' ', padding));
    }
}

/// A bar of at most `width` columns for a share in thousandths.
pub(crate) fn share_bar(thousandths: usize, width: usize) -> String {
    let eighths = (thousandths.min(1000) * width * 8).div_ceil(1000);
    let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{part}", "█".repeat(eighths / 8))
}
