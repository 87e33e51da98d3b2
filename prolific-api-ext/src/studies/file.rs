//! Studies in files: the templates of the official command line, JSON and TOML.

use std::{fmt, path::Path};

use serde::{Deserializer, Serialize, de::DeserializeOwned};
use serde_path_to_error::Segment;
use tokio::io::AsyncReadExt as _;

use super::{NewStudy, StudyChange};
use crate::{Error, ErrorKind, Result};

/// How large a file may be, in bytes: a study has a description, not a book.
const LARGEST: u64 = 1 << 20;

/// How a file is written, by the end of its name.
#[derive(Clone, Copy)]
enum Format {
    Json,
    #[cfg(feature = "toml")]
    Toml,
}

impl Format {
    fn of(path: &Path) -> Result<Self> {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        match extension.to_str() {
            Some("json") => Ok(Self::Json),
            #[cfg(feature = "toml")]
            Some("toml") => Ok(Self::Toml),
            #[cfg(not(feature = "toml"))]
            Some("toml") => Err(unusable(path, "TOML needs the feature `toml` of this crate")),
            _ => Err(unusable(path, "its name ends in neither .json nor .toml")),
        }
    }
}

fn unusable(path: &Path, why: &str) -> Error {
    Error::invalid_input(format!("{} can't be used: {why}", path.display()))
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    let message = format!("{}: {error}", path.display());
    Error::builder(ErrorKind::File).message(message).build().caused_by(error)
}

async fn text_of(path: &Path) -> Result<String> {
    let file = tokio::fs::File::open(path).await.map_err(|error| failed(path, error))?;
    let mut text = String::new();
    // Whatever it says of its length: it may be a pipe.
    let read = file.take(LARGEST + 1).read_to_string(&mut text).await;
    if read.map_err(|error| failed(path, error))? as u64 > LARGEST {
        return Err(unusable(path, &format!("it is larger than {LARGEST} bytes")));
    }
    Ok(text)
}

/// A place in a text, counted from 1.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

impl Place {
    /// Where an error of JSON occurred; `None` if that was not in a text.
    fn of(error: &serde_json::Error) -> Option<Self> {
        (error.line() > 0).then(|| Self { line: error.line(), column: error.column() })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column } = self;
        write!(f, "line {line}, column {column}")
    }
}

/// The error of a field that can't be read. The place comes first, as a long reason is cut.
fn unreadable(path: &[Segment], place: Option<Place>, why: &str) -> Error {
    let mut field = String::new();
    for segment in path {
        let dot = if field.is_empty() || matches!(segment, Segment::Seq { .. }) { "" } else { "." };
        field += &format!("{dot}{segment}");
    }
    let what = if path.is_empty() { "the study".to_owned() } else { format!("`{field}`") };
    let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
    let why = crate::error::excerpt(why);
    Error::invalid_input(format!("{place}{what} can't be read: {why}"))
}

/// Reads a request; an error says which field can't be read, and where it is by `find`.
fn read<'de, T, D>(
    from: D,
    find: impl FnOnce(&[Segment], &serde_json::Error) -> Option<Place>,
) -> Result<T>
where
    T: DeserializeOwned,
    D: Deserializer<'de, Error = serde_json::Error>,
{
    serde_path_to_error::deserialize(from).map_err(|error| {
        let mut path: Vec<Segment> = error.path().iter().cloned().collect();
        let (why, inner) = (error.inner().to_string(), error.inner());
        // The path ends above a field that is not known.
        let unknown = why.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
        path.extend(unknown.map(|(key, _)| Segment::Map { key: key.to_owned() }));
        // Its text ends with the place.
        let place = format!(" at line {} column {}", inner.line(), inner.column());
        unreadable(&path, find(&path, inner), why.strip_suffix(&place).unwrap_or(&why))
    })
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut json = serde_json::Deserializer::from_str(text);
    let study = read(&mut json, |_, error| Place::of(error))?;
    json.end().map_err(|error| {
        let place = Place::of(&error).map(|place| format!("{place}: ")).unwrap_or_default();
        Error::invalid_input(format!("{place}there is more text after the study"))
    })?;
    Ok(study)
}

/// JSON has no NaN, so what is written is read back and compared.
fn to_json<T: Serialize + DeserializeOwned + PartialEq>(study: &T) -> Result<String> {
    let text = serde_json::to_string_pretty(study).map_err(unwritable)? + "\n";
    match from_json::<T>(&text).is_ok_and(|read| read == *study) {
        true => Ok(text),
        false => Err(unwritable("it has a number that is not finite")),
    }
}

fn unwritable(why: impl std::fmt::Display) -> Error {
    Error::invalid_input(format!("the study can't be written: {why}"))
}

