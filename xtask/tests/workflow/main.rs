//! The weekly workflow, run as the runner would run it: see `runner.rs`. Its site and its remote
//! are here, `gh` is a program that notes what it is asked for, and so is Cargo, which runs the
//! build step as it was built for this test.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod expression;
mod patches;
mod runner;

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};

use runner::{Job, Runner, WRITE_TOKEN, git, text};
use tempfile::TempDir;

const PAGE: &str = "# Get Thing\n\n```yaml\nopenapi: 3.1.1\ninfo: {title: Get Thing, version: '1'}\nservers: [{url: 'https://things.example'}]\npaths:\n  /thing:\n    get:\n      operationId: get-thing\n      description: A thing.\n      responses:\n        '200': {description: OK, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}\n```\n";

/// A Cargo that builds nothing.
const CARGO: &str = "case \"$1 $2\" in
  'xtask regen')
    echo b | tee prolific-api-ext/src/guide/operations.md prolific-api-ext/src/simulator/requests.json tests/round_trip/table.rs > tests/every_operation/table.rs
    exec XTASK regen --manifest openapi/regen.toml ;;
  'xtask fetch') exec XTASK \"$2\" --manifest openapi/regen.toml ;;
  'xtask diff')
    [ \"$3\" != --facts ] || set -- \"$@\" --manifest openapi/regen.toml
    exec XTASK \"${@:2}\" ;;
  'test --locked') TESTS ;;
  *) exit 3 ;;
esac
";

/// A `gh` that knows one pull request at most.
const GH: &str = "case \"$1 $2\" in
  'auth setup-git') ;;
  'pr list') cat LOG/open 2> /dev/null || true ;;
  'pr create') echo 1 > LOG/open; cp \"${!#}\" LOG/body ;;
  'pr edit') cp \"${!#}\" LOG/body ;;
  *) exit 3 ;;
esac
";

/// A repository, the site of its page, and what runs its workflow.
struct World {
    folder: TempDir,
    site: Arc<Mutex<String>>,
    runner: Runner,
}

impl World {
    /// One whose tests do this.
    fn new(tests: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Arc::new(Mutex::new(PAGE.to_owned()));
        let port = serve(Arc::clone(&site));
        let repository = folder.path().join("repository");
        write_repository(&repository, port);
        let remote = folder.path().join("remote.git");
        git(folder.path(), &["clone", "--quiet", "--bare", text(&repository), text(&remote)]);
        let cargo = CARGO.replace("XTASK", env!("CARGO_BIN_EXE_xtask")).replace("TESTS", tests);
        let runner = runner(folder.path(), remote, Some(&cargo));
        Self { folder, site, runner }
    }

    fn publish(&self, page: &str) {
        page.clone_into(&mut self.site.lock().unwrap());
    }

    fn log(&self, name: &str) -> String {
        let file = self.folder.path().join("log").join(name);
        fs::read_to_string(file).unwrap_or_default()
    }

    /// What the branch changes, a line a file.
    fn proposed(&self) -> Vec<String> {
        let range = "HEAD..documentation-changes";
        let changed = git(&self.runner.remote, &["diff", "--name-status", range]);
        changed.lines().map(str::to_owned).collect()
    }

    fn has_branch(&self) -> bool {
        !git(&self.runner.remote, &["branch", "--list", "documentation-changes"]).is_empty()
    }

    /// Holds that nothing of the repository was built or run where the token is.
    fn assert_that_nothing_ran_next_to_the_token(&self) {
        assert!(!self.log("calls").contains("/propose/work cargo"), "{}", self.log("calls"));
        assert!(!self.folder.path().join("log/hook").exists(), "a hook was run");
    }
}

