use std::fmt;

/// Why a bonus can't be paid as it is. It never says whom the bonus is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowProblem {
    /// A row of a file has too few cells.
    Incomplete,
    /// A cell has a line break in it: most likely a quote is missing.
    LineBreak,
    /// A cell is not UTF-8.
    NotUtf8,
    /// The recipient is no id: it is empty, or has a comma, a quote, a slash or a blank in it.
    Recipient,
    /// The amount is not a decimal such as `1.50`, of at most 15 digits.
    Amount,
    /// The amount is zero or less.
    NotPositive,
    /// The amount has a fraction of a minor unit.
    Fraction,
    /// The currency is not that of the plan.
    OtherCurrency,
    /// How many minor units the currency has is not known.
    UnknownCurrency,
    /// The recipient has a bonus in an earlier row.
    Duplicate {
        /// The line or the number of that row.
        first: u64,
    },
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Incomplete => "an id and an amount are needed",
            Self::LineBreak => "a cell continues on the next line: is a quote missing?",
            Self::NotUtf8 => "it is not UTF-8",
            Self::Recipient => "the id is empty, or contains a comma, a quote, a slash or a space",
            Self::Amount => "the amount is not a decimal: write digits and a point, such as 1.50",
            Self::NotPositive => "the amount is not positive: give more than zero",
            Self::Fraction => "the amount has a fraction of a minor unit: round it",
            Self::OtherCurrency => {
                "its currency is not that of the plan: if the amount has a decimal comma, write a point"
            }
            Self::UnknownCurrency => {
                "the number of minor units of the currency is not known: use GBP or USD"
            }
            Self::Duplicate { first } => {
                return write!(f, "its recipient already has a bonus, in {first}");
            }
        })
    }
}