#[cfg(feature = "toml")]
mod as_toml {
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Map, Number, Value};
    use serde_path_to_error::Segment;
    use toml::de::{DeTable, DeValue};

    use super::{Place, Result, read, unreadable, unwritable};
    use crate::Error;

    pub(super) fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let place = place_at(text, error.span().map_or(0, |span| span.start));
            Error::invalid_input(format!("{place} is not TOML: {}", error.message()))
        })?;
        let json =
            json_of(toml::Value::Table(table)).map_err(|NotFinite { number, mut path }| {
                path.reverse();
                unreadable(&path, place_of(text, &path), &format!("{number} is not a number"))
            })?;
        read(json, |path, _| place_of(text, path))
    }

    /// The place of a byte.
    fn place_at(text: &str, byte: usize) -> Place {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }

    /// The place of the value at a path, or of the innermost one around it; `None` for that of all.
    fn place_of(text: &str, path: &[Segment]) -> Option<Place> {
        let mut value = &DeValue::Table(DeTable::parse(text).ok()?.into_inner());
        let mut place = None;
        for segment in path {
            let inner = match segment {
                Segment::Map { key } => value.get(key.as_str()),
                Segment::Seq { index } => value.get(*index),
                Segment::Enum { .. } | Segment::Unknown => None,
            };
            let Some(inner) = inner else { break };
            place = Some(place_at(text, inner.span().start));
            value = inner.get_ref();
        }
        place
    }

    /// A number that JSON does not have.
    struct NotFinite {
        number: f64,
        /// Where it is, beginning with the innermost segment.
        path: Vec<Segment>,
    }

    impl NotFinite {
        fn within(mut self, segment: Segment) -> Self {
            self.path.push(segment);
            self
        }
    }

    /// TOML as JSON: a point in time is a text there, and NaN is nothing.
    fn json_of(value: toml::Value) -> std::result::Result<Value, NotFinite> {
        Ok(match value {
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Boolean(is_so) => is_so.into(),
            toml::Value::Datetime(time) => time.to_string().into(),
            toml::Value::Float(number) => {
                let finite = Number::from_f64(number).map(Value::Number);
                finite.ok_or(NotFinite { number, path: Vec::new() })?
            }
            toml::Value::Array(values) => {
                let values = values.into_iter().enumerate().map(|(index, value)| {
                    json_of(value).map_err(|error| error.within(Segment::Seq { index }))
                });
                values.collect::<std::result::Result<Vec<_>, _>>()?.into()
            }
            toml::Value::Table(table) => {
                let members = table.into_iter().map(|(key, value)| match json_of(value) {
                    Ok(json) => Ok((key, json)),
                    Err(error) => Err(error.within(Segment::Map { key })),
                });
                members.collect::<std::result::Result<Map<_, _>, _>>()?.into()
            }
        })
    }

    /// TOML has no null, so what is written is read back and compared.
    pub(super) fn to_toml<T>(study: &T) -> Result<String>
    where
        T: Serialize + DeserializeOwned + PartialEq,
    {
        let text = toml::to_string_pretty(study).map_err(unwritable)?;
        match from_toml::<T>(&text).is_ok_and(|read| read == *study) {
            true => Ok(text),
            false => Err(unwritable("TOML has no null, and JSON has no NaN: is a field cleared?")),
        }
    }
}

/// What reads and writes is `#[inline]`, so that programs without study files don't wait for it to compile:
/// it goes through every field of a study, for each format.
macro_rules! files {
    ($request:ident) => {
        impl $request {
            /// Reads JSON: the body that the API is sent, as the templates of the official command
            /// line are.
            ///
            /// It is not checked here but when it is sent; see [`issues`](Self::issues).
            ///
            /// # Errors
            ///
            /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), naming line, column and
            /// field, if a field has another type, is needed and missing, or is not known.
            #[inline]
            pub fn from_json(text: &str) -> Result<Self> {
                from_json(text)
            }

            /// Writes JSON that [`from_json`](Self::from_json) reads.
            ///
            /// # Errors
            ///
            /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if a number is not finite.
            #[inline]
            pub fn to_json(&self) -> Result<String> {
                to_json(self)
            }

            /// Reads TOML: the same fields as in JSON.
            ///
            /// # Errors
            ///
            /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), naming line, column and
            /// field, if it is not TOML, or a field has another type, is needed and missing, or is
            /// not known.
            #[cfg(feature = "toml")]
            #[cfg_attr(docsrs, doc(cfg(feature = "toml")))]
            #[inline]
            pub fn from_toml(text: &str) -> Result<Self> {
                as_toml::from_toml(text)
            }

            /// Writes TOML that [`from_toml`](Self::from_toml) reads.
            ///
            /// # Errors
            ///
            /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if a number is not finite,
            /// or a change clears something: TOML has no null.
            #[cfg(feature = "toml")]
            #[cfg_attr(docsrs, doc(cfg(feature = "toml")))]
            #[inline]
            pub fn to_toml(&self) -> Result<String> {
                as_toml::to_toml(self)
            }

            /// Reads a file of at most 1 MiB, JSON or TOML by its extension.
            ///
            /// # Errors
            ///
            /// Returns [`File`](crate::ErrorKind::File) if it can't be read;
            /// [`InvalidInput`](crate::ErrorKind::InvalidInput) as of
            /// [`from_json`](Self::from_json), and of any other name.
            pub async fn from_file(path: impl AsRef<Path>) -> Result<Self> {
                let path = path.as_ref();
                let format = Format::of(path)?;
                let text = text_of(path).await?;
                let study = match format {
                    Format::Json => Self::from_json(&text),
                    #[cfg(feature = "toml")]
                    Format::Toml => Self::from_toml(&text),
                };
                study.map_err(|error| unusable(path, &error.to_string()))
            }

            /// Writes a file, JSON or TOML by its extension, replacing an existing one.
            ///
            /// # Errors
            ///
            /// Returns [`File`](crate::ErrorKind::File) if it can't be written;
            /// [`InvalidInput`](crate::ErrorKind::InvalidInput) as of [`to_json`](Self::to_json),
            /// and of any other name.
            pub async fn to_file(&self, path: impl AsRef<Path>) -> Result<()> {
                let path = path.as_ref();
                let text = match Format::of(path)? {
                    Format::Json => self.to_json()?,
                    #[cfg(feature = "toml")]
                    Format::Toml => self.to_toml()?,
                };
                tokio::fs::write(path, text).await.map_err(|error| failed(path, error))
            }
        }
    };
}

files!(NewStudy);
files!(StudyChange);
