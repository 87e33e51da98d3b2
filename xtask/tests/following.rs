//! What is documented changes, and the document follows: on the committed page, and on the published
//! document where it is there (`../shared`).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use serde_json::Value;
use xtask::{
    diff::{self, Class, Diff},
    document::Node,
    finding::Finding,
    pipeline,
    read::Sources,
    report::Report,
    wrapper::{Wrapper, waiting},
};

const PAGE: &str = "openapi/pages/get-task-builder-dataset-status.md";
const DOCUMENT: &str = "openapi/documented/openapi.yaml";
const FACTS: &str = "openapi/prolific.openapi.yaml";
const MANIFEST: &str = "openapi/regen.toml";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A copy of the repository's sources in a separate folder, to be changed.
struct Checkout(tempfile::TempDir);

impl Checkout {
    fn new() -> Self {
        let checkout = Self(tempfile::tempdir().unwrap());
        for file in [PAGE, FACTS, MANIFEST] {
            checkout.write(file, &fs::read_to_string(repository().join(file)).unwrap());
        }
        let wrapper = repository().join("prolific-api-ext/src").display().to_string();
        checkout.replace(MANIFEST, "\"../prolific-api-ext/src\"", &format!("{wrapper:?}"));
        checkout
    }

    /// With the published document in the place that the manifest names for it; none where it is
    /// not at hand.
    fn with_document() -> Option<Self> {
        let published = repository().join("../shared/prolific/official/openapi-2026-07.yml");
        let Ok(text) = fs::read_to_string(&published) else {
            eprintln!("skipped: {} is not there", published.display());
            return None;
        };
        let checkout = Self::new();
        checkout.write(DOCUMENT, &text);
        Some(checkout)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn replace(&self, file: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(old), "{file} has no {old:?}");
        self.write(file, &text.replace(old, new));
    }

    fn make(&self) -> Result<Made, Vec<Finding>> {
        let mut sources = Sources::default();
        let made = pipeline::merged(&mut sources, &self.path(MANIFEST))?;
        Ok(Made { document: made.document, report: made.report })
    }

    fn made(&self) -> Made {
        self.make().unwrap_or_else(|findings| panic!("{findings:#?}"))
    }
}

/// What comes of a checkout.
struct Made {
    document: Node,
    report: Report,
}

impl Made {
    fn json(&self) -> Value {
        serde_json::to_value(&self.document).unwrap()
    }

    fn schema(&self, name: &str) -> Value {
        self.json()["components"]["schemas"][name].clone()
    }

    /// The problems of the warnings of a rule.
    fn told(&self, rule: &str) -> Vec<&str> {
        let warnings = self.report.warnings.iter().filter(|finding| finding.rule == rule);
        warnings.map(|finding| finding.problem.as_str()).collect()
    }

    fn changes_to(&self, after: &Made) -> Diff {
        diff::compare(&self.document, &after.document)
    }
}

/// What comes of the sources as they are.
static OF_FACTS: LazyLock<Made> = LazyLock::new(|| Checkout::new().made());

/// The same with the published document.
static OF_DOCUMENT: LazyLock<Option<Made>> =
    LazyLock::new(|| Checkout::with_document().map(|checkout| checkout.made()));

