//! What participants are shown and asked: the parts that the layouts of batches, the pages of
//! collections and instructions have in common.
//!
//! A [`Question`] is created by the method named after its kind, such as
//! [`Question::multiple_choice`]; an [`Item`] is a question, or something that is shown with
//! questions. Stored questions have ids: an item that is sent with its id is kept, and
//! participants' responses refer to the ids of questions.
//!
//! # Examples
//!
//! ```
//! use prolific_api_ext::questions::{Item, Question, TextValidation};
//!
//! let pet = Question::multiple_choice("Which pet do you have?", 1, [("A cat", "cat"), ("None", "none")]);
//! let age = Question::free_text("How old is it?")
//!     .helper_text("In years")
//!     .validation(TextValidation::number().min(0).max(40));
//! let items: [Item; 3] = [Item::rich_text("<p>About pets.</p>"), pet.into(), age.into()];
//! ```

mod answer;
mod check;
mod choice;
mod item;
mod question;
mod unit;
mod validation;
mod value;

pub use answer::{Answer, Answers};
pub use choice::{AnswerLimit, ChoiceOption};
pub use item::{ContentFormat, DatasetFieldItem, Image, Item, RichText};
pub use question::{Question, QuestionType};
pub use unit::{UnitOption, UnitPosition};
pub use validation::{TextValidation, ValidationType};
pub use value::AnswerValue;

pub(crate) use check::Faults;
pub(crate) use question::Place;
