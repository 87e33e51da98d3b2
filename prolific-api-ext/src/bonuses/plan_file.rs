//! The CSV files that plans are read from. They are written by people and by spreadsheets.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder, Trim};

use super::{Bonus, BonusRecipient, PlanError, PlanOptions, RowProblem, plan::Row};
use crate::{Money, ParticipantId, SubmissionId, money::Currency};

/// Names of columns, as letters and digits alone.
const PARTICIPANT: [&str; 5] = ["participant", "participantid", "prolificid", "prolificpid", "id"];
const SUBMISSION: [&str; 3] = ["submission", "submissionid", "sessionid"];
const AMOUNT: [&str; 3] = ["amount", "bonus", "bonusamount"];
const CURRENCY: [&str; 2] = ["currency", "currencycode"];

/// The columns of a row that are needed.
struct Columns {
    recipient: usize,
    is_submission: bool,
    amount: usize,
    currency: Option<usize>,
}

/// Reads the rows of a file.
pub(super) fn read(
    reader: impl Read,
    currency: &Currency,
    options: &PlanOptions,
) -> Result<Vec<Row>, PlanError> {
    let limit = options.max_bytes;
    let mut file = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut file).map_err(PlanError::Read)?;
    if file.len() as u64 > limit {
        return Err(PlanError::TooLarge { limit });
    }
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&file);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter(file))
        .from_reader(file);
    let mut columns = None;
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| PlanError::Read(error.into()))? {
        if columns.is_none() {
            let (found, is_header) = Columns::of(&record, options.header)?;
            columns = Some(found);
            if is_header {
                continue;
            }
        }
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        // One more than there may be says that there are too many.
        if rows.len() > options.max_rows {
            break;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let bonus = columns.as_ref().ok_or(RowProblem::Incomplete);
        rows.push((line, bonus.and_then(|columns| columns.bonus(&record, currency))));
    }
    Ok(rows)
}

/// What separates the cells: spreadsheets of some languages write semicolons.
fn delimiter(file: &[u8]) -> u8 {
    let first = file.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let first = first.unwrap_or_default();
    let separates = |delimiter: &u8| first.contains(delimiter);
    [b',', b';', b'\t'].into_iter().find(separates).unwrap_or(b',')
}

impl Columns {
    /// Those of a file whose first row this is, and whether it is a header.
    fn of(first: &ByteRecord, header: Option<bool>) -> Result<(Self, bool), PlanError> {
        let names: Vec<String> = first.iter().map(name).collect();
        let is_named = |known: &[&str]| names.iter().any(|name| known.contains(&name.as_str()));
        let looks_so = [&PARTICIPANT[..], &SUBMISSION, &AMOUNT].into_iter().any(is_named);
        if !header.unwrap_or(looks_so) {
            let columns = Self { recipient: 0, is_submission: false, amount: 1, currency: Some(2) };
            return Ok((columns, false));
        }
        let submission = column(&names, &SUBMISSION)?;
        let recipient = match submission {
            Some(column) => Some(column),
            None => column(&names, &PARTICIPANT)?,
        };
        let no_recipient = "the header has no column `participant_id` or `submission_id`";
        let no_amount = "the header has no column `amount`";
        let columns = Self {
            recipient: recipient.ok_or(PlanError::Header(no_recipient))?,
            is_submission: submission.is_some(),
            amount: column(&names, &AMOUNT)?.ok_or(PlanError::Header(no_amount))?,
            currency: column(&names, &CURRENCY)?,
        };
        Ok((columns, true))
    }

    fn bonus(&self, record: &ByteRecord, currency: &Currency) -> Result<Bonus, RowProblem> {
        // A quote that is not closed takes the rows behind it into its cell.
        if record.iter().any(|cell| cell.contains(&b'\n') || cell.contains(&b'\r')) {
            return Err(RowProblem::LineBreak);
        }
        let cell = |column: usize| {
            let cell = record.get(column).ok_or(RowProblem::Incomplete)?;
            str::from_utf8(cell).map_err(|_| RowProblem::NotUtf8)
        };
        let recipient = self.recipient(cell(self.recipient)?)?;
        let amount = amount(cell(self.amount)?, currency)?;
        let named = match self.currency.filter(|column| *column < record.len()) {
            Some(column) => cell(column)?,
            None => "",
        };
        if !named.is_empty() && Currency::from(named.to_uppercase()) != *currency {
            return Err(RowProblem::OtherCurrency);
        }
        Ok(Bonus::new(recipient, amount))
    }

