//! Collections of a platform, from its spec.

use super::{
    Collection, Conversations, ParentList,
    compile::Compiler,
    draft::{self, Draft},
    roles::ModelField,
    shape::{ShapeKind, ValueShape},
};
use crate::{
    hash::{self, mix},
    options::SandboxOptions,
    spec::Spec,
};
use botroster_spec::{pointer, schema::kind};
use serde_json::Value;
use std::collections::BTreeSet;

/// All collections of a platform.
pub(crate) fn collections(
    spec: &Spec,
    scope: &[(String, String)],
    options: &SandboxOptions,
) -> Vec<Collection> {
    let drafts = draft::all(spec, options);
    let builder = CollectionBuilder {
        spec,
        scope,
        surprises: options.surprises,
        contacts: drafts
            .iter()
            .position(|draft| draft.roles.contact && !draft.has_parent()),
        conversations: drafts.iter().position(|draft| {
            draft.roles.conversation && !draft.roles.contact && !draft.has_parent()
        }),
        drafts: &drafts,
    };
    let numbered = drafts.iter().enumerate();
    numbered
        .map(|(number, draft)| builder.collection(number, draft))
        .collect()
}

struct CollectionBuilder<'a> {
    spec: &'a Spec,
    scope: &'a [(String, String)],
    surprises: bool,
    drafts: &'a [Draft<'a>],
    /// The first list of contacts, and the first of conversations.
    contacts: Option<usize>,
    conversations: Option<usize>,
}

impl CollectionBuilder<'_> {
    fn collection(&self, number: usize, draft: &Draft<'_>) -> Collection {
        // Records below a contact refer to that contact, all others to some contact of the first list.
        let above_contact = self.parent_position(draft, |parent| parent.roles.contact);
        let above_talk = self.parent_position(draft, |parent| parent.roles.conversation);
        let refer = |at: Option<usize>| {
            let other = at.filter(|at| *at != number && !draft.roles.contact)?;
            self.drafts.get(other)
        };
        let contact = refer(above_contact.or(self.contacts));
        let conversation = refer(above_talk.or(self.conversations));
        let parent = self.parent(draft);
        Collection {
            name: draft.word.map(|word| word.name.clone()),
            operation: draft.operation,
            with: draft.word.map(|word| word.with.clone()).unwrap_or_default(),
            key: draft.key.clone(),
            count: parent.as_ref().map_or(draft.count, |parent| {
                draft::line(self.drafts, parent.collection).1
            }),
            shape: self.shape(draft, contact, conversation),
            mapping: draft.schema.get("x-maps-to").cloned().unwrap_or_default(),
            roles: draft.roles.clone(),
            updated: draft.word.and_then(|word| word.updated.clone()),
            seeds: draft.seeds.clone(),
            parent,
            edits: BTreeSet::new(),
            seed: draft.seed,
            surprises: self.surprises,
            contacts: contact.map(|other| (other.seed, other.count)),
            conversations: match (above_talk, conversation) {
                (_, None) => Conversations::None,
                (Some(_), Some(_)) => Conversations::Parent,
                (None, Some(other)) => Conversations::Some(other.count),
            },
        }
    }

    /// The position of the parent stream, if it has a role.
    fn parent_position(
        &self,
        draft: &Draft<'_>,
        has_role: impl Fn(&Draft<'_>) -> bool,
    ) -> Option<usize> {
        let parent = draft.word?.parent.as_ref()?;
        let mut drafts = self.drafts.iter();
        drafts.position(|other| other.is(&parent.stream) && has_role(other))
    }

    fn shape(
        &self,
        draft: &Draft<'_>,
        contact: Option<&Draft<'_>>,
        conversation: Option<&Draft<'_>>,
    ) -> ValueShape {
        let ids = |at: &str, field: ModelField, _: &Value| match field {
            ModelField::Id => draft.code(at).cloned(),
            ModelField::ContactId => Some(contact?.key.as_ref()?.code.clone()),
            ModelField::ConversationId => Some(conversation?.key.as_ref()?.code.clone()),
            _ => None,
        };
        let with = draft.word.map(|word| word.with.clone()).unwrap_or_default();
        let compiler = Compiler {
            schemas: &self.spec.schemas,
            roles: &draft.roles,
            scope: self.scope,
            with: &with,
            ids: &ids,
        };
        let mut shape = compiler.compile(&draft.schema);
        let seeds = draft.seeds.as_ref();
        let seeded = seeds.and_then(|seeds| seeds.pointer.as_deref());
        let key = draft.key.iter().map(|key| key.pointer.as_str());
        let others = draft.others.keys().map(String::as_str);
        let bound = draft.bound.iter().map(String::as_str);
        for place in key.chain(others).chain(seeded).chain(bound) {
            force(&mut shape, place);
        }
        shape
    }

    fn parent(&self, draft: &Draft<'_>) -> Option<ParentList> {
        let parent = draft.word?.parent.as_ref()?;
        let collection = self.parent_position(draft, |_| true)?;
        let above = self.drafts.get(collection)?;
        let known = |at: &str| self.spec.schemas.walk(&above.schema, at).is_some();
        let code = |at: &String| match (above.code(at), &above.key) {
            (None, Some(key)) if !known(at) => Some(key.code.clone()),
            (code, _) => code.cloned(),
        };
        let bound = parent.bind.iter();
        Some(ParentList {
            collection,
            codes: bound
                .filter_map(|(name, at)| Some((name.clone(), code(at)?)))
                .collect(),
            bind: parent.bind.clone(),
            key: above.key.as_ref()?.code.clone(),
            line: draft::line(self.drafts, collection).0,
        })
    }
}

