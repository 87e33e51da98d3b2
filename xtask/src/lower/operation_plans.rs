use std::collections::{BTreeMap, BTreeSet};

use super::reach::{carried_by, schemas_of};
use crate::{
    document::{
        Document, JSON, Key, Node, Operation, Pointer, builder_name, essence, is_json, method_name,
        operations, type_name,
    },
    pagination::Pagination,
    plan::{
        AnswerForm, AnswerPlan, BodyForm, BodyPlan, OperationPlan, ParameterPlace, ParameterPlan,
        WireName,
    },
    published::is_published,
    retry::RetrySafety,
    variant::requested,
};

/// The extension that names the field of a body by which the server tells a repetition.
const IDEMPOTENCY_KEY: &str = "x-idempotency-key";

/// What lowering removes from the document and the operation plans keep.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// The media types that bodies are sent under, by the place of the body.
    pub(super) media_types: BTreeMap<Pointer, String>,
    /// The success statuses without a body, for operations where others have one, by the
    /// operation's position.
    pub(super) empty_statuses: BTreeMap<Pointer, Vec<String>>,
    /// What is spelled out, that the generator tells it apart.
    pub(super) wire_names: Vec<WireName>,
}

/// The plans of the operations as they are documented: what lowering may change comes later.
pub(super) fn documented(document: &Node) -> Vec<OperationPlan> {
    operations(document).filter_map(|operation| of_documented(document, &operation)).collect()
}

fn of_documented(document: &Node, operation: &Operation<'_>) -> Option<OperationPlan> {
    let operation_id = operation.id()?;
    let tags = operation.node.get("tags").into_iter().flat_map(Node::items);
    Some(OperationPlan {
        pointer: operation.pointer(),
        operation_id: operation_id.to_owned(),
        name: method_name(operation_id),
        builder: builder_name(operation_id),
        tag: tags.filter_map(Node::as_str).next().map(str::to_owned),
        method: operation.method.to_uppercase(),
        path: requested(operation.path).to_owned(),
        summary: None,
        description: None,
        parameters: Vec::new(),
        body: operation
            .node
            .get("requestBody")
            .map(|body| documented_body(document, operation, body)),
        answers: Vec::new(),
        retry: RetrySafety::of(operation),
        pagination: Pagination::of(operation),
        idempotency_key: operation.node.get_str(IDEMPOTENCY_KEY).map(str::to_owned),
        types: BTreeSet::new(),
        sent: BTreeSet::new(),
        received: BTreeSet::new(),
        is_published: is_published(operation),
        is_deprecated: operation.node.is_true("deprecated"),
    })
}

fn documented_body(document: &Node, operation: &Operation<'_>, body: &Node) -> BodyPlan {
    let at = place_of(body, operation.pointer().join("requestBody"));
    let resolved = Document(document).resolve(body);
    let content = resolved.and_then(|body| body.get("content"));
    let json = content.and_then(|all| all.members().find(|(media, _)| is_json(media)));
    let documented = json.and_then(|(media, node)| {
        let at = at.join("content").join(&**media).join("schema");
        Some(place_of(node.get("schema")?, at))
    });
    BodyPlan {
        form: BodyForm::Bytes,
        media_type: None,
        is_required: resolved.is_some_and(|body| body.is_true("required")),
        description: None,
        documented,
    }
}

/// The position of a node: the target of its reference, or its own position.
fn place_of(node: &Node, at: Pointer) -> Pointer {
    node.reference_target().and_then(Pointer::from_reference).unwrap_or(at)
}

/// Adds what the lowered document says of the operations.
pub(super) fn settle(plans: &mut [OperationPlan], lowered: &Node, notes: &Notes) {
    let operations: BTreeMap<Pointer, Operation<'_>> =
        operations(lowered).map(|operation| (operation.pointer(), operation)).collect();
    for plan in plans {
        let Some(operation) = operations.get(&plan.pointer) else {
            continue;
        };
        let node = operation.node;
        plan.types = schemas_of(lowered, operation).iter().map(|name| type_name(name)).collect();
        (plan.sent, plan.received) = carried_by(lowered, node);
        let text = |key: &str| node.get_str(key).map(str::to_owned);
        (plan.summary, plan.description) = (text("summary"), text("description"));
        let parameters = node.get("parameters").into_iter().flat_map(Node::items);
        let parameters = parameters.filter_map(|it| parameter(lowered, it));
        plan.parameters = parameters.collect();
        let path = plan.path.clone();
        plan.parameters.sort_by_key(|parameter| order_of(parameter, &path));
        if let (Some(of_body), Some(body)) = (&mut plan.body, node.get("requestBody")) {
            let at = place_of(body, plan.pointer.join("requestBody"));
            settle_body(of_body, lowered, body, notes.media_types.get(&at));
        }
        let responses = node.get("responses").into_iter().flat_map(Node::members);
        plan.answers = responses.filter_map(|(status, it)| answer(lowered, status, it)).collect();
        let empty = notes.empty_statuses.get(&plan.pointer).into_iter().flatten();
        plan.answers.extend(
            empty.map(|status| AnswerPlan { status: status.parse().ok(), form: AnswerForm::Empty }),
        );
        plan.answers.sort_by_key(|answer| answer.status);
    }
}

