//! What is generated of documents that other generators stumble over: parts of the code, written without
//! blanks.

use std::{fs, path::Path};

use xtask::{
    diff::compare,
    manifest::Settings,
    pipeline::{fix, make},
    read::Sources,
};

use crate::without_a_rule::is_met;

/// What becomes of a document.
enum Becomes {
    /// Code with these parts.
    Code(&'static [&'static str]),
    /// Code, with a warning at a place in these words.
    Warned(&'static str, &'static str),
    /// Nothing: it is refused at a place, in these words.
    Refused(&'static str, &'static str),
}

use Becomes::{Code, Refused, Warned};

/// The generated code of a document, which is in a file of a folder.
fn hold(folder: &Path, file: &str, becomes: &Becomes) {
    let manifest = folder.join("regen.toml");
    let text = format!(
        "[document]\ntitle = 'T'\nversion = '1'\n[[source]]\nfile = '{file}'\n[output]\ndocument = 'd.json'\nclient = 'c'\n"
    );
    fs::write(&manifest, text).unwrap();
    let mut sources = Sources::default();
    match (becomes, make(&mut sources, &manifest, "cargo xtask regen")) {
        (Code(parts), Ok(made)) => {
            let client = made.outputs.iter().map(|output| &*output.content);
            let code: String = client.flat_map(str::split_whitespace).collect();
            for part in *parts {
                let is_there = !part.starts_with("not:");
                let part = part.trim_start_matches("not:");
                assert_eq!(code.contains(part), is_there, "{file}: {part}: {code}");
            }
        }
        (Warned(at, words), Ok(made)) => {
            assert!(
                is_met(&made.report.warnings, at, words),
                "{file}: {:#?}",
                made.report.warnings
            );
        }
        (Refused(at, words), Err(found)) => {
            assert!(is_met(&found, at, words), "{file}: {found:#?}");
        }
        (_, Err(found)) => panic!("{file}: {found:#?}"),
        (_, Ok(_)) => panic!("{file} is taken"),
    }
}

/// What becomes of an operation `post` of `/a` and of schemas.
const OWN: &[(&str, &str, &str, Becomes)] = &[
    (
        "what an extension of lowering says in a source changes nothing",
        "x-empty-statuses: ['200']\nrequestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/B'}, x-media-type: text/plain}}}\nresponses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}",
        "B: {type: object, properties: {b: {type: string}}}",
        Code(&[
            "RequestBody::required(BodyKind::Json,Some(\"application/json\"))",
            "ResponseValue<types::BAnswer>",
        ]),
    ),
    (
        "an inline body has the three states of null, and can empty a list",
        "requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {n: {type: integer, nullable: true}, l: {type: array, items: {type: string}}}}}}}\nresponses: {'204': {description: d}}",
        "B: {type: string}",
        Code(&["l:optional_list::std::string::String,", "n:nullablei64,"]),
    ),
    (
        "redirections and refusals alone are no success",
        "responses: {'302': {description: There}, '404': {description: No}}",
        "B: {type: string}",
        Code(&["Output=Result<ResponseValue<ByteStream>,Error>"]),
    ),
    (
        "a blank value is one of the values, and null is none",
        "responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/House'}}}}}",
        "House: {type: object, properties: {k: {nullable: true, oneOf: [{$ref: '#/components/schemas/K'}, {$ref: '#/components/schemas/Blank'}, {$ref: '#/components/schemas/None'}]}}}\nK: {type: string, enum: [one]}\nBlank: {enum: ['']}\nNone: {enum: [null]}",
        Code(&[
            "pubk:::std::option::Option<crate::types::HouseK>",
            "One=\"one\"",
            "Empty=\"\"",
            "not:Null=",
        ]),
    ),
    (
        "a boolean of one value is a constant of requests",
        "requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}\nresponses: {'204': {description: d}}",
        "B: {type: object, required: [yes, no, open], properties: {yes: {const: true}, no: {type: boolean, enum: [false]}, open: {type: boolean}}}",
        Code(&[
            "yes:requiredbool=true.into(),",
            "no:requiredbool=false.into(),",
            "open:requiredbool,",
        ]),
    ),
    (
        "a title in two places is no name of a type",
        "responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}",
        "B: {type: object, title: Item, properties: {one: {title: Value, type: object, properties: {a: {type: string}}}, two: {title: Value, type: object, properties: {b: {type: integer}}}, either: {title: Value, anyOf: [{type: string}, {type: integer}]}}}",
        Code(&["pubstructBOne{", "pubstructBTwo{", "pubenumBEither{"]),
    ),
    (
        "a property of an object in the query is sent beside a parameter of its name",
        "parameters: [{name: page, in: query, schema: {type: integer}}, {name: by, in: query, schema: {type: object, properties: {page: {type: integer}}}}]",
        "B: {type: string}",
        Refused("/parameters/1", "the same name in Rust"),
    ),
    (
        "an operation that is served elsewhere",
        "servers: [{url: 'https://b.example'}]\nresponses: {'204': {description: d}}",
        "B: {type: string}",
        Warned("/servers", "is served at https://b.example"),
    ),
];