#[test]
fn a_page_that_changes_is_followed() {
    let status = "        - value: READY\n";
    let property = "        status:\n          $ref: >-";
    let enumeration = "      type: string\n      enum:\n        - value: UNINITIALISED";
    let cases = [
        (
            "a value more",
            status,
            "        - value: READY\n        - value: ARCHIVED\n",
            Class::Additive,
        ),
        ("a value less", status, "", Class::Breaking),
        ("another value", status, "        - value: READYX\n", Class::Breaking),
        (
            "a property more",
            property,
            "        size:\n          type: integer\n        status:\n          $ref: >-",
            Class::Additive,
        ),
        ("another property", property, "        state:\n          $ref: >-", Class::Breaking),
        (
            "another type",
            "            type: string\n        - name: Authorization",
            "            type: integer\n        - name: Authorization",
            Class::Breaking,
        ),
        ("other words", "description: OK", "description: Fine", Class::Documentation),
    ];
    for (what, old, new, class) in cases {
        let checkout = Checkout::new();
        checkout.replace(PAGE, old, new);
        let made = checkout.made();
        let found = OF_FACTS.changes_to(&made).class();
        // The facts have separate texts for everything that this page says.
        let expected = Some(class).filter(|class| *class != Class::Documentation);
        assert_eq!(found, expected, "{what}");
        let told = made.told("facts-differ").len() + made.told("facts-unknown").len();
        assert_eq!(told == 0, expected.is_none(), "{what}");
    }
    let checkout = Checkout::new();
    checkout.replace(PAGE, enumeration, "      type: integer\n      enum:\n        - value: 1");
    checkout.replace(
        PAGE,
        "        - value: PROCESSING\n        - value: READY\n        - value: ERROR\n",
        "",
    );
    assert_eq!(checkout.made().schema("DatasetStatus")["type"], "integer");
}

#[test]
fn a_removed_value_is_reported_with_the_facts_about_it() {
    let checkout = Checkout::new();
    checkout.replace(PAGE, "        - value: READY\n", "");
    let made = checkout.made();
    assert_eq!(
        made.schema("DatasetStatus")["enum"],
        serde_json::json!(["UNINITIALISED", "PROCESSING", "ERROR"])
    );
    let differences = made.told("facts-differ");
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert!(
        differences[0]
            .starts_with("DatasetStatus: the value READY is in the facts, but not documented"),
        "{differences:?}"
    );
    let about_nothing = made.told("facts-about-nothing").join("\n");
    assert!(about_nothing.contains("`x-terminal` refers to the value READY"), "{about_nothing}");
    assert!(about_nothing.contains("`x-meaning` refers to the value READY"), "{about_nothing}");
    let of_wrapper = made.told("wrapper-values");
    assert_eq!(
        of_wrapper,
        ["`DatasetStatus` has a variant for READY, which is no longer documented"]
    );
}

#[test]
fn a_value_unknown_to_the_wrapper_crate_is_reported() {
    let checkout = Checkout::new();
    checkout.replace(
        PAGE,
        "        - value: READY\n",
        "        - value: READY\n        - value: ARCHIVED\n",
    );
    let made = checkout.made();
    let told = made.told("wrapper-values");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("the value ARCHIVED has no variant of `DatasetStatus`"),
        "{told:?}"
    );
}

#[test]
fn a_page_of_an_operation_that_the_facts_have_is_followed_too() {
    let checkout = Checkout::new();
    let page = fs::read_to_string(checkout.path(PAGE)).unwrap();
    let page = page
        .replace("/api/v1/data-collection/datasets/{dataset_id}/status", "/api/v1/users/me/")
        .replace("get-task-builder-dataset-status", "users_GetUser")
        .replace("        - name: dataset_id\n          in: path\n          description: The unique identifier of the AI Task Builder dataset\n          required: true\n          schema:\n            type: string\n", "")
        .replace("        status:\n          $ref: >-", "        id:\n          type: string\n        state:\n          $ref: >-");
    checkout.write("openapi/pages/get-user.md", &page);
    assert_eq!(checkout.made().told("unnamed-files").len(), 1);
    checkout.replace(
        MANIFEST,
        "# The facts, in",
        "[[source]]\nfile = \"pages/get-user.md\"\n\n# The facts, in",
    );
    let made = checkout.made();
    assert!(made.told("unnamed-files").is_empty());
    let user = made.schema("User");
    assert!(user["properties"]["state"].is_object(), "{user}");
    // What the facts know from the command line stays, and the operation keeps its id and tag.
    assert!(user["properties"]["name"].is_object(), "{user}");
    let operation = &made.json()["paths"]["/api/v1/users/me/"]["get"];
    assert_eq!(
        (&operation["operationId"], &operation["tags"][0]),
        (&"get-user".into(), &"users".into())
    );
    assert!(OF_FACTS.changes_to(&made).class() >= Some(Class::Additive));
}