    fn recipient(&self, id: &str) -> Result<BonusRecipient, RowProblem> {
        let recipient = match self.is_submission {
            true => SubmissionId::new(id).map(BonusRecipient::from),
            false => ParticipantId::new(id).map(BonusRecipient::from),
        };
        recipient.map_err(|_| RowProblem::Recipient)
    }
}

/// The column of one of these names.
fn column(names: &[String], known: &[&str]) -> Result<Option<usize>, PlanError> {
    let mut columns = (0..names.len()).filter(|column| known.contains(&names[*column].as_str()));
    match (columns.next(), columns.next()) {
        (_, Some(_)) => Err(PlanError::Header("the header names a column twice")),
        (column, None) => Ok(column),
    }
}

/// The name of a column as letters and digits alone.
fn name(cell: &[u8]) -> String {
    let letters = cell.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

/// Parses an amount, and the currency that may be part of it.
fn amount(text: &str, currency: &Currency) -> Result<Money, RowProblem> {
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return Err(RowProblem::Amount);
    }
    let (named, digits) = without_currency(text);
    if named.is_some_and(|named| named != *currency) {
        return Err(RowProblem::OtherCurrency);
    }
    if !currency.is_known() {
        return Err(RowProblem::UnknownCurrency);
    }
    Money::from_major(digits, currency.clone()).map_err(|_| RowProblem::Amount)
}