fn runner(folder: &Path, remote: PathBuf, cargo: Option<&str>) -> Runner {
    let workflow = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows/regen.yml");
    let workflow = yaml_serde::from_str(&fs::read_to_string(workflow).unwrap()).unwrap();
    let programs = folder.join("programs");
    let log = folder.join("log");
    fs::create_dir_all(&log).unwrap();
    let note = format!(
        "#!/usr/bin/env bash\nprintf '%s %s %s\\n' \"$PWD\" NAME \"$*\" >> {0}/calls\nenv | grep -c {WRITE_TOKEN} | sed 's/^/NAME token /' >> {0}/calls\n",
        log.display()
    );
    let script = |name: &str, body: &str| {
        write_program(&programs.join(name), &(note.replace("NAME", name) + body));
    };
    if let Some(cargo) = cargo {
        script("cargo", cargo);
    }
    script("gh", &GH.replace("LOG", text(&log)));
    // Hooks that a template put into the checkout of the job with the token.
    let hooks = folder.join("hooks");
    for hook in ["pre-commit", "commit-msg", "post-commit", "pre-push", "post-index-change"] {
        write_program(&hooks.join(hook), &format!("#!/bin/sh\ntouch {}/hook\n", log.display()));
    }
    let home = folder.join("propose/home");
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join(".gitconfig"), format!("[core]\nhooksPath = {}\n", hooks.display()))
        .unwrap();
    Runner {
        workflow,
        remote,
        folder: folder.to_owned(),
        programs,
        environment: Vec::new(),
        tamper: Box::new(|_| {}),
    }
}

fn write_program(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A repository whose generated files are what its page makes.
fn write_repository(folder: &Path, port: u16) {
    let pages = folder.join("openapi/pages");
    fs::create_dir_all(&pages).unwrap();
    fs::write(pages.join("thing.md"), PAGE).unwrap();
    let manifest = format!(
        "[document]\ntitle = \"Things\"\nversion = \"1\"\n\n[[source]]\nfile = \"pages/thing.md\"\nurl = \"http://127.0.0.1:{port}/thing\"\n\n[output]\ndocument = \"prolific.json\"\nclient = \"../prolific-api/src/generated\"\n"
    );
    fs::write(folder.join("openapi/regen.toml"), manifest).unwrap();
    for (file, text) in [
        ("prolific-api/src/lib.rs", "mod generated;\n"),
        ("prolific-api-ext/src/guide/operations.md", "a\n"),
        ("prolific-api-ext/src/simulator/requests.json", "a\n"),
        ("tests/every_operation/table.rs", "// a\n"),
        ("tests/round_trip/table.rs", "// a\n"),
    ] {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let regen = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["regen", "--manifest", "openapi/regen.toml"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(regen.status.success(), "{}", String::from_utf8_lossy(&regen.stderr));
    git(folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "Begin"]);
}

/// A site that has one page, whatever it is asked for.
fn serve(page: Arc<Mutex<String>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let body = page.lock().unwrap().clone();
            answer(connection.unwrap(), &body);
        }
    });
    port
}

