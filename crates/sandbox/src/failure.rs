//! Why a request is refused, before it is put in the platform's words.

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) message: String,
    /// The parameters or properties it is about; they choose the platform's error code.
    pub(crate) about: Vec<String>,
    /// Seconds until the same request would be let through.
    pub(crate) retry_after: Option<u64>,
}

impl Failure {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            about: Vec::new(),
            retry_after: None,
        }
    }

    /// A 400 about one parameter or property.
    pub(crate) fn bad(about: &str, message: impl Into<String>) -> Self {
        Self {
            about: vec![about.to_owned()],
            ..Self::new(400, message)
        }
    }

    pub(crate) fn about<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.about.extend(names.into_iter().map(str::to_owned));
        self
    }
}
