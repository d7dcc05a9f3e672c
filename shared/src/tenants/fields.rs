//! What each member of a profile must look like. Names may be in any script.

use jiff::tz::TimeZone;

/// Most characters of a company's name.
const NAME: usize = 200;
/// Characters that turn or break the line they stand in, and so make a name look like another.
const DECEIVING: [char; 11] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}', '\u{2028}', '\u{2029}',
];

/// A value as it is kept, or what is wrong and what would be right.
pub(super) type Checked<T = String> = Result<T, String>;

/// A name for people: `Société Générale`, `Müller & Söhne`, `株式会社`.
pub(super) fn name(text: &str) -> Checked {
    let text = text.trim();
    let plain = |c: char| !c.is_control() && !DECEIVING.contains(&c);
    if (1..=NAME).contains(&text.chars().count()) && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("a name has 1 to {NAME} characters, in any script, and no control characters"))
    }
}

/// An address that mail can be sent to, as far as its form shows.
pub(super) fn email(text: &str) -> Checked {
    let text = text.trim();
    let sane = text.rsplit_once('@').is_some_and(|(local, domain)| {
        (1..=64).contains(&local.len()) && is_local(local) && is_domain(domain)
    });
    if sane && text.len() <= 254 {
        Ok(text.to_owned())
    } else {
        Err("an e-mail address is written as name@company.example".to_owned())
    }
}

fn is_local(text: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    text.chars().all(allowed)
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !text.contains("..")
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(label)
}

/// ISO 4217: `EUR`.
pub(super) fn currency(text: &str) -> Checked {
    iso_currency::Currency::from_code(text)
        .map(|currency| currency.code().to_owned())
        .ok_or_else(|| "a currency is a code of ISO 4217 in capitals, as in EUR".to_owned())
}

/// ISO 3166-1 alpha-2: `DE`.
pub(super) fn country(text: &str) -> Checked {
    rust_iso3166::from_alpha2(text)
        .map(|country| country.alpha2.to_owned())
        .ok_or_else(|| "a country is a code of ISO 3166-1 alpha-2 in capitals, as in DE".to_owned())
}

/// The form of BCP 47: `de`, `pt-BR`, `zh-Hant-TW`.
pub(super) fn language(text: &str) -> Checked {
    let mut parts = text.split('-');
    let alphabetic = |part: &str| part.chars().all(|c| c.is_ascii_alphabetic());
    let first = parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && alphabetic(part));
    let rest = parts.all(|part| {
        (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
    });
    if first && rest && text.len() <= 35 {
        Ok(text.to_owned())
    } else {
        Err("a language is a tag of BCP 47, as in en or pt-BR".to_owned())
    }
}

/// A name of the IANA database, as that writes it: `Europe/Berlin`.
pub(super) fn timezone(text: &str) -> Checked {
    let known = TimeZone::get(text).ok().filter(|zone| !zone.is_unknown());
    known
        .and_then(|zone| zone.iana_name().map(str::to_owned))
        .ok_or_else(|| "a timezone is a name of the IANA database, as in Europe/Berlin".to_owned())
}

/// 1 to 12.
pub(super) fn month(number: i64) -> Checked<u8> {
    u8::try_from(number)
        .ok()
        .filter(|month| (1..=12).contains(month))
        .ok_or_else(|| "a month is a number from 1 to 12".to_owned())
}