#[test]
fn a_page_can_not_make_a_payment_repeatable() {
    let checkout = Checkout::new();
    let page = fs::read_to_string(checkout.path(PAGE)).unwrap();
    let page = page
        .replace(
            "GET https://api.prolific.com/api/v1/data-collection/datasets/{dataset_id}/status\n",
            "POST https://api.prolific.com/api/v1/data-collection/datasets/{dataset_id}/pay\n",
        )
        .replace(
            "/datasets/{dataset_id}/status:\n    get:",
            "/datasets/{dataset_id}/pay:\n    post:\n      x-retry: safe\n      x-source: cli",
        )
        .replace("operationId: get-task-builder-dataset-status", "operationId: pay-dataset");
    checkout.write("openapi/pages/pay.md", &page);
    checkout.replace(
        MANIFEST,
        "# The facts, in",
        "[[source]]\nfile = \"pages/pay.md\"\n\n# The facts, in",
    );
    let made = checkout.made();
    let path = "/api/v1/data-collection/datasets/{dataset_id}/pay";
    let operation = &made.json()["paths"][path]["post"];
    assert_eq!(operation["x-retry"], Value::Null);
    assert_eq!(operation["x-documented-retry"], "safe");
    let documented = made.told("facts-unknown");
    assert_eq!(documented, ["pay-dataset: documented, but not in the facts"]);
}

#[test]
fn what_has_not_been_fetched_is_filled_by_the_facts() {
    let checkout = Checkout::new();
    assert_eq!(OF_FACTS.told("absent-sources").len(), 1);
    fs::remove_file(checkout.path(PAGE)).unwrap();
    let made = checkout.made();
    assert_eq!(made.told("absent-sources").len(), 2);
    assert_eq!(OF_FACTS.changes_to(&made).class(), Some(Class::Documentation));
}

#[test]
fn an_unreadable_page_is_an_error_unless_the_whole_document_is_there() {
    let checkout = Checkout::new();
    checkout.write(PAGE, "# Page Not Found\n");
    assert!(checkout.make().is_err());
    let Some(checkout) = Checkout::with_document() else {
        return;
    };
    checkout.write(PAGE, "# Page Not Found\n");
    assert!(!checkout.made().told("read").is_empty());
}

#[test]
fn the_published_document_changes_no_name_and_breaks_nothing() {
    let Some(with) = &*OF_DOCUMENT else {
        return;
    };
    let without = &*OF_FACTS;
    let names = |made: &Made| {
        let schemas = made.json()["components"]["schemas"].as_object().unwrap().clone();
        schemas.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(without), names(with));
    assert_eq!(without.changes_to(with).class(), Some(Class::Additive));
    // Nothing needs a decision as long as neither changes.
    assert_eq!(with.told("facts-differ"), Vec::<&str>::new());
    assert_eq!(with.told("facts-about-nothing"), Vec::<&str>::new());
    assert_eq!(with.told("copies-apart"), Vec::<&str>::new());
    let removed = with.report.rows().find(|row| row.rule == "removed-operations").unwrap();
    assert_eq!(removed.changes.len(), 2);
}

#[test]
fn the_published_document_is_followed_when_it_changes() {
    let user = "        email:\n          type: string\n      required:\n        - id\n        - email\n      title: User\n";
    let operation = "  /api/v1/users/me/:\n";
    let new_operation = "  /api/v1/kettles/:\n    get:\n      operationId: get-kettles\n      tags:\n        - users\n      responses:\n        '204':\n          description: None\n  /api/v1/users/me/:\n";
    let changes = [
        (
            "a value more",
            "        - READY\n",
            "        - READY\n        - ARCHIVED\n",
            Class::Additive,
        ),
        ("a value less", "        - READY\n", "", Class::Breaking),
        (
            "a property more",
            user,
            "        email:\n          type: string\n        nick:\n          type: string\n      required:\n        - id\n        - email\n      title: User\n",
            Class::Additive,
        ),
        ("a property less", user, "      title: User\n", Class::Breaking),
        (
            "another type",
            user,
            "        email:\n          type: integer\n      title: User\n",
            Class::Breaking,
        ),
        ("an operation more", operation, new_operation, Class::Additive),
        ("an operation less", operation, "  /api/v1/users/you/:\n", Class::Breaking),
    ];
    for (what, old, new, class) in changes {
        let (Some(before), Some(checkout)) = (&*OF_DOCUMENT, Checkout::with_document()) else {
            return;
        };
        checkout.replace(DOCUMENT, old, new);
        let made = checkout.made();
        let found = before.changes_to(&made).class();
        assert_eq!(found, Some(class), "{what}");
        let rules = ["facts-differ", "facts-unknown", "gone-operations"];
        let told: usize = rules.iter().map(|rule| made.told(rule).len()).sum();
        assert!(told > 0, "{what} is reported");
    }
}

