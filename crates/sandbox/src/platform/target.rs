//! What the operations of a platform do.

use crate::data::shape::ValueShape;
use botroster_spec::model::Change;

/// What an operation does.
#[derive(Debug)]
pub(crate) enum OperationTarget {
    /// Lists the collections that name the operation.
    List,
    /// Returns one record.
    Read {
        collection: usize,
        parameter: String,
        shape: ValueShape,
    },
    Write {
        collection: usize,
        /// The parameter with the record's id; none for a new record.
        parameter: Option<String>,
        change: Change,
        pointer: String,
        /// Set if the response is the record itself.
        shape: Option<ValueShape>,
    },
    Csv {
        collection: usize,
        columns: Vec<CsvColumn>,
    },
    /// Anything else: the response is made from its schema alone.
    Other(Option<ValueShape>),
}

/// A column of a CSV response.
#[derive(Debug, Clone)]
pub(crate) struct CsvColumn {
    pub(crate) headline: String,
    pub(crate) property: String,
    pub(crate) source: ColumnSource,
}

#[derive(Debug, Clone)]
pub(crate) enum ColumnSource {
    /// A pointer into the listed record.
    Record(String),
    /// A value that only the export contains.
    Export(Box<ValueShape>),
}