#[test]
fn what_others_stumble_over_is_generated_refused_or_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    for (name, operation, schemas, becomes) in OWN {
        let own = if operation.contains("responses") {
            ""
        } else {
            "responses: {'204': {description: d}}"
        };
        let document = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths:\n  /a:\n    post:\n      operationId: post-a\n      {}\n      {own}\ncomponents:\n  schemas:\n    {}\n",
            operation.replace('\n', "\n      "),
            schemas.replace('\n', "\n    ")
        );
        let file = format!("{}.yaml", name.replace([' ', ','], "-"));
        fs::write(folder.path().join(&file), document).unwrap();
        hold(folder.path(), &file, becomes);
    }
}

/// What becomes of the documents that were collected beside this repository.
const COLLECTED: &[(&str, Becomes)] = &[
    (
        "a-page-of-an-operation-that-the-facts-have.md",
        Code(&["pubfnget_user(", "resource:\"users\""]),
    ),
    ("array-and-object.md", Refused("/parameters/1", "the same name in Rust")),
    (
        "blank-and-null-enums.yaml",
        Code(&["pubenumHouseRoof{", "Empty=\"\"", "roof:nullablecrate::types::HouseRoof"]),
    ),
    ("dialect-first.yaml", Code(&[])),
    (
        "discriminator-shared-enum.yaml",
        Code(&["values:&[union::Constant::Text(\"dog\")],is_tag:true"]),
    ),
    (
        "extension-channel.yaml",
        Code(&["Some(\"application/json\")", "ResponseValue<types::Thing>"]),
    ),
    ("extension-taken.yaml", Refused("/A/minimum", "`minimum` and `x-minimum`")),
    (
        "fastapi.yaml",
        Code(&[
            "tax:nullablef64",
            "price:requiredItemPrice",
            "publoc:::std::vec::Vec<ValidationErrorLocItem>",
        ]),
    ),
    ("front-matter.md", Code(&["pubstaticGET_THING"])),
    ("inline-request-body.yaml", Code(&["tags:optional_list", "title:nullable"])),
    ("integer-enum.yaml", Code(&["N2=2,", "N1Point5=1.5,", "pubflag:::std::option::Option<bool>"])),
    ("links-by-operation-id.yaml", Code(&["\"links\":{\"next\":{\"operationId\":\"get\""])),
    ("mintlify-front-matter.md", Code(&["pubstaticGET_THING"])),
    (
        "nested-nullable-same-name.yaml",
        Code(&[
            "mode:nullablecrate::types::ChangeOptionsMode",
            "mode:nullablecrate::types::ChangeLimitsMode",
        ]),
    ),
    ("no-content-by-reference.yaml", Code(&["answer:AnswerKind::Empty"])),
    (
        "numeric-enums-of-answers.yaml",
        Code(&["pubenumLevel{", "pubenumAnswerRatio{", "::std::vec::Vec<crate::types::Level>"]),
    ),
    ("operation-servers.yaml", Warned("upload/post/servers", "is served at")),
    ("optional-body.yaml", Code(&["RequestBody::optional("])),
    (
        "pointers-into-paths.yaml",
        Code(&[
            "a_b:requiredGetThingResponse200Ab",
            "ResponseValue<types::GetThingResponse200AbAnswer>",
        ]),
    ),
    ("read-only-required.yaml", Code(&["id:optional", "name:required"])),
    ("union-of-requests-new.yaml", Code(&["pubenumPostUResponse200Either{"])),
    ("union-of-requests-old.yaml", Code(&["pubenumPostUBody{"])),
    (
        "words-that-yaml-takes.yaml",
        Code(&["No=\"NO\"", "X110=\"1.10\"", "X0755=\"0755\"", "X1e3=\"1e3\"", "rename=\"1.10\""]),
    ),
];

#[test]
fn the_documents_that_were_collected_are_generated_refused_or_warned_of() {
    let collected = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases/documents");
    let Ok(files) = fs::read_dir(&collected) else {
        println!("skipped: {} is not there", collected.display());
        return;
    };
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with(".txt"));
    names.sort();
    let known: Vec<&str> = COLLECTED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known);
    let folder = tempfile::tempdir().unwrap();
    for (name, becomes) in COLLECTED {
        fs::copy(collected.join(name), folder.path().join(name)).unwrap();
        hold(folder.path(), name, becomes);
    }
    let mut sources = Sources::default();
    let [old, new] = ["old", "new"].map(|age| {
        let id = sources.load(&collected.join(format!("union-of-requests-{age}.yaml"))).unwrap();
        fix(&sources, id, &Settings::default()).unwrap().0
    });
    let diff = compare(&old, &new);
    let told: Vec<&str> = diff.changes.iter().map(|change| &*change.text).collect();
    assert_eq!(
        told,
        [
            "request: is `A`: type union → object",
            "response `200`: `id`: type union → integer",
            "response `200`: `either`: variant `C` added",
        ]
    );
}
