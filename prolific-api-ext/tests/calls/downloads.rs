//! Downloads: what becomes of the file, and how much of it is taken.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use prolific_api_ext::{ErrorKind, NoRetry, Result, transfer::Downloaded};

use crate::{
    client,
    fault_proxy::{Fault, FaultProxy, Response, Script},
    id, link_to, process, shown, with_storage,
};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

async fn download(server: &FaultProxy, to: &Path) -> Result<Downloaded> {
    let prolific = client(server.url()).retry_policy(NoRetry).build().unwrap();
    prolific.batches().report_to_file(&id("b1"), to).await
}

async fn storage() -> FaultProxy {
    with_storage(|_| Response::new(200, "bird\nrobin\n")).await
}

#[cfg(unix)]
mod unix {
    use std::{
        io::{BufRead as _, BufReader},
        os::unix::{
            fs::{PermissionsExt as _, symlink},
            process::ExitStatusExt as _,
        },
        process::Stdio,
    };

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.symlink_metadata().unwrap().permissions().mode() & 0o7777
    }

    fn write(path: &Path, mode: u32) {
        std::fs::write(path, "old").unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[tokio::test]
    async fn a_file_is_private_or_has_the_mode_of_the_one_that_it_replaces() {
        let (server, folder) = (storage().await, Folder::new());
        for (name, before, after) in [
            ("new.csv", None, 0o600),
            ("private.csv", Some(0o600), 0o600),
            ("shared.csv", Some(0o644), 0o644),
            ("group.csv", Some(0o640), 0o640),
            ("fixed.csv", Some(0o400), 0o400),
            ("setuid.csv", Some(0o4755), 0o755),
        ] {
            let path = folder.at(name);
            before.inspect(|mode| write(&path, *mode));
            download(&server, &path).await.unwrap();
            assert_eq!(mode(&path), after, "{name}: {:o}", mode(&path));
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "bird\nrobin\n");
        }
    }

    #[tokio::test]
    async fn a_part_is_private_while_it_comes() {
        let server = with_storage(|_| Response::new(200, "bird\nrobin\n")).await;
        let (folder, prolific) = (Folder::new(), client(server.url()).build().unwrap());
        let (at, seen) = (folder.at(""), std::sync::Arc::new(std::sync::Mutex::new(Vec::new())));
        let modes = seen.clone();
        let report = prolific.batches().report_to_file(&id("b1"), folder.at("a.csv"));
        report
            .on_progress(move |_, _| {
                let parts = std::fs::read_dir(&at).unwrap();
                modes.lock().unwrap().extend(parts.map(|part| mode(&part.unwrap().path())));
            })
            .await
            .unwrap();
        let seen = seen.lock().unwrap();
        assert!(!seen.is_empty() && seen.iter().all(|mode| *mode == 0o600), "{seen:?}");
    }

    #[tokio::test]
    async fn what_is_no_file_is_not_replaced_and_nothing_is_sent() {
        let (server, folder) = (storage().await, Folder::new());
        let pipe = folder.at("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let _listener = std::os::unix::net::UnixListener::bind(folder.at("socket")).unwrap();
        std::fs::create_dir(folder.at("folder")).unwrap();
        symlink(&pipe, folder.at("to-pipe")).unwrap();
        symlink("/dev/null", folder.at("to-device")).unwrap();
        symlink(folder.at("folder"), folder.at("to-folder")).unwrap();
        let before = folder.names();
        for name in [
            "pipe",
            "socket",
            "folder",
            "to-pipe",
            "to-device",
            "to-folder",
            "folder/",
            "",
            ".",
            "..",
            "a\0b",
        ] {
            let error = download(&server, &folder.at(name)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name:?}: {error}");
        }
        for name in ["no/such.csv", "pipe/a.csv"] {
            let error = download(&server, &folder.at(name)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::File, "{name:?}: {error}");
        }
        assert_eq!(folder.names(), before);
        assert!(server.requests().is_empty());
    }

    #[tokio::test]
    async fn a_link_is_replaced_and_what_it_leads_to_is_not() {
        let (server, folder) = (storage().await, Folder::new());
        let victim = folder.at("victim");
        write(&victim, 0o644);
        symlink(&victim, folder.at("link.csv")).unwrap();
        symlink(folder.at("nothing"), folder.at("dangling.csv")).unwrap();
        for name in ["link.csv", "dangling.csv"] {
            download(&server, &folder.at(name)).await.unwrap();
            assert_eq!(mode(&folder.at(name)), 0o600, "{name}");
            assert!(folder.at(name).symlink_metadata().unwrap().is_file(), "{name}");
        }
        assert_eq!(std::fs::read_to_string(victim).unwrap(), "old");
        assert!(!folder.at("nothing").exists());
    }

    #[tokio::test]
    async fn a_target_that_changes_while_the_file_comes_is_looked_at_again() {
        for (change, kind) in [("removed", None), ("pipe", Some(ErrorKind::File))] {
            let (server, folder) = (storage().await, Folder::new());
            let to = folder.at("a.csv");
            write(&to, 0o644);
            let (changed, prolific) = (to.clone(), client(server.url()).build().unwrap());
            let mut is_first = true;
            let report =
                prolific.batches().report_to_file(&id("b1"), &to).on_progress(move |_, _| {
                    if std::mem::take(&mut is_first) {
                        std::fs::remove_file(&changed).unwrap();
                        if change == "pipe" {
                            std::process::Command::new("mkfifo").arg(&changed).status().unwrap();
                        }
                    }
                });
            let outcome = report.await;
            assert_eq!(outcome.as_ref().err().map(|error| error.kind()), kind, "{outcome:?}");
            assert_eq!(folder.names(), ["a.csv"]);
            if kind.is_none() {
                assert_eq!(mode(&to), 0o600);
            }
        }
    }

    /// Its other process downloads from a storage that falls silent, until it is killed.
    #[tokio::test]
    async fn what_a_process_that_is_killed_leaves_is_tidied_once_it_is_dead() {
        const TEST: &str =
            "downloads::unix::what_a_process_that_is_killed_leaves_is_tidied_once_it_is_dead";
        if let Some(told) = process::told() {
            let (url, to) = told.split_once(' ').unwrap();
            let prolific = client(url).retry_policy(NoRetry).build().unwrap();
            let report = prolific.batches().report_to_file(&id("b1"), to);
            let report = report.on_progress(|_, _| println!("begun"));
            let _ = tokio::time::timeout(Duration::from_secs(60), report.into_future()).await;
            return;
        }
        let storage = FaultProxy::answering(|_| Response::new(200, "bird\nrobin\n"));
        let storage = storage.script(|connection| match connection {
            1 => Script::always(Fault::SilentBody),
            _ => Script::default(),
        });
        let storage = storage.start().await.unwrap();
        let link = format!("{}/file", storage.url());
        let api = FaultProxy::answering(move |request| link_to(request, &link));
        let api = api.start().await.unwrap();
        let folder = Folder::new();
        let target = folder.at("target.csv");

        let mut command = process::of_test(TEST, &format!("{} {}", api.url(), target.display()));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let has_begun = move || output.lines().any(|line| line.unwrap().contains("begun"));
        assert!(tokio::task::spawn_blocking(has_begun).await.unwrap());

        download(&api, &folder.at("other.csv")).await.unwrap();
        let names = folder.names();
        assert!(names.len() == 2 && names[0].ends_with(".part"), "in use: {names:?}");

        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        assert_eq!(folder.names(), names, "nobody tidies what is left of it");

        download(&api, &target).await.unwrap();
        assert_eq!(folder.names(), ["other.csv", "target.csv"]);
        assert_eq!(std::fs::read_to_string(target).unwrap(), "bird\nrobin\n");
    }
}

