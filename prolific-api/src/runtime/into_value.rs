use std::fmt::Display;

/// What a setter of a `T` accepts: a `T`, and its usual substitutes.
///
/// Text as `&str` or `String`, a number as any integer or float that fits, an object as itself or
/// as its builder.
///
/// `How` is inferred: it separates the ways in which one type converts into another.
#[diagnostic::on_unimplemented(
    message = "this setter takes a `{T}`, which `{Self}` doesn't convert to",
    label = "expected a `{T}`, or a value that converts to it",
    note = "text is given as `&str` or `String`, an object as itself or as its builder"
)]
pub trait IntoValue<T, How = Converted> {
    /// The value.
    ///
    /// # Errors
    ///
    /// Why it can't be one.
    fn into_value(self) -> Result<T, String>;
}

/// What the setter of an optional `T` accepts: what [`IntoValue`] accepts, or an `Option` of it.
/// `None` leaves it out.
#[diagnostic::on_unimplemented(
    message = "this setter takes a `{T}` or an `Option` of it, which `{Self}` doesn't convert to",
    label = "expected a `{T}`, an `Option` of it, or a value that converts to one of them",
    note = "text is given as `&str` or `String`, an object as itself or as its builder"
)]
pub trait IntoOptional<T, How = Set<Converted>> {
    /// The value, if there is one.
    ///
    /// # Errors
    ///
    /// Why it can't be one.
    fn into_optional(self) -> Result<Option<T>, String>;
}

/// What the setter of a list of `T` accepts: a `Vec`, array or slice of anything that [`IntoValue`]
/// accepts for a `T`.
#[diagnostic::on_unimplemented(
    message = "this setter takes a list of `{T}`, which `{Self}` doesn't convert to",
    label = "expected a `Vec`, an array or a slice of what converts to `{T}`",
    note = "one item is given as a list of one, `[item]`"
)]
pub trait IntoList<T, How = Converted> {
    /// The list.
    ///
    /// # Errors
    ///
    /// Says which item can't be converted, and why.
    fn into_list(self) -> Result<Vec<T>, String>;
}

/// What the setter of an optional list of `T` accepts: what [`IntoList`] accepts, or an `Option` of
/// it. `None` leaves it out; an empty list is sent.
#[diagnostic::on_unimplemented(
    message = "this setter takes a list of `{T}` or an `Option` of it, which `{Self}` doesn't convert to",
    label = "expected a `Vec`, an array or a slice of what converts to `{T}`",
    note = "one item is given as a list of one, `[item]`"
)]
pub trait IntoOptionalList<T, How = Set<Converted>> {
    /// The list, if there is one.
    ///
    /// # Errors
    ///
    /// Says which item can't be converted, and why.
    fn into_optional_list(self) -> Result<Option<Vec<T>>, String>;
}

/// By `TryInto`, which each type implements for itself.
#[derive(Clone, Copy, Debug)]
pub enum Converted {}

/// A whole number for any number.
#[derive(Clone, Copy, Debug)]
pub enum Widened {}

/// A value for an optional one.
#[derive(Clone, Copy, Debug)]
pub struct Set<How>(How);

/// A value that may be none.
#[derive(Clone, Copy, Debug)]
pub struct Maybe<How>(How);

impl<V, T> IntoValue<T, Converted> for V
where
    V: TryInto<T>,
    V::Error: Display,
{
    fn into_value(self) -> Result<T, String> {
        self.try_into().map_err(|error| error.to_string())
    }
}

macro_rules! widened {
    ($($integer:ty),*) => {
        $(
            impl IntoValue<f64, Widened> for $integer {
                #[allow(clippy::cast_precision_loss, reason = "what would lose is refused")]
                fn into_value(self) -> Result<f64, String> {
                    let number = self as f64;
                    // The greatest value of a type may be rounded up, beyond its range.
                    if number as i128 == self as i128 {
                        Ok(number)
                    } else {
                        Err(format!("{self} can't be sent exactly"))
                    }
                }
            }
        )*
    };
}

widened!(i64, u64, isize, usize);

macro_rules! lists {
    ($( ($($generics:tt)*) $list:ty [ $($clone:ident)? ] ),* $(,)?) => {
        $(
            impl<$($generics)* V: IntoValue<T, How> $(+ $clone)?, T, How> IntoList<T, How> for $list {
                fn into_list(self) -> Result<Vec<T>, String> {
                    let items = self.into_iter() $( .map($clone::clone) )?;
                    items.enumerate().map(|(index, item)| item_of_list(index, item)).collect()
                }
            }
        )*
    };
}