fn answer(mut connection: TcpStream, body: &str) {
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        match connection.read(&mut buffer) {
            Ok(count @ 1..) => request.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = connection.write_all((head + body).as_bytes());
}

fn conclusions(jobs: &BTreeMap<String, Job>) -> [&str; 2] {
    [jobs["generate"].conclusion, jobs["propose"].conclusion]
}

/// The page with another description.
fn changed(description: &str) -> String {
    let description = serde_json::Value::from(description).to_string();
    PAGE.replace("description: A thing.", &format!("description: {description}"))
}

#[test]
fn proposes_nothing_where_nothing_changed() {
    let world = World::new("exit 1");
    let jobs = world.runner.run();
    assert_eq!(conclusions(&jobs), ["success", "skipped"], "{}", jobs["generate"].log);
    assert!(!world.has_branch());
    assert!(!world.log("calls").contains("cargo test"), "{}", world.log("calls"));
}

#[test]
fn proposes_what_a_changed_page_makes() {
    let world = World::new("exit 0");
    world.publish(&changed("Another thing."));
    let jobs = world.runner.run();
    assert_eq!(conclusions(&jobs), ["success", "success"], "{jobs:?}");
    let expected = [
        "M\topenapi/pages/thing.md",
        "M\topenapi/prolific.json",
        "M\tprolific-api/src/generated/mod.rs",
        "M\tprolific-api/src/generated/resources/shared.rs",
    ];
    let proposed = world.proposed();
    assert!(expected.iter().all(|file| proposed.contains(&(*file).to_owned())), "{proposed:?}");
    let client = ["show", "documentation-changes:prolific-api/src/generated/resources/shared.rs"];
    assert!(git(&world.runner.remote, &client).contains("/// Another thing."));
    assert!(proposed.contains(&"M\tprolific-api-ext/src/guide/operations.md".to_owned()));
    assert!(proposed.contains(&"M\tprolific-api-ext/src/simulator/requests.json".to_owned()));
    assert!(proposed.contains(&"M\ttests/every_operation/table.rs".to_owned()));
    assert!(proposed.contains(&"M\ttests/round_trip/table.rs".to_owned()));
    let body = world.log("body");
    assert!(body.starts_with("Tests: success. Fetch: success.\n"), "{body}");
    assert!(body.contains("updated   openapi/pages/thing.md"), "{body}");
    assert_eq!(jobs["propose"].summary, body);
    world.assert_that_nothing_ran_next_to_the_token();

    // A week later the pull request is still open.
    world.publish(&changed("Yet another thing."));
    for job in ["generate", "propose"] {
        fs::remove_dir_all(world.folder.path().join(job)).unwrap();
    }
    let again = world.runner.run();
    assert_eq!(conclusions(&again), ["success", "success"], "{again:?}");
    assert!(git(&world.runner.remote, &client).contains("/// Yet another thing."));
    assert!(world.log("calls").contains("gh pr edit"), "{}", world.log("calls"));
}

#[test]
fn fails_and_proposes_nothing_where_a_page_is_refused() {
    let world = World::new("exit 0");
    world.publish(&PAGE.replace("openapi: 3.1.1", "openapi: ##[error]9\u{202e}"));
    let jobs = world.runner.run();
    assert_eq!(conclusions(&jobs), ["failure", "skipped"], "{jobs:?}");
    assert!(!world.has_branch());
    assert_obeys_nothing(&jobs["generate"].log);
    assert!(jobs["generate"].log.contains("refused"), "{}", jobs["generate"].log);
}

#[test]
fn proposes_and_says_so_where_ext_no_longer_compiles() {
    let world = World::new("echo 'error[E0599]: no method'; exit 101");
    world.publish(&changed("Another thing."));
    let jobs = world.runner.run();
    assert_eq!(conclusions(&jobs), ["failure", "success"], "{jobs:?}");
    assert!(world.log("body").starts_with("Tests: failure. Fetch: success.\n"));
    assert!(world.has_branch());
}

/// Holds that the runner would obey no line of a log.
fn assert_obeys_nothing(log: &str) {
    let is_command = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    let commands: Vec<&str> = log.split(['\n', '\r']).filter(|line| is_command(line)).collect();
    assert_eq!(commands, Vec::<&str>::new());
}

/// What code of a page does that has got into the tests.
const ATTACK: &str = r#"
    env > LOG/stolen
    printf 'BASH_ENV=%s\nGIT_CONFIG_COUNT=1\n' LOG/evil.sh >> "$GITHUB_ENV"
    mkdir -p LOG/bin && echo LOG/bin >> "$GITHUB_PATH"
    printf 'proposed=success\n' >> "$GITHUB_OUTPUT"
    printf '#!/bin/sh\ntouch LOG/hook\n' | tee LOG/bin/git LOG/bin/gh > LOG/evil.sh
    chmod 755 LOG/bin/git LOG/bin/gh
    echo 'touch LOG/hook' > .git/hooks/pre-commit && chmod 755 .git/hooks/pre-commit
    echo evil > "$RUNNER_TEMP/proposal/changes.patch"
    echo evil > "$RUNNER_TEMP/proposal/summary.md"
    printf 'a\n::add-path::/evil\n  ::set-env name=A::b\nx ##[add-path]/evil\ny\r::warning::b\n'
    grep -r TOKEN "$GITHUB_WORKSPACE" . "$HOME" "$RUNNER_TEMP" .git >> LOG/stolen 2> /dev/null
    exit 0"#;

#[test]
fn code_of_a_page_that_runs_in_the_tests_reaches_neither_the_token_nor_the_proposal() {
    let mut world = World::new("exit 3");
    let log = world.folder.path().join("log");
    let attack = ATTACK.replace("LOG", text(&log)).replace("TOKEN", WRITE_TOKEN);
    let cargo = CARGO.replace("XTASK", env!("CARGO_BIN_EXE_xtask")).replace("TESTS", &attack);
    world.runner = runner(world.folder.path(), world.runner.remote.clone(), Some(&cargo));
    world.publish(&changed("A thing.\n\n> ```\n> evil();\n> ```\n"));
    let jobs = world.runner.run();
    assert_eq!(conclusions(&jobs), ["success", "success"], "{jobs:?}");
    let stolen = world.log("stolen");
    assert!(stolen.contains("RUNNER_TEMP="), "the attack did run: {stolen}");
    assert!(!stolen.contains(WRITE_TOKEN), "{stolen}");
    assert_obeys_nothing(&jobs["generate"].log);
    world.assert_that_nothing_ran_next_to_the_token();
    let proposed = world.proposed();
    assert!(proposed.contains(&"M\topenapi/pages/thing.md".to_owned()), "{proposed:?}");
    assert!(!world.log("body").contains("evil\n```"), "{}", world.log("body"));
    let calls = world.log("calls");
    assert!(calls.contains("gh token 1") && calls.contains("cargo token 0"), "{calls}");
    assert!(!calls.contains("cargo token 1"), "{calls}");
}

#[test]
fn gives_the_token_to_the_last_step_alone() {
    let world = World::new("exit 0");
    let workflow = &world.runner.workflow;
    let steps = workflow["jobs"]["propose"]["steps"].as_sequence().unwrap();
    assert_eq!(steps.last().unwrap()["env"]["GH_TOKEN"].as_str(), Some("${{ github.token }}"));
    let text = yaml_serde::to_string(workflow).unwrap();
    assert_eq!(text.matches("github.token").count(), 1);
    assert!(!text.contains("secrets"), "{text}");
}

#[test]
fn hands_over_every_file_that_is_generated() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |file| fs::read_to_string(repository.join(file)).unwrap();
    let manifest = read("openapi/regen.toml");
    let (_, outputs) = manifest.split_once("\n[output]\n").unwrap();
    let (outputs, _) = outputs.split_once("\n\n").unwrap();
    let workflow = read(".github/workflows/regen.yml");
    let (_, added) = workflow.split_once("git add --all -- ").unwrap();
    let (added, _) = added.split_once("git diff").unwrap();
    let added: Vec<&str> = added.split_whitespace().collect();
    assert!(outputs.lines().count() > 2, "{outputs}");
    for output in outputs.lines() {
        let file = output.split('"').nth(1).unwrap();
        let file = file.strip_prefix("../").map_or(format!("openapi/{file}"), str::to_owned);
        assert!(added.iter().any(|path| Path::new(&file).starts_with(path)), "{file}: {added:?}");
    }
}

