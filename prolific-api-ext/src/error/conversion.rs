use prolific_api::BuildError;

use super::Error;

/// Converts an error of a raw builder, for a missing field or an invalid value, into
/// [`InvalidInput`](crate::ErrorKind::InvalidInput).
impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self::invalid_input(format!("the request can't be built: {error}")).caused_by(error)
    }
}

#[cfg(test)]
mod tests {
    use prolific_api::types::InstructionInput;

    use crate::{ErrorKind, Result};

    fn built() -> Result<InstructionInput> {
        Ok(InstructionInput::builder().description("Which bird?").try_into()?)
    }

    #[test]
    fn a_request_that_lacks_a_field_is_invalid_input_and_says_which() {
        let error = built().unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
        assert!(error.to_string().contains("`type` is not set"), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}
