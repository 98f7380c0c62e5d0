use serde_json::Value;

use crate::error::MappingError;
use crate::evaluate::FromExpression;
use crate::expression::Expression;
use crate::field::{CommonModel, FieldInfo};

/// The fields of one model type that a mapping describes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MappedFields {
    fields: Vec<(FieldInfo, Expression)>,
}

/// A model type that can be built from a record.
pub(crate) trait MappedModel: CommonModel {
    fn from_record(fields: &MappedFields, record: &Value) -> Self;
}

impl MappedFields {
    pub(crate) fn parse<T: CommonModel>(
        model: &str,
        description: &Value,
    ) -> Result<Self, MappingError> {
        let Value::Object(described) = description else {
            return Err(MappingError::new(model, "expected an object of fields"));
        };
        let mut fields = Vec::with_capacity(described.len());
        for (name, value) in described {
            let at = format!("{model}.{name}");
            let Some(field) = T::FIELDS.iter().find(|field| field.name == name) else {
                let known: Vec<_> = T::FIELDS.iter().map(|field| field.name).collect();
                return Err(MappingError::new(
                    &at,
                    format!("unknown field; the fields are {}", known.join(", ")),
                ));
            };
            fields.push((*field, Expression::parse(&at, field.kind, value)?));
        }
        Ok(Self { fields })
    }

    pub(crate) fn read<T: FromExpression>(&self, field: &str, record: &Value) -> T {
        self.fields
            .iter()
            .find(|(described, _)| described.name == field)
            .and_then(|(described, expression)| T::read(expression, described.kind, record))
            .unwrap_or_default()
    }
}