#[test]
fn takes_no_patch_that_changes_anything_but_plain_files_of_two_folders() {
    let world = World::new("exit 0");
    for (name, patch) in patches::hostile(&world.runner.remote) {
        let mut world = World::new("exit 0");
        world.publish(&changed("Another thing."));
        world.runner.tamper = Box::new(move |artifact| {
            fs::write(artifact.join("changes.patch"), &patch).unwrap();
        });
        let jobs = world.runner.run();
        assert_eq!(conclusions(&jobs), ["success", "failure"], "{name}: {}", jobs["propose"].log);
        assert!(jobs["propose"].log.contains("The patch is refused: "), "{name}");
        assert!(!world.has_branch(), "{name}");
        assert_eq!(world.log("body"), "", "{name}");
        assert!(!world.log("calls").contains("gh "), "{name}");
    }
}

#[test]
fn a_hostile_summary_is_text_in_a_fence() {
    let mut world = World::new("exit 0");
    world.publish(&changed("Another thing."));
    let hostile = "a\n```\n@everyone closes #1 <img src=x> ````\n~~~\n\u{202e}b\u{1b}[2Jc\0d\u{9b}e\r```\u{2028}\u{feff}\u{200b}\u{e0041} H\u{e9}l\u{e8}ne\n";
    let hostile = [&b"\xff\xc3"[..], hostile.repeat(2000).as_bytes()].concat();
    world.runner.tamper = Box::new(move |artifact| {
        fs::write(artifact.join("summary.md"), &hostile).unwrap();
    });
    let jobs = world.runner.run();
    assert_eq!(conclusions(&jobs), ["success", "success"], "{jobs:?}");
    let body = world.log("body");
    assert!(body.len() < 60_000, "{}", body.len());
    let fences: Vec<&str> = body.lines().filter(|line| line.contains("```")).collect();
    assert_eq!(fences, ["```text", "```"]);
    assert!(body.trim_end().ends_with("```") && body.contains("H\u{e9}l\u{e8}ne"), "{body:.600}");
    let hidden = |c: char| c != '\n' && xtask::printable::is_obeyed(c) || c == '\u{e0041}';
    assert!(!body.contains(hidden), "{body:.600}");
}