#[test]
fn a_new_operation_of_the_document_has_the_tag_that_the_facts_have_for_its_own() {
    let Some(checkout) = Checkout::with_document() else {
        return;
    };
    checkout.replace(
        DOCUMENT,
        "  /api/v1/users/me/:\n",
        "  /api/v1/kettles/:\n    get:\n      operationId: webhooks_GetKettles\n      tags:\n        - webhooks\n      responses:\n        '204':\n          description: None\n  /api/v1/users/me/:\n",
    );
    let operation = checkout.made().json()["paths"]["/api/v1/kettles/"]["get"].clone();
    assert_eq!(operation["tags"], serde_json::json!(["hooks"]));
    assert_eq!(operation["security"], serde_json::json!([{ "token": [] }]));
}

#[test]
fn a_slash_at_the_end_of_a_path_makes_no_other_operation_of_it() {
    let Some(checkout) = Checkout::with_document() else {
        return;
    };
    checkout.replace(DOCUMENT, "  /api/v1/users/me/:\n", "  /api/v1/users/me:\n");
    let made = checkout.made();
    assert_eq!(made.json()["paths"]["/api/v1/users/me"]["get"]["operationId"], "get-user");
    assert_eq!(made.json()["paths"]["/api/v1/users/me/"], Value::Null);
    let told = made.told("facts-differ");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("get-user: documented as /api/v1/users/me, but"), "{told:?}");
}

#[test]
fn a_breaking_change_names_the_methods_that_wait_for_a_decision() {
    let checkout = Checkout::new();
    checkout.replace(
        PAGE,
        "        status:\n          $ref: >-",
        "        state:\n          $ref: >-",
    );
    let made = checkout.made();
    let mut sources = Sources::default();
    let wrapper = Wrapper::read(&mut sources, &repository().join("prolific-api-ext/src")).unwrap();
    let changes = OF_FACTS.changes_to(&made);
    let told = waiting(&wrapper, &changes, (&OF_FACTS.document, &made.document), &sources);
    assert!(told.contains("- `datasets().status` ("), "{told}");
    assert!(told.contains("`DatasetStatusResponse`: property `status` removed"), "{told}");
    assert!(!told.contains("studies()"), "{told}");
}

#[test]
fn a_documented_source_that_is_no_document_is_refused() {
    for text in [
        "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: []\n",
        "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {}\n",
        "openapi: 3.1.0\ninfo: {title: x, version: '1'}\nservers: [{url: 'https://api.prolific.com'}]\npaths:\n  /api/v1/users/me/:\n    get:\n      operationId: get-user\n      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}\ncomponents:\n  schemas:\n    A: {allOf: [{$ref: '#/components/schemas/B'}]}\n    B: {allOf: [{$ref: '#/components/schemas/A'}]}\n",
    ] {
        let checkout = Checkout::new();
        checkout.write(DOCUMENT, text);
        assert!(checkout.make().is_err(), "{text}");
    }
}

#[test]
fn a_refused_page_is_an_error_if_the_whole_document_lacks_its_operation() {
    let Some(checkout) = Checkout::with_document() else {
        return;
    };
    checkout.write(
        "openapi/pages/wallet.yaml",
        "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /api/v1/wallets/{id}/:\n    post:\n      operationId: fill-wallet\n      responses: {'204': {description: Done.}}\n",
    );
    checkout.replace(
        MANIFEST,
        "# The facts, in",
        "[[source]]\nfile = \"pages/wallet.yaml\"\n\n# The facts, in",
    );
    assert!(checkout.make().is_err());
}
