//! The program as it is called: JSON on standard output, exit codes, help.

use anjuan_archive::{Archive, Cancel, Folders, Headless, ImportStep, Shell, SystemClock};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

fn anjuan(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anjuan"))
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("ANJUAN_CACHE", folder.join("cache"))
        .env("ANJUAN_CODER", "林")
        .env_remove("ANJUAN_ARCHIVE")
        .output()
        .expect("the program starts")
}

/// The one JSON object that a command prints.
fn json(folder: &Path, arguments: &[&str]) -> Value {
    let all: Vec<&str> =
        ["--archive", "a.anjuan", "--json"].into_iter().chain(arguments.iter().copied()).collect();
    let output = anjuan(folder, &all);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

const TEXT: &str = "当前位置: 首页 > 正文\n澜江市侨联工作报告\n来源：澜江日报　2021-03-05\n一、加强政治引领\n全市僑聯(lián)系统紧扣中心工作，𠀀服务侨胞三千人次。\n";

#[test]
fn the_contract_from_import_to_redo() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    std::fs::write(folder.join("a.txt"), TEXT).expect("a file");

    let seen = json(folder, &["inspect", "a.txt"]);
    assert_eq!(seen["encoding"], "UTF-8");
    assert_eq!(seen["metadata"]["title"], "澜江市侨联工作报告");
    assert_eq!(seen["metadata"]["published"], "2021-03-05");
    assert_eq!(seen["metadata"]["script"], "Hans");
    assert_eq!(seen["repairs"][0]["original"], "(lián)");
    assert!(seen["furniture"][0]["text"].as_str().is_some_and(|t| t.contains("当前位置")));
    let text: Vec<char> = seen["text"].as_str().expect("text").chars().collect();
    let heading =
        seen["blocks"].as_array().expect("blocks").iter().find(|b| b["kind"] == "heading");
    let heading = heading.expect("a heading");
    let at =
        |name: &str| usize::try_from(heading[name].as_u64().expect("a number")).expect("small");
    let heading: String = text[at("start")..at("end")].iter().collect();
    assert_eq!(heading, "一、加强政治引领");

    let imported = json(folder, &["import", "a.txt"]);
    assert_eq!(imported["imported"], 1);
    let id = imported["reports"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(json(folder, &["import", "a.txt"])["duplicates"], 1);
    assert_eq!(json(folder, &["list"])["reports"][0]["id"], id.as_str());

    // Code points, also behind a character above U+FFFF.
    let place = text.iter().position(|&c| c == '𠀀').expect("there") + 1;
    let (start, end) = (place.to_string(), (place + 4).to_string());
    let passage = json(folder, &["tag", "add", &id, &start, &end, "为侨服务/人次", "--memo", "记"]);
    assert_eq!(passage["quote"], "服务侨胞");
    assert_eq!(passage["tags"][0], "为侨服务/人次");
    assert_eq!(passage["coder"], "林");
    assert_eq!(json(folder, &["passages", "--tag", "为侨服务"])["total"], 1);
    assert_eq!(json(folder, &["tags"])["tags"].as_array().map(Vec::len), Some(2));

    let found = json(folder, &["search", "僑聯系統"]);
    assert_eq!(found["total"], 1);
    let hit = &found["hits"][0];
    let (from, to) = (hit["matches"][0]["start"].as_u64(), hit["matches"][0]["end"].as_u64());
    let range = from.expect("a start") as usize..to.expect("an end") as usize;
    assert_eq!(text[range].iter().collect::<String>(), "僑聯系统");
    assert!(hit["snippets"][0]["text"].as_str().is_some_and(|t| t.contains("僑聯系统")));

    assert_eq!(json(folder, &["undo"])["label"], "passage_create");
    assert_eq!(json(folder, &["passages"])["total"], 0);
    assert_eq!(json(folder, &["tags"])["tags"].as_array().map(Vec::len), Some(0));
    assert_eq!(json(folder, &["redo"])["applied"], true);
    assert_eq!(json(folder, &["show", &id])["passages"][0]["memo"], "记");

    let check = json(folder, &["check"]);
    assert_eq!((&check["ok"], &check["missed"]), (&Value::from(true), &Value::from(0)));
    let pdf = json(folder, &["export", "pdf", &id, "-o", "out.pdf"]);
    assert_eq!(pdf["highlights"], 1);
    assert!(std::fs::read(folder.join("out.pdf")).expect("written").starts_with(b"%PDF"));
}

#[cfg(unix)]
#[test]
fn scans_are_recognised_where_the_program_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    std::fs::write(folder.join("a.txt"), TEXT).expect("a file");
    json(folder, &["import", "a.txt"]);
    // Stands before whichever the machine has.
    let program = folder.join("tesseract");
    let run = |languages: &str| {
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = --version ] && echo 'tesseract 5.3.0' || printf 'List:\\n{languages}\\n'\n"
        );
        std::fs::write(&program, script).expect("a program");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("set");
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
        Command::new(env!("CARGO_BIN_EXE_anjuan"))
            .args(["--archive", "a.anjuan", "--json", "recognise"])
            .current_dir(folder)
            .env("HOME", folder)
            .env("ANJUAN_CACHE", folder.join("cache"))
            .env("PATH", path)
            .output()
            .expect("the program starts")
    };
    let none = run("eng");
    assert_eq!(none.status.code(), Some(1));
    let told = String::from_utf8_lossy(&none.stderr).into_owned();
    let told = told + &String::from_utf8_lossy(&none.stdout);
    assert!(told.contains("missing_program") || told.contains("no data for Chinese"), "{told}");
    let done = run("chi_sim");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let value: Value = serde_json::from_slice(&done.stdout).expect("one JSON object");
    assert_eq!((&value["recognised"], &value["failed"]), (&Value::from(0), &Value::from(0)));
}