/// What is said of the tags, by their names.
pub(super) fn described_tags(document: &Node) -> BTreeMap<String, String> {
    let tags = document.get("tags").into_iter().flat_map(Node::items);
    let text = |tag: &Node, key| tag.get_str(key).map(str::to_owned);
    tags.filter_map(|tag| Some((text(tag, "name")?, text(tag, "description")?))).collect()
}

/// The variables of the path in their order, then the others by their names.
fn order_of(parameter: &ParameterPlan, path: &str) -> (ParameterPlace, usize, String) {
    let name = &parameter.wire_name;
    let at = match parameter.place {
        ParameterPlace::Path => path.find(&format!("{{{name}}}")).unwrap_or(usize::MAX),
        _ => 0,
    };
    (parameter.place, at, name.clone())
}

fn parameter(lowered: &Node, node: &Node) -> Option<ParameterPlan> {
    let name = node.get_str("name")?;
    let place = match node.get_str("in")? {
        "path" => ParameterPlace::Path,
        "query" => ParameterPlace::Query,
        "header" => ParameterPlace::Header,
        // What a cookie carries is the caller's.
        _ => return None,
    };
    Some(ParameterPlan {
        wire_name: name.to_owned(),
        setter: method_name(name),
        place,
        is_required: place == ParameterPlace::Path || node.is_true("required"),
        is_deprecated: node.is_true("deprecated"),
        description: node.get_str("description").map(str::to_owned),
        sample: sample(lowered, name, place, node),
    })
}

/// A value that the setter of a parameter takes; a variable of a path is called by its name.
fn sample(lowered: &Node, name: &str, place: ParameterPlace, node: &Node) -> String {
    if place == ParameterPlace::Path {
        return format!("{:?}", format!("a-{}", name.replace('_', "-")));
    }
    let schema = node.get("schema").and_then(|schema| Document(lowered).resolve(schema));
    let values = schema.and_then(|schema| schema.get("enum"));
    if let Some(text) = values.and_then(|values| values.items().next()?.as_str()) {
        return format!("{text:?}");
    }
    let text = match schema.and_then(|schema| schema.get_str("type")) {
        Some("integer") => "1",
        Some("boolean") => "true",
        Some("number") => "1.5",
        _ => "\"x\"",
    };
    text.to_owned()
}

fn settle_body(plan: &mut BodyPlan, lowered: &Node, body: &Node, media_type: Option<&String>) {
    let Some(body) = Document(lowered).resolve(body) else {
        return;
    };
    plan.description = body.get_str("description").map(str::to_owned);
    let Some((media, _)) = body.get("content").and_then(|content| content.members().next()) else {
        return;
    };
    plan.form = match essence(media) {
        JSON => BodyForm::Json,
        "application/x-www-form-urlencoded" => BodyForm::Form,
        "text/plain" | "text/x-markdown" => BodyForm::Text,
        _ => BodyForm::Bytes,
    };
    let said = media_type.cloned().unwrap_or_else(|| media.to_string());
    // A parameter says what its name alone doesn't.
    plan.media_type = (!said.is_empty()).then_some(said);
}

fn answer(lowered: &Node, status: &Key, node: &Node) -> Option<AnswerPlan> {
    let is_success = status.starts_with('2') || &**status == "default";
    let node = Document(lowered).resolve(node).filter(|_| is_success)?;
    let media = node.get("content").and_then(|content| content.members().next());
    let form = match media {
        None => AnswerForm::Empty,
        Some((media, _)) if is_json(media) => AnswerForm::Json,
        Some(_) => AnswerForm::Bytes,
    };
    Some(AnswerPlan { status: status.parse().ok(), form })
}