#[tokio::test]
async fn a_part_that_a_killed_process_left_is_removed_by_the_next_download() {
    let (server, folder) = (storage().await, Folder::new());
    for number in 0..50 {
        std::fs::write(folder.at(&format!(".prolific-{number:016x}.part")), "stale").unwrap();
    }
    let others = [".prolific-notes.part", "a.part", ".prolific-0123456789abcdef.part.csv"];
    for name in others {
        std::fs::write(folder.at(name), "mine").unwrap();
    }
    download(&server, &folder.at("x.csv")).await.unwrap();
    let mut expected = vec![others[2], others[0], others[1], "x.csv"];
    expected.sort_unstable();
    assert_eq!(folder.names(), expected);
}

#[tokio::test]
async fn a_download_leaves_the_part_of_another_alone() {
    let slow = FaultProxy::answering(|_| Response::new(200, "bird\nrobin\n"))
        .script(|_| Script::always(Fault::SilentBody));
    let slow = slow.start().await.unwrap();
    let link = format!("{}/file", slow.url());
    let api = FaultProxy::answering(move |request| link_to(request, &link)).start().await.unwrap();
    let (server, folder) = (storage().await, Folder::new());
    let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
    let prolific = client(api.url()).build().unwrap();
    let report = prolific.batches().report_to_file(&id("b1"), folder.at("slow.csv"));
    let report = report.on_progress(move |_, _| begun.send(()).unwrap());
    let running = tokio::spawn(report.into_future());
    begins.recv().await.unwrap();
    download(&server, &folder.at("x.csv")).await.unwrap();
    let names = folder.names();
    assert!(names.len() == 2 && names[0].ends_with(".part"), "{names:?}");
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(folder.names(), ["x.csv"]);
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_not_kept() {
    let announced = with_storage(|_| Response::new(200, vec![0; 100])).await;
    let chunked = with_storage(|_| {
        let body = format!("64\r\n{}\r\n0\r\n\r\n", "a".repeat(100));
        Response::new(200, body).header("transfer-encoding", "chunked")
    })
    .await;
    for server in [announced, chunked] {
        let folder = Folder::new();
        let prolific = client(server.url()).build().unwrap();
        let report = || prolific.batches().report_to_file(&id("b1"), folder.at("a.csv"));
        let error = report().max_bytes(99).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::BodyTooLarge, 1), "{error}");
        assert!(error.to_string().contains("larger than 99 bytes"), "{error}");
        assert_eq!(folder.names(), [""; 0]);
        assert_eq!(report().max_bytes(100).await.unwrap().bytes, 100);
    }
}

