//! Commands that need no files: help, check, openapi, completions; and how mistakes are said.

use serde_json::Value;

use super::cli::Cli;

#[test]
fn every_command_has_help_that_says_what_it_does() {
    let cli = Cli::new();
    let all = cli.run(&["--help"]);
    assert_eq!(all.code, Some(0));
    for command in [
        "serve",
        "demo",
        "bootstrap",
        "onboard",
        "ingest",
        "run",
        "costs",
        "check",
        "openapi",
        "completions",
    ] {
        assert!(all.out.contains(&format!("\n  {command} ")), "{command}: {}", all.out);
        let help = cli.run(&["help", command]);
        assert!(help.out.contains("Usage: convergence"), "{help:?}");
    }
    assert!(!cli.data().exists(), "asking for help makes nothing");
}

#[test]
fn a_mistyped_command_is_exit_code_2_with_a_proposal() {
    let said = Cli::new().run(&["ingset", "x.csv"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("'ingest'"), "{}", said.err);
}

#[test]
fn completions_know_the_commands_in_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = Cli::new().run(&["completions", shell]);
        assert_eq!(said.code, Some(0));
        assert!(said.out.contains("onboard") && said.out.contains("ingest"), "{shell}");
    }
}

#[test]
fn the_openapi_document_is_the_one_that_is_served() {
    let said = Cli::new().run(&["openapi"]);
    let printed: Value = serde_json::from_str(&said.out).unwrap();
    let served: Value = serde_json::from_str(&local::openapi().to_json().unwrap()).unwrap();
    assert_eq!(printed, served);
}

#[test]
fn check_says_every_mistake_of_a_folder_with_file_and_line() {
    let cli = Cli::new();
    std::fs::create_dir_all(cli.data().join("acme/cost")).unwrap();
    std::fs::create_dir_all(cli.data().join("system")).unwrap();
    let pipeline = "description: Wrong\nprovider: acme\nsteps:\n  - id: a\n    processor: magic\n";
    std::fs::write(cli.data().join("acme/cost/wrong.yml"), pipeline).unwrap();
    std::fs::write(cli.data().join("system/providers.yml"), "- id: Acme\n").unwrap();
    let said = cli.run(&["check", cli.data().to_str().unwrap()]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("acme/cost/wrong.yml:5: there is no processor `magic`"),
        "{}",
        said.out
    );
    assert!(said.out.contains("system/providers.yml"), "{}", said.out);
    let files: Vec<_> = said.out.lines().filter_map(|line| line.split(": ").next()).collect();
    let files: Vec<_> = files.into_iter().filter(|file| file.contains('/')).collect();
    assert!(files.is_sorted() && files.len() == 5, "{}", said.out);
    assert!(said.out.contains("system/plans.yml: the file is missing"), "{}", said.out);
}

#[test]
fn check_reads_the_model_of_focus_too() {
    let cli = Cli::new();
    for (path, text) in convergence::configs::Configs::embedded().below("") {
        let broken = text.replacen("level: Mandatory", "level: Mandatary", 1);
        let text = if path == "system/focus.yml" { &broken } else { text };
        let file = cli.data().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let said = cli.run(&["check", cli.data().to_str().unwrap()]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let lines: Vec<_> = said.out.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 1, "{}", said.out);
    assert!(lines[0].contains("system/focus.yml: ") && lines[0].contains("line 7"), "{lines:?}");
}

/// What a bar of progress is long is known of what is read as it lies here.
#[test]
fn how_much_there_is_to_read_is_known_of_files_that_are_not_zipped() {
    let cli = Cli::new();
    let plain = cli.file("a.csv", "a,b\n1,2\n");
    let zipped = cli.file("b.csv.gz", "\u{1f}");
    std::fs::write(&zipped, [0x1f, 0x8b, 8, 0]).unwrap();
    let of = |path: &std::path::Path| local::bytes_of_input(&format!("file://{}", path.display()));
    assert_eq!((of(&plain), of(&zipped), of(&cli.data())), (Some(8), None, None));
    assert_eq!(local::bytes_of_input("upload://01900000-0000-7000-8000-000000000000"), None);
    let run = serde_json::json!({ "steps": [{ "bytes": 7 }, { "bytes": 0 }] });
    assert_eq!(local::read_so_far(&run), 7);
}

#[test]
fn everything_wrong_with_the_settings_is_said_at_once() {
    let cli = Cli::new();
    let mut command = cli.command(&["serve"]);
    command.env("ENVIRONMENT", "production").env("DISABLE_AUTH", "true").env("PORT", "many");
    let said: super::cli::Said = command.output().unwrap().into();
    assert_eq!(said.code, Some(1));
    for setting in ["DISABLE_AUTH", "PORT", "STORE_URL", "CA_ROOT_API_KEY"] {
        assert!(said.err.contains(setting), "{setting}: {}", said.err);
    }
}

/// Commands that programs read say why they failed in the shape of the server's refusals.
#[test]
fn with_json_a_failure_is_an_object_too() {
    let cli = Cli::new();
    for (arguments, error, code) in [
        (&["--json", "ingest", "nowhere.csv"][..], "failed", 1),
        (&["--json", "costs"][..], "failed", 1),
        (&["--json", "check", "/nowhere"][..], "failed", 1),
        (&["--json", "onboard", "run", "--company", "x", "--email", "y"][..], "invalid", 1),
    ] {
        let said = cli.run(arguments);
        let failure: Value = serde_json::from_str(&said.err).unwrap_or_default();
        assert_eq!((failure["error"].as_str(), said.code), (Some(error), Some(code)), "{said:?}");
        assert!(failure["message"].as_str().is_some_and(|it| !it.is_empty()), "{said:?}");
    }
    let refused = cli.run(&["--json", "onboard", "run", "--company", "x", "--email", "y"]);
    let refused: Value = serde_json::from_str(&refused.err).unwrap();
    assert_eq!(refused["details"].as_array().unwrap().len(), 2, "{refused:#}");
}
