#!/usr/bin/env python3
"""Measures what the SDK costs to build, beside a program without it and beside its peers.

    tests/build_cost/measure.py            # everything: some 25 minutes on two idle cores
    tests/build_cost/measure.py --quick    # bare, raw and ext in debug alone: some 4 minutes

Each program is a hello-world of its own that is built from nothing, with `cargo build --timings`, in a
fresh folder and as what comes from a registry is built: without incremental compilation, lints capped,
all of debug information. CPU seconds are those of cargo and of all that it starts. Programs are built in
turns, `--rounds` times, and medians told; ratios are of the medians. Other work on the machine raises
all figures, ratios less.

Needs the network once, for the peers and what the lock file doesn't have; nothing is fetched while the
clock runs. Exits with 1 if a bar is missed and `--enforce` is given.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BARE_BAR = 1.25
CHAIN_BAR = 12.0
PAGE_BAR = 1000

TOKIO = 'tokio = { version = "1", features = ["macros", "rt-multi-thread"] }'
BARE = (
    'reqwest = { version = "0.13.5", default-features = false, features = ["json", "query", "rustls", "stream"] }\n'
    'serde = { version = "1", features = ["derive"] }\n'
    'serde_json = "1"\n' + TOKIO
)
# All that adds something. The other kinds of TLS take the place of the default.
ALL_FEATURES = ["chrono", "http2", "jiff", "payments", "simulator", "system-proxy", "toml", "webhooks"]

BARE_MAIN = """
#[derive(Debug, serde::Deserialize)]
struct User {
    id: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = "https://api.prolific.com/api/v1/users/me/";
    let request = reqwest::Client::new().get(url).header("Authorization", "Token none");
    let user: User = request.send().await?.error_for_status()?.json().await?;
    println!("{user:?}");
    Ok(())
}
"""
RAW_MAIN = """
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let transport = prolific_api::Transport::default();
    let client = prolific_api::Client::new("https://api.prolific.com", transport);
    let user = client.get_user().send().await?.into_inner();
    println!("{:?}", user.id);
    Ok(())
}
"""
EXT_MAIN = """
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let prolific = prolific_api_ext::Prolific::from_env()?;
    println!("{}", prolific.users().me().await?.id);
    Ok(())
}
"""
OCTOCRAB_MAIN = """
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let user = octocrab::instance().current().user().await?;
    println!("{}", user.login);
    Ok(())
}
"""
OPENAI_MAIN = """
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let models = async_openai::Client::new().models().list().await?;
    println!("{}", models.data.len());
    Ok(())
}
"""
SQS_MAIN = """
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let queues = aws_sdk_sqs::Client::new(&settings).list_queues().send().await?;
    println!("{}", queues.queue_urls().len());
    Ok(())
}
"""


def ours(package, features=()):
    """A dependency on a package of this repository."""
    path = json.dumps(str(ROOT / package))
    return f"{package} = {{ path = {path}, features = {json.dumps(list(features))} }}\n{TOKIO}"


PROGRAMS = {
    "bare": (BARE, BARE_MAIN),
    "raw": (ours("prolific-api"), RAW_MAIN),
    "ext": (ours("prolific-api-ext"), EXT_MAIN),
    "ext, all features": (ours("prolific-api-ext", ALL_FEATURES), EXT_MAIN),
    "octocrab": ('octocrab = "0.54"\n' + TOKIO, OCTOCRAB_MAIN),
    "async-openai, full": ('async-openai = { version = "0.43", features = ["full"] }\n' + TOKIO, OPENAI_MAIN),
    "aws-sdk-sqs": ('aws-config = "1"\naws-sdk-sqs = "1"\n' + TOKIO, SQS_MAIN),
}
QUICK = ["bare", "raw", "ext"]
OURS = ["raw", "ext", "ext, all features"]
PEERS = ["octocrab", "async-openai, full", "aws-sdk-sqs"]


def run(folder, *arguments, **environment):
    """Runs cargo, and gives its CPU seconds and its seconds."""
    settings = {"CARGO_INCREMENTAL": "0", "RUSTFLAGS": "--cap-lints=allow", "CARGO_TERM_COLOR": "never"}
    settings |= environment
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["cargo", *arguments], cwd=folder, env=os.environ | settings, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"`cargo {' '.join(arguments)}` failed in {folder}:\n{done.stderr[-4000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - began


def set_up(base, name):
    """Makes the package of a program, with what it needs fetched."""
    dependencies, main = PROGRAMS[name]
    folder = base / re.sub(r"[^a-z]+", "-", name)
    (folder / "src").mkdir(parents=True)
    (folder / "src/main.rs").write_text(main)
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2024"\n\n'
        f"[dependencies]\n{dependencies}\n\n[workspace]\n\n[profile.release]\nstrip = true\n"
    )
    # The same versions in what is compared.
    if name not in PEERS:
        shutil.copy(ROOT / "Cargo.lock", folder)
    run(folder, "fetch")
    return folder


def units(folder):
    """What cargo says of the units of the last build."""
    page = (folder / "target/cargo-timings/cargo-timing.html").read_text()
    found = re.search(r"const UNIT_DATA = (\[.*?\]);\n", page, re.S)
    if not found:
        sys.exit("cargo's page of timings has no UNIT_DATA")
    return json.loads(found.group(1))


def compiled(unit):
    """How long a unit takes until others can use it: code is generated beside them."""
    sections = dict(unit.get("sections") or [])
    return sections["frontend"]["end"] if "frontend" in sections else unit["duration"]


def chain(told):
    """The seconds from when others can use reqwest to the end: what no further core makes shorter."""
    reqwest = [unit for unit in told if unit["name"] == "reqwest"]
    if not reqwest:
        return None
    usable = max(unit["start"] + compiled(unit) for unit in reqwest)
    return max(unit["start"] + unit["duration"] for unit in told) - usable


def build(folder):
    """Builds a program from nothing."""
    shutil.rmtree(folder / "target", ignore_errors=True)
    cpu, wall = run(folder, "build", "--offline", "--timings")
    told = units(folder)
    crates = len({(unit["name"], unit["version"]) for unit in told})
    slow = sorted(told, key=lambda unit: -unit["duration"])[:5]
    slow = [f"{unit['name']}{unit['target']} {unit['duration']:.1f}" for unit in slow]
    return {"cpu": cpu, "wall": wall, "crates": crates, "chain": chain(told), "slow": slow}


def release_size(folder):
    """The bytes of the stripped program of the release."""
    run(folder, "build", "--offline", "--release")
    return (folder / "target/release/hello").stat().st_size


def docs(folder, package):
    """The CPU seconds and seconds of the documentation of a package alone, and its largest pages."""
    run(folder, "check", "--offline")
    shutil.rmtree(folder / "target/doc", ignore_errors=True)
    cpu, wall = run(folder, "doc", "--offline", "--no-deps", "-p", package)
    pages = (folder / "target/doc" / package.replace("-", "_")).rglob("*.html")
    sized = sorted(((lines(page), page.name) for page in pages), reverse=True)
    return {"cpu": cpu, "wall": wall, "pages": len(sized), "largest": sized[:5]}


def lines(page):
    """The lines of a page as it is read."""
    text = re.sub(r"(?s)<(script|style|nav)\b.*?</\1>", "", page.read_text())
    text = re.sub(r"(?i)</(p|div|section|h\d|li|dd|dt|tr|pre|details|summary)>|<br/?>", "\n", text)
    return sum(1 for line in re.sub(r"<[^>]*>", "", text).splitlines() if line.strip())


def code():
    """What there is to compile: lines, types, and lines of the tests left out."""
    told = {}
    for name, folder in [("raw, generated", "prolific-api/src/generated"), ("raw", "prolific-api/src"),
                         ("ext", "prolific-api-ext/src")]:
        texts = [path.read_text() for path in (ROOT / folder).rglob("*.rs")]
        types = sum(len(re.findall(r"(?m)^\s*(?:pub(?:\([a-z]+\))? (?:struct|enum)|(?:\w+::)*open_enum!|(?:\w+::)*object_builder!) ", text)) for text in texts)
        told[name] = {"lines": sum(text.count("\n") for text in texts), "types": types}
    return told


def median(rounds, name, what):
    values = [told[name][what] for told in rounds if told[name][what] is not None]
    return statistics.median(values) if values else None


def figure(value, form="{:.1f}"):
    return "" if value is None else form.format(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="bare, raw and ext in debug alone")
    parser.add_argument("--rounds", type=int, default=1, help="how often each is built (default: 1)")
    parser.add_argument("--only", nargs="+", choices=PROGRAMS, metavar="PROGRAM", help="these, beside bare")
    parser.add_argument("--json", type=pathlib.Path, help="where to write all figures")
    parser.add_argument("--enforce", action="store_true", help="fail if a bar is missed")
    options = parser.parse_args()
    names = QUICK if options.quick else list(PROGRAMS)
    if options.only:
        names = [name for name in PROGRAMS if name == "bare" or name in options.only]
    with tempfile.TemporaryDirectory(prefix="build-cost-") as base:
        folders = {name: set_up(pathlib.Path(base), name) for name in names}
        rounds = []
        for number in range(options.rounds):
            rounds.append({})
            for name in names:
                rounds[-1][name] = told = build(folders[name])
                print(f"round {number + 1}: {name}: {told['cpu']:.1f} CPU s, {told['wall']:.1f} s; slowest: {'; '.join(told['slow'])}", file=sys.stderr)
        sizes = {} if options.quick else {name: release_size(folders[name]) for name in names}
        documented = {} if options.quick or options.only else {
            "raw": docs(folders["raw"], "prolific-api"), "ext": docs(folders["ext"], "prolific-api-ext")
        }
    print("| program | CPU s | of bare | s | crates | s after reqwest | release, kB |\n|---|---|---|---|---|---|---|")
    cpu = {name: median(rounds, name, "cpu") for name in names}
    for name in names:
        size = sizes.get(name)
        print(f"| {name} | {cpu[name]:.1f} | {cpu[name] / cpu['bare']:.2f} | {median(rounds, name, 'wall'):.1f} "
              f"| {median(rounds, name, 'crates'):.0f} | {figure(median(rounds, name, 'chain'))} | {figure(size and size / 1000, '{:.0f}')} |")
    print("\n| code | lines | types |\n|---|---|---|")
    for name, told in code().items():
        print(f"| {name} | {told['lines']} | {told['types']} |")
    missed = []
    for name, told in documented.items():
        largest = ", ".join(f"{page} {count}" for count, page in told["largest"])
        print(f"\ndocs of {name}: {told['cpu']:.1f} CPU s, {told['wall']:.1f} s, {told['pages']} pages; lines of the largest: {largest}")
        if told["largest"][0][0] > PAGE_BAR:
            missed.append(f"{told['largest'][0][1]} of {name} has more than {PAGE_BAR} lines")
    for name in (name for name in OURS if name in cpu):
        ratio, seconds = cpu[name] / cpu["bare"], median(rounds, name, "chain")
        if ratio > BARE_BAR:
            missed.append(f"{name} takes {ratio:.2f} of bare, bar {BARE_BAR}")
        if seconds is not None and seconds > CHAIN_BAR:
            missed.append(f"{name} takes {seconds:.1f} s after reqwest, bar {CHAIN_BAR:.0f}")
        missed += [f"{name} takes more than {peer}" for peer in PEERS if peer in cpu and cpu[peer] <= cpu[name]]
    print("\n" + ("all bars held" if not missed else "missed: " + "; ".join(missed)))
    if options.json:
        told = {"rounds": rounds, "sizes": sizes, "docs": documented, "code": code()}
        options.json.write_text(json.dumps(told, indent=1))
    if missed and options.enforce:
        sys.exit(1)


if __name__ == "__main__":
    main()