/// Makes a property present in every record, with a value that can be requested.
fn force(shape: &mut ValueShape, place: &str) {
    let mut at = shape;
    for token in pointer::tokens(place) {
        let ShapeKind::Object { fields, .. } = &mut at.kind else {
            return;
        };
        let Some((_, next)) = fields.iter_mut().find(|(name, _)| *name == token) else {
            return;
        };
        next.required = true;
        next.nullable = false;
        next.alternative = None;
        if let ShapeKind::Choice { open, .. } = &mut next.kind {
            *open = false;
        }
        at = next;
    }
}

/// Name and value of every scope parameter of a platform.
pub(crate) fn scope(spec: &Spec, seed: u64) -> Vec<(String, String)> {
    let is_number = |name: &String| {
        let mut parameters = spec.operations.iter().flat_map(|one| &one.parameters);
        let declared = parameters.find(|parameter| parameter.name == *name);
        declared.is_some_and(|parameter| kind(&parameter.schema) == Some("integer"))
    };
    let value = |name: &String| {
        let from = mix(mix(seed, hash::text(&spec.platform)), hash::text(name));
        let text = match is_number(name) {
            true => format!("{}", (from >> 16) % 900_000 + 100_000),
            false => format!("sandbox-{:012x}", from >> 16),
        };
        (name.clone(), text)
    };
    spec.scope.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::View, generated::MODELS};

    fn all() -> Vec<(String, Collection)> {
        let options = SandboxOptions {
            users: 57,
            ..SandboxOptions::default()
        };
        let platforms = MODELS.iter().flat_map(|(name, json)| {
            let spec = Spec::read(name, json).unwrap();
            let scope = scope(&spec, options.seed);
            let own = collections(&spec, &scope, &options);
            own.into_iter()
                .map(|collection| ((*name).to_owned(), collection))
        });
        platforms.collect()
    }

    fn views(collection: &Collection) -> Vec<View> {
        match (&collection.parent, &collection.seeds) {
            (Some(_), _) => (0..collection.count).map(View::Children).collect(),
            (_, Some(seeds)) => (0..seeds.parts()).map(View::Row).collect(),
            _ => vec![View::All],
        }
    }

    #[test]
    fn positions_lead_to_indexes_and_back() {
        for (name, collection) in all() {
            let mut seen = BTreeSet::new();
            for view in views(&collection) {
                for position in 0..collection.len(&view) {
                    let index = collection.index(&view, position).unwrap();
                    assert!(collection.has(index), "{name}");
                    assert_eq!(collection.position(&view, index), Some(position));
                    assert!(seen.insert(index));
                }
                assert_eq!(collection.index(&view, collection.len(&view)), None);
            }
            if collection.parent.is_none() {
                assert_eq!(seen.len() as u64, collection.count);
            }
        }
    }

    #[test]
    fn every_key_tells_its_record() {
        for (name, collection) in all() {
            let Some(key) = &collection.key else { continue };
            let view = views(&collection).swap_remove(0);
            for index in
                (0..collection.len(&view)).filter_map(|position| collection.index(&view, position))
            {
                let record = collection.record_as(&collection.shape, index);
                let own = record
                    .pointer(&key.pointer)
                    .map(crate::values::text::plain_text);
                assert_eq!(
                    own.and_then(|own| key.code.index(&own)),
                    Some(index),
                    "{name}: {record}"
                );
                assert_eq!(record, collection.record_as(&collection.shape, index));
            }
        }
    }
}
