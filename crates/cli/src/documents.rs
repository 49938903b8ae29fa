//! The man page and the shell completions. They are made from the argument table, lie in
//! `packaging/`, and go into the packages as they are; these tests fail where one is behind.

use crate::arguments::Arguments;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::path::PathBuf;

/// Compares files of `packaging/` with what the argument table gives, and writes those that
/// differ, so that committing them is all that is left to do.
fn in_step(files: &[(&str, Vec<u8>)]) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packaging");
    let behind: Vec<&str> = files
        .iter()
        .filter(|(name, wanted)| std::fs::read(folder.join(name)).ok().as_ref() != Some(wanted))
        .map(|(name, wanted)| {
            std::fs::write(folder.join(name), wanted).expect("packaging/ can be written");
            *name
        })
        .collect();
    assert!(
        behind.is_empty(),
        "in packaging/ {behind:?} differed from the argument table and were written anew: commit them"
    );
}

/// Every command that does something, with its words: `["tag", "add"]`.
fn leaves(command: &Command, words: &[String], found: &mut Vec<(String, Command)>) {
    for inner in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let mut words = words.to_vec();
        words.push(inner.get_name().to_owned());
        if inner.has_subcommands() {
            leaves(inner, &words, found);
        } else {
            found.push((words.join(" "), inner.clone()));
        }
    }
}

/// One page with all commands in it: what a reader looks for is found by `/`.
fn manual() -> Vec<u8> {
    let mut command = Arguments::command();
    command.build();
    let title = format!("Anjuan {}", env!("CARGO_PKG_VERSION"));
    let page = Man::new(command.clone()).source(title).manual("Anjuan").date("");
    let mut out = Vec::new();
    let written = "writing to memory does not fail";
    page.render_title(&mut out).expect(written);
    page.render_name_section(&mut out).expect(written);
    page.render_synopsis_section(&mut out).expect(written);
    page.render_description_section(&mut out).expect(written);
    page.render_options_section(&mut out).expect(written);

    let mut commands = Vec::new();
    leaves(&command, &[], &mut commands);
    // Examples are not stretched to the margin.
    Roff::new()
        .control("ad", ["l"])
        .control("SH", ["COMMANDS"])
        .to_writer(&mut out)
        .expect(written);
    for (words, command) in commands {
        let global = |argument: &clap::Arg| {
            argument.is_global_set() || matches!(argument.get_id().as_str(), "help" | "version")
        };
        let command = command.mut_args(|a| if global(&a) { a.hide(true) } else { a });
        Roff::new()
            .control("SS", [format!("anjuan {words}").as_str()])
            .text([roman(usage(&command))])
            .to_writer(&mut out)
            .expect(written);
        let page = Man::new(command.clone());
        let mut sections = Vec::new();
        page.render_description_section(&mut sections).expect(written);
        if command.get_arguments().any(|a| !a.is_hide_set()) {
            page.render_options_section(&mut sections).expect(written);
        }
        page.render_extra_section(&mut sections).expect(written);
        let sections = String::from_utf8(sections).expect("UTF-8");
        // Within one command its description needs no heading; the rest is set in paragraphs.
        for line in sections.lines() {
            match line {
                ".SH DESCRIPTION" | ".SH OPTIONS" | ".SH EXTRA" => out.extend(b".PP\n"),
                line => out.extend(format!("{line}\n").bytes()),
            }
        }
    }
    Roff::new()
        .control("SH", ["SEE ALSO"])
        .text([roman("anjuan-app(1), the window")])
        .to_writer(&mut out)
        .expect(written);
    out
}

fn usage(command: &Command) -> String {
    command.clone().render_usage().to_string()
}

#[test]
fn the_man_page_is_what_the_arguments_say() {
    in_step(&[("man/anjuan.1", manual())]);
}

#[test]
fn the_completions_are_what_the_arguments_say() {
    let files = [
        (Shell::Bash, "completions/anjuan.bash"),
        (Shell::Zsh, "completions/_anjuan"),
        (Shell::Fish, "completions/anjuan.fish"),
    ]
    .map(|(shell, name)| {
        let mut out = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), "anjuan", &mut out);
        (name, out)
    });
    in_step(&files);
}