fn without_currency(text: &str) -> (Option<Currency>, &str) {
    if let Some(digits) = text.strip_prefix('£') {
        return (Some(Currency::Gbp), digits.trim());
    }
    if let Some(digits) = text.strip_prefix('$') {
        return (Some(Currency::Usd), digits.trim());
    }
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let behind = text.trim_end_matches(is_letter);
    let before = text.trim_start_matches(is_letter);
    let (digits, code) = match behind.len() < text.len() {
        true => (behind, &text[behind.len()..]),
        false => (before, &text[..text.len() - before.len()]),
    };
    let is_code = code.len() == 3;
    (
        is_code.then(|| Currency::from(code.to_uppercase())),
        if is_code { digits.trim() } else { text },
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{
        bonuses::{BonusPlan, BonusRecipient, PlanError, RowProblem},
        money::Currency,
    };

    fn read(file: &str) -> Result<BonusPlan, PlanError> {
        BonusPlan::from_csv(file.as_bytes(), Currency::Gbp)
    }

    fn pairs(plan: &BonusPlan) -> Vec<(u64, String, String)> {
        let rows = plan.lines().iter().zip(plan.bonuses());
        let told = rows.map(|(line, bonus)| {
            (*line, bonus.recipient.as_str().to_owned(), bonus.amount.to_string())
        });
        told.collect()
    }

    #[test]
    fn files_are_read_as_people_and_spreadsheets_write_them() {
        let files = [
            "p1,1.50\np2,0.75\n",
            "p1,1.50\r\np2,0.75",
            "\u{feff}p1 , 1.50\n\n  p2, 0.75\n",
            "p1,1.50,GBP\np2,0.75,gbp\n",
            "p1,£1.50\np2,0.75 GBP\n",
            "\"p1\",\"1.50\"\n\"p2\",\"GBP 0.75\"\n",
            "p1;1.50\np2;0.75\n",
            "p1\t1.5\np2\t.75\n".replace(".75", "0.75").leak(),
        ];
        for file in files {
            let plan = read(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
            let read: Vec<_> =
                pairs(&plan).into_iter().map(|(_, id, amount)| (id, amount)).collect();
            let expected = [("p1", "1.50 GBP"), ("p2", "0.75 GBP")];
            assert_eq!(read, expected.map(|(id, amount)| (id.into(), amount.into())), "{file:?}");
        }
    }

    #[test]
    fn columns_are_found_by_name() {
        let file = "Note,Bonus (amount),Participant id,Currency\n\"a, b\",1.50,p1,GBP\n,2,p2,\n";
        let plan = read(file).unwrap();
        assert_eq!(pairs(&plan)[1], (3, "p2".into(), "2.00 GBP".into()));
        assert!(matches!(plan.bonuses()[0].recipient, BonusRecipient::Participant(_)));
        let plan = read("submission_id,participant_id,bonus\ns1,p1,1\n").unwrap();
        assert!(matches!(plan.bonuses()[0].recipient, BonusRecipient::Submission(_)));
        for header in ["participant_id,reward", "name,amount", "id,amount,bonus"] {
            let refused = read(&format!("{header}\np1,1,1\n"));
            assert!(matches!(refused, Err(PlanError::Header(_))), "{header}");
        }
        let forced = BonusPlan::options().header(false);
        let refused = forced.from_csv("id,amount\np1,1\n".as_bytes(), Currency::Gbp).unwrap_err();
        assert!(refused.to_string().contains("1: the amount is not a decimal"), "{refused}");
    }

    #[test]
    fn every_bad_row_is_reported_with_its_line() {
        let file = "id,amount\n\
            p1,1.50\n\
            p2\n\
            p3,1.5O\n\
            p4,$1\n\
            p5,1.50 USD\n\
            p6,-1\n\
            p7,0.001\n\
            p8,\n\
            ,1\n\
            p/9,1\n\
            p1,2\n\
            p10,\"1,234.50\"\n\
            p11,1e2\n\
            p12,NaN\n";
        let Err(PlanError::Rows(rows)) = read(file) else { panic!("it is refused") };
        let told: Vec<_> = rows.into_iter().map(|row| (row.line, row.problem)).collect();
        use RowProblem::{
            Amount, Duplicate, Fraction, Incomplete, NotPositive, OtherCurrency, Recipient,
        };
        let expected = [
            (3, Incomplete),
            (4, Amount),
            (5, OtherCurrency),
            (6, OtherCurrency),
            (7, NotPositive),
            (8, Fraction),
            (9, Amount),
            (10, Recipient),
            (11, Recipient),
            (12, Duplicate { first: 2 }),
            (13, Amount),
            (14, Amount),
            (15, Amount),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn blank_lines_count_as_lines() {
        let Err(PlanError::Rows(rows)) = read("p1,1\n\n\r\n , \np2,0\n") else {
            panic!("it is refused")
        };
        assert_eq!(rows[0].line, 5);
    }

    #[test]
    fn a_quote_that_is_not_closed_swallows_no_row_in_silence() {
        let Err(PlanError::Rows(rows)) = read("id,amount,note\np1,1,\"oops\np2,2,fine\np3,3,\n")
        else {
            panic!("it is refused")
        };
        assert_eq!((rows[0].line, &rows[0].problem), (2, &RowProblem::LineBreak));
    }

    #[test]
    fn a_file_is_bounded_in_size_and_rows() {
        let small = BonusPlan::options().max_bytes(10);
        let refused = small.clone().from_csv("p1,1\np2,2\n\n".as_bytes(), Currency::Gbp);
        assert!(matches!(refused, Err(PlanError::TooLarge { limit: 10 })));
        assert!(small.clone().from_csv("p1,1\np2,2\n".as_bytes(), Currency::Gbp).is_ok());
        let endless = std::io::repeat(b'1');
        assert!(matches!(small.from_csv(endless, Currency::Gbp), Err(PlanError::TooLarge { .. })));
        let few = BonusPlan::options().max_rows(1);
        let refused = few.from_csv("p1,1\np2,2\n".as_bytes(), Currency::Gbp);
        assert!(matches!(refused, Err(PlanError::TooManyRows { limit: 1 })));
        assert!(matches!(read(""), Err(PlanError::Empty)));
        assert!(matches!(read("id,amount\n"), Err(PlanError::Empty)));
    }

    #[test]
    fn invalid_utf8_is_reported_without_being_shown() {
        let file = b"id,amount\np\xff,1\n".as_slice();
        let refused = BonusPlan::from_csv(file, Currency::Gbp).unwrap_err();
        assert!(refused.to_string().contains("2: it is not UTF-8"), "{refused}");
    }

    proptest! {
        #[test]
        fn no_file_panics_and_no_amount_is_invented(file in "[p1-3,;\"\n\t.£ -]{0,60}") {
            if let Ok(plan) = read(&file) {
                prop_assert!(plan.amount().minor().is_positive());
                prop_assert!(plan.lines().windows(2).all(|lines| lines[0] < lines[1]));
            }
        }
    }
}