#[test]
fn an_import_that_was_broken_off_goes_on() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path();
    std::fs::create_dir(folder.join("in")).expect("a folder");
    // More than are under way at a time, so that some are left when the first are written.
    for n in 0..120 {
        let text =
            TEXT.replace("三千", &format!("{}", 1000 + n)).replace("澜江", &format!("澜{n}江"));
        std::fs::write(folder.join(format!("in/{n:03}.txt")), text).expect("a file");
    }
    assert!(!anjuan(folder, &["-a", "a.anjuan", "import", "--resume"]).status.success());
    json(folder, &["import", "in/000.txt"]);
    let nothing = anjuan(folder, &["-a", "a.anjuan", "import", "--resume"]);
    assert!(!nothing.status.success());
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("No import was broken off"));
    // Whoever is told of the first one breaks off.
    let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let shell = Shell {
            folders: Folders {
                config: folder.join("config"),
                data: folder.join("data"),
                cache: folder.join("cache"),
                fonts: Vec::new(),
                programs: Vec::new(),
            },
            clock: Arc::new(SystemClock),
            desktop: Box::new(Headless),
            emit: Box::new(|_| {}),
            version: String::new(),
            platform: String::new(),
            user: "林".into(),
        };
        let archive = Archive::open(&folder.join("a.anjuan"), &shell, "林".into()).expect("opens");
        let paths = vec![folder.join("in").to_string_lossy().into_owned()];
        let request = anjuan_protocol::ImportRequest { paths, ..Default::default() };
        archive.import(&request, "x", &Cancel::default(), &mut |step| {
            assert!(!matches!(step, ImportStep::Item(_)), "the power fails");
        })
    }));
    assert!(broken.is_err());
    std::fs::write(folder.join("b.txt"), "别的报告\n没有中断的内容在这里。\n").expect("a file");
    let output = anjuan(folder, &["-a", "a.anjuan", "--json", "import", "b.txt"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("broken off") && said.contains("--resume"), "{said}");
    let value: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let done = value["pending"]["done"].as_u64().expect("a number");
    assert!((1..120).contains(&done), "{value}");
    let resumed = json(folder, &["import", "--resume"]);
    let count = |name: &str| resumed[name].as_u64().expect("a number");
    assert_eq!((count("imported") + count("near"), count("duplicates")), (119, 1), "{resumed}");
    assert_eq!(json(folder, &["list"])["total"], 121);
    assert_eq!(json(folder, &["import", "b.txt"])["pending"], Value::Null);
    for wrong in [&["import"][..], &["import", "--resume", "b.txt"]] {
        let all = ["-a", "a.anjuan"].iter().chain(wrong).copied().collect::<Vec<_>>();
        assert_eq!(anjuan(folder, &all).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn exit_codes_tell_success_failure_and_usage_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let code = |arguments: &[&str]| anjuan(folder.path(), arguments).status.code();
    for usage in
        [&["no-such-command"][..], &["list"], &["tag", "add"], &["search", "a", "--limit", "x"]]
    {
        assert_eq!(code(usage), Some(2), "{usage:?}");
    }
    for failure in [&["inspect", "none.txt"][..], &["-a", "none.anjuan", "list"]] {
        assert_eq!(code(failure), Some(1), "{failure:?}");
    }
    assert_eq!(code(&["--help"]), Some(0));
}

#[test]
fn every_command_has_help_with_an_example() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in [
        &["inspect"][..],
        &["import"],
        &["list"],
        &["show"],
        &["search"],
        &["concordance"],
        &["tag", "add"],
        &["tags"],
        &["passages"],
        &["recognise"],
        &["compare"],
        &["export", "pdf"],
        &["undo"],
        &["redo"],
        &["check"],
    ] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let help = String::from_utf8(anjuan(folder.path(), &arguments).stdout).expect("UTF-8");
        assert!(help.contains("Example"), "{command:?}: {help}");
    }
}
