//! `--help` of each command.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that the help lists, except `help` itself.
fn commands() -> Vec<String> {
    let help = help(&["--help"]);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty()).filter_map(|line| {
        line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next()
    });
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_help_of_every_command_has_examples_that_parse() {
    let commands = commands();
    assert_eq!(commands, ["regen", "fix", "diff", "fetch"]);
    for command in commands {
        let help = help(&[&command, "--help"]);
        let (_, examples) = help.split_once("\nExamples:\n").unwrap();
        let example = format!(" xtask {command}");
        for line in examples.lines().filter(|line| !line.is_empty()) {
            assert!(line.starts_with("  cargo ") && line.contains(&example), "{line}");
            for flag in line.split_whitespace().filter(|word| word.starts_with("--")) {
                assert!(flag == "--quiet" || help.contains(flag), "{line}: {flag} is unknown");
            }
        }
    }
}

#[test]
fn the_help_says_that_the_first_run_compiles_the_program() {
    assert!(help(&["--help"]).contains("The first run compiles this program"));
}