#[tokio::test]
async fn a_download_that_always_moves_ends_with_its_total_timeout() {
    let drip = Fault::Drip { bytes: 1, pause: Duration::from_millis(20) };
    let storage = FaultProxy::answering(|_| Response::new(200, vec![0; 10_000]))
        .script(move |_| Script::always(drip.clone()));
    let storage = storage.start().await.unwrap();
    let link = format!("{}/file?X-Amz-Signature=0badcafe", storage.url());
    let api = FaultProxy::answering(move |request| link_to(request, &link)).start().await.unwrap();
    let folder = Folder::new();
    let prolific = client(api.url()).build().unwrap();
    let report = prolific.batches().report_to_file(&id("b1"), folder.at("a.csv"));
    let error = report.total_timeout(Duration::from_millis(300)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1), "{error}");
    assert!(error.to_string().contains("took longer than its total timeout"), "{error}");
    assert!(!shown(&error).contains("0badcafe"));
    assert_eq!(folder.names(), [""; 0]);
}

#[tokio::test]
async fn the_name_that_a_server_gives_a_file_is_not_used() {
    let server = with_storage(|_| {
        let name = "attachment; filename=\"../../evil.csv\"";
        Response::new(200, "bird\n").header("content-disposition", name)
    })
    .await;
    let folder = Folder::new();
    let downloaded = download(&server, &folder.at("a.csv")).await.unwrap();
    assert_eq!(downloaded.path, folder.at("a.csv"));
    assert_eq!(folder.names(), ["a.csv"]);
}