/// With Cargo and this repository.
#[test]
#[ignore = "builds and tests the whole repository"]
fn proposes_what_a_changed_page_makes_of_this_repository() {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let repository = folder.path().join("repository");
    git(folder.path(), &["clone", "--quiet", text(&here), text(&repository)]);
    let page = "openapi/pages/get-task-builder-dataset-status.md";
    let page = fs::read_to_string(repository.join(page)).unwrap();
    let described = "Unique identifier of a dataset";
    let site = page.replacen("The unique identifier", described, 1);
    assert_ne!(site, page, "the page has another text than this test changes");
    let port = serve(Arc::new(Mutex::new(site)));
    let manifest = repository.join("openapi/regen.toml");
    let text_of_manifest = fs::read_to_string(&manifest).unwrap();
    let served = text_of_manifest.replace(
        "https://beta-docs.prolific.com/api-reference/ai-task-builder",
        &format!("http://127.0.0.1:{port}"),
    );
    assert_ne!(served, text_of_manifest);
    fs::write(&manifest, served).unwrap();
    git(&repository, &["switch", "--quiet", "--force-create", "main"]);
    git(&repository, &["commit", "--quiet", "--all", "--message", "Fetch from here"]);
    let remote = folder.path().join("remote.git");
    git(folder.path(), &["clone", "--quiet", "--bare", text(&repository), text(&remote)]);

    let home = std::env::var("HOME").unwrap();
    let set = |name: &str, usual: &str| {
        let value = std::env::var(name).unwrap_or_else(|_| format!("{home}/{usual}"));
        (name.to_owned(), value)
    };
    let mut runner = runner(folder.path(), remote, None);
    let target = here.join("target/workflow").display().to_string();
    runner.environment = vec![
        set("CARGO_HOME", ".cargo"),
        set("RUSTUP_HOME", ".rustup"),
        ("CARGO_TARGET_DIR".to_owned(), target),
    ];
    let jobs = runner.run();
    println!("{}", jobs["generate"].log);
    assert_eq!(conclusions(&jobs), ["success", "success"], "{}", jobs["propose"].log);
    let client = ["show", "documentation-changes:prolific-api/src/generated/resources/datasets.rs"];
    assert!(git(&runner.remote, &client).contains(described));
    let body = fs::read_to_string(folder.path().join("log/body")).unwrap();
    assert!(body.starts_with("Tests: success. Fetch: success.\n"), "{body}");
}
