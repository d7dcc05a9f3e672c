//! What was read although it was not written as it should be, counted by kind.

use std::collections::BTreeMap;

use super::report::Notice;

/// A kind of notice, stable for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Digits beyond the 18th were rounded, half to even.
    DecimalsRounded,
    /// `NULL` as a word.
    NullWord,
    /// A moment without zone, read as UTC.
    TimeWithoutZone,
    /// A value of a list, spelled otherwise.
    Spelling,
    /// A currency in lowercase.
    CurrencyInLowercase,
    /// A header that differs in case.
    HeaderSpelling,
    /// The billing month was taken from the charge.
    BillingMonthFromCharge,
    /// A text where JSON should be.
    JsonKeptAsText,
    /// A quote in a text without quotes.
    QuoteInText,
    /// A column that every FOCUS file of that version has.
    MandatoryColumnMissing,
    /// Columns or rows of several versions of FOCUS.
    MixedVersions,
    /// A column that FOCUS does not have, kept in `x_extra`.
    UnknownColumn,
    /// A column that the table does not have.
    ColumnNotKept,
    /// A record of JSON lines with members that the table does not have.
    MembersNotKept,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::DecimalsRounded => "decimals_rounded",
            Self::NullWord => "null_word",
            Self::TimeWithoutZone => "time_without_zone",
            Self::Spelling => "spelling",
            Self::CurrencyInLowercase => "currency_in_lowercase",
            Self::HeaderSpelling => "header_spelling",
            Self::BillingMonthFromCharge => "billing_month_from_charge",
            Self::JsonKeptAsText => "json_kept_as_text",
            Self::QuoteInText => "quote_in_text",
            Self::MandatoryColumnMissing => "mandatory_column_missing",
            Self::MixedVersions => "mixed_versions",
            Self::UnknownColumn => "unknown_column",
            Self::ColumnNotKept => "column_not_kept",
            Self::MembersNotKept => "members_not_kept",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::DecimalsRounded => {
                "digits beyond the 18th after the point were rounded, half to even"
            }
            Self::NullWord => "the word NULL was read as unknown",
            Self::TimeWithoutZone => "moments without zone were read as UTC",
            Self::Spelling => "values of a list were read in spite of their spelling",
            Self::CurrencyInLowercase => "currencies in lowercase were read",
            Self::HeaderSpelling => "columns were recognized in spite of their spelling",
            Self::BillingMonthFromCharge => {
                "the billing month was taken from the day of the charge"
            }
            Self::JsonKeptAsText => "texts that are no JSON were kept as JSON texts",
            Self::QuoteInText => "quotes within texts that are not quoted were read as they stand",
            Self::MandatoryColumnMissing => {
                "columns that every FOCUS file of that version has are missing"
            }
            Self::MixedVersions => {
                "the file mixes versions of FOCUS; each column was read as what it is"
            }
            Self::UnknownColumn => "columns that FOCUS does not have were kept in x_extra",
            Self::ColumnNotKept => "columns that the table does not have were not kept",
            Self::MembersNotKept => {
                "records had members that the table does not have, which were not kept"
            }
        }
    }
}

/// Notices of one block, or of all.
#[derive(Debug, Clone, Default)]
pub(super) struct Notices {
    counts: BTreeMap<Kind, (u64, String)>,
    /// The largest part that rounding took away, in thousandths of the 18th decimal.
    residue: u16,
}

impl Notices {
    /// Counts one; the first sample of a kind is kept.
    pub(super) fn add(&mut self, kind: Kind, sample: impl FnOnce() -> String) {
        self.add_many(kind, 1, sample);
    }

    /// Counts several of one kind.
    pub(super) fn add_many(&mut self, kind: Kind, count: u64, sample: impl FnOnce() -> String) {
        if count > 0 {
            self.counts.entry(kind).or_insert_with(|| (0, sample())).0 += count;
        }
    }

    /// Remembers what rounding took away, if it is the most so far.
    pub(super) fn residue(&mut self, thousandths: u16) {
        self.residue = self.residue.max(thousandths);
    }

    /// Adds those of a block.
    pub(super) fn merge(&mut self, other: Self) {
        for (kind, (count, sample)) in other.counts {
            self.add_many(kind, count, || sample);
        }
        self.residue(other.residue);
    }

    /// For people and programs.
    pub(super) fn list(&self) -> Vec<Notice> {
        self.counts
            .iter()
            .map(|(kind, (count, sample))| Notice {
                kind: kind.name(),
                message: kind.message(),
                count: *count,
                sample: match kind {
                    Kind::DecimalsRounded => {
                        format!("{sample}; largest residue {}e-21", self.residue)
                    }
                    _ => sample.clone(),
                },
            })
            .collect()
    }
}