lists!(
    () Vec<V> [],
    ('a,) &'a Vec<V> [Clone],
    ('a,) &'a [V] [Clone],
);

impl<V: IntoValue<T, How>, T, How, const N: usize> IntoList<T, How> for [V; N] {
    fn into_list(self) -> Result<Vec<T>, String> {
        Vec::from(self).into_list()
    }
}

impl<V: IntoValue<T, How> + Clone, T, How, const N: usize> IntoList<T, How> for &[V; N] {
    fn into_list(self) -> Result<Vec<T>, String> {
        self.as_slice().into_list()
    }
}

fn item_of_list<T, How>(index: usize, item: impl IntoValue<T, How>) -> Result<T, String> {
    item.into_value().map_err(|problem| format!("item {}: {problem}", index + 1))
}

impl<L: IntoList<T, How>, T, How> IntoOptionalList<T, Set<How>> for L {
    fn into_optional_list(self) -> Result<Option<Vec<T>>, String> {
        self.into_list().map(Some)
    }
}

impl<L: IntoList<T, How>, T, How> IntoOptionalList<T, Maybe<How>> for Option<L> {
    fn into_optional_list(self) -> Result<Option<Vec<T>>, String> {
        self.map(IntoList::into_list).transpose()
    }
}

impl<V: IntoValue<T, How>, T, How> IntoOptional<T, Set<How>> for V {
    fn into_optional(self) -> Result<Option<T>, String> {
        self.into_value().map(Some)
    }
}

impl<V: IntoValue<T, How>, T, How> IntoOptional<T, Maybe<How>> for Option<V> {
    fn into_optional(self) -> Result<Option<T>, String> {
        self.map(IntoValue::into_value).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::{IntoOptional, IntoOptionalList, IntoValue};

    fn text<How>(value: impl IntoValue<String, How>) -> String {
        value.into_value().unwrap()
    }

    fn number<How>(value: impl IntoOptional<f64, How>) -> Result<Option<f64>, String> {
        value.into_optional()
    }

    fn whole<How>(value: impl IntoOptional<i64, How>) -> Result<Option<i64>, String> {
        value.into_optional()
    }

    fn texts<How>(value: impl IntoOptionalList<String, How>) -> Vec<String> {
        value.into_optional_list().unwrap().unwrap()
    }

    fn numbers<How>(value: impl IntoOptionalList<f64, How>) -> Result<Option<Vec<f64>>, String> {
        value.into_optional_list()
    }

    #[test]
    fn text_is_taken_as_people_write_it() {
        let owned = "a".to_owned();
        assert_eq!([text("a"), text(&owned), text('a'), text(owned)], ["a", "a", "a", "a"]);
    }

    #[test]
    fn a_number_is_taken_as_any_that_it_can_hold() {
        let all = [number(2), number(2u8), number(2_i64), number(2_usize), number(2.0)];
        assert!(all.iter().all(|number| *number == Ok(Some(2.0))), "{all:?}");
        let at_the_edge = u64::MAX;
        assert!(number(at_the_edge).is_err() && number((1_i64 << 53) + 1).is_err());
        assert_eq!(
            (whole(2), whole(2_usize), whole(2_u64)),
            (Ok(Some(2)), Ok(Some(2)), Ok(Some(2)))
        );
        assert!(whole(u64::MAX).is_err());
    }

    #[test]
    fn an_option_is_taken_where_a_value_is_optional() {
        let count: Option<usize> = None;
        assert_eq!(
            (number(count), number(Some(1)), whole(Some(1_u8))),
            (Ok(None), Ok(Some(1.0)), Ok(Some(1)))
        );
    }

    #[test]
    fn a_list_is_one_of_whatever_converts() {
        assert_eq!(numbers([1, 2]), Ok(Some(vec![1.0, 2.0])));
        assert_eq!(numbers(vec![1_u64]), Ok(Some(vec![1.0])));
        let halves: &[f64] = &[1.5];
        assert_eq!(numbers(halves), Ok(Some(vec![1.5])));
        assert_eq!(numbers(None::<[i64; 2]>), Ok(None));
        let empty: [i32; 0] = [];
        assert_eq!(numbers(empty), Ok(Some(Vec::new())));
        let told = numbers([1, u64::MAX]).unwrap_err();
        assert!(told.starts_with("item 2: "), "{told}");
    }

    #[test]
    fn a_list_of_text_is_taken_in_any_form() {
        let (owned, of_one) = (vec!["a".to_owned()], &["a"]);
        let all = [
            texts(["a"]),
            texts(of_one),
            texts(vec!["a"]),
            texts(&["a"][..]),
            texts(&owned),
            texts(&owned[..]),
            texts(Some(["a"])),
            texts(owned.clone()),
        ];
        assert!(all.iter().all(|texts| *texts == owned), "{all:?}");
    }
}
